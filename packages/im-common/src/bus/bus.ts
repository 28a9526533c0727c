import type { DeviceAddress } from '../address.ts';
import type { ByteText } from './byte-text.ts';
import type { Claims } from './claims.ts';
import type { InFlight } from './in-flight.ts';
import type { Kept } from './kept.ts';
import { serviceGroup } from './names.ts';
import type { Posts } from './posts.ts';
import type { Topics } from './topics.ts';
import type { Sessions } from './sessions.ts';
import type { Revocation, RevocationOrder, ShownToken } from './revocation.ts';
import type { Uplinks } from './uplinks.ts';

/**
 * What the rest of the system needs from a bus, in no words of Redis: lists that lose nothing, presence, and a registry
 * of who is alive. `memory-bus.ts` and `redis/redis-bus.ts` keep the same promises; one conformance suite says so.
 *
 * Nothing else may be called before `start()` has resolved; after `close()` calls reject with CLOSED.
 *
 * A call either does what it says or rejects with BUS_UNAVAILABLE or BUS_FULL within a bounded time. After a rejection
 * the call may or may not have taken effect; every method can be repeated with the same arguments, and then takes effect once.
 */
export interface Bus {
  readonly lists: Lists;
  readonly presence: Presence;
  readonly registry: Registry;
  readonly claims: Claims;
  readonly topics: Topics;
  readonly sessions: Sessions;
  readonly kept: Kept;
  readonly uplinks: Uplinks;
  /** Where one step may look at all keys. */
  readonly posts?: Posts | undefined;

  /** Connects. Rejects with BUS_UNAVAILABLE, BUS_REFUSED or BUS_TOO_OLD, saying which address and what to do. */
  start(): Promise<void>;

  /** Ends all waits and connections. May be called twice. */
  close(): Promise<void>;

  /** One round trip, in milliseconds. */
  ping(): Promise<number>;
}

/**
 * First-in first-out lists with an in-flight store per consumer. An entry is on the list, or in flight at one consumer,
 * or acknowledged; a consumer that dies has its in-flight entries put back in front of the list by {@link requeue}.
 */
export interface Lists {
  /**
   * Appends entries in order, unless the list is closed or full. A batch that was appended before is not appended again
   * and answered `put`, whatever became of the list since.
   */
  put(list: string, batch: PutBatch): Promise<PutOutcome>;

  /** Whether `put` carries out {@link PutBatch.acknowledge}. On a Redis Cluster it cannot: the lists are in different slots. */
  readonly acknowledgesWithPut: boolean;

  length(list: string): Promise<number>;

  /** Up to `max` entries from the one at `first` on, 0 being the oldest. They stay where they are. */
  range(list: string, first: number, max: number): Promise<ByteText[]>;

  /**
   * Takes entries off the list that a {@link range} of at most 1,000 from `first` on has read, each once: they stand there, or
   * further in front by now. Returns how many there were. For rare use.
   */
  remove(list: string, first: number, entries: readonly ByteText[]): Promise<number>;

  /** Lets a consumer take from the list. Repeating it changes nothing. */
  open(list: string, consumer: string): Promise<void>;

  /**
   * Moves up to `max` entries in flight and returns them, numbered upwards from `afterSeq + 1`, where `afterSeq` is the
   * last number that the caller knows of: 0 at first. Entries that were taken after it, in a call whose answer was lost, or
   * before the consumer began anew, and are not acknowledged are returned again first, up to `max` of them. `undefined`:
   * this consumer is not open (never opened, requeued, or the bus lost its memory).
   */
  take(list: string, consumer: string, afterSeq: number, max: number): Promise<Taken[] | undefined>;

  /** Forgets entries in flight, in any order. Unknown numbers are ignored. */
  acknowledge(list: string, consumer: string, seqs: readonly number[]): Promise<void>;

  /**
   * Resolves when the list has an entry, after `timeoutMs`, or when the signal aborts, without polling. To a taker that is
   * named a bus may move entries in flight before it takes them, so that its next {@link take} costs no call.
   */
  wait(list: string, timeoutMs: number, signal: AbortSignal, taker?: Taker): Promise<void>;

