import { isEncrypted } from '../conversations/is-encrypted.ts';
import type { Database, Sql } from '../db/database.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import type { LinkMaker } from '../files/file-links.ts';
import type { GroupMessageService } from '../messages/group/group-message-service.ts';
import type { PrivateMessageService } from '../messages/private/private-message-service.ts';
import { isEmpty, type NewDetail, type Quote } from '../message-details/detail.ts';
import { mentionedIn, mostMentioned } from '../message-details/entities.ts';
import { detailIn, toWritten, type SentContent } from './content.ts';
import { readConversationId, type ConversationOf } from './conversation-id.ts';
import { wordsOf } from './message-extras.ts';
import { MessagePages, type MessagePage, type Wanted } from './message-pages.ts';
import { cutQuote, showOfGroup, showPrivate, toAtUserIds, type ShownMessage } from './message-view.ts';
import type { Places } from './place.ts';

export interface InboxDeps {
  readonly database: Pick<Database, 'readAside' | 'sql'>;
  readonly places: Places;
  readonly pages: MessagePages;
  readonly privateMessages: PrivateMessageService;
  readonly groupMessages: GroupMessageService;
  readonly links: LinkMaker;
  readonly maxTextLength: number;
  /** Whether people may say what is encrypted end to end. */
  readonly endToEnd: boolean;
}

/** What somebody says. */
export interface Saying {
  readonly content: SentContent;
  readonly mentions?: readonly string[] | undefined;
  /** The number of the message that it answers. */
  readonly replyTo?: number | undefined;
  readonly onceKey: string | undefined;
  /** It is to be sent only where nobody has said that the conversation is encrypted. */
  readonly unlessEncrypted?: true | undefined;
  /** What belongs to it, in the transaction that stores it. */
  readonly within?: ((sql: Sql) => Promise<void>) | undefined;
}

/** What people do in conversations, of two and of groups alike; by the rules of both, which box-im's API has as well. */
export class InboxService {
  readonly #deps: InboxDeps;

  constructor(deps: InboxDeps) {
    this.#deps = deps;
  }

  async read({ userId }: Caller, id: string, wanted: Wanted): Promise<MessagePage> {
    const { database, places, links } = this.#deps;
    const place = await places.find(userId, id);
    return database.readAside((at) => new MessagePages(at, links).read(userId, place, wanted));
  }

  /** The log says who may, so that nothing is asked twice. Only who is refused is looked at: strangers learn nothing of a group. */
  async send(caller: Caller, id: string, saying: Saying): Promise<ShownMessage> {
    const { places, pages } = this.#deps;
    const { content, replyTo } = saying;
    const conversation = readConversationId(id, caller.userId);
    if (!conversation) throw new Refusal('conversationUnknown');
    const mentions = this.assertSayable(saying);
    if (saying.unlessEncrypted) await this.#refuseEncrypted(caller, id);
    const quote = replyTo === undefined ? undefined : await this.#quote(caller, id, replyTo);
    const detail: NewDetail = { ...detailIn(content), replyTo };
    try {
      const sent = await this.#store(caller, { conversation, ...saying, mentions, detail, quote });
      if (isEmpty(detail)) return sent;
      // With what it answers; and sent again, with what became of it meanwhile.
      return await pages.find(caller.userId, await places.find(caller.userId, id), sent.number);
    } catch (error) {
      if (error instanceof Refusal && conversation.kind === 'group') await places.find(caller.userId, id);
      throw error;
    }
  }

  /** Strangers learn nothing of it. */
  async #refuseEncrypted({ userId }: Caller, id: string): Promise<void> {
    const { database, places } = this.#deps;
    if (!(await isEncrypted(database.sql, id))) return;
    await places.find(userId, id);
    throw new Refusal('conversationEncrypted');
  }

  /** Refuses what is too long, or mentions too many; returns those whom it mentions. */
  assertSayable({ content, mentions }: Pick<Saying, 'content' | 'mentions'>): string[] {
    const { maxTextLength, endToEnd } = this.#deps;
    if (content.type === 'text') refuseLong(content.text, maxTextLength);
    if (content.type === 'encrypted' && !endToEnd) throw new Refusal('endToEndOff', { code: 404 });
    return mentionedWith(mentions, content);
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

  async #store(
    caller: Caller,
    { conversation, content, onceKey, mentions, detail, quote, within }: Stored,
  ): Promise<ShownMessage> {
    const { privateMessages, groupMessages, links } = this.#deps;
    const written = { ...toWritten(content), onceKey, within, ...(!isEmpty(detail) && { detail }) };
    if (conversation.kind === 'private')
      return showPrivate(
        await privateMessages.send(caller, { ...written, quote, recvId: conversation.otherId }),
        { links },
      );
    const atUserIds = toAtUserIds(mentions);
    return showOfGroup(
      await groupMessages.store(caller, { ...written, groupId: conversation.groupId, atUserIds }),
      { links },
    );
  }

  /** What stands of a message at its answer. Refuses one that the caller does not see. */
  async #quote({ userId }: Caller, id: string, number: number): Promise<Quote | undefined> {
    const { places, pages } = this.#deps;
    const place = await places.find(userId, id);
    const isWithin = number >= place.first && number <= place.last;
    const [message] = isWithin ? await pages.between(userId, place, [number, number]) : [];
    if (!message) throw new Refusal('replyToUnknown');
    const { senderId, senderName, content } = message;
    if (content.type === 'recalled') return undefined;
    return { senderId, senderName, type: content.type, text: cutQuote(wordsOf(content)) };
  }
}

interface Stored extends Saying {
  readonly conversation: ConversationOf;
  readonly mentions: readonly string[];
  readonly detail: NewDetail;
  readonly quote: Quote | undefined;
}

function refuseLong(text: string, max: number): void {
  if (text.length > max) throw new Refusal('textTooLong', { values: { max: String(max) } });
}

/** Each once, whether it is named beside the text or in it. */
export function mentionedWith(mentions: readonly string[] = [], content: SentContent): string[] {
  const all = [...new Set([...mentions, ...mentionedIn(content.type === 'text' ? content.entities : [])])];
  if (all.length > mostMentioned) throw new Refusal('tooManyMentioned');
  return all;
}
