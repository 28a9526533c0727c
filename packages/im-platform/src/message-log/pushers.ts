import { ImError, type Logger } from 'im-common';
import { isOutage } from '../outage.ts';
import type { ConversationNow } from '../wire/pushed-state.ts';
import type { LogEntry, LogKind, Push } from './entries.ts';

export interface ToPush<Draft, Message> {
  readonly entry: LogEntry<Draft>;
  readonly message: Message;
  readonly state: ConversationNow;
  readonly lane: number;
}

/** Longer than im-client waits for a bus that says nothing. While it answers, pushes wait for their turn as long as it takes. */
const leastPushMs = 3_500;
/** While the bus is known to be away nobody waits for it; the sweeper pushes later. */
const longestPushInOutageMs = 50;
/** So many pushes to groups of any size are never too much for im-client. */
const mostUnasked = 32;

export interface PushersDeps {
  readonly logger: Logger;
  /** Resolves when im-client takes one more. What it refuses is the sweeper's, and comes 15 s late. */
  readonly whenCapacity: () => Promise<void>;
  /** How long other instances wait for their turn. Till then none overtakes what a slow bus has not taken yet. */
  readonly othersWaitMs: number;
}

/**
 * Pushes what is stored, while the next is being stored. Each push is called when those before it in its lane have been called,
 * and the bus keeps that order; nobody waits for the end of another one.
 */
export class Pushers<Draft, Message> {
  readonly #kind: LogKind<Draft, Message>;
  readonly #logger: Logger;
  readonly #whenCapacity: () => Promise<void>;
  readonly #longestPushMs: number;
  /** Of each lane with pushes under way: resolves when all of them so far have been called. */
  readonly #called = new Map<number, Promise<void>>();
  /** In the order of their begin, each with its lane. */
  readonly #underWay = new Map<Promise<void>, number>();
  #busIsAway = false;

  constructor(kind: LogKind<Draft, Message>, { logger, whenCapacity, othersWaitMs }: PushersDeps) {
    this.#kind = kind;
    this.#logger = logger;
    this.#whenCapacity = whenCapacity;
    this.#longestPushMs = Math.max(leastPushMs, othersWaitMs);
  }

  /** For each message a promise that resolves when it is on the bus, or is no longer waited for. */
  push(messages: readonly ToPush<Draft, Message>[]): Promise<void>[] {
    // All of them at once, so that what they ask is asked once.
    const prepared = messages.map(({ entry, message, state }) =>
      this.#kind.preparePush(message, entry.draft, state),
    );
    return messages.map(({ entry, lane }, index) => this.#inTurn(lane, entry, prepared[index]));
  }

  /** Resolves when what is under way now in these lanes is on the bus, or is the sweeper's. */
  async idle(lanes: { has(lane: number): boolean }): Promise<void> {
    const theirs: Promise<void>[] = [];
    for (const [push, lane] of this.#underWay) if (lanes.has(lane)) theirs.push(push);
    await Promise.all(theirs);
  }

  /** Resolves when fewer than that are not on the bus yet. */
  async below(most: number): Promise<void> {
    while (this.#underWay.size >= most) {
      const [oldest] = this.#underWay.keys();
      await oldest;
    }
  }

  #inTurn(
    lane: number,
    { ahead, after }: LogEntry<Draft>,
    prepared: Push | Promise<Push> | undefined,
  ): Promise<void> {
    const ready = prepared instanceof Promise ? this.#tried(prepared) : prepared;
    let pushed: Promise<void> | undefined;
    const called = (this.#called.get(lane) ?? Promise.resolve()).then(async () => {
      if (ahead) await this.#bounded(ahead);
      const push = ready instanceof Promise ? await ready : ready;
      if (!push) return;
      if (this.#underWay.size > mostUnasked) await this.#bounded(this.#whenCapacity);
      pushed = this.#bounded(push);
      if (!after) return;
      await pushed;
      await this.#bounded(after);
    });
    this.#called.set(lane, called);
    const whole = called.then(() => pushed);
    this.#underWay.set(whole, lane);
    void whole.then(() => {
      this.#underWay.delete(whole);
      if (this.#called.get(lane) === called) this.#called.delete(lane);
    });
    return whole;
  }

  /** What takes too long is not waited for. */
  async #bounded(push: Push): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => {
      const onTimeout = (): void => {
        this.#busIsAway = true;
        resolve();
      };
      timer = setTimeout(onTimeout, this.#busIsAway ? longestPushInOutageMs : this.#longestPushMs);
    });
    await Promise.race([this.#watched(push), tooLong]);
    clearTimeout(timer);
  }

  async #watched(push: Push): Promise<void> {
    try {
      await push();
      this.#busIsAway = false;
    } catch (error) {
      // What is too much is refused at once, and says nothing about those that are under way.
      if (!isOverload(error)) this.#busIsAway = isOutage(error);
      this.#warn(error);
    }
  }

  /** Undefined: it cannot be known who is to get it; the sweeper finds out later. */
  async #tried(prepared: Promise<Push>): Promise<Push | undefined> {
    try {
      return await prepared;
    } catch (error) {
      this.#warn(error);
      return undefined;
    }
  }

  #warn(error: unknown): void {
    const text = 'a push failed; it is tried again if it was stored';
    this.#logger.warn({ err: error, kind: this.#kind.name }, text);
  }
}

function isOverload(error: unknown): boolean {
  return error instanceof ImError && error.code === 'OVERLOADED';
}
