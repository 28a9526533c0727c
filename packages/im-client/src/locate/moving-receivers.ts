import { setTimeout as sleep } from 'node:timers/promises';
import { addressKey, type DeviceAddress, type MessageKind } from 'im-common';
import { abortReason } from '../checks/abort.ts';
import type { Place, Sighting } from './place.ts';

export interface MovingReceiversOptions {
  readonly look: (addresses: readonly DeviceAddress[]) => Promise<readonly Sighting[]>;
  /** How long a message waits at most. */
  readonly graceMs: number;
  /** No more messages than this wait: they would take capacity from all others. */
  readonly mostWaiting: number;
}

export interface Wait {
  /** `order`: to log out. `high`: of high priority, of whatever kind. */
  readonly kind: MessageKind | 'high' | 'order';
  readonly addresses: readonly DeviceAddress[];
  /** Servers that have closed their lists: a route to one of them is old. */
  readonly notAt?: ReadonlySet<number>;
  /** Called, in the order of the messages, with those of the addresses about which something is known; places are undefined for the lost. */
  readonly onSeen: (addresses: readonly DeviceAddress[], places: readonly (Place | undefined)[]) => void;
  /** Aborting it ends the wait at once, unless `mayEnd` says no in that moment. */
  readonly signal?: AbortSignal | undefined;
  readonly mayEnd?: () => boolean;
}

interface Waiting extends Wait {
  left: readonly DeviceAddress[];
  readonly until: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

const lookEveryMs = 50;
/** For a receiver whose server has closed its list in between; also where nobody else is waited for. */
const shortestGraceMs = 150;

/**
 * Receivers that have just left a server and are probably on their way to another one, and the messages that wait for them,
 * in order. One lookup at intervals asks for all of them.
 */
export class MovingReceivers {
  readonly #options: MovingReceiversOptions;
  /** In the order in which the messages came. */
  #waiting: Waiting[] = [];
  /** How many messages of a kind wait for a device. */
  readonly #counts = new Map<string, number>();
  #isLooking = false;

  constructor(options: MovingReceiversOptions) {
    this.#options = options;
  }

  get areAny(): boolean {
    return this.#counts.size > 0;
  }

  /** A message waits for the device already, so later ones must not overtake it. */
  isAwaited(kind: MessageKind | 'high', address: DeviceAddress): boolean {
    return this.#counts.has(keyOf(kind, address));
  }

  /** Whether one more message may wait for devices that nothing waits for yet. */
  get hasCapacity(): boolean {
    const { graceMs, mostWaiting } = this.#options;
    return graceMs > 0 && this.#waiting.length < mostWaiting;
  }

  /** Resolves when all have been seen, or are lost. */
  wait(wait: Wait): Promise<void> {
    return new Promise((resolve, reject) => {
      const until = performance.now() + Math.max(shortestGraceMs, this.#options.graceMs);
      const one: Waiting = { ...wait, left: wait.addresses, until, resolve, reject };
      if (wait.signal) this.#endWith(wait.signal, one);
      this.#waiting.push(one);
      for (const address of wait.addresses) this.#count(wait.kind, address, 1);
      if (this.#isLooking) return;
      this.#isLooking = true;
      void this.#lookForAll();
    });
  }

  async #lookForAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      await sleep(lookEveryMs);
      const addresses = new Map<string, DeviceAddress>();
      for (const { left } of this.#waiting) {
        for (const address of left) addresses.set(addressKey(address.id, address.terminal), address);
      }
      const askedAt = performance.now();
      try {
        const sightings = await this.#options.look([...addresses.values()]);
        const keys = [...addresses.keys()];
        this.#tell(new Map(sightings.map((sighting, index) => [keys[index] ?? '', sighting])), askedAt);
      } catch (error) {
        this.#failAll(error);
      }
    }
    this.#isLooking = false;
  }

  /**
   * Those who began to wait while the question was under way are not in the answer, and wait for the next. Nobody is lost by
   * an answer that was true before the end of the grace: a busy process may read it long after.
   */
  #tell(sightings: ReadonlyMap<string, Sighting>, askedAt: number): void {
    for (const one of this.#waiting) {
      const seen: DeviceAddress[] = [];
      const places: (Place | undefined)[] = [];
      one.left = one.left.filter((address) => {
        const key = addressKey(address.id, address.terminal);
        if (!sightings.has(key)) return true;
        const sighting = sightings.get(key);
        const isStill = sighting === 'moving' || (sighting && one.notAt?.has(sighting.serverId));
        if (isStill && askedAt < one.until) return true;
        seen.push(address);
        places.push(isStill ? undefined : sighting);
        return false;
      });
      if (seen.length === 0) continue;
      one.onSeen(seen, places);
      for (const address of seen) this.#count(one.kind, address, -1);
    }
    const isDone = ({ left }: Waiting): boolean => left.length === 0;
    const done = this.#waiting.filter(isDone);
    this.#waiting = this.#waiting.filter((one) => !isDone(one));
    for (const { resolve } of done) resolve();
  }

  #endWith(signal: AbortSignal, one: Waiting): void {
    const { mayEnd, reject, resolve } = one;
    const onAbort = (): void => {
      if (mayEnd?.() === false) return;
      this.#waiting = this.#waiting.filter((other) => other !== one);
      for (const address of one.left) this.#count(one.kind, address, -1);
      one.left = [];
      one.reject(abortReason(signal));
    };
    const stop = (): void => signal.removeEventListener('abort', onAbort);
    one.resolve = () => {
      stop();
      resolve();
    };
    one.reject = (error) => {
      stop();
      reject(error);
    };
    signal.addEventListener('abort', onAbort);
  }

  #failAll(error: unknown): void {
    const failed = this.#waiting;
    this.#waiting = [];
    this.#counts.clear();
    for (const { reject } of failed) reject(error);
  }

  #count(kind: Wait['kind'], address: DeviceAddress, more: 1 | -1): void {
    const key = keyOf(kind, address);
    const count = (this.#counts.get(key) ?? 0) + more;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }
}

function keyOf(kind: Wait['kind'], { id, terminal }: DeviceAddress): string {
  return `${kind} ${addressKey(id, terminal)}`;
}
