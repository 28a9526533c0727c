import { groupIdOf } from '../../groups/group.ts';
import type { ConversationMember } from '../../conversations/conversation.ts';
import type { GroupMessage } from './group-message.ts';

/** What somebody may see of a group: by numbers, which say exactly what was before they came and after they left. */
export interface GroupPlace {
  readonly groupId: number;
  readonly userId: number;
  readonly first: number;
  /** Null: they are in it. */
  readonly last: number | null;
  readonly read: number;
}

export function toGroupPlace(place: ConversationMember): GroupPlace {
  const { userId, conversation, firstNumber: first, leftNumber: last, readNumber: read } = place;
  return { groupId: groupIdOf(conversation), userId, first, last, read };
}

/** Whether it was said while they were in the group. */
export function isWithin({ first, last }: GroupPlace, { number }: { readonly number: number }): boolean {
  return number >= first && (last === null || number <= last);
}

/** And to them. */
export function maySee(place: GroupPlace | undefined, message: GroupMessage): boolean {
  if (place?.groupId !== message.groupId || !isWithin(place, message)) return false;
  return isFor(message, place.userId);
}

export function isFor({ recvIds }: GroupMessage, userId: number): boolean {
  return recvIds.length === 0 || recvIds.includes(userId);
}
