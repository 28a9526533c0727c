import type { ChatError } from '../errors.ts';
import type { OutboxItem } from '../model/outbox-item.ts';
import type { Page } from '../model/page.ts';
import { Shown } from '../readable.ts';
import type { Message, Reached, ReplyTo, StoredMessage } from '../model/message.ts';
import { recalled } from '../model/recalled.ts';
import { Arrivals } from './arrivals.ts';
import { CatchUp } from './catch-up.ts';
import { MessageWindow } from './message-window.ts';
import { ShownMessages } from './shown-messages.ts';
import { Turns } from './turns.ts';

/** Which part of a conversation is asked for; nothing: the newest. */
export interface Wanted {
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
  readonly limit: number;
}

/** A conversation on a screen. */
export interface ConversationView {
  readonly id: string;
  /** In order; what is not sent yet comes last. */
  readonly messages: readonly Message[];
  /** There are more before the first, or after the last one that is sent. */
  readonly hasEarlier: boolean;
  readonly hasLater: boolean;
  /** Something is known: with no messages there are none. */
  readonly isLoaded: boolean;
  readonly isLoading: boolean;
  /** Why the last part could not be fetched. */
  readonly problem: ChatError | undefined;
}

export interface TimelineDeps {
  readonly id: string;
  readonly userId: string;
  /** Messages that are held at most. */
  readonly most: number;
  fetch(id: string, wanted: Wanted): Promise<Page>;
  readonly cache: {
    before(id: string, number: number, limit: number): Promise<Page | undefined>;
    keep(id: string, page: Page): Promise<void>;
    change(message: StoredMessage): void;
    remove(id: string, numbers: readonly number[]): void;
  };
  /** With what was done to it here; undefined: it is not to be seen any more. */
  see(message: StoredMessage): StoredMessage | undefined;
  /** How far what I wrote has come. */
  reached(id: string): Reached | undefined;
  /** What waits in the outbox for this conversation. */
  pending(id: string): readonly Message[];
  /** What of it may have arrived already, as its answer was lost. */
  underWay(id: string): Pick<OutboxItem, 'key' | 'content'> | undefined;
}

const pageSize = 50;
const largestPage = 200;

