import { Cluster } from 'ioredis';
import { addressKey, readAddressKey, type DeviceAddress } from '../../address.ts';
import { afterUnknown } from '../after-unknown.ts';
import { fromByteText, type ByteText } from '../byte-text.ts';
import { gather } from '../gather.ts';
import type { KeepOutcome, Kept, KeptEnd, KeptMessage, KeptMessageOver, MessageToKeep } from '../kept.ts';
import { bytes, call, run } from './call.ts';
import type { RedisClient } from './connect.ts';
import type { Keys } from './keys.ts';
import * as scripts from './kept-scripts.ts';

interface Keep {
  readonly address: DeviceAddress;
  readonly message: MessageToKeep;
  readonly notAt: readonly number[];
}

interface Due {
  readonly address: DeviceAddress;
  readonly inMs: number;
  readonly at?: number | undefined;
}

/** Redis does nothing else meanwhile. */
const keepsPerCommand = 50;
const duesPerCommand = 500;
const looksPerCommand = 500;
/** Longer than a call may take. */
const soonMs = 60_000;

export class RedisKept implements Kept {
  readonly #client: RedisClient;
  readonly #keys: Keys;
  readonly #looksPerCommand: number;
  readonly #keep: (keep: Keep) => Promise<KeepOutcome>;
  readonly #due: (due: Due) => Promise<unknown>;

  constructor(client: RedisClient, keys: Keys) {
    this.#client = client;
    this.#keys = keys;
    // In a Cluster each address has a slot of its own.
    const isCluster = client instanceof Cluster;
    this.#looksPerCommand = isCluster ? 1 : looksPerCommand;
    this.#keep = gather((keeps) => this.#keepAll(keeps), { most: isCluster ? 1 : keepsPerCommand });
    this.#due = gather((dues) => this.#dueAll(dues), { most: duesPerCommand });
  }

  /** The time of its end is written first: it lies in another slot, and what waits without one would wait for ever. */
  async keep(
    address: DeviceAddress,
    message: MessageToKeep,
    notAt: readonly number[] = [],
  ): Promise<KeepOutcome> {
    const due = { address, inMs: message.forMs, at: message.expiresAt };
    await this.#due(due);
    const outcome = await this.#keep({ address, message, notAt });
    // It may have come in between, and whoever looked then has found nothing.
    const isSoon = message.forMs < soonMs || message.expiresAt !== undefined;
    if (outcome === 'kept' && isSoon)
      await this.#due(due).catch((error: unknown) => {
        throw afterUnknown(error);
      });
    return outcome;
  }

  async take(address: DeviceAddress, max: number, maxBytes: number): Promise<KeptMessage[]> {
    const answer = await run(this.#client, scripts.takeKept, this.#of(address), [max, maxBytes]);
    const [over, ...flat] = answer as [number, ...(ByteText | number)[]];
    if (over > 0) await this.#due({ address, inMs: 0 });
    const messages: KeptMessage[] = [];
    for (let at = 0; at < flat.length; at += 3) {
      const [id, takes, text] = flat.slice(at, at + 3) as [string, number, ByteText];
      messages.push({ id, text, takes });
    }
    return messages;
  }

  async waiting(addresses: readonly DeviceAddress[]): Promise<DeviceAddress[]> {
    const found: Promise<DeviceAddress[]>[] = [];
    for (let first = 0; first < addresses.length; first += this.#looksPerCommand) {
      found.push(this.#waitingAmong(addresses.slice(first, first + this.#looksPerCommand)));
    }
    return (await Promise.all(found)).flat();
  }

  async #waitingAmong(addresses: readonly DeviceAddress[]): Promise<DeviceAddress[]> {
    const keys = addresses.map((address) => this.#keys.kept(address));
    const places = (await run(this.#client, scripts.waitingKept, keys, [])) as number[];
    return places.flatMap((place) => addresses[place - 1] ?? []);
  }

  async acknowledge(address: DeviceAddress, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await run(this.#client, scripts.acknowledgeKept, this.#of(address), ids);
  }

  async due(max: number): Promise<DeviceAddress[]> {
    const keys = [this.#keys.keptDue(), this.#keys.keptClaimed()];
    const names = (await run(this.#client, scripts.claimKept, keys, [max])) as ByteText[];
    return names.flatMap((name) => readAddressKey(fromByteText(name)) ?? []);
  }

  async over(address: DeviceAddress, max: number): Promise<KeptMessageOver[]> {
    const flat = (await run(this.#client, scripts.keptOver, this.#of(address), [max])) as ByteText[];
    const messages: KeptMessageOver[] = [];
    for (let at = 0; at < flat.length; at += 2) {
      const [id = '', stored = ''] = flat.slice(at, at + 2);
      const space = stored.indexOf(' ');
      const [reason, text] = [stored.slice(0, space), stored.slice(space + 1)];
      messages.push({ id, text: text as ByteText, reason: reason as KeptEnd });
    }
    return messages;
  }

  async lookedAfter(address: DeviceAddress, ids: readonly string[]): Promise<void> {
    const next = await run(this.#client, scripts.reportedKept, this.#of(address), ids);
    if (next !== '') await this.#due({ address, inMs: Number(next) });
    await call(this.#client, 'zrem', [this.#keys.keptClaimed(), nameOf(address)]);
  }

  async now(): Promise<number> {
    return Number(await run(this.#client, scripts.now, [this.#keys.keptDue()], []));
  }

  #of(address: DeviceAddress): string[] {
    return [this.#keys.kept(address), this.#keys.keptEntries(address), this.#keys.keptOver(address)];
  }

  async #keepAll(keeps: readonly Keep[]): Promise<KeepOutcome[]> {
    const keys = keeps.flatMap(({ address }) => [
      this.#keys.route(address),
      ...this.#of(address),
      this.#keys.keptKnown(address),
    ]);
    const args = keeps.flatMap(({ message, notAt }) => [
      `,${notAt.join(',')},`,
      message.id,
      message.sentAt,
      message.forMs,
      message.expiresAt ?? '',
      message.most,
      message.replaces ?? '',
      message.rememberMs,
      bytes(message.text),
    ]);
    const flat = (await run(this.#client, scripts.keep, keys, args)) as (KeepOutcome | number)[];
    const outcomes = keeps.map((_, index) => flat[2 * index] as KeepOutcome);
    const withOver = keeps.filter((_, index) => Number(flat[2 * index + 1]) > 0);
    // Not awaited: should it fail, they are told of when the next one is over.
    for (const { address } of withOver) void this.#due({ address, inMs: 0 }).catch(() => undefined);
    return outcomes;
  }

  async #dueAll(dues: readonly Due[]): Promise<unknown[]> {
    const args = dues.flatMap(({ address, inMs, at }) => [nameOf(address), inMs, at ?? '']);
    await run(this.#client, scripts.dueKept, [this.#keys.keptDue()], args);
    return dues.map(() => undefined);
  }
}

function nameOf({ id, terminal }: DeviceAddress): string {
  return addressKey(id, terminal);
}
