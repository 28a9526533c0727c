import { ImError } from 'im-common';
import { choice, invalidArgument, readOptions, type Kinds } from 'im-common/internal/checks';
import type { BusHealth } from '../bus/bus-health.ts';
import { abortSignal } from '../checks/abort-signal.ts';
import { InFlightLimit } from './in-flight-limit.ts';
import { closedError, type Lifecycle } from './lifecycle.ts';

export interface CapacityOptions {
  /** `questions` are all calls that send no message: about presence, and orders to log out. @default 'sends' */
  readonly for?: 'sends' | 'questions' | undefined;
  /** Aborting it gives up the place in the queue. */
  readonly signal?: AbortSignal | undefined;
}

const kinds: Kinds<CapacityOptions> = { for: choice(['sends', 'questions']), signal: abortSignal };

/** What a terminal that a call is about costs in memory while the call waits. */
export const bytesPerAddress = 100;

/** Stands before each call that asks the bus. A test stops calls there. */
export type Gate = <T>(what: 'sends' | 'questions', call: () => Promise<T>) => Promise<T>;

/** Admits calls: none to a closed client, no more at once than the limits allow, each after the start. */
export class Calls {
  readonly #lifecycle: Lifecycle;
  readonly #health: BusHealth;
  readonly #sends: InFlightLimit;
  readonly #questions: InFlightLimit;
  readonly #gate: Gate | undefined;

  constructor(
    lifecycle: Lifecycle,
    health: BusHealth,
    limits: { maxWaiting: number; maxWaitingBytes: number },
    gate?: Gate,
  ) {
    const { maxWaiting: maxCalls, maxWaitingBytes: maxBytes } = limits;
    this.#lifecycle = lifecycle;
    this.#health = health;
    this.#gate = gate;
    this.#sends = new InFlightLimit({ what: 'sends', maxCalls, maxBytes });
    this.#questions = new InFlightLimit({ what: 'questions', maxCalls, maxBytes });
  }

  /** Under way or waiting. */
  get inFlight(): { readonly sends: number; readonly questions: number } {
    return { sends: this.#sends.calls, questions: this.#questions.calls };
  }

  /** Before a message is looked at, as that costs more than to refuse it. */
  checkSend(): void {
    this.#lifecycle.checkOpen();
    this.#sends.check();
  }

  /** After {@link checkSend}. `call` rejects rather than throws. */
  send<T>(bytes: number, call: () => Promise<T>): Promise<T> {
    return this.#run(this.#sends, bytes, call);
  }

  /** `addressCount`: how many devices it is about. */
  async ask<T>(addressCount: number, question: () => Promise<T>): Promise<T> {
    this.#lifecycle.checkOpen();
    this.#questions.check();
    return this.#run(this.#questions, bytesPerAddress * addressCount, question);
  }

  async capacity(options: CapacityOptions): Promise<void> {
    this.#lifecycle.checkOpen();
    const given = readOptions('the options of capacity', options, kinds, invalidArgument);
    await (given.for === 'questions' ? this.#questions : this.#sends).whenBelow(given.signal);
  }

  /** Nobody who waits for capacity gets in any more. */
  close(): void {
    this.#sends.close(closedError());
    this.#questions.close(closedError());
  }

  async whenEmpty(): Promise<void> {
    await Promise.all([this.#sends.whenEmpty(), this.#questions.whenEmpty()]);
  }

  #run<T>(limit: InFlightLimit, bytes: number, call: () => Promise<T>): Promise<T> {
    limit.enter(bytes);
    const gate = this.#gate;
    const what = limit === this.#sends ? 'sends' : 'questions';
    const begin = gate ? () => gate(what, call) : call;
    const work = this.#lifecycle.isRunning ? begin() : this.#lifecycle.whenStarted().then(begin);
    work.then(
      () => limit.leave(bytes),
      (error: unknown) => {
        limit.leave(bytes);
        if (error instanceof ImError && error.code === 'BUS_UNAVAILABLE') this.#health.failed(error);
      },
    );
    return work;
  }
}
