import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import type { GroupMessageService } from '../messages/group/group-message-service.ts';
import type { PrivateMessageService } from '../messages/private/private-message-service.ts';
import { toWritten, type SentContent } from './content.ts';
import { readConversationId } from './conversation-id.ts';
import type { MessagePage, MessagePages, Wanted } from './message-pages.ts';
import { everyone, showOfGroup, showPrivate, type ShownMessage } from './message-view.ts';
import type { Places } from './place.ts';

export interface InboxDeps {
  readonly places: Places;
  readonly pages: MessagePages;
  readonly privateMessages: PrivateMessageService;
  readonly groupMessages: GroupMessageService;
}

/** What somebody says. */
export interface Saying {
  readonly content: SentContent;
  readonly mentions?: readonly (number | typeof everyone)[] | undefined;
  readonly onceKey: string | undefined;
}

/** What people do in conversations, of two and of groups alike; by the rules of both, which box-im's API has as well. */
export class InboxService {
  readonly #deps: InboxDeps;

  constructor(deps: InboxDeps) {
    this.#deps = deps;
  }

  async read({ userId }: Caller, id: string, wanted: Wanted): Promise<MessagePage> {
    const { places, pages } = this.#deps;
    return pages.read(userId, await places.find(userId, id), wanted);
  }

  /** The log says who may, so that nothing is asked twice. Only who is refused is looked at: strangers learn nothing of a group. */
  async send(caller: Caller, id: string, { content, mentions = [], onceKey }: Saying): Promise<ShownMessage> {
    const { places, privateMessages, groupMessages } = this.#deps;
    const conversation = readConversationId(id, caller.userId);
    if (!conversation) throw new Refusal('conversationUnknown');
    const written = toWritten(content);
    if (conversation.kind === 'private')
      return showPrivate(
        await privateMessages.send(caller, { ...written, onceKey, recvId: conversation.otherId }),
      );
    const atUserIds = mentions.map((one) => (one === everyone ? -1 : one));
    try {
      const { groupId } = conversation;
      return showOfGroup(await groupMessages.store(caller, { ...written, onceKey, groupId, atUserIds }));
    } catch (error) {
      if (error instanceof Refusal) await places.find(caller.userId, id);
      throw error;
    }
  }

  async recall(caller: Caller, id: string, number: number): Promise<void> {
    const { places, pages, privateMessages, groupMessages } = this.#deps;
    const place = await places.find(caller.userId, id);
    const message = await pages.find(caller.userId, place, number);
    const messages = place.conversation.kind === 'private' ? privateMessages : groupMessages;
    await messages.recall(caller, Number(message.id));
  }

  /** Read up to a number; never back. */
  async markRead(caller: Caller, id: string, upTo: number): Promise<void> {
    const { places, privateMessages, groupMessages } = this.#deps;
    const { conversation, last, isIn } = await places.find(caller.userId, id);
    const number = Math.min(upTo, last);
    if (conversation.kind === 'private') {
      await privateMessages.markRead(caller, conversation.otherId, number);
      return;
    }
    if (!isIn) throw new Refusal('notMemberForReaders');
    await groupMessages.markReadUpTo(caller, conversation.groupId, number);
  }
}
