import { addressKey, readAddressKey, type DeviceAddress } from '../../address.ts';
import {
  keptClaimMs,
  keptOverMs,
  mostKeptBytes,
  mostKeptKnown,
  mostKeptOver,
  type KeepOutcome,
  type Kept,
  type KeptEnd,
  type KeptMessage,
  type KeptMessageOver,
  type MessageToKeep,
} from '../kept.ts';
import type { Calls } from './calls.ts';

interface Waiting {
  readonly message: MessageToKeep;
  readonly endsAt: number;
  takes: number;
}

interface Over extends KeptMessageOver {
  readonly forgetAt: number;
}

/** What waits for one address, in its order, what does no more, and until when ids are known. */
interface Box {
  waiting: Waiting[];
  over: Over[];
  readonly known: Map<string, number>;
}

export class MemoryKept implements Kept {
  readonly #calls: Calls;
  readonly #now: () => number;
  readonly #find: (address: DeviceAddress) => number | undefined;
  readonly #boxes = new Map<string, Box>();
  /** Addresses that somebody looks after, and until when. */
  readonly #claimed = new Map<string, number>();

  /** `find` knows the routes. */
  constructor(calls: Calls, now: () => number, find: (address: DeviceAddress) => number | undefined) {
    this.#calls = calls;
    this.#now = now;
    this.#find = find;
  }

  /** Something waits for the address. */
  has(address: DeviceAddress): boolean {
    return (this.#boxes.get(keyOf(address))?.waiting.length ?? 0) > 0;
  }

  keep(address: DeviceAddress, message: MessageToKeep, notAt: readonly number[] = []): Promise<KeepOutcome> {
    return this.#calls.answer(() => {
      if (this.#knows(address, message.id)) return 'kept';
      const holder = this.#find(address);
      return holder === undefined || notAt.includes(holder) ? this.#keep(address, message) : holder;
    });
  }

  take(address: DeviceAddress, max: number, maxBytes: number): Promise<KeptMessage[]> {
    return this.#calls.answer(() => {
      const messages: KeptMessage[] = [];
      let bytes = 0;
      for (const one of this.#current(address)?.waiting ?? []) {
        if (messages.length >= max || bytes >= maxBytes) break;
        one.takes += 1;
        bytes += one.message.text.length;
        messages.push({ id: one.message.id, text: one.message.text, takes: one.takes });
      }
      return messages;
    });
  }

  waiting(addresses: readonly DeviceAddress[]): Promise<DeviceAddress[]> {
    return this.#calls.answer(() => addresses.filter((address) => this.has(address)));
  }

  acknowledge(address: DeviceAddress, ids: readonly string[]): Promise<void> {
    return this.#calls.answer(() => {
      const box = this.#boxes.get(keyOf(address));
      if (!box) return;
      box.waiting = box.waiting.filter(({ message }) => !ids.includes(message.id));
      this.#forgetOver(address, box, ids);
    });
  }

  due(max: number): Promise<DeviceAddress[]> {
    return this.#calls.answer(() => {
      const now = this.#now();
      const found: DeviceAddress[] = [];
      for (const key of [...this.#boxes.keys()]) {
        const address = readAddressKey(key);
        if (found.length >= max || !address || (this.#claimed.get(key) ?? 0) > now) continue;
        if ((this.#current(address)?.over.length ?? 0) === 0) continue;
        this.#claimed.set(key, now + keptClaimMs);
        found.push(address);
      }
      return found;
    });
  }

  over(address: DeviceAddress, max: number): Promise<KeptMessageOver[]> {
    return this.#calls.answer(() =>
      (this.#current(address)?.over ?? [])
        .slice(0, max)
        .map(({ id, text, reason }) => ({ id, text, reason })),
    );
  }

  lookedAfter(address: DeviceAddress, ids: readonly string[]): Promise<void> {
    return this.#calls.answer(() => {
      this.#claimed.delete(keyOf(address));
      const box = this.#boxes.get(keyOf(address));
      if (box) this.#forgetOver(address, box, ids);
    });
  }

  now(): Promise<number> {
    return this.#calls.answer(() => this.#now());
  }

  #knows(address: DeviceAddress, id: string): boolean {
    const box = this.#current(address);
    if (!box) return false;
    const { known, over, waiting } = box;
    return (
      known.has(id) || waiting.some(({ message }) => message.id === id) || over.some((one) => one.id === id)
    );
  }

  #keep(address: DeviceAddress, message: MessageToKeep): KeepOutcome {
    const box = this.#current(address) ?? { waiting: [], over: [], known: new Map<string, number>() };
    const { id, rememberMs, replaces, sentAt } = message;
    const endsAt = Math.min(this.#now() + message.forMs, message.expiresAt ?? Infinity);
    if (endsAt <= this.#now()) return 'outdated';
    if (message.text.length > mostKeptBytes) return 'too-large';
    const before = box.waiting.find((one) => replaces !== undefined && one.message.replaces === replaces);
    if (before && before.message.sentAt > sentAt) return 'replaced';
    if (before) this.#end(box, before, 'REPLACED');
    const at = box.waiting.findLastIndex((one) => one.message.sentAt <= sentAt);
    box.waiting.splice(at + 1, 0, { message, endsAt, takes: 0 });
    box.known.set(id, this.#now() + rememberMs);
    const [oldest] = box.known.keys();
    if (box.known.size > mostKeptKnown && oldest !== undefined) box.known.delete(oldest);
    let bytes = box.waiting.reduce((sum, one) => sum + one.message.text.length, 0);
    while (box.waiting.length > 1 && (box.waiting.length > message.most || bytes > mostKeptBytes)) {
      const [oldest] = box.waiting as [Waiting];
      bytes -= oldest.message.text.length;
      this.#end(box, oldest, 'DROPPED');
    }
    this.#boxes.set(keyOf(address), box);
    return 'kept';
  }

  /** As it is now: what is over has been moved. */
  #current(address: DeviceAddress): Box | undefined {
    const box = this.#boxes.get(keyOf(address));
    if (!box) return undefined;
    const now = this.#now();
    for (const one of box.waiting) if (one.endsAt <= now) this.#end(box, one, 'OUTDATED');
    box.over = box.over.filter(({ forgetAt }) => forgetAt > now);
    for (const [id, until] of box.known) if (until <= now) box.known.delete(id);
    this.#forgetEmpty(address, box);
    return box;
  }

  #end(box: Box, one: Waiting, reason: KeptEnd): void {
    box.waiting = box.waiting.filter((other) => other !== one);
    if (box.over.length >= mostKeptOver) return;
    const { id, text } = one.message;
    box.over.push({ id, text, reason, forgetAt: this.#now() + keptOverMs });
  }

  #forgetOver(address: DeviceAddress, box: Box, ids: readonly string[]): void {
    box.over = box.over.filter(({ id }) => !ids.includes(id));
    this.#forgetEmpty(address, box);
  }

  #forgetEmpty(address: DeviceAddress, { waiting, over, known }: Box): void {
    if (waiting.length + over.length + known.size === 0) this.#boxes.delete(keyOf(address));
  }
}

function keyOf({ id, terminal }: DeviceAddress): string {
  return addressKey(id, terminal);
}
