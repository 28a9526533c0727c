import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnedPartition, Uplinks } from 'im-common/bus';
import type { UplinkPartition } from './uplink-partition.ts';

export interface UplinkServiceDeps {
  readonly name: string;
  readonly uplinks: Pick<Uplinks, 'share' | 'leave'>;
  readonly leaseMs: number;
  readonly openPartition: (owned: OwnedPartition, service: UplinkService) => UplinkPartition;
  readonly onBus: (error: unknown) => void;
}

interface Open {
  readonly epoch: number;
  readonly partition: UplinkPartition;
  /** It is being given up. */
  isLeaving: boolean;
}

const retryMs = 100;

/** This instance's part in a service: which partitions it owns, for as long as it renews its lease (P-14.7). */
export class UplinkService {
  readonly instance: string = randomBytes(9).toString('base64url');
  readonly #deps: UplinkServiceDeps;
  readonly #stopping = new AbortController();
  readonly #open = new Map<number, Open>();
  #givenUp: number[] = [];
  /** By our own clock; counted from before the renewal was sent. */
  #validUntil = 0;
  #waiting: (() => void)[] = [];
  #pause = new AbortController();
  readonly #loop: Promise<void>;

  constructor(deps: UplinkServiceDeps) {
    this.#deps = deps;
    this.#loop = this.#run();
  }

  /** Whether the partition is ours under this epoch. While the lease is over by our clock, the answer waits for the bus. */
  isOwner(partition: number, epoch: number): boolean | Promise<boolean> {
    if (this.#isOpen(partition, epoch) && performance.now() < this.#validUntil) return true;
    return this.#whenKnown(partition, epoch);
  }

  /** Gives up everything, once what is under way has ended. */
  async close(): Promise<void> {
    this.#stopping.abort();
    this.#pause.abort();
    // The lease goes on meanwhile: what is being handled must not begin elsewhere.
    const renewing = setInterval(() => void this.#look().catch(() => undefined), this.#deps.leaseMs / 3);
    await this.#loop;
    await Promise.all(Array.from(this.#open.values(), ({ partition }) => partition.stop()));
    clearInterval(renewing);
    this.#wake();
    await this.#deps.uplinks.leave(this.#deps.name, this.instance).catch(this.#deps.onBus);
  }

  /** A method, because the compiler takes a flag that was false once for false for ever. */
  #isClosing(): boolean {
    return this.#stopping.signal.aborted;
  }

  #isOpen(partition: number, epoch: number): boolean {
    return this.#open.get(partition)?.epoch === epoch;
  }

  async #whenKnown(partition: number, epoch: number): Promise<boolean> {
    while (this.#isOpen(partition, epoch)) {
      if (performance.now() < this.#validUntil) return true;
      if (this.#isClosing()) return false;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return false;
  }

  async #run(): Promise<void> {
    while (!this.#isClosing()) {
      let pauseMs = this.#deps.leaseMs / 3;
      this.#pause = new AbortController();
      try {
        await this.#look();
      } catch (error) {
        this.#deps.onBus(error);
        // After an outage every lease is over: be sooner than those who look for the late.
        pauseMs = Math.min(retryMs, pauseMs);
      }
      if (!this.#isClosing())
        await sleep(pauseMs, undefined, { signal: this.#pause.signal, ref: false }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { name, uplinks, leaseMs } = this.#deps;
    const before = performance.now();
    const givenUp = this.#givenUp;
    const { share, owned } = await uplinks.share(name, this.instance, leaseMs, givenUp);
    this.#givenUp = this.#givenUp.filter((partition) => !givenUp.includes(partition));
    this.#validUntil = before + leaseMs;
    const epochs = new Map(owned.map(({ partition, epoch }) => [partition, epoch]));
    for (const [partition, { epoch, partition: lost }] of this.#open) {
      if (epochs.get(partition) === epoch) continue;
      this.#open.delete(partition);
      lost.abandon();
    }
    if (!this.#isClosing()) {
      for (const one of owned) this.#openOne(one);
      this.#giveUp(this.#open.size - share);
    }
    this.#wake();
  }

  #openOne(owned: OwnedPartition): void {
    const { partition, epoch } = owned;
    // What was just given up comes with the answer to a question that was asked before.
    if (this.#open.has(partition) || this.#givenUp.includes(partition)) return;
    this.#open.set(partition, {
      epoch,
      partition: this.#deps.openPartition(owned, this),
      isLeaving: false,
    });
  }

  /** So many have another owner to go to. */
  #giveUp(surplus: number): void {
    let left = surplus;
    for (const [number, open] of this.#open) {
      if (left <= 0) return;
      left -= 1;
      if (open.isLeaving) continue;
      open.isLeaving = true;
      void open.partition.stop().then(() => {
        if (this.#open.get(number) !== open) return;
        this.#open.delete(number);
        this.#givenUp.push(number);
        this.#pause.abort(); // tells it at once
      });
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
