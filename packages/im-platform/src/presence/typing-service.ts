import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import { whyClosed } from '../groups/checked-group.ts';
import { shownNickName } from '../groups/group.ts';
import type { GroupMembers } from '../groups/group-members.ts';
import type { GroupStore } from '../groups/group-store.ts';
import { whySilent } from '../groups/role.ts';
import { readConversationId } from '../inbox/conversation-id.ts';
import type { Limiter } from '../limits/limiter.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import { MessageType } from '../wire/message-type.ts';
import type { Watchers } from './watchers.ts';

export interface TypingDeps {
  readonly im: Pick<PlatformIm, 'sendSystemMessage'>;
  readonly watchers: Watchers;
  readonly groups: Pick<GroupStore, 'findMine'>;
  readonly members: Pick<GroupMembers, 'idsOf'>;
  /** Of one user in one conversation. */
  readonly limit: Pick<Limiter, 'take'>;
}

/** In larger ones somebody always writes. */
const mostMembers = 200;
/** Later it is not true any more. */
const expiresInMs = 5_000;

interface Typist {
  readonly conversationId: string;
  readonly name: string;
  readonly seenBy: readonly number[];
}

/** Tells those who may see that somebody is there that they write. Nothing of it is stored, and nothing of it is told to who writes. */
export class TypingService {
  readonly #deps: TypingDeps;

  constructor(deps: TypingDeps) {
    this.#deps = deps;
  }

  async type(caller: Caller, id: string): Promise<void> {
    const { im, limit } = this.#deps;
    const { userId } = caller;
    const conversation = readConversationId(id, userId);
    if (!conversation) throw new Refusal('conversationUnknown');
    if (!(await limit.take(`${userId}:${conversation.id}`)).isWithin) return;
    const { seenBy, ...typing } =
      conversation.kind === 'private'
        ? await this.#toFriend(caller, conversation.id, conversation.otherId)
        : await this.#inGroup(userId, conversation.id, conversation.groupId);
    if (seenBy.length === 0) return;
    await im.sendSystemMessage({
      ...{ recvIds: seenBy, sendResult: false, expiresInMs },
      data: { type: MessageType.CHANGED, typing: { ...typing, userId: String(userId) } },
    });
  }

  async #toFriend({ userId, nickName }: Caller, conversationId: string, otherId: number): Promise<Typist> {
    const seenBy = await this.#deps.watchers.friendsOf([userId], [otherId]);
    return { conversationId, name: nickName, seenBy: seenBy.map(({ watcher }) => watcher) };
  }

  async #inGroup(userId: number, conversationId: string, groupId: number): Promise<Typist> {
    const { groups, members, watchers } = this.#deps;
    const mine = await groups.findMine(groupId, userId);
    if (!mine) throw new Refusal('conversationUnknown');
    if (mine.quit === 1) throw new Refusal('notGroupMember');
    const typist = { conversationId, name: shownNickName(mine) };
    // Who may not write is not announced.
    if (whyClosed(mine) ?? whySilent(mine, Date.now())) return { ...typist, seenBy: [] };
    const ids = await members.idsOf(groupId);
    if (ids.length > mostMembers) return { ...typist, seenBy: [] };
    return { ...typist, seenBy: await watchers.fellowsOf(userId, ids) };
  }
}
