import { Refusal } from '../http/refusal.ts';

/** What `role` of a member is. The owner is in the group's own row. */
export const MemberRole = { MEMBER: 0, ADMIN: 1 } as const;

export type Role = 'owner' | 'admin' | 'member';

/** What of a member and of their group says what they may. */
interface Standing {
  readonly userId: number;
  readonly ownerId: number;
  readonly role: number;
}

export function roleOf({ userId, ownerId, role }: Standing): Role {
  if (userId === ownerId) return 'owner';
  return role === MemberRole.ADMIN ? 'admin' : 'member';
}

/** Whether the one may put the other out or mute them: whoever stands above them. */
export function isAbove(one: Role, other: Role): boolean {
  return one === 'owner' ? other !== 'owner' : one === 'admin' && other === 'member';
}

/** Why a member may not write in their group at this moment. */
export function whySilent(
  standing: Standing & { readonly onlyAdminsWrite: number; readonly mutedUntil: number },
  now: number,
): Refusal | undefined {
  if (roleOf(standing) !== 'member') return undefined;
  if (standing.onlyAdminsWrite === 1) return new Refusal('onlyAdminsWrite');
  return standing.mutedUntil > now ? new Refusal('mutedInGroup') : undefined;
}
