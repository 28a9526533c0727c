import type { Reached, StoredMessage } from '../model/message.ts';
import {
  blank,
  inOrder,
  type ConversationList,
  type ConversationSummary,
} from '../model/conversation-summary.ts';
import { isEqual } from '../model/equal.ts';
import { newer } from '../model/newer.ts';
import { recalled } from '../model/recalled.ts';
import type { Counted, Positions, Recall } from '../pushes/push.ts';
import { Shown } from '../readable.ts';
import type { Saver } from '../store/saver.ts';

/** What is known of a conversation anew; what is absent stays as it is. */
export type Known = Pick<ConversationSummary, 'id'> & Partial<ConversationSummary>;

/** What a conversation is called, by those who know people and groups. */
export type Named = Pick<ConversationSummary, 'id' | 'name' | 'thumbnail' | 'canWrite'>;

export interface InboxDeps {
  readonly userId: string;
  readonly saver: Pick<Saver, 'save'>;
  /** With what was done to it here. */
  see(conversation: ConversationSummary): ConversationSummary;
  /** Something is not known here that the platform knows. */
  onNeedsSync(): void;
}

/** The list of conversations, as far as this device knows it. */
export class Inbox {
  readonly list: Shown<ConversationList>;
  readonly #deps: InboxDeps;
  readonly #byId = new Map<string, ConversationSummary>();
  /** Also of those where nothing was said yet. */
  readonly #names = new Map<string, Named>();
  /** What is unread in these was guessed from a push alone, until the platform says it. */
  readonly #guessed = new Set<string>();
  #isLoaded = false;