/** One conversation: the part of it that is held, what comes, and what is fetched. */
export class Timeline {
  readonly view: Shown<ConversationView>;
  readonly #deps: TimelineDeps;
  readonly #window = new MessageWindow();
  readonly #arrivals: Arrivals;
  readonly #catchUp: CatchUp;
  readonly #shown: ShownMessages;
  /** By the first number of what is read again. */
  readonly #renewing = new Map<number, Promise<void>>();
  /** Whether new messages belong to what is held: not when somebody reads far above. */
  #follows = true;
  #isLoaded = false;
  readonly #turns = new Turns(() => {
    if (!this.#turns.isBusy) this.#arrivals.forgetMeanwhile();
    this.#changed();
  });
  #isEnded = false;

  constructor(deps: TimelineDeps) {
    this.#deps = deps;
    this.#arrivals = new Arrivals({
      ...{ userId: deps.userId, window: this.#window },
      underWay: () => deps.underWay(deps.id),
    });
    this.#catchUp = new CatchUp({
      ...{ window: this.#window, turns: this.#turns },
      isBehind: () => this.#isBehind,
      fetchAfter: (number) => this.#fetch({ after: number, limit: largestPage }),
      fetchNewest: () => this.#fetch({ limit: pageSize }),
    });
    this.#shown = new ShownMessages({
      userId: deps.userId,
      see: (message) => deps.see(message),
      reached: () => deps.reached(deps.id),
      at: (number) => this.#window.at(number),
      isGone: (number) => this.#arrivals.isGone(number),
    });
    this.view = new Shown(() => this.#look());
  }

  get lastNumber(): number {
    return this.#window.to;
  }

  /** What was kept at once, then what the platform has. */
  open(): Promise<void> {
    return this.#turns.once('open', async () => {
      const kept = await this.#deps.cache.before(this.#deps.id, Infinity, pageSize).catch(() => undefined);
      if (kept && !this.#isLoaded) {
        this.#window.put(kept);
        this.#loaded();
      }
      await this.#fetch(this.#isLoaded ? this.#tail() : { limit: pageSize });
      this.#catchUp.run();
    });
  }

  /** Looks again at what is held, and for what came meanwhile: pushes may have been missed. */
  refresh(): Promise<void> {
    if (!this.#isLoaded) return this.open();
    return this.#turns.once('refresh', async () => {
      await this.#fetch(this.#tail());
      this.#catchUp.run();
    });
  }

  loadEarlier(limit: number = pageSize): Promise<void> {
    return this.#turns.once('earlier', async () => {
      const { from, first, isEmpty } = this.#window;
      if (isEmpty || from <= first) return;
      const kept = await this.#fetch({ before: from, limit }, 'earlier').catch(async (error: unknown) => {
        const known = await this.#deps.cache.before(this.#deps.id, from, limit);
        if (!known) throw error;
        this.#window.put(known);
        return known;
      });
      // Nothing is dropped of what is being read.
      if (kept.items.length > 0) this.#trim('earlier');
    });
  }

  loadLater(limit: number = pageSize): Promise<void> {
    return this.#turns.once('later', async () => {
      const { to, last } = this.#window;
      if (to >= last) return;
      await this.#fetch({ after: to, limit });
      this.#follows = this.#window.to >= this.#window.last;
      this.#trim('later');
    });
  }

  /** The part around a number, in place of what is held. */
  loadAround(number: number, limit: number = pageSize): Promise<void> {
    return this.#turns.once(`around ${number}`, async () => {
      await this.#fetch({ around: number, limit });
      this.#follows = this.#window.to >= this.#window.last;
    });
  }

  loadNewest(): Promise<void> {
    return this.#turns.once('newest', async () => {
      this.#follows = true;
      await this.#fetch({ limit: pageSize });
      this.#catchUp.run();
    });
  }

  /** Reads a message that is held again, and those about it: what they show is next, and they were read at the same time. */
  renewLinks(number: number): Promise<void> {
    const window = this.#window;
    if (!window.at(number)) return Promise.resolve();
    const first = Math.max(window.from, number - (number % pageSize));
    const limit = Math.min(window.to, number - (number % pageSize) + pageSize - 1) - first + 1;
    const renewing =
      this.#renewing.get(first) ??
      this.#again(number, { after: first - 1, limit }).finally(() => this.#renewing.delete(first));
    this.#renewing.set(first, renewing);
    return renewing;
  }

  /** A message came, or what has become of one: by a push, or as the answer to what was done here. */
  heard(heard: StoredMessage): void {
    const { number } = heard;
    if (this.#arrivals.isGone(number)) {
      this.heardNothing(number);
      return;
    }
    const message = this.#arrivals.recognise(heard);
    const outcome = this.#isLoaded ? this.#window.take(message) : 'gap';
    if (outcome === 'taken') {
      this.#keep(number, number);
      this.#takeEarly();
      this.#trimAbove();
      this.#lookUpQuote(message);
    } else {
      if (this.#turns.isBusy) this.#arrivals.heardMeanwhile(message);
      if (outcome === 'gap') this.#wait(message);
      else this.#deps.cache.change(message);
    }
    this.#changed();
  }

  /** A number that is nothing: a message by which another one was recalled. */
  heardNothing(number: number): void {
    if (!this.#isLoaded) return;
    if (this.#window.skip(number) === 'taken') {
      this.#keep(number, number);
      this.#takeEarly();
      this.#trimAbove();
    } else this.#catchUp.run();
    this.#changed();
  }

  /** There are messages up to this number. */
  heardOf(last: number): void {
    if (last <= this.#window.last) return;
    this.#window.last = last;
    this.#catchUp.run();
    this.#changed();
  }

  /** What a sync says: the newest messages, and older ones that were changed. */
  synced(page: Page, changed: readonly StoredMessage[], mustReload: boolean): void {
    const window = this.#window;
    for (const message of changed) if (message.number <= window.to) this.heard(message);
    // What was said before is not kept any more, also when nothing came after it.
    if (this.#isLoaded && window.first < page.first) {
      window.beginAt(page.first);
      this.#changed();
    }
    const touches = page.from <= window.to + 1 && page.to >= window.from;
    if (this.#isLoaded && touches && page.items.length > 0) {
      this.#put(page);
      this.#changed();
    }
    this.heardOf(page.last);
    if (mustReload) void this.#reload().catch(ignore);
  }

  /** The platform was put back to an earlier state: what is held may be of messages that are not, and its numbers are others'. */
  beginAnew(): void {
    const wasLoaded = this.#isLoaded;
    this.#window.clear();
    [this.#window.first, this.#window.last] = [1, 0];
    this.#arrivals.forget();
    this.#isLoaded = false;
    this.#changed();
    if (wasLoaded) void this.#reload().catch(ignore);
  }

  recalled(isIt: (message: StoredMessage) => boolean): void {
    const changed = this.#window.change(isIt, recalled);
    if (changed) this.#deps.cache.change(changed);
    this.#changed();
  }

  /** I have deleted them for myself. */
  deleted(numbers: readonly number[]): void {
    for (const number of numbers) {
      this.#arrivals.remove(number);
      this.#window.remove(number);
    }
    this.#deps.cache.remove(this.#deps.id, numbers);
    this.#changed();
  }

  /** What is said of it where it is answered. */
  quote(number: number): ReplyTo {
    return { number, quote: this.#shown.quoteOf({ number }) };
  }

  /** As it is shown; undefined: it is not to be seen any more. */
  draw(message: StoredMessage): Message | undefined {
    return this.#shown.draw(message);
  }

  /** What is held. */
  get held(): readonly StoredMessage[] {
    return this.#window.messages;
  }

  /** What it shows beside its messages has changed. */
  changed(): void {
    this.#changed();
  }

  end(): void {
    this.#isEnded = true;
  }

  #wait(message: StoredMessage): void {
    if (!this.#follows) return;
    this.#arrivals.wait(message);
    this.#catchUp.run();
  }

  get #isBehind(): boolean {
    return this.#isLoaded && this.#follows && !this.#isEnded && this.#window.to < this.#window.last;
  }

  /** What is held at the end of it, and what comes after that. */
  #tail(): Wanted {
    const { to, from } = this.#window;
    return { after: Math.max(from, to - 100) - 1, limit: largestPage };
  }

  async #fetch(wanted: Wanted, end?: 'earlier'): Promise<Page> {
    const page = await this.#deps.fetch(this.#deps.id, wanted);
    this.#put(page, end);
    this.#loaded();
    return page;
  }

  /** More has changed than was told: nothing that is held is sure. */
  #reload(): Promise<void> {
    return this.#turns.once('reload', async () => {
      const page = await this.#deps.fetch(this.#deps.id, { limit: pageSize });
      this.#window.clear();
      this.#follows = true;
      this.#put(page);
      this.#loaded();
      this.#catchUp.run();
    });
  }

  #put(page: Page, end?: 'earlier'): void {
    this.#window.put({ ...page, items: this.#arrivals.read(page.items) });
    this.#keep(page.from, page.to);
    this.#takeEarly();
    // What was asked for above must not go at once to make room for what is below.
    if (end !== 'earlier') this.#trimAbove();
  }

  #takeEarly(): void {
    for (let next; (next = this.#arrivals.takeNext());) {
      this.#window.take(next);
      this.#keep(next.number, next.number);
    }
  }

  #trimAbove(): void {
    if (this.#follows) this.#trim('later');
  }

  #trim(end: 'earlier' | 'later'): void {
    this.#window.trim(this.#deps.most, end);
    if (this.#window.to < this.#window.last && end === 'earlier') this.#follows = false;
  }

  /** As they are held now. */
  #keep(from: number, to: number): void {
    const { first, last } = this.#window;
    const items = this.#window.between(from, to);
    void this.#deps.cache.keep(this.#deps.id, { items, from, to, first, last });
  }

  /** What is pushed to a whole group says only which number it answers. */
  #lookUpQuote({ number, replyTo }: StoredMessage): void {
    if (!replyTo || replyTo.quote !== undefined || this.#window.at(replyTo.number)) return;
    void this.#again(number, { after: number - 1, limit: 1 }).catch(ignore);
  }

  /** Within what is held; what is not any more when it comes is let go of. */
  async #again(number: number, wanted: Wanted): Promise<void> {
    const page = await this.#deps.fetch(this.#deps.id, wanted);
    if (!this.#window.at(number)) return;
    this.#put(page);
    this.#changed();
  }

  #loaded(): void {
    this.#isLoaded = true;
    this.#turns.succeeded();
    this.#changed();
  }

  #changed(): void {
    this.view.changed();
  }

  #look(): ConversationView {
    const { from, to, first, last, messages, isEmpty } = this.#window;
    const hasLater = this.#isLoaded && to < last && !this.#follows;
    const stored = messages.flatMap((message) => this.draw(message) ?? []);
    const keys = new Set(messages.map(({ key }) => key));
    const pending = hasLater ? [] : this.#deps.pending(this.#deps.id).filter(({ key }) => !keys.has(key));
    return {
      id: this.#deps.id,
      messages: [...stored, ...pending],
      hasEarlier: !isEmpty && from > first,
      hasLater,
      isLoaded: this.#isLoaded,
      isLoading: this.#turns.isBusy,
      problem: this.#turns.problem,
    };
  }
}

function ignore(): void {
  // It is shown where the conversation is.
}
