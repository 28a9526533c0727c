import { z } from 'zod';
import type { GroupState } from './checked-group.ts';

/** The name of a group's conversation. */
export function conversationOfGroup(groupId: number): string {
  return `group:${groupId}`;
}

export function groupIdOf(conversation: string): number {
  return Number(conversation.slice('group:'.length));
}

/** A group, as the table has it. */
export interface Group extends GroupState {
  readonly id: number;
  readonly ownerId: number;
  readonly headImage: string;
  readonly headImageThumb: string;
  readonly notice: string;
  /** Or all members do. */
  readonly onlyAdminsWrite: number;
  /** See joiningModes. */
  readonly joining: number;
}

/** Somebody's place in a group; it is kept when they leave. */
export interface Membership {
  readonly groupId: number;
  readonly userId: number;
  readonly userNickName: string;
  /** What they want to be called there; empty: as everywhere. */
  readonly remarkNickName: string;
  /** What they call the group; empty: by its name. */
  readonly remarkGroupName: string;
  readonly isDnd: number | null;
  readonly quit: number;
  readonly quitTime: number | null;
  /** See MemberRole. */
  readonly role: number;
  /** They may not write before; 0: they may. */
  readonly mutedUntil: number;
  /** When they joined, the last time. */
  readonly joinedTime: number;
}

/** A group from the point of view of somebody who is in it, or was. */
export type MyGroup = Group & Membership;

/** What they see of it (contract C.5). */
export const groupVO = z.object({
  id: z.int(),
  name: z.string(),
  ownerId: z.int(),
  headImage: z.string(),
  headImageThumb: z.string(),
  notice: z.string(),
  remarkNickName: z.string(),
  showNickName: z.string(),
  showGroupName: z.string(),
  remarkGroupName: z.string(),
  dissolve: z.boolean(),
  quit: z.boolean(),
  isBanned: z.boolean(),
  reason: z.string(),
  isDnd: z.boolean().nullable(),
});

export type GroupVO = z.output<typeof groupVO>;

export function toGroupVO(group: MyGroup): GroupVO {
  const { id, name, ownerId, headImage, headImageThumb, notice, reason } = group;
  const { remarkNickName, remarkGroupName, isDnd } = group;
  return {
    id,
    name,
    ownerId,
    headImage,
    headImageThumb,
    notice,
    remarkNickName,
    showNickName: shownNickName(group),
    showGroupName: shownGroupName(group),
    remarkGroupName,
    dissolve: group.dissolve === 1,
    quit: group.quit === 1,
    isBanned: group.isBanned === 1,
    reason,
    isDnd: isDnd === null ? null : isDnd === 1,
  };
}

/** What a member is called in the group. */
export function shownNickName({
  remarkNickName,
  userNickName,
}: Pick<Membership, 'remarkNickName' | 'userNickName'>): string {
  return remarkNickName === '' ? userNickName : remarkNickName;
}

function shownGroupName({ remarkGroupName, name }: Pick<MyGroup, 'remarkGroupName' | 'name'>): string {
  return remarkGroupName === '' ? name : remarkGroupName;
}
