import { addressKey, type DeviceAddress } from '../../address.ts';
import type { ByteText } from '../byte-text.ts';
import {
  mostOutboxes,
  outboxMemoryMs,
  replyKeptMs,
  uplinkPartitions,
  type HandledUplink,
  type OwnedPartition,
  type Uplink,
  type UplinkLimits,
  type UplinkOutcome,
  type Uplinks,
  type UplinkShare,
} from '../uplinks.ts';
import type { Calls } from './calls.ts';
import { ExpiringMap } from './expiring-map.ts';
import type { MemoryLists } from './memory-lists.ts';

/** What is known of an address on one list. */
interface Outboxes {
  /** Its outboxes, the one that was used last being the last. */
  readonly boxes: Map<string, { last: number; via: number }>;
  waiting: number;
}

interface Service {
  /** Instance → end of its lease. */
  readonly leases: Map<string, number>;
  readonly lateSince: Map<string, number>;
  readonly owners: Map<number, { readonly instance: string; readonly epoch: number }>;
}

export class MemoryUplinks implements Uplinks {
  readonly #calls: Calls;
  readonly #lists: MemoryLists;
  readonly #now: () => number;
  readonly #outboxes: ExpiringMap<Outboxes>;
  readonly #replies: ExpiringMap<ByteText>;
  readonly #services = new Map<string, Service>();
  readonly #epochs = new Map<string, number>();
  #lastEpoch = 0;

  constructor(calls: Calls, lists: MemoryLists, now: () => number) {
    this.#calls = calls;
    this.#lists = lists;
    this.#now = now;
    this.#outboxes = new ExpiringMap(now);
    this.#replies = new ExpiringMap(now);
  }

  put(list: string, uplinks: readonly Uplink[], limits: UplinkLimits): Promise<UplinkOutcome[]> {
    return this.#calls.answer(() => {
      const entries: ByteText[] = [];
      const outcomes = uplinks.map((uplink) => this.#putOne(list, uplink, limits, entries));
      this.#lists.append(list, entries);
      return outcomes;
    });
  }

  acknowledge(
    list: string,
    consumer: string,
    handled: readonly HandledUplink[],
  ): Promise<(number | undefined)[]> {
    return this.#calls.answer(() => handled.map((one) => this.#acknowledgeOne(list, consumer, one)));
  }

  share(
    serviceName: string,
    instance: string,
    leaseMs: number,
    givenUp: readonly number[],
  ): Promise<UplinkShare> {
    return this.#calls.answer(() => {
      const service = this.#service(serviceName);
      const { leases, lateSince, owners } = service;
      const now = this.#now();
      leases.set(instance, now + leaseMs);
      lateSince.delete(instance);
      for (const partition of givenUp) {
        if (owners.get(partition)?.instance === instance) owners.delete(partition);
      }
      forgetLate(service, now, leaseMs / 4);
      const share = Math.ceil(uplinkPartitions / leases.size);
      const owned: OwnedPartition[] = [];
      const free: number[] = [];
      for (let partition = 0; partition < uplinkPartitions; partition += 1) {
        const owner = owners.get(partition);
        if (owner?.instance === instance) owned.push({ partition, epoch: owner.epoch });
        else if (!owner || !leases.has(owner.instance)) free.push(partition);
      }
      for (const partition of free.slice(0, Math.max(0, share - owned.length))) {
        this.#lastEpoch += 1;
        owners.set(partition, { instance, epoch: this.#lastEpoch });
        owned.push({ partition, epoch: this.#lastEpoch });
      }
      return { share, owned };
    });
  }

  leave(serviceName: string, instance: string): Promise<void> {
    return this.#calls.answer(() => {
      const { leases, lateSince, owners } = this.#service(serviceName);
      leases.delete(instance);
      lateSince.delete(instance);
      for (const [partition, owner] of owners) if (owner.instance === instance) owners.delete(partition);
      if (leases.size === 0) this.#services.delete(serviceName);
    });
  }

  claim(list: string, consumer: string, epoch: number): Promise<boolean> {
    return this.#calls.answer(() => {
      if ((this.#epochs.get(list) ?? 0) > epoch) return false;
      this.#epochs.set(list, epoch);
      void this.#lists.open(list, consumer);
      return true;
    });
  }

  #putOne(
    list: string,
    { sender, box, n, done, via, entry }: Uplink,
    { maxBytes, maxLength, maxOutstanding }: UplinkLimits,
    entries: ByteText[],
  ): UplinkOutcome {
    const key = outboxesKey(list, sender);
    const outboxes: Outboxes = this.#outboxes.get(key) ?? { boxes: new Map(), waiting: 0 };
    // A bus that has forgotten believes the device what it has done with.
    const last = Math.max(outboxes.boxes.get(box)?.last ?? 0, done);
    if (n > last + 1) return { status: 'gap' };
    const isNew = n > last;
    if (isNew && outboxes.waiting >= maxOutstanding) return { status: 'busy' };
    if (isNew && this.#lists.lengthNow(list) + entries.length >= maxLength) return { status: 'full' };
    const held = entries.reduce((sum, { length }) => sum + length, this.#lists.bytesNow(list));
    if (isNew && held > 0 && held + entry.length > maxBytes) return { status: 'full' };
    outboxes.boxes.delete(box);
    outboxes.boxes.set(box, { last: Math.max(n, last), via });
    const [oldest] = outboxes.boxes.keys();
    if (outboxes.boxes.size > mostOutboxes && oldest !== undefined) outboxes.boxes.delete(oldest);
    if (isNew) outboxes.waiting += 1;
    this.#outboxes.set(key, outboxes, outboxMemoryMs);
    if (isNew) {
      entries.push(entry);
      return { status: 'stored' };
    }
    const reply = this.#replies.get(replyKey(list, sender, box, n));
    return reply === undefined ? { status: 'stored' } : { status: 'stored', reply };
  }

  #acknowledgeOne(list: string, consumer: string, handled: HandledUplink): number | undefined {
    const { seq, sender, box, n, reply } = handled;
    const isOurs = this.#lists.acknowledgeNow(list, consumer, seq);
    const outboxes = this.#outboxes.get(outboxesKey(list, sender));
    const key = replyKey(list, sender, box, n);
    if (isOurs) {
      if (outboxes && outboxes.waiting > 0) outboxes.waiting -= 1;
      if (reply !== undefined) this.#replies.set(key, reply, replyKeptMs);
    }
    if (reply !== undefined && this.#replies.get(key) !== undefined) {
      return outboxes?.boxes.get(box)?.via ?? 0;
    }
    return isOurs ? 0 : undefined;
  }

  #service(name: string): Service {
    let service = this.#services.get(name);
    if (!service) {
      service = { leases: new Map(), lateSince: new Map(), owners: new Map() };
      this.#services.set(name, service);
    }
    return service;
  }
}

function forgetLate({ leases, lateSince }: Service, now: number, looksApartMs: number): void {
  for (const [instance, endsAt] of leases) {
    if (endsAt > now) continue;
    const since = lateSince.get(instance);
    if (since === undefined) {
      lateSince.set(instance, now);
    } else if (now - since >= looksApartMs) {
      leases.delete(instance);
      lateSince.delete(instance);
    }
  }
}

function outboxesKey(list: string, { id, terminal }: DeviceAddress): string {
  return `${list}\n${addressKey(id, terminal)}`;
}

function replyKey(list: string, sender: DeviceAddress, box: string, n: number): string {
  return `${outboxesKey(list, sender)}\n${box}\n${n}`;
}
