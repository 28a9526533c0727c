import type { Inbox } from './inbox/inbox.ts';
import type { ConversationSummary } from './model/conversation-summary.ts';
import type { LocalFile, Message, SendableContent } from './model/message.ts';
import type { ConversationChanges, Deed } from './model/pending-change.ts';
import type { ConversationView, Timeline } from './messages/timeline.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { Readable } from './readable.ts';

interface ConversationDeps {
  readonly id: string;
  readonly timeline: Timeline;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  markRead(number: number): void;
  /** Seen at once. Of those with one name the last one counts. */
  act(
    deed: Deed,
    how: { readonly name: string; readonly number?: number; readonly waitMs?: number },
  ): Promise<void>;
}

/** When nobody has typed for so long, the other devices may see the draft. */
const draftMs = 1_000;
/** What the platform keeps of a draft. */
const longestDraft = 1_024;

/** One conversation: what was said in it, and what can be done there. */
export class Conversation implements Readable<ConversationView> {
  readonly id: string;
  readonly get: () => ConversationView;
  readonly subscribe: (listener: () => void) => () => void;
  /** @internal */
  readonly timeline: Timeline;
  readonly #deps: ConversationDeps;

  constructor(deps: ConversationDeps) {
    this.id = deps.id;
    this.timeline = deps.timeline;
    this.get = deps.timeline.view.get;
    this.subscribe = deps.timeline.view.subscribe;
    this.#deps = deps;
  }

  get isWatched(): boolean {
    return this.timeline.view.isWatched;
  }

  /** As the list has it; undefined: it is not known yet. */
  get summary(): ConversationSummary | undefined {
    return this.#deps.inbox.shown(this.id);
  }

  /** Says something: it is in the conversation at once, and goes out by itself, in order, also after a reload. */
  send(
    said: string | SendableContent | LocalFile,
    options: { readonly mentions?: readonly string[] } = {},
  ): Message {
    const content = typeof said === 'string' ? { type: 'text' as const, text: said } : said;
    return this.#deps.outbox.add(this.id, content, options.mentions);
  }

  /** Once more, of what failed. */
  retry(key: string): void {
    this.#deps.outbox.retry(key);
  }

  /** Forgets what was not sent. Has it arrived all the same, it is soon there as what it is then. */
  async cancel(key: string): Promise<void> {
    if (await this.#deps.outbox.cancel(key)) await this.timeline.refresh();
  }

  /** What was said before the first that is held. */
  loadEarlier(): Promise<void> {
    return this.timeline.loadEarlier();
  }

  loadLater(): Promise<void> {
    return this.timeline.loadLater();
  }

  /** What is around a message, in place of what is held. */
  loadAround(number: number): Promise<void> {
    return this.timeline.loadAround(number);
  }

  loadNewest(): Promise<void> {
    return this.timeline.loadNewest();
  }

  /** Looks again at what the platform has. */
  refresh(): Promise<void> {
    return this.timeline.refresh();
  }

  /** I have read up to there. @default all that is held */
  markRead(number: number = this.timeline.lastNumber): void {
    this.#deps.markRead(number);
  }

  /**
   * Takes back what I said, for everybody. Resolves when it is taken back; it is seen at once, goes out by itself when there is a network,
   * and comes back with the event `refused` if the platform does not want it.
   */
  recall(number: number): Promise<void> {
    return this.#deps.act({ is: 'recall' }, { name: 'recall', number });
  }

  /** Pins, mutes, archives, hides, marks as unread: as `recall`, seen at once. */
  change(changes: ConversationChanges): Promise<void> {
    return this.#deps.act({ is: 'change', changes }, { name: 'change' });
  }

  /** What is being written here, for each keystroke: kept at once, and on my other devices when I stop. Empty: none. */
  setDraft(text: string): void {
    const draft = text === '' ? null : text.slice(0, longestDraft);
    if (draft === (this.summary?.draft ?? null)) return;
    void this.#deps.act({ is: 'change', changes: { draft } }, { name: 'draft', waitMs: draftMs });
  }
}
