import type { DeviceAddress } from '../../address.ts';
import { addressKey, readAddressKey } from '../../address.ts';

/**
 * Every Redis key of the bus. Box-im's keep their names; what we add to one is named `{key}:…`, which Redis Cluster
 * hashes to the same slot, so that a script may touch both (contract B.2; PROTOCOL.md, P-5).
 */
export class Keys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  list(name: string): string {
    return this.#prefix + name;
  }

  /** Set: who is open on the list. */
  consumers(list: string): string {
    return this.#beside(list, 'consumers');
  }

  /** Hash: sequence number → entry in flight at this consumer, and `seq`, the last number given out. */
  inFlight(list: string, consumer: string): string {
    return this.#beside(list, `inflight:${consumer}`);
  }

  /** String: the last turn of this producer that was put. */
  turn(list: string, producer: string): string {
    return this.#beside(list, `turn:${producer}`);
  }

  /** Hash: which consumer is handed what is put while the list is empty, where it listens, and up to which number. */
  offer(list: string): string {
    return this.#beside(list, 'offer');
  }

  /** No key: where a consumer listens for what it is handed. */
  channel(name: string): string {
    return `${this.#prefix}im:handed:${name}`;
  }

  /** String: present when nothing may be put any more. */
  closed(list: string): string {
    return this.#beside(list, 'closed');
  }

  route(address: DeviceAddress): string {
    return this.#prefix + routeName(address);
  }

  /** A pattern for SCAN that all routes match. */
  everyRoute(): string {
    return this.#prefix.replace(/[\\*?[\]]/g, '\\$&') + routeStem + '*';
  }

  /** Whose route a key is; undefined for a key that is none. */
  addressOf(route: string): DeviceAddress | undefined {
    return readAddressKey(route.slice(this.#prefix.length + routeStem.length));
  }

  /** String: tokens of the address that end before this moment, in epoch milliseconds, are refused. */
  revoked(address: DeviceAddress): string {
    return this.#beside(routeName(address), 'revoked');
  }

  /** String: present for a while after a device has left its server without a goodbye. */
  movingBeside(route: string): string {
    return `{${route}}:moving`;
  }

  serverIdCounter(): string {
    return `${this.#prefix}im:max_server_id`;
  }

  /** Sorted set: member id → end of its lease, in epoch milliseconds of Redis. */
  leases(group: string): string {
    return this.#beside(group, 'lease');
  }

  /** Hash: member id → boot, newline, info. */
  members(group: string): string {
    return this.#beside(group, 'member');
  }

  /** Sorted set: dead member id → when it was declared dead or left. */
  dead(group: string): string {
    return this.#beside(group, 'dead');
  }

  /** String: present when this boot of this member may never renew again. */
  ended(group: string, id: string, boot: string): string {
    return this.#beside(group, `ended:${id}:${boot}`);
  }

  lock(name: string): string {
    return `${this.#prefix}im:lock:${name}`;
  }

  #beside(name: string, what: string): string {
    return `{${this.#prefix}${name}}:${what}`;
  }
}

const routeStem = 'im:user:server_id:';

function routeName({ id, terminal }: DeviceAddress): string {
  return routeStem + addressKey(id, terminal);
}
