import type { Forward } from './api/conversation-calls.ts';
import type { Inbox } from './inbox/inbox.ts';
import type { ConversationSummary } from './model/conversation-summary.ts';
import type { LocalFile, Message, SendableContent, StoredMessage, TextContent } from './model/message.ts';
import type { Page } from './model/page.ts';
import type { ConversationChanges, Deed } from './model/pending-change.ts';
import type { Pins } from './messages/pins.ts';
import type { ConversationView, Timeline } from './messages/timeline.ts';
import type { Outbox } from './outbox/outbox.ts';
import { randomId } from './random-id.ts';
import type { Readable } from './readable.ts';

interface ConversationDeps {
  readonly id: string;
  readonly timeline: Timeline;
  readonly pins: Pins;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  markRead(number: number): void;
  sayTyping(): void;
  forward(what: Forward): Promise<void>;
  /** Says something encrypted in the place of a message that is. */
  editEncrypted(number: number, content: TextContent): Promise<void>;
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
  /** What is pinned there, the last pinned first. */
  readonly pins: Readable<readonly Message[]>;
  /** @internal */
  readonly timeline: Timeline;
  readonly #deps: ConversationDeps;

  constructor(deps: ConversationDeps) {
    this.id = deps.id;
    this.timeline = deps.timeline;
    this.get = deps.timeline.view.get;
    this.subscribe = deps.timeline.view.subscribe;
    this.pins = { get: deps.pins.view.get, subscribe: deps.pins.subscribe };
    this.#deps = deps;
  }

  get isWatched(): boolean {
    return this.timeline.view.isWatched;
  }

  /** As the list has it; undefined: it is not known yet. */
  get summary(): ConversationSummary | undefined {
    return this.#deps.inbox.shown(this.id);
  }

  /**
   * Says something: it is in the conversation at once, and goes out by itself, in order, also after a reload. `replyTo`: the number of
   * the message that it answers.
   */
  send(
    said: string | SendableContent | LocalFile,
    { mentions, replyTo }: { readonly mentions?: readonly string[]; readonly replyTo?: number } = {},
  ): Message {
    const content = typeof said === 'string' ? { type: 'text' as const, text: said } : said;
    const answered = replyTo === undefined ? undefined : this.timeline.quote(replyTo);
    return this.#deps.outbox.add(this.id, content, { mentions, replyTo: answered });
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

  /**
   * Gets fresh addresses for the file of a message that is held, and for those about it: addresses end after some hours, which `isLinkOver`
   * tells. Resolves when they are in the conversation.
   */
  renewLinks(number: number): Promise<void> {
    return this.timeline.renewLinks(number);
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

  /**
   * Writes over a text of mine: as `recall`, seen at once. What it said before stays readable. Where it is encrypted, it is said anew, and the
   * platform does not know that it is an edit; for that there has to be a network, and mentions stay as they were.
   */
  edit(
    number: number,
    said: string | TextContent,
    { mentions }: { readonly mentions?: readonly string[] } = {},
  ): Promise<void> {
    const content = typeof said === 'string' ? { type: 'text' as const, text: said } : said;
    if (this.summary?.isEncrypted) return this.#deps.editEncrypted(number, content);
    return this.#deps.act({ is: 'edit', content, ...(mentions && { mentions }) }, { name: 'edit', number });
  }

  /** Reacts with an emoji, beside others of mine; or no longer. Seen at once. */
  react(number: number, emoji: string, isOn = true): Promise<void> {
    return this.#deps.act({ is: 'react', emoji, isOn }, { name: `react ${emoji}`, number });
  }

  /** Pins a message for everybody, or no longer; in groups owners and admins may. Seen at once. */
  pin(number: number, isOn = true): Promise<void> {
    return this.#deps.act({ is: 'pin', isOn }, { name: 'pin', number });
  }

  /** Deletes a message for me, on all my devices; others keep it. Seen at once. */
  deleteForMe(number: number): Promise<void> {
    return this.#deps.act({ is: 'delete' }, { name: 'delete', number });
  }

  /**
   * Says messages of here again in other conversations, as mine and with whose they were; resolves when they are there. A hundred new ones
   * at most, in nine conversations. For that there has to be a network; asked again with the same `key` (64 characters at most) nothing is said
   * twice. To where it is encrypted each is encrypted anew by this device, without whose it was; from there it goes nowhere else.
   */
  forward(
    numbers: readonly number[],
    to: readonly string[],
    { key = randomId() }: { readonly key?: string } = {},
  ): Promise<void> {
    return this.#deps.forward({ numbers, to, key });
  }

  /** Pins, mutes, archives, hides, marks as unread: as `recall`, seen at once. */
  change(changes: ConversationChanges): Promise<void> {
    return this.#deps.act({ is: 'change', changes }, { name: 'change' });
  }

  /** I am writing something, for each keystroke: told to those who may see it, now and then. */
  sayTyping(): void {
    this.#deps.sayTyping();
  }

  /** What is being written here, for each keystroke: kept at once, and on my other devices when I stop. Empty: none. */
  setDraft(text: string): void {
    // The platform would read it.
    if (this.summary?.isEncrypted) return;
    const draft = text === '' ? null : text.slice(0, longestDraft);
    if (draft === (this.summary?.draft ?? null)) return;
    void this.#deps.act({ is: 'change', changes: { draft } }, { name: 'draft', waitMs: draftMs });
  }

  /** @internal A message came, or what has become of one. */
  heard(message: StoredMessage): void {
    this.timeline.heard(message);
    this.#deps.pins.heard(message);
  }

  /** @internal What a sync says: the newest messages, and others that were changed. */
  synced(page: Page, changed: readonly StoredMessage[], mustReload: boolean): void {
    this.timeline.synced(page, changed, mustReload);
    for (const message of [...changed, ...page.items]) this.#deps.pins.heard(message);
    if (mustReload) this.#deps.pins.refresh();
  }

  /** @internal The platform was put back to an earlier state. */
  beginAnew(): void {
    this.timeline.beginAnew();
    this.#deps.pins.refresh();
  }

  /** @internal */
  recalled(isIt: (message: StoredMessage) => boolean): void {
    this.timeline.recalled(isIt);
    this.#deps.pins.recalled(isIt);
  }

  /** @internal Something of it is to be seen otherwise. */
  changed(): void {
    this.timeline.changed();
    this.#deps.pins.changed();
  }

  /** @internal Pushes may have been missed. */
  lookAgain(): void {
    // What fails is shown there.
    void this.timeline.refresh().catch(() => undefined);
    this.#deps.pins.refresh();
  }

  /** @internal */
  end(): void {
    this.timeline.end();
    this.#deps.pins.close();
  }
}
