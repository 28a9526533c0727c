import { Cluster } from 'ioredis';
import { addressKey, type DeviceAddress } from '../../address.ts';
import { ImError } from '../../errors.ts';
import { routeTtlMs, type FoundBeside, type Presence, type Route, type Whereabouts } from '../bus.ts';
import { fromByteText, type ByteText } from '../byte-text.ts';
import {
  readRevocation,
  standsUntil,
  type Revocation,
  type RevocationOrder,
  type ShownToken,
} from '../revocation.ts';
import { bytes, call, requireOpen, run } from './call.ts';
import type { RedisClient } from './connect.ts';
import { gather } from '../gather.ts';
import type { Keys } from './keys.ts';
import * as scripts from './presence-scripts.ts';

/** Keys per command. In a Cluster each address has a slot of its own, so there it is one. */
const keysPerCommand = 500;
/** Fewer are cheaper as keys. */
const fewestAsText = 32;
/** Redis does nothing else meanwhile. */
const bindsPerCommand = 100;
/** Keys that Redis looks at in one step of a walk: some tenths of a millisecond. */
const scanCount = 1_000;
const nowhere = '' as ByteText;

interface Bind {
  readonly address: DeviceAddress;
  readonly serverId: number;
  readonly token: ShownToken;
  /** Where the route must point for it to be written. */
  readonly expected: ByteText;
}

export class RedisPresence implements Presence {
  readonly #client: RedisClient;
  readonly #keys: Keys;
  readonly #isCluster: boolean;
  readonly #perCommand: number;
  #mustNameKeys = false;
  /** So it was of those that were looked for last: they cost Redis three times as much by text, and save half. */
  #mostAreAway = false;
  /** A digit for what is beside the route, and where it pointed; null when the token is revoked. */
  readonly #bind: (bind: Bind) => Promise<ByteText | null>;

  constructor(client: RedisClient, keys: Keys) {
    this.#client = client;
    this.#keys = keys;
    this.#isCluster = client instanceof Cluster;
    this.#perCommand = this.#isCluster ? 1 : keysPerCommand;
    this.#bind = gather((binds) => this.#bindAll(binds), { most: this.#isCluster ? 1 : bindsPerCommand });
  }

  /**
   * Not a plain SET: one that was given up may be carried out long after, when the network is back, and would take the
   * route from wherever the device is by then. A replacement that comes late does not find what it was to replace.
   */
  async bind(
    address: DeviceAddress,
    serverId: number,
    token: ShownToken = {},
    onFound?: (found: FoundBeside) => void,
  ): Promise<number | 'revoked' | undefined> {
    for (let expected = nowhere; ;) {
      const answer = await this.#bind({ address, serverId, token, expected });
      if (answer === null) return 'revoked';
      const found = answer.slice(1) as ByteText;
      if (found === expected) {
        const beside = Number(answer[0]);
        onFound?.({ hasKept: (beside & 1) !== 0, mayHaveTopics: (beside & 2) !== 0 });
        return readServerId(found);
      }
      expected = found;
    }
  }

