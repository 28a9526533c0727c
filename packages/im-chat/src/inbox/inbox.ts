import type { StoredMessage } from '../model/message.ts';
import { isEqual } from '../model/equal.ts';
import { Shown } from '../readable.ts';
import type { Saver } from '../store/saver.ts';
import {
  blank,
  inOrder,
  type ConversationList,
  type ConversationSummary,
} from '../model/conversation-summary.ts';

/** What is known of a conversation anew; what is absent stays as it is. */
export type Known = Pick<ConversationSummary, 'id'> & Partial<ConversationSummary>;

export interface InboxDeps {
  readonly userId: string;
  readonly saver: Pick<Saver, 'save'>;
  /** Something is not known here that the platform knows. */
  onNeedsSync(): void;
  /** What a conversation shows beside its messages may have changed. */
  onChanged(id: string): void;
}

/** The list of conversations, as far as this device knows it. */
export class Inbox {
  readonly list: Shown<ConversationList>;
  readonly #deps: InboxDeps;
  readonly #byId = new Map<string, ConversationSummary>();
  #isLoaded = false;

  constructor(deps: InboxDeps) {
    this.#deps = deps;
    this.list = new Shown(() => this.#look());
  }

  get(id: string): ConversationSummary | undefined {
    return this.#byId.get(id);
  }

  /** What an earlier page has kept. */
  load(kept: readonly ConversationSummary[]): void {
    for (const summary of kept) if (!this.#byId.has(summary.id)) this.#byId.set(summary.id, summary);
    this.list.changed();
  }

  /** What the platform says. */
  apply(known: readonly Known[], removed: readonly string[] = []): void {
    for (const one of known) this.#set(one);
    for (const id of removed) {
      this.#byId.delete(id);
      this.#deps.saver.save([{ table: 'conversations', key: id }]);
    }
    this.#isLoaded = true;
    this.list.changed();
  }

  /** Something was said. What follows for the reader is a guess until the platform says it. */
  heard(message: StoredMessage): void {
    const { conversationId: id, number, senderId, content, sentAt, mentions } = message;
    const known = this.#byId.get(id);
    if (!known || number > known.last + 1) this.#deps.onNeedsSync();
    const before = known ?? blank(id);
    if (number <= before.last) {
      if (before.lastMessage?.number === number) this.#set({ id, lastMessage: message });
      return;
    }
    const counts = senderId !== this.#deps.userId && content.type !== 'notice' && number > before.read;
    const namesMe = mentions.includes(this.#deps.userId) || mentions.includes('everyone');
    this.#set({
      ...{ id, last: number, lastMessage: message, activeAt: sentAt },
      unread: before.unread + (counts ? 1 : 0),
      mentions: before.mentions + (counts && namesMe ? 1 : 0),
    });
  }

  /** A number that is nothing to see. */
  heardNothing(id: string, number: number): void {
    const known = this.#byId.get(id);
    if (!known || number > known.last + 1) this.#deps.onNeedsSync();
    else if (number > known.last) this.#set({ id, last: number });
  }

  recalled(id: string, isIt: (message: StoredMessage) => boolean): void {
    const lastMessage = this.#byId.get(id)?.lastMessage;
    if (lastMessage && isIt(lastMessage))
      this.#set({ id, lastMessage: { ...lastMessage, status: 'recalled', content: { type: 'recalled' } } });
  }

  /** I have read up to there; never back. */
  read(id: string, number: number): boolean {
    const known = this.#byId.get(id);
    if (!known || number <= known.read) return false;
    const isAll = number >= known.last;
    this.#set({ id, read: number, ...(isAll && { unread: 0, mentions: 0 }) });
    return true;
  }

  change(known: Known): void {
    this.#set(known);
  }

  #set(known: Known): void {
    const before = this.#byId.get(known.id) ?? blank(known.id);
    const after = { ...before, ...known };
    if (isEqual(before, after) && this.#byId.has(known.id)) return;
    this.#byId.set(known.id, after);
    this.#deps.saver.save([{ table: 'conversations', key: known.id, value: after }]);
    this.list.changed();
    this.#deps.onChanged(known.id);
  }

  #look(): ConversationList {
    const items = [...this.#byId.values()].sort(inOrder);
    const unread = items.reduce((sum, one) => sum + (one.isMuted ? 0 : one.unread), 0);
    return { items, unread, isLoaded: this.#isLoaded };
  }
}