  /** Who is open on the list, dead or alive. */
  consumers(list: string): Promise<string[]>;

  /** Ends a consumer: its in-flight entries go back to the front, in their order. Returns how many, the first time. */
  requeue(list: string, consumer: string): Promise<number>;

  /** From now on every put is answered `closed`. */
  closeList(list: string): Promise<void>;

  /** Deletes the list and all that belongs to it, but not that it is closed. */
  drop(list: string): Promise<void>;
}

export interface PutBatch {
  readonly entries: readonly ByteText[];
  /**
   * Names the producer; `batchNumber` rises from 1 with each of its batches for this list. The pair makes a repetition harmless
   * for five minutes. One below the last is taken for a late repetition, and not put.
   */
  readonly producer: string;
  readonly batchNumber: number;
  /** How long the list may become. */
  readonly maxLength: number;
  /**
   * How many bytes may wait on the list, give or take some hundredths; an entry that is longer has it for itself. @default no matter
   * how many
   */
  readonly maxBytes?: number | undefined;
  /** `refuse` puts nothing when the list would become too long; `drop-oldest` makes room and counts. */
  readonly whenFull: 'refuse' | 'drop-oldest';
  /**
   * The list disappears when nothing was put on it for so long. Without it, it stays, whatever was said before; `taken` is for a list that
   * somebody is there to take from: it stays as well, unless the bus has forgotten who that was. Then it goes after a week.
   */
  readonly ttlMs?: number | 'taken' | undefined;
  /** What is acknowledged in the same step as the entries are put; nothing when they are not. See {@link Lists.acknowledgesWithPut}. */
  readonly acknowledge?: readonly InFlight[];
}

export type PutOutcome =
  /** `isRepeat`: it was put before, with this producer and batch number. */
  | { readonly status: 'put'; readonly length: number; readonly dropped: number; readonly isRepeat?: true }
  | { readonly status: 'closed' }
  | { readonly status: 'full'; readonly length: number };

/** Who takes from a list next, and the last number that it knows of. */
export interface Taker {
  readonly consumer: string;
  readonly afterSeq: number;
}

export interface Taken {
  readonly seq: number;
  readonly text: ByteText;
}

/** What belongs to an address or its user when its route is written. */
export interface FoundBeside {
  /** Messages wait for the address ({@link Kept}). */
  readonly hasKept: boolean;
  /** Its user may be in topics ({@link Topics}); false when in none. */
  readonly mayHaveTopics: boolean;
}

/** Which server holds which device. A route ends after {@link routeTtlMs} unless it is refreshed (contract B.2). */
export interface Presence {
  /**
   * Points the address at the server and returns the server that it pointed at before. `token` is what the device has
   * shown; `revoked`, and nothing is changed, when a revocation refuses it. `onFound` is called first with what was there in
   * the moment in which the route was written: what comes later finds the route.
   */
  bind(
    address: DeviceAddress,
    serverId: number,
    token?: ShownToken,
    onFound?: (found: FoundBeside) => void,
  ): Promise<number | 'revoked' | undefined>;

  /**
   * Removes the route if it still points at this server. With `graceMs` the device did not say goodbye, and {@link locate}
   * answers `moving` for so long, unless it is back before: nowhere at the moment, and probably on its way.
   * Without, what was said before of a device that has no route stays true.
   */
  unbind(address: DeviceAddress, serverId: number, graceMs?: number): Promise<void>;

  /** The same for many that are not on their way. */
  unbindAll(routes: readonly Route[]): Promise<void>;

  /**
   * Keeps the routes of a server's devices alive and writes again those that the bus lost. Returns the ones that point
   * at another server now, which are left as they are.
   */
  refresh(addresses: readonly DeviceAddress[], serverId: number): Promise<Route[]>;

