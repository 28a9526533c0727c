import { setTimeout as sleep } from 'node:timers/promises';
import { addressKey, type DeviceAddress, type MessageKind } from 'im-common';
import type { Reason } from 'im-common/bus';
import type { Entry } from 'im-common/internal/bus';
import type { Devices } from '../device/devices.ts';
import type { PushedMessage } from './pushed-message.ts';

/** What became of one entry's receivers; the others were found. */
export interface Rerouted {
  readonly nowhere: readonly DeviceAddress[];
  /** On their way to another server, or still on the way to leaving this one. */
  readonly moving: readonly DeviceAddress[];
  /** It may have been put where they are, but the bus did not answer. */
  readonly unsure: readonly DeviceAddress[];
  /** Why. */
  readonly error?: Error | undefined;
}

export interface PursuitDeps {
  readonly devices: Devices;
  /** Gives a message to who is here. False when nobody is. */
  readonly give: (message: PushedMessage, address: DeviceAddress) => boolean;
  /** How long a message waits at most for a receiver that is on its way. */
  readonly waitMs: number;
  /** For so long whoever has left a server counts as on the way. */
  readonly reconnectGraceMs: number;
  /** Whether it waits for the next login where nobody is found. */
  readonly isKeepable: (message: PushedMessage, reason: Reason) => boolean;
  /** More than so many messages do not wait: they count against the limit of what is in flight. */
  readonly mostWaiting: number;
  /** Sends entries to the servers where their receivers are by now. */
  readonly reroute: (kind: MessageKind, entries: readonly Entry[]) => Promise<Rerouted[]>;
  /** What becomes of receivers that are nowhere. */
  readonly reason: () => Reason;
  /** As of the server: undefined when it may act as owner of what it has taken. */
  readonly whenOwner: () => Promise<boolean> | undefined;
}

interface Missed {
  readonly message: PushedMessage;
  readonly receivers: readonly DeviceAddress[];
  /** On the monotonic clock. */
  readonly until: number;
}

/** Waiting for one device. */
interface Waiting {
  count: number;
  /** On the monotonic clock: the first of them; the device left at about that time. */
  readonly since: number;
}

const pauseMs = 50;
/** Senders keep what they have as soon as the device counts as gone; so long before that, what waits here is to be kept (P-15.2). */
const aheadOfSendersMs = 250;

/**
 * Goes after receivers who are not here, for the messages of one kind. Who is on another server gets them there; who has
 * just left and is probably on the way back, here or elsewhere, is waited for, and whatever else comes for the same device
 * meanwhile waits behind. Everybody else is nowhere.
 */
export class Pursuit {
  readonly #kind: MessageKind;
  readonly #deps: PursuitDeps;
  /** In the order in which they came, for each device. */
  #missed: Missed[] = [];
  readonly #waiting = new Map<string, Waiting>();
  /** Devices that were looked for and are on their way. */
  readonly #moving = new Set<string>();
  #isRunning = false;
  /** One more each time that all was abandoned. */
  #generation = 0;
  #pause = new AbortController();

  constructor(kind: MessageKind, deps: PursuitDeps) {
    this.#kind = kind;
    this.#deps = deps;
  }

  /** Something is waiting for the device already, so what comes now must not overtake it. */
  isAfter(address: DeviceAddress): boolean {
    return this.#waiting.size > 0 && this.#waiting.has(keyOf(address));
  }

