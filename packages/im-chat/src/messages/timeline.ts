import { toChatError, type ChatError } from '../errors.ts';
import type { OutboxItem } from '../model/outbox-item.ts';
import { isEqual } from '../model/equal.ts';
import type { Page } from '../model/page.ts';
import { Shown } from '../readable.ts';
import { show, stateOf, type Message, type Reached, type StoredMessage } from '../model/message.ts';
import { MessageWindow } from './message-window.ts';

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
  };
  /** With what was done to it here. */
  see(message: StoredMessage): StoredMessage;
  /** How far what I wrote has come. */
  reached(id: string): Reached | undefined;
  /** What waits in the outbox for this conversation. */
  pending(id: string): readonly Message[];
  /** What of it may have arrived already, as its answer was lost. */
  underWay(id: string): Pick<OutboxItem, 'key' | 'content'> | undefined;
}

const pageSize = 50;
const largestPage = 200;
/** With a gap this long the newest part is fetched instead of all in between. */
const farBehind = 400;
/** A replica of the database may be a little behind what was pushed. */
const mostFruitlessTries = 5;

/** One conversation: the part of it that is held, what comes, and what is fetched. */
export class Timeline {
  readonly view: Shown<ConversationView>;
  readonly #deps: TimelineDeps;
  readonly #window = new MessageWindow();
  /** Pushed, and not next to what is held yet. */
  readonly #early = new Map<number, StoredMessage>();
  readonly #drawn = new WeakMap<StoredMessage, Message>();
  /** Whether new messages belong to what is held: not when somebody reads far above. */
  #follows = true;
  #isLoaded = false;
  #loading = 0;
  #problem: ChatError | undefined;
  /** Parts are fetched one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #asked = new Map<string, Promise<void>>();
  #isFilling = false;
  #isEnded = false;

  constructor(deps: TimelineDeps) {
    this.#deps = deps;
    this.view = new Shown(() => this.#look());
  }

  get lastNumber(): number {
    return this.#window.to;
  }

  /** What was kept at once, then what the platform has. */
  open(): Promise<void> {
    return this.#once('open', async () => {
      const kept = await this.#deps.cache.before(this.#deps.id, Infinity, pageSize).catch(() => undefined);
      if (kept && !this.#isLoaded) {
        this.#window.put(kept);
        this.#loaded();
      }
      await this.#fetch(this.#isLoaded ? this.#tail() : { limit: pageSize });
      this.#fill();
    });
  }

  /** Looks again at what is held, and for what came meanwhile: pushes may have been missed. */
  refresh(): Promise<void> {
    if (!this.#isLoaded) return this.open();
    return this.#once('refresh', async () => {
      await this.#fetch(this.#tail());
      this.#fill();
    });
  }

  loadEarlier(limit: number = pageSize): Promise<void> {
    return this.#once('earlier', async () => {
      const { from, first, isEmpty } = this.#window;
      if (isEmpty || from <= first) return;
      const kept = await this.#fetch({ before: from, limit }).catch(async (error: unknown) => {
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
    return this.#once('later', async () => {
      const { to, last } = this.#window;
      if (to >= last) return;
      await this.#fetch({ after: to, limit });
      this.#follows = this.#window.to >= this.#window.last;
      this.#trim('later');
    });
  }

  /** The part around a number, in place of what is held. */
  loadAround(number: number, limit: number = pageSize): Promise<void> {
    return this.#once(`around ${number}`, async () => {
      await this.#fetch({ around: number, limit });
      this.#follows = this.#window.to >= this.#window.last;
    });
  }

  loadNewest(): Promise<void> {
    return this.#once('newest', async () => {
      this.#follows = true;
      await this.#fetch({ limit: pageSize });
      this.#fill();
    });
  }

  /** A message came, by a push or as the answer to a send. */
  heard(heard: StoredMessage): void {
    const message = this.#recognise(heard);
    const { number } = message;
    const outcome = this.#isLoaded ? this.#window.take(message) : 'gap';
    if (outcome === 'taken') {
      this.#keep([message], number, number);
      this.#takeEarly();
    } else if (outcome === 'gap') this.#wait(message);
    this.#changed();
  }

  /** A number that is nothing: a message by which another one was recalled. */
  heardNothing(number: number): void {
    if (!this.#isLoaded) return;
    if (this.#window.skip(number) === 'taken') {
      this.#keep([], number, number);
      this.#takeEarly();
    } else this.#fill();
    this.#changed();
  }

  /** There are messages up to this number. */
  heardOf(last: number): void {
    if (last <= this.#window.last) return;
    this.#window.last = last;
    this.#fill();
    this.#changed();
  }

  /** What a sync says: the newest messages, and older ones that were changed. */
  synced(page: Page, changed: readonly StoredMessage[], mustReload: boolean): void {
    const window = this.#window;
    for (const message of changed)
      if (message.number >= window.from && message.number <= window.to) window.take(message);
    const touches = page.from <= window.to + 1 && page.to >= window.from;
    if (this.#isLoaded && touches && page.items.length > 0) {
      window.put({ ...page, items: page.items.map((message) => this.#recognise(message)) });
      this.#keep(page.items, page.from, page.to);
      this.#takeEarly();
      this.#changed();
    }
    this.heardOf(page.last);
    if (mustReload) void this.refresh().catch(ignore);
  }

  recalled(isIt: (message: StoredMessage) => boolean): void {
    const changed = this.#window.change(isIt, (message) => ({
      ...message,
      ...{ status: 'recalled', content: { type: 'recalled' } },
    }));
    if (changed) this.#deps.cache.change(changed);
    this.#changed();
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
    if (this.#early.size < largestPage) this.#early.set(message.number, message);
    this.#fill();
  }

  /** Fetches what is between what is held and what is known to be there. */
  #fill(): void {
    if (this.#isFilling || !this.#isLoaded || !this.#isBehind) return;
    this.#isFilling = true;
    let isGivenUp = true;
    const filling = this.#inTurn(async () => {
      isGivenUp = !(await this.#catchUp());
    });
    void filling.catch(ignore).finally(() => {
      this.#isFilling = false;
      // Given up, it is tried again with the next push, and with the next connection.
      if (!isGivenUp) this.#fill();
    });
  }

  get #isBehind(): boolean {
    return this.#follows && !this.#isEnded && this.#window.to < this.#window.last;
  }

  /** False: the platform does not give what it should have. */
  async #catchUp(): Promise<boolean> {
    const window = this.#window;
    for (let fruitless = 0; this.#isBehind;) {
      const { to, last } = window;
      await this.#fetch(last - to > farBehind ? { limit: pageSize } : { after: to, limit: largestPage });
      if (window.to > to) continue;
      fruitless += 1;
      if (fruitless > mostFruitlessTries) return false;
      await pause(100 * 2 ** fruitless);
    }
    return true;
  }

  /** What is held at the end of it, and what comes after that. */
  #tail(): Wanted {
    const { to, from } = this.#window;
    return { after: Math.max(from, to - 100) - 1, limit: largestPage };
  }

  async #fetch(wanted: Wanted): Promise<Page> {
    const fetched = await this.#deps.fetch(this.#deps.id, wanted);
    const page = { ...fetched, items: fetched.items.map((message) => this.#recognise(message)) };
    this.#window.put(page);
    this.#keep(page.items, page.from, page.to);
    this.#takeEarly();
    this.#loaded();
    return page;
  }

  /**
   * What was written here may be heard of before the answer to its send, which was lost: it is not to be seen twice until it is sent
   * again, and has its answer. Only what is seen hangs on this guess.
   */
  #recognise(message: StoredMessage): StoredMessage {
    const { key, number, senderId, content } = message;
    if (key !== undefined) {
      this.#window.change(
        (one) => one.key === key && one.number !== number,
        ({ key: _, ...one }) => one,
      );
      return message;
    }
    const early = this.#early.get(number)?.key;
    if (early !== undefined) return { ...message, key: early };
    if (senderId !== this.#deps.userId || number <= this.#window.to) return message;
    const item = this.#deps.underWay(this.#deps.id);
    return item && isEqual(item.content, content) ? { ...message, key: item.key } : message;
  }

  #takeEarly(): void {
    for (let next; (next = this.#early.get(this.#window.to + 1));) {
      this.#window.take(next);
      this.#keep([next], next.number, next.number);
    }
    for (const number of this.#early.keys()) if (number <= this.#window.to) this.#early.delete(number);
    if (this.#follows) this.#trim('later');
  }

  #trim(end: 'earlier' | 'later'): void {
    this.#window.trim(this.#deps.most, end);
    if (this.#window.to < this.#window.last && end === 'earlier') this.#follows = false;
  }

  #keep(items: readonly StoredMessage[], from: number, to: number): void {
    const { first, last } = this.#window;
    void this.#deps.cache.keep(this.#deps.id, { items, from, to, first, last });
  }

  #loaded(): void {
    this.#isLoaded = true;
    this.#problem = undefined;
    this.#changed();
  }

  /** The same thing is asked for once at a time. */
  #once(what: string, load: () => Promise<void>): Promise<void> {
    let asked = this.#asked.get(what);
    if (!asked) {
      asked = this.#inTurn(load).finally(() => this.#asked.delete(what));
      this.#asked.set(what, asked);
    }
    return asked;
  }

  async #inTurn(load: () => Promise<void>): Promise<void> {
    this.#loading += 1;
    this.#changed();
    const turn = this.#turn.then(load);
    this.#turn = turn.catch(() => undefined);
    try {
      await turn;
    } catch (error) {
      this.#problem = toChatError(error);
      throw this.#problem;
    } finally {
      this.#loading -= 1;
      this.#changed();
    }
  }

  #changed(): void {
    this.view.changed();
  }

  #look(): ConversationView {
    const { from, to, first, last, messages, isEmpty } = this.#window;
    const hasLater = this.#isLoaded && to < last && !this.#follows;
    const reached = this.#deps.reached(this.#deps.id);
    const stored = messages.map((message) => this.#draw(message, reached));
    const keys = new Set(messages.map(({ key }) => key));
    const pending = hasLater ? [] : this.#deps.pending(this.#deps.id).filter(({ key }) => !keys.has(key));
    return {
      id: this.#deps.id,
      messages: [...stored, ...pending],
      hasEarlier: !isEmpty && from > first,
      hasLater,
      isLoaded: this.#isLoaded,
      isLoading: this.#loading > 0,
      problem: this.#problem,
    };
  }

  #draw(stored: StoredMessage, reached: Reached | undefined): Message {
    const message = this.#deps.see(stored);
    const isMine = message.senderId === this.#deps.userId;
    let drawn = this.#drawn.get(message);
    if (drawn?.state !== stateOf(message, isMine, reached)) {
      drawn = show(message, isMine, reached);
      this.#drawn.set(message, drawn);
    }
    return drawn;
  }
}

function ignore(): void {
  // It is shown where the conversation is.
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
