import type { InFlight, Lists, Taken } from 'im-common/bus';
import { consume, mostPerPack } from 'im-common/internal/bus';
import { keepTrying } from '../bus/keep-trying.ts';
import type { Pause } from './pause.ts';
import type { Origin } from '../listen/result-in-flight.ts';
import type { DoneEntries } from '../bus/done-entries.ts';

export interface ListConsumerOptions {
  readonly list: string;
  readonly consumer: string;
  readonly isShared: boolean;
  readonly pause: Pause;
  /** Others may acknowledge here what is done; what they have not after a while is acknowledged alone. */
  readonly doneEntries?: DoneEntries | undefined;
  readonly onUnknown: () => Promise<boolean>;
  readonly onOutage: (error: unknown) => void;
  /** Gets each entry, and calls `done` or `giveBack` in the end. */
  readonly onEntry: (taken: Taken, origin: Origin) => void;
}

/** Results that are taken at once from a list; the entries of our own ones may be packs. */
const mostPerTake = 250;
const mostPacksPerTake = Math.ceil(mostPerTake / mostPerPack);
/** How long what is done waits for a call that acknowledges it along the way. */
const acknowledgeAloneMs = 10;
/** How long a stop goes on telling a bus that is away what has been done. */
const stopWithinMs = 3_000;

/** Consumes one result list, and acknowledges its entries as they are done. */
export class ListConsumer implements Origin {
  readonly isShared: boolean;
  readonly #lists: Lists;
  readonly #options: ListConsumerOptions;
  readonly #stopping = new AbortController();
  readonly #abandoning = new AbortController();
  readonly #loop: Promise<void>;
  #taken = 0;
  #doneWith: number[] = [];
  readonly #acknowledgeAlone: NodeJS.Timeout | undefined;
  #acknowledging: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;

  constructor(lists: Lists, options: ListConsumerOptions) {
    this.#lists = lists;
    this.#options = options;
    this.isShared = options.isShared;
    const { list, consumer, isShared, pause, doneEntries, onUnknown, onOutage } = options;
    if (doneEntries) {
      doneEntries.add(this);
      this.#acknowledgeAlone = setTimeout(() => this.#acknowledgeNow(), acknowledgeAloneMs).unref();
    }
    const { signal } = this.#stopping;
    const ready = (): Promise<void> | undefined => pause.whenOver(signal);
    this.#loop = consume(
      lists,
      {
        list,
        consumer,
        maxBatch: isShared ? mostPerTake : mostPacksPerTake,
        isAlone: !isShared,
        signal,
        ready,
        onUnknown,
        onOutage,
      },
      (batch) => this.#passOn(batch),
    );
  }

  done(seq: number): void {
    this.#doneWith.push(seq);
    if (!this.#isAcknowledgedAlong) this.#acknowledgeNow();
    else if (this.#doneWith.length === 1) this.#acknowledgeAlone?.refresh();
    this.#oneLess();
  }

  takeDone(): InFlight | undefined {
    if (this.#doneWith.length === 0 || this.#acknowledging || this.#stopping.signal.aborted) return undefined;
    const { list, consumer } = this.#options;
    return { list, consumer, seqs: this.#doneWith.splice(0) };
  }

  doneAgain(seqs: readonly number[]): void {
    this.#doneWith.push(...seqs);
    this.#acknowledgeNow();
  }

  giveBack(): void {
    // It stays in flight until `stop` puts it back.
    this.#oneLess();
  }

  /** Takes no more, waits until all that was taken is done, and puts back what was given back. */
  async stop(): Promise<void> {
    this.#stopTaking();
    await this.#loop;
    if (this.#taken > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve));
    const timer = setTimeout(() => this.#abandoning.abort(), stopWithinMs);
    this.#acknowledgeNow();
    await this.#acknowledging;
    clearTimeout(timer);
    await this.#lists.requeue(this.#options.list, this.#options.consumer).catch(this.#options.onOutage);
  }

  /** Takes no more, and acknowledges nothing: what was taken belongs to another instance now. */
  abandon(): void {
    this.#stopTaking();
    this.#abandoning.abort();
  }

  #stopTaking(): void {
    this.#stopping.abort();
    this.#options.doneEntries?.remove(this);
    clearTimeout(this.#acknowledgeAlone);
    this.#options.pause.lookAgain();
  }

  /** What is done may wait for a call that acknowledges it along the way. */
  get #isAcknowledgedAlong(): boolean {
    return this.#acknowledgeAlone !== undefined && !this.#stopping.signal.aborted;
  }

  #passOn(batch: readonly Taken[]): undefined {
    this.#taken += batch.length;
    for (const taken of batch) this.#options.onEntry(taken, this);
  }

  #acknowledgeNow(): void {
    this.#acknowledging ??= this.#acknowledge();
  }

  async #acknowledge(): Promise<void> {
    // Entries that are done in the same tick share the call.
    await Promise.resolve();
    const { list, consumer } = this.#options;
    do {
      const seqs = this.#doneWith.splice(0);
      try {
        await keepTrying(this.#abandoning.signal, () => this.#lists.acknowledge(list, consumer, seqs));
      } catch {
        break; // abandoned
      }
    } while (this.#doneWith.length > 0 && !this.#isAcknowledgedAlong);
    this.#acknowledging = undefined;
    // Those that were done meanwhile wait for who calls the bus anyway, or there would be a call for every few.
    if (this.#doneWith.length > 0 && this.#isAcknowledgedAlong) this.#acknowledgeAlone?.refresh();
  }

  #oneLess(): void {
    this.#taken -= 1;
    if (this.#taken === 0) this.#whenIdle?.();
  }
}
