import { ImError, type Logger } from 'im-common';
import { isOutage } from '../outage.ts';
import type { LogEntry, LogKind, Push } from './entries.ts';

export interface ToPush<Draft, Message> {
  readonly entry: LogEntry<Draft>;
  readonly message: Message;
}

/** Longer than im-client waits for a bus that says nothing. While it answers, pushes wait for their turn as long as it takes. */
const leastPushMs = 3_500;
/** While the bus is known to be away nobody waits for it; the sweeper pushes later. */
const longestPushInOutageMs = 50;

/**
 * Pushes what is stored, in its order, while the next is being stored. Each push is called when those before it have been
 * called, and the bus keeps that order; nobody waits for the end of another one.
 */
export class Pushers<Draft, Message> {
  readonly #kind: LogKind<Draft, Message>;
  readonly #logger: Logger;
  readonly #longestPushMs: number;
  /** Resolves when all pushes so far have been called. */
  #called: Promise<void> = Promise.resolve();
  readonly #underWay = new Set<Promise<void>>();
  #busIsAway = false;

  /** `othersWaitMs`: how long other instances wait for their turn. Till then none overtakes what a slow bus has not taken yet. */
  constructor(kind: LogKind<Draft, Message>, logger: Logger, othersWaitMs: number) {
    this.#kind = kind;
    this.#logger = logger;
    this.#longestPushMs = Math.max(leastPushMs, othersWaitMs);
  }

  /** How many are not on the bus yet. */
  get size(): number {
    return this.#underWay.size;
  }

  /** For each message a promise that resolves when it is on the bus, or is no longer waited for. */
  push(messages: readonly ToPush<Draft, Message>[]): Promise<void>[] {
    // All of them at once, so that what they ask is asked once.
    const prepared = messages.map(({ entry, message }) => this.#kind.preparePush(message, entry.draft));
    return messages.map(({ entry }, index) => this.#inTurn(entry, prepared[index]));
  }

  /** Resolves when what is under way now is on the bus, or is the sweeper's. */
  async idle(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  #inTurn({ ahead, after }: LogEntry<Draft>, prepared: Push | Promise<Push> | undefined): Promise<void> {
    const ready = prepared instanceof Promise ? this.#tried(prepared) : prepared;
    let pushed: Promise<void> | undefined;
    this.#called = this.#called.then(async () => {
      if (ahead) await this.#bounded(ahead);
      const push = ready instanceof Promise ? await ready : ready;
      if (!push) return;
      pushed = this.#bounded(push);
      if (!after) return;
      await pushed;
      await this.#bounded(after);
    });
    const whole = this.#called.then(() => pushed);
    this.#underWay.add(whole);
    void whole.then(() => this.#underWay.delete(whole));
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
