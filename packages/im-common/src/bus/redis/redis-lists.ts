import { Cluster } from 'ioredis';
import { ImError } from '../../errors.ts';
import type { Lists, PutBatch, PutOutcome, Taken, Taker } from '../bus.ts';
import { fromByteText, type ByteText } from '../byte-text.ts';
import { LinkedSet, type Linked } from '../linked-set.ts';
import { bytes, call, requireOpen, run, type Argument } from './call.ts';
import type { RedisClient } from './connect.ts';
import type { Keys } from './keys.ts';
import { Offers, type Block } from './offers.ts';
import { pack, unpack } from './pack.ts';
import * as scripts from './list-scripts.ts';
import { putWeighed } from './weighed-scripts.ts';

/** Redis does nothing else meanwhile. */
const mostPerTake = 10_000;
/** Of large entries fewer are taken at once: an answer has to come, and to be read, before the call counts as failed. */
const mostBytesPerTake = 4_194_304;
/** So many entries are looked at for those to be removed. */
const removedAtOnce = 1_000;
/** Few entries are cheaper as arguments of their own. */
const mostUnpacked = 16;
/** How long after its time a wait may still be answered. */
const waitGraceMs = 1_500;

/** Makes connections beside the one for commands. */
interface FurtherClients {
  readonly createWaitingClient: () => RedisClient;
  readonly createSubscriber: () => RedisClient;
}

interface Wait extends Linked<Wait> {
  readonly signal: AbortSignal;
  readonly giveUp: () => void;
}

export class RedisLists implements Lists {
  readonly acknowledgesWithPut: boolean;
  readonly #client: RedisClient;
  readonly #keys: Keys;
  readonly #createWaitingClient: () => RedisClient;
  /** Connections of waits that are over, for the next ones. A blocked connection can do nothing else: each wait has its own. */
  readonly #idle: RedisClient[] = [];
  readonly #waits = new LinkedSet<Wait>();
  /** Adding a listener for each of thousands of waits a second, and removing it, costs more than the rest of a wait. */
  readonly #watched = new WeakSet<AbortSignal>();
  readonly #offers: Offers | undefined;
  #closed = false;

  constructor(client: RedisClient, keys: Keys, { createWaitingClient, createSubscriber }: FurtherClients) {
    this.#client = client;
    this.#keys = keys;
    this.#createWaitingClient = createWaitingClient;
    this.acknowledgesWithPut = !(client instanceof Cluster);
    // In a Cluster a script cannot tell whether anybody listens to a channel.
    if (client instanceof Cluster) return;
    const block: Block = (list, timeoutMs, signal) => this.#wait(list, timeoutMs, signal);
    this.#offers = new Offers(client, keys, block, createSubscriber);
  }

