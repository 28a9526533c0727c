import { deadServersKeptMs, type Lists, type PutBatch, type PutOutcome, type Taken } from '../bus.ts';
import type { InFlight } from '../in-flight.ts';
import type { ByteText } from '../byte-text.ts';
import type { Calls } from './calls.ts';
import { ExpiringMap } from './expiring-map.ts';
import { Fifo } from './fifo.ts';

/** Far longer than any producer goes on repeating a put. */
const memoryOfBatchesMs = 300_000;

interface Consumer {
  /** The last sequence number given out. */
  seq: number;
  /** In the order of their numbers. */
  readonly inFlight: Map<number, ByteText>;
}

export class MemoryLists implements Lists {
  readonly acknowledgesWithPut = true;
  readonly #calls: Calls;
  /** Who waits for entries keeps the process alive, as a connection to Redis would. */
  readonly #holdsProcess: boolean;
  /** Lists that have entries. The maps below, too, hold nothing for lists that are not in use. */
  readonly #entries: ExpiringMap<Fifo<ByteText>>;
  readonly #consumers = new Map<string, Map<string, Consumer>>();
  readonly #waiters = new Map<string, Set<() => void>>();
  readonly #lastBatches: ExpiringMap<number>;
  /** Kept as long as a route to a dead server can be: nobody puts on its lists later than that. */
  readonly #closed: ExpiringMap<true>;

  constructor(calls: Calls, now: () => number, holdsProcess = true) {
    this.#calls = calls;
    this.#holdsProcess = holdsProcess;
    this.#entries = new ExpiringMap(now);
    this.#lastBatches = new ExpiringMap(now);
    this.#closed = new ExpiringMap(now);
  }

