import type { Lists, Taken } from 'im-common/bus';
import { consume } from 'im-common/internal/bus';
import { keepTrying } from '../bus/keep-trying.ts';
import type { Gate } from './pause.ts';
import type { Origin } from '../listen/result-in-flight.ts';

export interface ListConsumerOptions {
  readonly list: string;
  readonly consumer: string;
  readonly isShared: boolean;
  readonly gate: Gate;
  readonly onUnknown: () => Promise<boolean>;
  readonly onOutage: (error: unknown) => void;
  /** Gets each entry; whoever deals with it calls `done` or `giveBack` in the end. */
  readonly onEntry: (taken: Taken, origin: Origin) => void;
}

const mostPerTake = 250;
/** How long a stop goes on telling a bus that is away what has been done. */
const stopWithinMs = 3_000;

/** Consumes one result list, and settles its entries as they are done with. */
export class ListConsumer implements Origin {
  readonly isShared: boolean;
  readonly #lists: Lists;
  readonly #options: ListConsumerOptions;
  readonly #stopping = new AbortController();
  readonly #abandoning = new AbortController();
  readonly #loop: Promise<void>;
  #taken = 0;
  #doneWith: number[] = [];
  #settling: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;

  constructor(lists: Lists, options: ListConsumerOptions) {
    this.#lists = lists;
    this.#options = options;
    this.isShared = options.isShared;
    const { list, consumer, isShared, gate, onUnknown, onOutage } = options;
    const { signal } = this.#stopping;
    const ready = (): Promise<void> | undefined => gate.pass(signal);
    this.#loop = consume(
      lists,
      { list, consumer, maxBatch: mostPerTake, isAlone: !isShared, signal, ready, onUnknown, onOutage },
      (batch) => this.#handOn(batch),
    );
  }

  done(seq: number): void {
    this.#doneWith.push(seq);
    this.#settling ??= this.#settle();
    this.#oneLess();
  }

  giveBack(): void {
    // It stays in flight until `stop` puts it back.
    this.#oneLess();
  }

  /** Takes no more, waits until all that was taken is dealt with, and puts back what was given back. */
  async stop(): Promise<void> {
    this.#stopTaking();
    await this.#loop;
    if (this.#taken > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve));
    const timer = setTimeout(() => this.#abandoning.abort(), stopWithinMs);
    await this.#settling;
    clearTimeout(timer);
    await this.#lists.requeue(this.#options.list, this.#options.consumer).catch(this.#options.onOutage);
  }

  /** Takes no more; what was taken belongs to somebody else now, or the bus is to be left alone. */
  abandon(): void {
    this.#stopTaking();
    this.#abandoning.abort();
  }

  #stopTaking(): void {
    this.#stopping.abort();
    this.#options.gate.lookAgain();
  }

  #handOn(batch: readonly Taken[]): undefined {
    this.#taken += batch.length;
    for (const taken of batch) this.#options.onEntry(taken, this);
  }

  async #settle(): Promise<void> {
    // Let what is done in the same turn share the call.
    await Promise.resolve();
    const { list, consumer } = this.#options;
    while (this.#doneWith.length > 0) {
      const seqs = this.#doneWith.splice(0);
      try {
        await keepTrying(this.#abandoning.signal, () => this.#lists.settle(list, consumer, seqs));
      } catch {
        break; // abandoned
      }
    }
    this.#settling = undefined;
  }

  #oneLess(): void {
    this.#taken -= 1;
    if (this.#taken === 0) this.#whenIdle?.();
  }
}