  async put(list: string, batch: PutBatch): Promise<PutOutcome> {
    const keys = [
      this.#keys.list(list),
      this.#keys.closed(list),
      this.#keys.lastBatch(list, batch.producer),
      this.#keys.offer(list),
    ];
    const whenFull = batch.whenFull === 'drop-oldest' ? 1 : 0;
    const ttlMs = batch.ttlMs === 'taken' ? -1 : (batch.ttlMs ?? 0);
    const args: Argument[] = [batch.batchNumber, batch.maxLength, whenFull, ttlMs];
    if (batch.acknowledge && this.acknowledgesWithPut) {
      for (const { list: from, consumer, seqs } of batch.acknowledge) {
        keys.push(this.#keys.inFlight(from, consumer));
        args.push(seqs.join(' '));
      }
    }
    if (batch.entries.length > mostUnpacked) args.push(1, pack(batch.entries));
    else args.push(0, ...batch.entries.map(bytes));
    if (batch.maxBytes !== undefined) {
      keys.push(this.#keys.sizes(list));
      args.push(batch.entries.length, bytesOf(batch.entries), batch.maxBytes);
    }
    const script = batch.maxBytes === undefined ? scripts.put : putWeighed;
    const answer = (await run(this.#client, script, keys, args)) as [number, number?, number?, 1?];
    const [status, length = 0, dropped = 0, isRepeat] = answer;
    if (status === 0) return { status: 'closed' };
    if (status !== 1) return { status: 'full', length };
    return isRepeat ? { status: 'put', length, dropped, isRepeat: true } : { status: 'put', length, dropped };
  }

  async length(list: string): Promise<number> {
    return Number(await call(this.#client, 'llen', [this.#keys.list(list)]));
  }

  async range(list: string, first: number, max: number): Promise<ByteText[]> {
    if (max <= 0) return [];
    return (await call(this.#client, 'lrange', [
      this.#keys.list(list),
      first,
      first + max - 1,
    ])) as ByteText[];
  }

  async remove(list: string, first: number, entries: readonly ByteText[]): Promise<number> {
    let left = entries;
    // In short steps: Redis does nothing else meanwhile.
    for (let from = first; left.length > 0; from = Math.max(0, from - removedAtOnce)) {
      const args = [from, removedAtOnce, ...left.map(bytes)];
      const found = (await run(this.#client, scripts.remove, [this.#keys.list(list)], args)) as number[];
      const places = new Set(found);
      left = left.filter((_, index) => !places.has(index + 1));
      if (from === 0) break;
    }
    return entries.length - left.length;
  }

  async open(list: string, consumer: string): Promise<void> {
    const keys = [this.#keys.consumers(list), this.#keys.inFlight(list, consumer), this.#keys.offer(list)];
    await run(this.#client, scripts.open, keys, [consumer]);
  }

  async take(list: string, consumer: string, afterSeq: number, max: number): Promise<Taken[] | undefined> {
    const handed = this.#offers?.take(list, consumer, afterSeq, max);
    if (handed) return handed;
    const keys = [this.#keys.list(list), this.#keys.inFlight(list, consumer), this.#keys.consumers(list)];
    const args = [afterSeq, Math.min(max, mostPerTake), mostBytesPerTake];
    const answer = await run(this.#client, scripts.take, keys, args);
    if (answer === null) {
      this.#offers?.forget(list, consumer);
      return undefined;
    }
    const [before, ...packs] = answer as [number, ...ByteText[]];
    const taken: Taken[] = [];
    let seq = before;
    for (const packed of packs) {
      for (const text of unpack(packed)) {
        seq += 1;
        if (text !== null) taken.push({ seq, text });
      }
    }
    return taken;
  }

  async acknowledge(list: string, consumer: string, seqs: readonly number[]): Promise<void> {
    if (seqs.length > 0) await call(this.#client, 'hdel', [this.#keys.inFlight(list, consumer), ...seqs]);
  }

  wait(list: string, timeoutMs: number, signal: AbortSignal, taker?: Taker): Promise<void> {
    if (!taker || !this.#offers || this.#closed || signal.aborted) return this.#wait(list, timeoutMs, signal);
    return this.#offers.wait(list, taker.consumer, taker.afterSeq, timeoutMs, signal);
  }

  #wait(list: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      requireOpen(this.#client, `a wait for ${list}`);
      // Redis takes no time for all the time.
      if (signal.aborted || timeoutMs <= 0) {
        resolve();
        return;
      }
      const client = this.#waitingClient();
      const end = (cause: unknown): void => {
        if (!this.#waits.delete(wait)) return;
        clearTimeout(limit);
        if (cause === undefined && !this.#closed) this.#idle.push(client);
        else client.disconnect();
        if (cause === undefined || signal.aborted || this.#closed) resolve();
        else reject(asWaitError(cause, list));
      };
      const giveUp = (): void => end(new Error('no answer in time'));
      const wait: Wait = { signal, giveUp, linkBefore: undefined, linkAfter: undefined };
      this.#waits.add(wait);
      this.#watch(signal);
      // ioredis' own limit resolves as if Redis had answered, and leaves the command on the connection.
      const limit = setTimeout(giveUp, timeoutMs + waitGraceMs);
      this.#block(client, list, timeoutMs).then(() => end(undefined), end);
    });
  }

  #watch(signal: AbortSignal): void {
    if (this.#watched.has(signal)) return;
    this.#watched.add(signal);
    signal.addEventListener('abort', () => {
      for (const wait of this.#waits) if (wait.signal === signal) wait.giveUp();
    });
  }

  async #block(client: RedisClient, list: string, timeoutMs: number): Promise<void> {
    if (client.status === 'wait') await client.connect();
    const key = this.#keys.list(list);
    // Moves the first entry onto itself: blocks until there is one, and changes nothing.
    await call(client, 'blmove', [key, key, 'LEFT', 'LEFT', timeoutMs / 1_000]);
  }

  async consumers(list: string): Promise<string[]> {
    const names = (await call(this.#client, 'smembers', [this.#keys.consumers(list)])) as ByteText[];
    return names.map(fromByteText);
  }

  async requeue(list: string, consumer: string): Promise<number> {
    const keys = [
      this.#keys.list(list),
      this.#keys.consumers(list),
      this.#keys.inFlight(list, consumer),
      this.#keys.offer(list),
    ];
    return Number(await run(this.#client, scripts.requeue, keys, [consumer]));
  }

  async closeList(list: string): Promise<void> {
    // Outlives every route to the server that the list belonged to.
    await run(this.#client, scripts.closeList, [this.#keys.closed(list)], [3_600]);
  }

  async drop(list: string): Promise<void> {
    const consumers = await this.consumers(list);
    const keys = [
      this.#keys.list(list),
      this.#keys.consumers(list),
      this.#keys.offer(list),
      ...consumers.map((consumer) => this.#keys.inFlight(list, consumer)),
    ];
    await call(this.#client, 'del', keys);
  }

  close(): void {
    this.#closed = true;
    this.#offers?.close();
    for (const wait of this.#waits) wait.giveUp();
    for (const client of this.#idle) client.disconnect();
  }

  #waitingClient(): RedisClient {
    for (let client = this.#idle.pop(); client; client = this.#idle.pop()) {
      if (client.status === 'ready') return client;
      client.disconnect(); // it lost its connection meanwhile
    }
    return this.#createWaitingClient();
  }
}

function asWaitError(cause: unknown, list: string): ImError {
  if (cause instanceof ImError) return cause;
  return new ImError('BUS_UNAVAILABLE', `Redis cannot be reached to wait for ${list}.`, { cause });
}

function bytesOf(entries: readonly ByteText[]): number {
  return entries.reduce((sum, { length }) => sum + length, 0);
}