  constructor(deps: InboxDeps) {
    this.#deps = deps;
    this.list = new Shown(() => this.#look());
  }

  get(id: string): ConversationSummary | undefined {
    return this.#byId.get(id);
  }

  /** As it is shown. */
  shown(id: string): ConversationSummary | undefined {
    const known = this.#byId.get(id);
    return known && this.#deps.see(known);
  }

  /** Those that nobody has named so far. */
  get nameless(): readonly ConversationSummary[] {
    return [...this.#byId.values()].filter(({ id }) => !this.#names.has(id));
  }

  /** What an earlier page has kept. */
  load(kept: readonly ConversationSummary[]): void {
    for (const summary of kept) if (!this.#byId.has(summary.id)) this.#byId.set(summary.id, summary);
    this.list.changed();
  }

  /** The platform knows nothing of what is kept here. */
  reset(): void {
    this.remove([...this.#byId.keys()]);
  }

  /** Off the list. */
  remove(ids: readonly string[]): void {
    for (const id of ids) {
      this.#byId.delete(id);
      this.#guessed.delete(id);
    }
    this.#deps.saver.save(ids.map((key) => ({ table: 'conversations', key })));
    this.list.changed();
  }

  /** The platform has said all that it had to say. */
  loaded(): void {
    this.#isLoaded = true;
    this.list.changed();
  }

  /** What the platform says. Of two states of one conversation the newer one counts, whichever comes first. */
  apply(known: Known): void {
    const before = this.#byId.get(known.id);
    const reached = furthest(known, before);
    if (before && isOlder(known, before)) {
      this.#set({ id: known.id, ...reached });
      this.#askAboutGuess(known.id);
      return;
    }
    const { last = Infinity } = known;
    if (!before || last >= before.last || known.isIn === false) {
      if (known.unread !== undefined) this.#guessed.delete(known.id);
      this.#set({ ...known, ...reached });
    } else {
      this.#askAboutGuess(known.id);
      // A push was faster; what it said is not in this state yet.
      const { last: _, lastMessage, activeAt, unread, mentions, skipped, stamp, ...rest } = known;
      this.#set({ ...rest, ...reached });
    }
  }

  /** What I wrote to somebody has come so far. */
  reached({ conversationId: id, read, delivered }: Positions): void {
    const known = this.#byId.get(id);
    if (known) this.#set({ id, ...furthest({ otherRead: read, otherDelivered: delivered }, known) });
  }

  name(named: readonly Named[]): void {
    for (const one of named) {
      this.#names.set(one.id, one);
      if (this.#byId.has(one.id)) this.#set(one);
    }
  }

  /** Something was said. What is unread is a guess where the push does not say, until the platform does. */
  heard(message: StoredMessage, counted?: Counted): void {
    const { conversationId: id, number, senderId, content, sentAt } = message;
    const known = this.#byId.get(id);
    if (!known || number > known.last + 1) {
      this.#guessed.add(id);
      this.#deps.onNeedsSync();
    }
    const before = known ?? blank(id, this.#deps.userId);
    if (number <= before.last) {
      this.changed(message);
      return;
    }
    const isNobodys = known && counted ? counted.skipped > before.skipped : content.type === 'notice';
    const counts = senderId !== this.#deps.userId && number > before.read && !isNobodys;
    this.#set({
      ...{ id, last: number, lastMessage: message, activeAt: sentAt, isHidden: false, ...counted },
      unread: before.unread + (counts ? 1 : 0),
      mentions: before.mentions + (counts && this.#namesMe(message) ? 1 : 0),
    });
  }

  /** What has become of a message. */
  changed(message: StoredMessage): void {
    const { conversationId: id, number } = message;
    if (this.#byId.get(id)?.lastMessage?.number === number) this.#set({ id, lastMessage: message });
  }

  /** I have deleted them for myself. `before`: the last one that is held. */
  deleted(id: string, numbers: readonly number[], before: StoredMessage | undefined): void {
    const lastMessage = this.#byId.get(id)?.lastMessage;
    if (!lastMessage || !numbers.includes(lastMessage.number)) return;
    this.#set({ id, lastMessage: before ?? null });
    this.#deps.onNeedsSync();
  }

  /** Its number is nothing to see, and what it takes back was perhaps unread. `held`: what is held of that. */
  heardRecall({ conversationId: id, number, recalled, byMe, counted }: Recall, held?: StoredMessage): void {
    const known = this.#byId.get(id);
    // Who has left is told of nothing else.
    if (number === undefined || (known && number <= known.last)) return;
    if (!known || number > known.last + 1 || recalled === undefined) this.#deps.onNeedsSync();
    if (!known || number > known.last + 1) return;
    const wasUnread = !byMe && recalled !== undefined && recalled > known.read;
    const takenBack = known.lastMessage?.number === recalled ? known.lastMessage : held;
    // Whether it named me is not said.
    if (wasUnread && known.mentions > 0 && !takenBack) this.#deps.onNeedsSync();
    const wasMention = wasUnread && takenBack && this.#namesMe(takenBack);
    this.#set({
      ...{ id, last: number, ...counted },
      unread: Math.max(0, known.unread - (wasUnread ? 1 : 0)),
      mentions: Math.max(0, known.mentions - (wasMention ? 1 : 0)),
    });
  }

  recalled(id: string, isIt: (message: StoredMessage) => boolean): void {
    const lastMessage = this.#byId.get(id)?.lastMessage;
    if (lastMessage && isIt(lastMessage)) this.#set({ id, lastMessage: recalled(lastMessage) });
  }

  /** I have read up to there; never back. */
  read(id: string, number: number): boolean {
    const known = this.#byId.get(id);
    if (!known || (number <= known.read && !known.isMarkedUnread)) return false;
    const isAll = number >= known.last;
    const read = Math.max(number, known.read);
    this.#set({ id, read, isMarkedUnread: false, ...(isAll && { unread: 0, mentions: 0 }) });
    return true;
  }

  /** A push was faster than the answer that was to say it. */
  #askAboutGuess(id: string): void {
    if (this.#guessed.has(id)) this.#deps.onNeedsSync();
  }

  #namesMe({ mentions }: StoredMessage): boolean {
    return mentions.includes(this.#deps.userId) || mentions.includes('everyone');
  }

  #set(known: Known): void {
    const { id } = known;
    const before = this.#byId.get(id);
    const after = { ...(before ?? blank(id, this.#deps.userId)), ...known, ...this.#names.get(id) };
    if (before?.lastMessage && before.lastMessage.number === after.lastMessage?.number)
      after.lastMessage = newer(before.lastMessage, after.lastMessage);
    if (before && isEqual(before, after)) return;
    this.#byId.set(id, after);
    this.#deps.saver.save([{ table: 'conversations', key: id, value: after }]);
    this.list.changed();
  }

  #look(): ConversationList {
    const all = [...this.#byId.values()].map((known) => this.#deps.see(known));
    const items = all.filter(({ isHidden }) => !isHidden).sort(inOrder);
    const unread = items.reduce((sum, one) => sum + (one.isMuted ? 0 : one.unread), 0);
    return { items, unread, isLoaded: this.#isLoaded };
  }
}

/** How far the other one is only grows, whatever is newer otherwise. */
function furthest(one: Partial<Reached>, other: Partial<Reached> = {}): Partial<Reached> {
  const [read, delivered] = [
    Math.max(one.otherRead ?? 0, other.otherRead ?? 0),
    Math.max(one.otherDelivered ?? 0, other.otherDelivered ?? 0),
  ];
  return read === 0 && delivered === 0 ? {} : { otherRead: read, otherDelivered: delivered };
}

function isOlder({ stamp = Infinity, myStamp = Infinity }: Known, than: ConversationSummary): boolean {
  return myStamp < than.myStamp || (myStamp === than.myStamp && stamp < than.stamp);
}