  /** Where each address is, in the order of the addresses. */
  locate(addresses: readonly DeviceAddress[]): Promise<Whereabouts[]>;

  /**
   * All routes, a page at a time, some of them empty: those that are there from the beginning to the end, and some of the others; one may come
   * twice. It walks through everything that the bus keeps, which on a large one takes seconds: for what is rare.
   */
  routes(): AsyncIterable<readonly Route[]>;

  /**
   * From now on {@link bind} refuses tokens of the address that end, or were issued, before a moment. An earlier moment
   * than that of a revocation that stands changes nothing.
   */
  revoke(address: DeviceAddress, order: RevocationOrder): Promise<void>;

  /** The revocation that stands for each address, in the order of the addresses. */
  revocations(addresses: readonly DeviceAddress[]): Promise<(Revocation | undefined)[]>;
}

/** The server that has a device; `moving` when it has just left one without a goodbye ({@link Presence.unbind}). */
export type Whereabouts = number | 'moving' | undefined;

export interface Route {
  readonly address: DeviceAddress;
  readonly serverId: number;
}

export const routeTtlMs = 600_000;

/**
 * Who is alive, by groups: all servers form one group (`serverGroup`), the instances of one service another
 * (`serviceGroup(name)`). A member lives while its lease does; the bus's clock decides.
 */
export interface Registry {
  /** The next server id; never one that a live server has. */
  nextServerId(): Promise<number>;

  /** Takes or extends a lease, and publishes `info`. */
  renew(group: string, member: Lease): Promise<RenewOutcome>;

  view(group: string): Promise<GroupView>;

  /** Declares a member dead, if its lease is over: its boot cannot renew again for a day. False when it lives or is unknown. */
  declareDead(group: string, id: string, boot: string): Promise<boolean>;

  /** Ends the lease of a member that leaves in order. It joins the dead, so that what was left behind is looked after. */
  leave(group: string, id: string, boot: string): Promise<void>;

  /**
   * Puts up a text that all members see in their {@link view}, under a name, for so long; 0 takes it down. Returns the one
   * that stood there before.
   */
  post(group: string, name: string, text: string, ms: number): Promise<string | undefined>;

  /** One holder at a time: true for it until `ms` from now, again and again. */
  lock(name: string, holder: string, ms: number): Promise<boolean>;
}

export interface Lease {
  readonly id: string;
  /** Tells two lives of one id apart. */
  readonly boot: string;
  readonly leaseMs: number;
  readonly info: string;
}

/**
 * `new`: there was no lease (first time, or the bus lost its memory). `taken`: another boot has this id, until it is declared dead or leaves.
 * `dead`: somebody declared this boot dead and may have given away what it held.
 */
export type RenewOutcome = 'renewed' | 'new' | 'taken' | 'dead';

export interface GroupView {
  /** Members whose lease runs. */
  readonly live: readonly Member[];
  /** Members whose lease is over, not declared dead yet. */
  readonly expired: readonly ExpiredMember[];
  /** Members declared dead or gone within {@link deadKeptMs}. */
  readonly dead: readonly DeadMember[];
  /** What is posted, by name; absent when nothing is. */
  readonly notices?: ReadonlyMap<string, string>;
}

export interface DeadMember {
  readonly id: string;
  /** How long ago it was declared dead, or left. */
  readonly agoMs: number;
}

export interface ExpiredMember extends Member {
  /** For how long its lease has been over. */
  readonly lateMs: number;
}

export interface Member {
  readonly id: string;
  readonly boot: string;
  readonly info: string;
}

/** Longer than a route can live, so that a route to a dead server is never taken for one to a Java server, which has no lease. */
export const deadServersKeptMs: number = routeTtlMs + 60_000;

/** Results wait so long for an instance of their service, which finds them by the names of the dead. */
const deadInstancesKeptMs = 86_400_000;

/** How long a group remembers its dead. */
export function deadKeptMs(group: string): number {
  return group.startsWith(serviceGroup('')) ? deadInstancesKeptMs : deadServersKeptMs;
}