  add(message: PushedMessage, receivers: readonly DeviceAddress[]): void {
    const now = performance.now();
    this.#missed.push({ message, receivers, until: now + this.#deps.waitMs });
    for (const address of receivers) {
      const key = keyOf(address);
      const waiting = this.#waiting.get(key);
      if (waiting) waiting.count += 1;
      else this.#waiting.set(key, { count: 1, since: now });
    }
    this.#pause.abort();
    if (this.#isRunning) return;
    this.#isRunning = true;
    // Later in the same tick: all that a batch misses is looked for together.
    queueMicrotask(() => void this.#run());
  }

  /** What was taken belongs to other servers now. */
  abandon(): void {
    this.#generation += 1;
    this.#missed = [];
    this.#waiting.clear();
    this.#moving.clear();
  }

  async #run(): Promise<void> {
    let lookForAllAt = 0;
    while (this.#missed.length > 0) {
      const isForAll = performance.now() >= lookForAllAt;
      const round = isForAll ? this.#missed : this.#newOnes();
      if (isForAll) this.#missed = [];
      if (round.length > 0) await this.#look(round);
      else await this.#rest(lookForAllAt - performance.now());
      if (isForAll) lookForAllAt = performance.now() + pauseMs;
    }
    this.#isRunning = false;
  }

  /** Takes out what is for devices that were not looked for yet. */
  #newOnes(): Missed[] {
    const round: Missed[] = [];
    this.#missed = this.#missed.flatMap((one) => {
      const [known, fresh] = split(one.receivers, (address) => this.#moving.has(keyOf(address)));
      if (fresh.length > 0) round.push({ ...one, receivers: fresh });
      return known.length > 0 ? [{ ...one, receivers: known }] : [];
    });
    return round;
  }

  async #look(round: readonly Missed[]): Promise<void> {
    const { reroute, mostWaiting, reason, whenOwner } = this.#deps;
    // A process that was stopped may wake up with what others have by now.
    const generation = this.#generation;
    const isOwner = whenOwner();
    if (isOwner && !(await isOwner)) return;
    if (generation !== this.#generation) return;
    const away = round.map((one) => ({ ...one, receivers: this.#deliver(one) }));
    const looked = away.filter(({ receivers }) => receivers.length > 0);
    if (looked.length === 0) return;
    const entries = looked.map(({ message, receivers }) => ({ ...message.entry, receivers }));
    // By the time of the question: the answer may be read long after.
    const askedAt = performance.now();
    // With the bus away, or a list full: they are not here, and that is all that is known.
    const rerouted = await reroute(this.#kind, entries).catch(() => undefined);
    if (generation !== this.#generation) return;
    const waiting: Missed[] = [];
    const why = reason();
    const staying = new Set<string>();
    for (const [index, one] of looked.entries()) {
      const { message, receivers, until } = one;
      const { nowhere, moving, unsure } = rerouted?.[index] ?? { nowhere: receivers, moving: [], unsure: [] };
      // Should they be given it here, or later, it may be for the second time.
      if (unsure.length > 0) message.mark();
      const mayWait = askedAt < until && this.#missed.length + waiting.length < mostWaiting;
      // Back here since the question was asked: the next round, which is at once, gives it to them.
      const [here, notHere] = split([...nowhere, ...unsure, ...moving], (address) => {
        return this.#isHere(address);
      });
      const isKeepable = this.#deps.isKeepable(message, why);
      const [hopeful, lost] = split(notHere, (address) => {
        if (!mayWait || !moving.includes(address)) return false;
        // What is kept comes before what waits here, so it must not overtake that.
        return !isKeepable || staying.has(keyOf(address)) || !this.#isToBeKept(address, askedAt);
      });
      const stay = [...here, ...hopeful];
      if (stay.length > 0) waiting.push({ ...one, receivers: stay });
      this.#isDone(one.receivers.filter((address) => !stay.includes(address)));
      for (const address of hopeful) this.#moving.add(keyOf(address));
      for (const address of stay) staying.add(keyOf(address));
      const failed = lost.filter((address) => !message.batch.isKept(message, address, 'queued', why));
      message.pending -= receivers.length - stay.length - (lost.length - failed.length);
      for (const address of failed) message.add({ address, stage: 'queued', reason: why });
      message.batch.onOutcome(message);
    }
    this.#missed = [...waiting, ...this.#missed];
  }

  /** Its device will soon count as gone. */
  #isToBeKept(address: DeviceAddress, now: number): boolean {
    const { reconnectGraceMs } = this.#deps;
    const since = this.#waiting.get(keyOf(address))?.since ?? now;
    return now >= since + reconnectGraceMs - Math.min(aheadOfSendersMs, reconnectGraceMs / 2);
  }

  #isHere(address: DeviceAddress): boolean {
    return this.#deps.devices.at(address).some(({ takesMessages }) => takesMessages);
  }

  /** Gives the message to those who are back here, and returns the others. */
  #deliver({ message, receivers }: Missed): DeviceAddress[] {
    return receivers.filter((address) => {
      if (message.isOutdated) message.end(address, 'queued', 'OUTDATED');
      else if (!message.isFor(address)) {
        if (!this.#isHere(address)) return true;
        message.skip();
      } else if (!this.#deps.give(message, address)) return true;
      this.#isDone([address]);
      return false;
    });
  }

  #isDone(receivers: readonly DeviceAddress[]): void {
    for (const address of receivers) {
      const key = keyOf(address);
      this.#moving.delete(key);
      const waiting = this.#waiting.get(key);
      if (!waiting) continue;
      waiting.count -= 1;
      if (waiting.count === 0) this.#waiting.delete(key);
    }
  }

  async #rest(ms: number): Promise<void> {
    this.#pause = new AbortController();
    await sleep(ms, undefined, { signal: this.#pause.signal }).catch(() => undefined);
  }
}

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  const [first, second]: [T[], T[]] = [[], []];
  for (const item of items) (isFirst(item) ? first : second).push(item);
  return [first, second];
}

function keyOf({ id, terminal }: DeviceAddress): string {
  return addressKey(id, terminal);
}
