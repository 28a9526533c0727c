import { Refusal } from '../http/refusal.ts';

/** What decides whether anything may happen in a group. */
export interface GroupState {
  readonly name: string;
  readonly dissolve: number;
  readonly isBanned: number;
  readonly reason: string;
}

/** Why nothing may happen in the group; undefined when it is in order. */
export function whyClosed(group: GroupState | undefined): Refusal | undefined {
  if (!group) return new Refusal('groupUnknown');
  const { name, reason } = group;
  if (group.dissolve === 1) return new Refusal('groupDissolved', { values: { name } });
  if (group.isBanned === 1) return new Refusal('groupBanned', { values: { name, reason } });
  return undefined;
}

/** Refuses what is asked of a group that is not in order. */
export function assertOpen<T extends GroupState>(group: T | undefined): asserts group is T {
  const closed = whyClosed(group);
  if (closed) throw closed;
}
