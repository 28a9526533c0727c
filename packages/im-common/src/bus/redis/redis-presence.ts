import { Cluster } from 'ioredis';
import type { DeviceAddress } from '../../address.ts';
import { routeTtlMs, tokenToleranceMs, type ForeignRoute, type Presence } from '../bus.ts';
import type { ByteText } from '../byte-text.ts';
import { bytes, call, run } from './call.ts';
import type { RedisClient } from './connect.ts';
import { gather } from './gather.ts';
import type { Keys } from './keys.ts';
import * as scripts from './scripts.ts';

/** Keys per command. In a Cluster each address has a slot of its own, so there it is one. */
const keysPerCommand = 500;
/** Redis does nothing else meanwhile. */
const bindsPerCommand = 100;
const nowhere = '' as ByteText;

interface Bind {
  readonly address: DeviceAddress;
  readonly serverId: number;
  readonly tokenEndsAt: number | undefined;
  /** Where the route must point for it to be written. */
  readonly expected: ByteText;
}

export class RedisPresence implements Presence {
  readonly #client: RedisClient;
  readonly #keys: Keys;
  readonly #perCommand: number;
  /** Where the route pointed; null when the token is revoked. */
  readonly #bind: (bind: Bind) => Promise<ByteText | null>;

  constructor(client: RedisClient, keys: Keys) {
    this.#client = client;
    this.#keys = keys;
    const isCluster = client instanceof Cluster;
    this.#perCommand = isCluster ? 1 : keysPerCommand;
    this.#bind = gather(isCluster ? 1 : bindsPerCommand, (binds) => this.#bindAll(binds));
  }

  /**
   * Not a plain SET: one that was given up may be carried out long after, when the network is back, and would take the
   * route from wherever the device is by then. A replacement that comes late does not find what it was to replace.
   */
  async bind(
    address: DeviceAddress,
    serverId: number,
    tokenEndsAt?: number,
  ): Promise<number | 'revoked' | undefined> {
    for (let expected = nowhere; ;) {
      const found = await this.#bind({ address, serverId, tokenEndsAt, expected });
      if (found === null) return 'revoked';
      if (found === expected) return readServerId(found);
      expected = found;
    }
  }

  async #bindAll(binds: readonly Bind[]): Promise<(ByteText | null)[]> {
    const keys = binds.flatMap(({ address }) => [this.#keys.route(address), this.#keys.revoked(address)]);
    const args = binds.flatMap(({ expected, serverId, tokenEndsAt }) => [
      bytes(expected),
      serverId,
      tokenEndsAt ?? '',
    ]);
    return (await run(this.#client, scripts.bind, keys, [routeTtlMs, ...args])) as (ByteText | null)[];
  }

  async unbind(address: DeviceAddress, serverId: number): Promise<void> {
    await run(this.#client, scripts.unbind, [this.#keys.route(address)], [serverId]);
  }

  async refresh(addresses: readonly DeviceAddress[], serverId: number): Promise<ForeignRoute[]> {
    const answers = await this.#inGroups(this.#routesOf(addresses), (keys) =>
      run(this.#client, scripts.refresh, keys, [serverId, routeTtlMs]),
    );
    return addresses.flatMap((address, index) => {
      const holder = readServerId(answers[index]);
      return holder === undefined ? [] : [{ address, serverId: holder }];
    });
  }

  async locate(addresses: readonly DeviceAddress[]): Promise<(number | undefined)[]> {
    return (await this.#mget(this.#routesOf(addresses))).map(readServerId);
  }

  async revoke(address: DeviceAddress, expiringBefore: number): Promise<void> {
    await run(
      this.#client,
      scripts.revoke,
      [this.#keys.revoked(address)],
      [expiringBefore, tokenToleranceMs],
    );
  }

  async revocations(addresses: readonly DeviceAddress[]): Promise<(number | undefined)[]> {
    const answers = await this.#mget(addresses.map((address) => this.#keys.revoked(address)));
    return answers.map((value) => (typeof value === 'string' ? Number(value) : undefined));
  }

  #routesOf(addresses: readonly DeviceAddress[]): string[] {
    return addresses.map((address) => this.#keys.route(address));
  }

  #mget(keys: readonly string[]): Promise<unknown[]> {
    return this.#inGroups(keys, (group) => call(this.#client, 'mget', group));
  }

  async #inGroups(
    keys: readonly string[],
    send: (keys: readonly string[]) => Promise<unknown>,
  ): Promise<unknown[]> {
    const groups: Promise<unknown>[] = [];
    for (let first = 0; first < keys.length; first += this.#perCommand) {
      groups.push(send(keys.slice(first, first + this.#perCommand)));
    }
    return ((await Promise.all(groups)) as unknown[][]).flat();
  }
}

/** Contract 0.2.16: a bare integer. Anything else is nobody's route. */
function readServerId(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : undefined;
}
