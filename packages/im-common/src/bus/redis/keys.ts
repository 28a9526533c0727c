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

  /** String: the number of this producer's last batch. */
  lastBatch(list: string, producer: string): string {
    return this.#beside(list, `turn:${producer}`);
  }

  /** String: the number of the last batch that this producer posted, and what was answered. */
  posted(producer: string): string {
    return `${this.#prefix}im:posted:${producer}`;
  }

  /** Hash: which consumer is handed what is put while the list is empty, where it listens, and up to which number. */
  offer(list: string): string {
    return this.#beside(list, 'offer');
  }

  /** No key: where a consumer listens for what it is handed. */
  channel(name: string): string {
    return `${this.#prefix}im:handed:${name}`;
  }

  /** Sorted set: how many bytes the first entries had, of a list that may hold so many (`weighed-scripts.ts`). */
  sizes(list: string): string {
    return this.#beside(list, 'sizes');
  }

  /** String: present when nothing may be put any more. */
  closed(list: string): string {
    return this.#beside(list, 'closed');
  }

  route(address: DeviceAddress): string {
    return this.#prefix + routeName(address);
  }

  /** What the keys of all routes begin with; the address follows. */
  routes(): string {
    return this.#prefix + routeStem;
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

  /** Set: the users in a topic. */
  topic(topic: string): string {
    return this.#prefix + topicName(topic);
  }

  /** String: the number of its last change. */
  topicNumber(topic: string): string {
    return this.#beside(topicName(topic), 'number');
  }

  /** Sorted set: server → when it said that it has members. */
  topicServers(topic: string): string {
    return this.#beside(topicName(topic), 'servers');
  }

  /** Sorted set: number → a message that the topic keeps. */
  topicHistory(topic: string): string {
    return this.#beside(topicName(topic), 'kept');
  }

  /** Hash: the epoch of these numbers, the last one, and what is known of the messages. */
  topicHistoryState(topic: string): string {
    return this.#beside(topicName(topic), 'kept:state');
  }

  /** Sorted set: id that a sender brought → the number of its message. */
  topicHistoryKnown(topic: string): string {
    return this.#beside(topicName(topic), 'kept:known');
  }

  /** Hash: topic that a user is in → number of the change. */
  topicsOf(userId: string): string {
    return `${this.#prefix}im:topics:of:${userId}`;
  }

  /** Hash: topic that a user was taken out of → number of the change. */
  topicsLeft(userId: string): string {
    return this.#beside(`im:topics:of:${userId}`, 'left');
  }

  /** Hash: which receiver's copy of a message that brings its own id is put where, by whom. */
  sent(message: string): string {
    return `${this.#prefix}im:sent:${message}`;
  }

  /** Hash: session id → until when it counts, and what is known of it; `#` → the last number given out at this address. */
  sessions(address: DeviceAddress): string {
    return this.#beside(routeName(address), 'sessions');
  }

  /** Hash: session id → whose it is and how things stood at its address, for each session that a server has. */
  sessionTable(serverId: number): string {
    return `${this.#prefix}im:sessions:${serverId}`;
  }

  /** Sorted set: ids of messages that wait for the address, in their order. */
  kept(address: DeviceAddress): string {
    return this.#beside(routeName(address), 'kept');
  }

  /** Hash: what waits, by its id, and what is known of it. */
  keptEntries(address: DeviceAddress): string {
    return this.#beside(routeName(address), 'kept:entries');
  }

  /** Hash: id → reason and entry of what waits no more, and was not delivered. */
  keptOver(address: DeviceAddress): string {
    return this.#beside(routeName(address), 'kept:over');
  }

  /** Sorted set: id of a message that was kept → when it may be forgotten. */
  keptKnown(address: DeviceAddress): string {
    return this.#beside(routeName(address), 'kept:known');
  }

  /** Sorted set: address → when something that waits for it is over. */
  keptDue(): string {
    return `{${this.#prefix}im:kept}:due`;
  }

  /** Sorted set: address that somebody looks after → until when. */
  keptClaimed(): string {
    return `{${this.#prefix}im:kept}:claimed`;
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

  /** Hash: name → until when it stands, and the text of a notice to all members. */
  notices(group: string): string {
    return this.#beside(group, 'notices');
  }

  /** String: present when this boot of this member may never renew again. */
  ended(group: string, id: string, boot: string): string {
    return this.#beside(group, `ended:${id}:${boot}`);
  }

  /** Hash: outbox → the last number that is stored, where it was heard last, when; and how many uplinks of the address wait. */
  outboxes(list: string, address: DeviceAddress): string {
    return this.#beside(list, `outboxes:${addressKey(address.id, address.terminal)}`);
  }

  /** String: the reply to one uplink. */
  reply(list: string, address: DeviceAddress, box: string, n: number): string {
    return this.#beside(list, `reply:${addressKey(address.id, address.terminal)}:${box}:${n}`);
  }

  /** String: the epoch of the last owner that opened a consumer. */
  epoch(list: string): string {
    return this.#beside(list, 'epoch');
  }

  /** Sorted set: instance → end of its lease, in epoch milliseconds of Redis. */
  uplinkInstances(service: string): string {
    return this.#beside(`im:uplink:${service}`, 'instances');
  }

  /** Hash: partition → its owner and epoch; late instance → since when. */
  uplinkOwners(service: string): string {
    return this.#beside(`im:uplink:${service}`, 'owners');
  }

  lock(name: string): string {
    return `${this.#prefix}im:lock:${name}`;
  }

  #beside(name: string, what: string): string {
    return `{${this.#prefix}${name}}:${what}`;
  }
}

function topicName(topic: string): string {
  return `im:topic:${topic}`;
}

const routeStem = 'im:user:server_id:';

function routeName({ id, terminal }: DeviceAddress): string {
  return routeStem + addressKey(id, terminal);
}
