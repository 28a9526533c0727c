import {
  deadKeptMs,
  type ExpiredMember,
  type GroupView,
  type Lease,
  type Member,
  type Registry,
  type RenewOutcome,
} from '../bus.ts';
import { fromByteText } from '../byte-text.ts';
import { serverGroup } from '../names.ts';
import { run } from './call.ts';
import type { RedisClient } from './connect.ts';
import type { Keys } from './keys.ts';
import * as scripts from './registry-scripts.ts';

export class RedisRegistry implements Registry {
  readonly #client: RedisClient;
  readonly #keys: Keys;

  constructor(client: RedisClient, keys: Keys) {
    this.#client = client;
    this.#keys = keys;
  }

  async nextServerId(): Promise<number> {
    const keys = [this.#keys.serverIdCounter(), this.#keys.leases(serverGroup)];
    return Number(await run(this.#client, scripts.nextServerId, keys, []));
  }

  async renew(group: string, { id, boot, leaseMs, info }: Lease): Promise<RenewOutcome> {
    const isServer = group === serverGroup;
    const keys = [
      this.#keys.leases(group),
      this.#keys.members(group),
      this.#keys.ended(group, id, boot),
      this.#keys.dead(group),
      // The counter has a slot of its own group only; other groups never touch it.
      isServer ? this.#keys.serverIdCounter() : this.#keys.leases(group),
    ];
    const args = [id, boot, leaseMs, info, isServer ? 1 : 0];
    return (await run(this.#client, scripts.renew, keys, args)) as RenewOutcome;
  }

  async view(group: string): Promise<GroupView> {
    const keys = [
      this.#keys.leases(group),
      this.#keys.members(group),
      this.#keys.dead(group),
      this.#keys.notices(group),
    ];
    const answer = await run(this.#client, scripts.view, keys, [deadKeptMs(group)]);
    const [live, expired, dead, notices] = answer as [
      string[],
      (string | number)[],
      [string, number][],
      string[],
    ];
    return {
      live: readMembers(live),
      expired: readExpired(expired),
      dead: pairs(dead.flat()).map(([id, agoMs]) => ({ id: fromByteText(String(id)), agoMs: Number(agoMs) })),
      ...(notices.length > 0 && {
        notices: new Map(pairs(notices).map(([name, text]) => [fromByteText(name), fromByteText(text)])),
      }),
    };
  }

  declareDead(group: string, id: string, boot: string): Promise<boolean> {
    return this.#end(group, id, boot, 0);
  }

  async leave(group: string, id: string, boot: string): Promise<void> {
    await this.#end(group, id, boot, 1);
  }

  async lock(name: string, holder: string, ms: number): Promise<boolean> {
    return (await run(this.#client, scripts.lock, [this.#keys.lock(name)], [holder, ms])) === 1;
  }

  async post(group: string, name: string, text: string, ms: number): Promise<string | undefined> {
    const before = await run(this.#client, scripts.post, [this.#keys.notices(group)], [name, text, ms]);
    return typeof before === 'string' ? fromByteText(before) : undefined;
  }

  async #end(group: string, id: string, boot: string, evenAlive: 0 | 1): Promise<boolean> {
    const keys = [
      this.#keys.leases(group),
      this.#keys.members(group),
      this.#keys.ended(group, id, boot),
      this.#keys.dead(group),
    ];
    return (await run(this.#client, scripts.end, keys, [id, boot, evenAlive])) === 1;
  }
}

function pairs<T>(flat: readonly T[]): [T, T][] {
  const result: [T, T][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) result.push([flat[i] as T, flat[i + 1] as T]);
  return result;
}

function readExpired(flat: readonly (string | number)[]): ExpiredMember[] {
  const members = readMembers(flat.filter((_, index) => index % 3 < 2).map(String));
  return members.map((member, index) => ({ ...member, lateMs: Number(flat[3 * index + 2]) }));
}

function readMembers(flat: readonly string[]): Member[] {
  return pairs(flat).map(([id, text]) => {
    const [boot = '', ...info] = text.split('\n');
    return { id: fromByteText(id), boot: fromByteText(boot), info: fromByteText(info.join('\n')) };
  });
}
