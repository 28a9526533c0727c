import { setMaxListeners } from 'node:events';
import type { ByteText, HandledUplink, Lists, Taken, Uplinks } from 'im-common/bus';
import { consume, decodeUplink, gather, putBack, type ReadUplink } from 'im-common/internal/bus';
import { keepTrying } from '../bus/keep-trying.ts';

export interface UplinkPartitionDeps {
  readonly lists: Lists;
  readonly uplinks: Pick<Uplinks, 'claim' | 'acknowledge'>;
  readonly list: string;
  readonly consumer: string;
  readonly epoch: number;
  /** Resolves when there is room for more; undefined when there is. */
  readonly whenBelowLimit: () => Promise<void> | undefined;
  /** Counts what is in flight here and on other partitions. */
  readonly onInHand: (change: number) => void;
  /** Whether this instance still owns the partition; asked before each handler is called. */
  readonly isOwner: () => boolean | Promise<boolean>;
  /** Resolves with what the device is told, undefined when it waits for nothing, or `left` for the next owner. */
  readonly handle: (uplink: ReadUplink, signals: PartitionSignals) => Promise<ByteText | undefined | 'left'>;
  readonly onUnreadable: (text: ByteText, error: unknown, over: AbortSignal) => Promise<void>;
  /** A reply is kept, and its device was heard at this server last. */
  readonly onReply: (uplink: ReadUplink, reply: ByteText, via: number) => void;
  readonly onOutage: (error: unknown) => void;
}

export interface PartitionSignals {
  readonly stopping: AbortSignal;
  readonly over: AbortSignal;
  /** Calls under way, which end with `over`. As listeners of it hundreds would have to be searched for each that ends. */
  readonly calls: Set<AbortController>;
}

const mostPerTake = 100;
const mostPerCall = 200;
/** How long handlers may take to end when the partition is given up. */
const stopWithinMs = 5_000;

interface Acknowledged {
  readonly handled: HandledUplink;
  readonly via: number | undefined;
}

/** One partition while this instance owns it: takes uplinks, has them handled in series per user, and acknowledges them (P-14.8). */
export class UplinkPartition {
  readonly #deps: UplinkPartitionDeps;
  readonly #stopping = new AbortController();
  /** Whatever is still under way has no effect. */
  readonly #over = new AbortController();
  readonly #calls = new Set<AbortController>();
  readonly #signals: PartitionSignals = {
    stopping: this.#stopping.signal,
    over: this.#over.signal,
    calls: this.#calls,
  };
  readonly #loop: Promise<void>;
  /** By user: the end of the last one that was taken. */
  readonly #chains = new Map<string, Promise<void>>();
  readonly #acknowledge: (handled: HandledUplink) => Promise<Acknowledged>;

  constructor(deps: UplinkPartitionDeps) {
    this.#deps = deps;
    // Each pause before another attempt listens to it.
    setMaxListeners(0, this.#stopping.signal);
    const { lists, list, consumer, uplinks, whenBelowLimit, onOutage } = deps;
    this.#acknowledge = gather(
      async (some) => {
        const vias = await keepTrying(this.#over.signal, () => uplinks.acknowledge(list, consumer, some));
        return some.map((handled, index) => ({ handled, via: vias[index] }));
      },
      { most: mostPerCall },
    );
    this.#loop = consume(
      lists,
      {
        ...{ list, consumer, onOutage, maxBatch: mostPerTake, isAlone: true },
        signal: this.#stopping.signal,
        ready: whenBelowLimit,
        open: () => this.#open(),
        // A later owner has put back what was ours, or the bus has lost its memory: the epoch says which.
        onUnknown: () => Promise.resolve(true),
      },
      (batch) => this.#pass(batch),
    );
  }

  /** Begins nothing more, lets handlers end, and leaves the rest to the next owner. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const timer = setTimeout(() => this.#end('The client is being closed'), stopWithinMs);
    await this.#loop;
    await Promise.all(this.#chains.values());
    clearTimeout(timer);
    this.#over.abort();
    const { lists, list, consumer, onOutage } = this.#deps;
    await lists.requeue(list, consumer).catch(onOutage);
  }

  /** Another instance owns it. */
  abandon(): void {
    this.#stopping.abort();
    this.#end('Another instance has taken over');
  }

  #end(why: string): void {
    const reason = new Error(why);
    this.#over.abort(reason);
    for (const call of this.#calls) call.abort(reason);
  }

  async #open(): Promise<boolean> {
    const { lists, uplinks, list, consumer, epoch } = this.#deps;
    if (!(await uplinks.claim(list, consumer, epoch))) return false;
    await putBack(lists, list, (other) => other !== consumer);
    return true;
  }

  #pass(batch: readonly Taken[]): undefined {
    for (const taken of batch) {
      this.#deps.onInHand(1);
      let uplink: ReadUplink;
      try {
        uplink = decodeUplink(taken.text);
      } catch (error) {
        void this.#putAway(taken, error);
        continue;
      }
      const user = uplink.sender.id;
      const before = this.#chains.get(user);
      const work = before ? before.then(() => this.#work(taken.seq, uplink)) : this.#work(taken.seq, uplink);
      this.#chains.set(user, work);
      void work.then(() => {
        if (this.#chains.get(user) === work) this.#chains.delete(user);
        this.#deps.onInHand(-1);
      });
    }
  }

  /** Never rejects. */
  async #work(seq: number, uplink: ReadUplink): Promise<void> {
    const { isOwner, handle, onReply } = this.#deps;
    const { sender, box, n } = uplink;
    try {
      const owner = isOwner();
      if (owner !== true && !(await owner)) return;
      const reply = await handle(uplink, this.#signals);
      if (reply === 'left') return;
      const { via } = await this.#acknowledge({ seq, sender, box, n, reply });
      if (reply !== undefined && via) onReply(uplink, reply, via);
    } catch (error) {
      // The bus is away for longer than the partition was ours.
      if (!this.#over.signal.aborted) this.#deps.onOutage(error);
    }
  }

  async #putAway({ seq, text }: Taken, error: unknown): Promise<void> {
    const { lists, list, consumer, onUnreadable, onInHand, onOutage } = this.#deps;
    const over = this.#over.signal;
    try {
      await onUnreadable(text, error, over);
      await keepTrying(over, () => lists.acknowledge(list, consumer, [seq]));
    } catch (failure) {
      if (!over.aborted) onOutage(failure);
    } finally {
      onInHand(-1);
    }
  }
}
