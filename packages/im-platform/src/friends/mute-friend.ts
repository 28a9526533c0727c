import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import type { PrivateEvents } from '../push/private-events.ts';
import { MessageType } from '../wire/message-type.ts';
import { otherTerminals } from '../wire/terminals.ts';
import type { FriendStore } from './friend-store.ts';

export interface MuteDeps {
  readonly friends: Pick<FriendStore, 'setDnd'>;
  readonly events: Pick<PrivateEvents, 'push'>;
}

/** Their messages make no sound, on any device. */
export async function muteFriend(
  { friends, events }: MuteDeps,
  { userId, terminal }: Caller,
  friendId: number,
  isMuted: boolean,
): Promise<void> {
  if (!(await friends.setDnd(userId, friendId, isMuted))) throw new Refusal('notYourFriend');
  await events.push({
    type: MessageType.FRIEND_DND,
    sendId: userId,
    recvId: friendId,
    content: String(isMuted),
    to: userId,
    terminals: otherTerminals(terminal),
  });
}