  put(list: string, batch: PutBatch): Promise<PutOutcome> {
    return this.#calls.answer(() => {
      const producerKey = `${list}\n${batch.producer}`;
      const length = this.#lengthOf(list);
      if ((this.#lastBatches.get(producerKey) ?? -Infinity) >= batch.batchNumber)
        return { status: 'put', length, dropped: 0, isRepeat: true };
      if (this.#closed.get(list)) return { status: 'closed' };
      const surplus = Math.max(0, length + batch.entries.length - batch.maxLength);
      const isFull = surplus > 0 || this.#isTooHeavy(list, batch);
      if (isFull && batch.whenFull === 'refuse') return { status: 'full', length };

      this.#lastBatches.set(producerKey, batch.batchNumber, memoryOfBatchesMs);
      const entries = this.#entries.get(list) ?? new Fifo();
      entries.push(batch.entries);
      entries.take(surplus);
      const { maxBytes = Infinity } = batch;
      while (entries.bytes > maxBytes && entries.length > batch.entries.length) entries.take(1);
      this.#keep(list, entries, batch.ttlMs === 'taken' ? undefined : batch.ttlMs);
      for (const inFlight of batch.acknowledge ?? []) this.#acknowledge(inFlight);
      const dropped = length + batch.entries.length - entries.length;
      return { status: 'put', length: entries.length, dropped };
    });
  }

  length(list: string): Promise<number> {
    return this.#calls.answer(() => this.#lengthOf(list));
  }

  range(list: string, first: number, max: number): Promise<ByteText[]> {
    return this.#calls.answer(() => this.#entries.get(list)?.range(first, max) ?? []);
  }

  remove(list: string, _first: number, removed: readonly ByteText[]): Promise<number> {
    return this.#calls.answer(() => {
      const entries = this.#entries.get(list);
      const count = entries?.remove(removed) ?? 0;
      if (entries?.length === 0) this.#entries.delete(list);
      return count;
    });
  }

  open(list: string, consumer: string): Promise<void> {
    return this.#calls.answer(() => {
      const consumers = this.#consumers.get(list) ?? new Map<string, Consumer>();
      if (!consumers.has(consumer)) consumers.set(consumer, { seq: 0, inFlight: new Map() });
      this.#consumers.set(list, consumers);
    });
  }

  take(list: string, consumer: string, afterSeq: number, max: number): Promise<Taken[] | undefined> {
    return this.#calls.answer(() => {
      const state = this.#consumers.get(list)?.get(consumer);
      if (!state) return undefined;
      const again = state.seq > afterSeq ? takenAfter(state, afterSeq, max) : [];
      return again.length > 0 ? again : this.#take(list, state, Math.max(afterSeq, state.seq), max);
    });
  }

  acknowledge(list: string, consumer: string, seqs: readonly number[]): Promise<void> {
    return this.#calls.answer(() => {
      this.#acknowledge({ list, consumer, seqs });
    });
  }

  wait(list: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    return this.#calls.answer(() => {
      if (signal.aborted || this.#lengthOf(list) > 0) return;
      return new Promise((resolve) => {
        const waiters = this.#waiters.get(list) ?? new Set();
        this.#waiters.set(list, waiters);
        const end = (): void => {
          clearTimeout(timeout);
          signal.removeEventListener('abort', end);
          waiters.delete(end);
          if (waiters.size === 0) this.#waiters.delete(list);
          resolve();
        };
        const timeout = setTimeout(end, timeoutMs);
        if (!this.#holdsProcess) timeout.unref();
        signal.addEventListener('abort', end);
        waiters.add(end);
      });
    });
  }

  consumers(list: string): Promise<string[]> {
    return this.#calls.answer(() => [...(this.#consumers.get(list)?.keys() ?? [])]);
  }

  requeue(list: string, consumer: string): Promise<number> {
    return this.#calls.answer(() => {
      const consumers = this.#consumers.get(list);
      const returned = [...(consumers?.get(consumer)?.inFlight.values() ?? [])];
      consumers?.delete(consumer);
      if (consumers?.size === 0) this.#consumers.delete(list);
      this.#putBack(list, returned);
      return returned.length;
    });
  }

  closeList(list: string): Promise<void> {
    return this.#calls.answer(() => {
      this.#closed.set(list, true, deadServersKeptMs);
    });
  }

  drop(list: string): Promise<void> {
    return this.#calls.answer(() => {
      this.#entries.delete(list);
      this.#consumers.delete(list);
    });
  }

  /** Appends in the middle of another call. */
  append(list: string, added: readonly ByteText[]): void {
    if (added.length === 0) return;
    const entries = this.#entries.get(list) ?? new Fifo();
    entries.push(added);
    this.#keep(list, entries, undefined);
  }

  /** The length in the middle of another call. */
  lengthNow(list: string): number {
    return this.#lengthOf(list);
  }

  /** Of all that is on the list, in the middle of another call. */
  bytesNow(list: string): number {
    return this.#entries.get(list)?.bytes ?? 0;
  }

  /** Acknowledges in the middle of another call. False for what is not in flight at this consumer. */
  acknowledgeNow(list: string, consumer: string, seq: number): boolean {
    return this.#consumers.get(list)?.get(consumer)?.inFlight.delete(seq) ?? false;
  }

  /** For the end of the bus. */
  endWaits(): void {
    for (const list of [...this.#waiters.keys()]) this.#wake(list);
  }

  #lengthOf(list: string): number {
    return this.#entries.get(list)?.length ?? 0;
  }

  #isTooHeavy(list: string, { entries, maxBytes = Infinity }: PutBatch): boolean {
    const held = this.bytesNow(list);
    return held > 0 && entries.reduce((sum, { length }) => sum + length, held) > maxBytes;
  }

  #acknowledge({ list, consumer, seqs }: InFlight): void {
    const inFlight = this.#consumers.get(list)?.get(consumer)?.inFlight;
    for (const seq of seqs) inFlight?.delete(seq);
  }

  #take(list: string, consumer: Consumer, afterSeq: number, max: number): Taken[] {
    const entries = this.#entries.get(list);
    if (!entries) return [];
    const taken = entries.take(max).map((text, index) => ({ seq: afterSeq + 1 + index, text }));
    if (entries.length === 0) this.#entries.delete(list);
    for (const { seq, text } of taken) {
      consumer.inFlight.set(seq, text);
      consumer.seq = seq;
    }
    return taken;
  }

  #putBack(list: string, returned: readonly ByteText[]): void {
    const waiting = this.#entries.get(list);
    waiting?.putBack(returned);
    if (waiting) return;
    const entries = new Fifo<ByteText>();
    entries.push(returned);
    this.#keep(list, entries, undefined);
  }

  #keep(list: string, entries: Fifo<ByteText>, ttlMs = Infinity): void {
    if (entries.length === 0) {
      this.#entries.delete(list);
      return;
    }
    this.#entries.set(list, entries, ttlMs);
    this.#wake(list);
  }

  #wake(list: string): void {
    for (const end of this.#waiters.get(list) ?? []) end();
  }
}

function takenAfter({ inFlight }: Consumer, afterSeq: number, max: number): Taken[] {
  const taken: Taken[] = [];
  for (const [seq, text] of inFlight) {
    if (taken.length === max) break;
    if (seq > afterSeq) taken.push({ seq, text });
  }
  return taken;
}