  async #bindAll(binds: readonly Bind[]): Promise<(ByteText | null)[]> {
    const keys = binds.flatMap(({ address }) => [
      this.#keys.route(address),
      this.#keys.revoked(address),
      this.#keys.kept(address),
      ...(this.#isCluster ? [] : [this.#keys.topicsOf(address.id)]),
    ]);
    const args = binds.flatMap(({ expected, serverId, token }) => [
      bytes(expected),
      serverId,
      token.endsAt ?? '',
      token.issuedAt ?? '',
      token.session ?? '',
    ]);
    const script = this.#isCluster ? scripts.bindAlone : scripts.bind;
    return (await run(this.#client, script, keys, [routeTtlMs, ...args])) as (ByteText | null)[];
  }

  async unbind(address: DeviceAddress, serverId: number, graceMs = 0): Promise<void> {
    await run(this.#client, scripts.unbind, this.#keysOf(address), [serverId, graceMs]);
  }

  async unbindAll(routes: readonly Route[]): Promise<void> {
    const calls: Promise<unknown>[] = [];
    for (let first = 0; first < routes.length; first += this.#perCommand) {
      const some = routes.slice(first, first + this.#perCommand);
      const keys = some.flatMap(({ address }) => this.#keysOf(address));
      const args = some.flatMap(({ serverId }) => [serverId, 0]);
      calls.push(run(this.#client, scripts.unbind, keys, args));
    }
    await Promise.all(calls);
  }

  async refresh(addresses: readonly DeviceAddress[], serverId: number): Promise<Route[]> {
    const answers = await this.#inGroups(this.#routesOf(addresses), (keys) =>
      run(this.#client, scripts.refresh, keys, [serverId, routeTtlMs]),
    );
    return addresses.flatMap((address, index) => {
      const holder = readServerId(answers[index]);
      return holder === undefined ? [] : [{ address, serverId: holder }];
    });
  }

  async locate(addresses: readonly DeviceAddress[]): Promise<Whereabouts[]> {
    if (addresses.length < fewestAsText || this.#isCluster) return this.#locateByKeys(addresses);
    const isByKeys = this.#mustNameKeys || this.#mostAreAway;
    const places = await (isByKeys ? this.#locateByKeys(addresses) : this.#tryByText(addresses));
    this.#mostAreAway = 2 * places.filter((place) => typeof place === 'number').length < places.length;
    return places;
  }

  async #tryByText(addresses: readonly DeviceAddress[]): Promise<Whereabouts[]> {
    try {
      return await this.#locateByText(addresses);
    } catch (error) {
      if (!(error instanceof ImError) || error.code !== 'BUS_REFUSED') throw error;
      // As proxies before several Redis refuse scripts that make keys themselves.
      this.#mustNameKeys = true;
      return this.#locateByKeys(addresses);
    }
  }

  async #locateByText(addresses: readonly DeviceAddress[]): Promise<Whereabouts[]> {
    const calls: Promise<unknown>[] = [];
    for (let first = 0; first < addresses.length; first += keysPerCommand) {
      const some = addresses.slice(first, first + keysPerCommand);
      const text = some.map(({ id, terminal }) => addressKey(id, terminal)).join(' ');
      calls.push(run(this.#client, scripts.locate, [], [this.#keys.routes(), text]));
    }
    const answers = (await Promise.all(calls)) as string[];
    return answers.flatMap((answer) =>
      answer.split(' ').map((text) => (text === 'moving' ? text : readServerId(text))),
    );
  }

  async #locateByKeys(addresses: readonly DeviceAddress[]): Promise<Whereabouts[]> {
    const keys: string[] = [];
    for (const address of addresses) {
      const route = this.#keys.route(address);
      keys.push(route, this.#keys.movingBeside(route));
    }
    const answers = await this.#inGroups(keys, (some) => call(this.#client, 'mget', some), 2);
    return addresses.map((_, index) => {
      return readServerId(answers[2 * index]) ?? (answers[2 * index + 1] === null ? undefined : 'moving');
    });
  }

  async *routes(): AsyncGenerator<readonly Route[]> {
    requireOpen(this.#client, 'a walk through all routes');
    const nodes = this.#client instanceof Cluster ? this.#client.nodes('master') : [this.#client];
    if (nodes.length === 0) throw new ImError('BUS_UNAVAILABLE', 'No node of the Redis Cluster is known.');
    for (const node of nodes) {
      let cursor = '0';
      do {
        const answer = await call(node, 'scan', [
          cursor,
          'MATCH',
          this.#keys.everyRoute(),
          'COUNT',
          scanCount,
        ]);
        const [next, found] = answer as [string, ByteText[]];
        cursor = next;
        const addresses = found.flatMap((key) => this.#keys.addressOf(fromByteText(key)) ?? []);
        const holders = (await this.#mget(this.#routesOf(addresses))).map(readServerId);
        yield addresses.flatMap((address, index) => {
          const serverId = holders[index];
          return serverId === undefined ? [] : [{ address, serverId }];
        });
      } while (cursor !== '0');
    }
  }

  async revoke(address: DeviceAddress, order: RevocationOrder): Promise<void> {
    const { expiringBefore = '', issuedBefore = '', keepSessions = [] } = order;
    await run(
      this.#client,
      scripts.revoke,
      [this.#keys.revoked(address)],
      [expiringBefore, issuedBefore, keepSessions.join(','), standsUntil(order)],
    );
  }

  async revocations(addresses: readonly DeviceAddress[]): Promise<(Revocation | undefined)[]> {
    const answers = await this.#mget(addresses.map((address) => this.#keys.revoked(address)));
    return answers.map((value) => (typeof value === 'string' ? readRevocation(value) : undefined));
  }

  /** The route, and the mark beside it that says that its device is on its way. */
  #keysOf(address: DeviceAddress): [string, string] {
    const route = this.#keys.route(address);
    return [route, this.#keys.movingBeside(route)];
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
    keysPerAddress = 1,
  ): Promise<unknown[]> {
    const perCommand = this.#perCommand * keysPerAddress;
    if (keys.length === 0) return [];
    // Nearly always: nothing is cut, and nothing joined.
    if (keys.length <= perCommand) return (await send(keys)) as unknown[];
    const groups: Promise<unknown>[] = [];
    for (let first = 0; first < keys.length; first += perCommand) {
      groups.push(send(keys.slice(first, first + perCommand)));
    }
    return ((await Promise.all(groups)) as unknown[][]).flat();
  }
}

/** Contract 0.2.16: a bare integer. Anything else is nobody's route. */
function readServerId(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : undefined;
}
