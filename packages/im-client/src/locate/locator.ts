import { setTimeout as sleep } from 'node:timers/promises';
import { ImError, type DeviceAddress, type MessageKind } from 'im-common';
import type { Bus, GroupView, Whereabouts } from 'im-common/bus';
import { Alarm, routeTtlMs, runningMs, serverGroup, type Feature } from 'im-common/internal/bus';
import { abortReason } from '../checks/abort.ts';
import { withoutEffect } from '../checks/without-effect.ts';
import {
  placeOf,
  serversThatServe,
  sightingOf,
  toServerView,
  type Place,
  type ServerView,
  type Sighting,
} from './place.ts';
import { LookupQueue, type Lookup, type Slice } from './lookup-queue.ts';

/** Lookups of one lane are answered in their order, so that messages of one kind keep theirs. */
export type Lane = MessageKind | 'high' | 'question';

export interface LookOptions {
  /** @default 'question' */
  readonly lane?: Lane;
  readonly fresh?: boolean;
  /** Aborting it takes the lookup back. */
  readonly signal?: AbortSignal | undefined;
}

/** A server that died is noticed this much later than the registry knows of it. */
const viewIsGoodForMs = 250;
/** Enough to make the round trip cheap, too few to hold anybody up. */
const addressesPerCall = 1_000;
const retryDelayMs = 50;

/** A lane has one call to the bus under way; lookups made meanwhile share the next one, which saves round trips. */
interface Asking {
  readonly queue: LookupQueue;
  isRunning: boolean;
}

function newAsking(): Asking {
  return { queue: new LookupQueue(), isRunning: false };
}

/**
 * Finds the servers of devices. Each kind has a lane of its own: who sends to one user does not wait for the tens of thousands
 * of lookups of a large group. Lookups wait as long as the bus answers; when it says nothing for `timeoutMs`, those that have
 * waited as long are given up.
 */
export class Locator {
  readonly #bus: Pick<Bus, 'presence' | 'registry'>;
  readonly #timeoutMs: number;
  readonly #lanes: Readonly<Record<Lane, Asking>> = {
    private: newAsking(),
    group: newAsking(),
    system: newAsking(),
    high: newAsking(),
    question: newAsking(),
  };
  readonly #alarm = new Alarm(() => this.#giveUpOverdue());
  #answeredAt = 0;
  #lastFailure: ImError | undefined;
  #view: { readonly at: number; readonly servers: Promise<ServerView> } | undefined;
  #lastView: ServerView | undefined;
  /** Servers without a lease, and when a device was found there last. */
  readonly #boxImServers = new Map<number, number>();

  constructor(bus: Pick<Bus, 'presence' | 'registry'>, timeoutMs: number) {
    this.#bus = bus;
    this.#timeoutMs = timeoutMs;
  }

  /** The place of each address, in their order; undefined where no live server has it. `fresh` asks the registry anew. */
  async locate(
    addresses: readonly DeviceAddress[],
    options: LookOptions = {},
  ): Promise<readonly (Place | undefined)[]> {
    return (await this.look(addresses, options)).map(placeOf);
  }

  /** The same for senders: also devices that are moving, or on a server that is late. */
  look(addresses: readonly DeviceAddress[], options: LookOptions = {}): Promise<readonly Sighting[]> {
    return new Promise((resolve, reject) => this.#ask(addresses, options, resolve, reject));
  }

  /** All servers, as the registry saw them at most 250 ms ago, or just now while one of them is late. */
  servers(options: LookOptions = {}): Promise<GroupView> {
    return this.view(options).then(({ group }) => group);
  }

  /** The same with what each of them can do. */
  view(options: LookOptions = {}): Promise<ServerView> {
    return new Promise((resolve, reject) => {
      this.#ask([], options, (_, servers) => resolve(servers), reject);
    });
  }

  /** Whether the registry has heard of a server, alive or dead. Of box-im's it never has. */
  knows(serverId: number): boolean {
    const view = this.#lastView;
    return view !== undefined && (view.live.has(serverId) || view.gone.has(serverId));
  }

  /** Servers of box-im where devices were found while a route lives. Who asks about nobody knows of none. */
  boxImServers(): number[] {
    const oldest = performance.now() - routeTtlMs;
    for (const [id, seenAt] of this.#boxImServers) if (seenAt < oldest) this.#boxImServers.delete(id);
    return [...this.#boxImServers.keys()];
  }

  /** Servers that serve and do not say that they can do it, those of box-im among them. */
  withoutFeature(view: ServerView, feature: Feature): number[] {
    const others = serversThatServe(view).filter(({ features }) => !features.has(feature));
    return [...others.map(({ serverId }) => serverId), ...this.boxImServers()];
  }

  #ask(
    addresses: readonly DeviceAddress[],
    { lane = 'question', fresh = false, signal }: LookOptions,
    resolve: Lookup['resolve'],
    reject: Lookup['reject'],
  ): void {
    const since = runningMs();
    const lookup = {
      addresses,
      fresh,
      since,
      resolve,
      reject,
      sightings: undefined,
      asked: 0,
      isOver: false,
    };
    const asking = this.#lanes[lane];
    asking.queue.add(signal ? takenBackBy(signal, lookup) : lookup);
    this.#alarm.setFor(since + this.#timeoutMs);
    if (asking.isRunning) return;
    asking.isRunning = true;
    queueMicrotask(() => void this.#run(asking));
  }

  async #run(asking: Asking): Promise<void> {
    for (;;) {
      const slices = asking.queue.next(addressesPerCall);
      if (slices.length === 0) break;
      try {
        await this.#answer(slices);
        this.#answeredAt = runningMs();
        this.#lastFailure = undefined;
      } catch (error) {
        if (error instanceof ImError && error.code === 'BUS_UNAVAILABLE') {
          this.#lastFailure = error;
          for (const { lookup, from } of slices.reverse()) lookup.asked = from;
          await sleep(retryDelayMs);
        } else {
          this.#answeredAt = runningMs();
          for (const { lookup } of slices) reject(lookup, withoutEffect(error));
        }
      }
    }
    asking.isRunning = false;
  }

  async #answer(slices: readonly Slice[]): Promise<void> {
    const addresses = addressesOf(slices);
    const fresh = slices.some(({ lookup }) => lookup.fresh);
    const [serverIds, servers] = await Promise.all([
      this.#bus.presence.locate(addresses),
      this.#servers(fresh),
    ]);
    let at = 0;
    for (const { lookup, from, to } of slices) {
      const some = serverIds.slice(at, (at += to - from)).map((id) => this.#sightingOf(id, servers));
      if (to < lookup.addresses.length || lookup.sightings) (lookup.sightings ??= []).push(...some);
      if (to < lookup.addresses.length || lookup.isOver) continue;
      lookup.isOver = true;
      lookup.resolve(lookup.sightings ?? some, servers);
    }
  }

  #sightingOf(whereabouts: Whereabouts, servers: ServerView): Sighting {
    const sighting = sightingOf(whereabouts, servers);
    if (typeof sighting === 'object' && !sighting.hasLease) {
      this.#boxImServers.set(sighting.serverId, performance.now());
    }
    return sighting;
  }

  #servers(fresh: boolean): Promise<ServerView> {
    const now = performance.now();
    if (!fresh && this.#view && now - this.#view.at < viewIsGoodForMs) return this.#view.servers;
    const servers = this.#bus.registry
      .view(serverGroup)
      .then((group) => (this.#lastView = toServerView(group)));
    const view = { at: now, servers };
    this.#view = view;
    const forget = (): void => {
      if (this.#view === view) this.#view = undefined;
    };
    // A server that is late may be back at any moment, and its users with it.
    servers.then(({ late }) => {
      if (late.size > 0) forget();
    }, forget);
    return servers;
  }

  /** Returns when to look again. */
  #giveUpOverdue(): number | undefined {
    const now = runningMs();
    const deadlineOf = ({ since }: Lookup): number => Math.max(since, this.#answeredAt) + this.#timeoutMs;
    const queues = Object.values(this.#lanes).map(({ queue }) => queue);
    const overdue = queues.flatMap((queue) => queue.overdue((lookup) => deadlineOf(lookup) <= now));
    if (overdue.length > 0) {
      const why = this.#lastFailure ? `: ${this.#lastFailure.message}` : '';
      const error = new ImError(
        'BUS_UNAVAILABLE',
        `The bus did not answer within ${this.#timeoutMs} ms, asked where the devices are${why}. Nothing was sent.`,
        { cause: this.#lastFailure, effect: 'none' },
      );
      for (const lookup of overdue) reject(lookup, error);
    }
    const next = Math.min(...queues.map(({ oldest }) => (oldest ? deadlineOf(oldest) : Infinity)));
    return next === Infinity ? undefined : next;
  }
}

/** Nearly always one address or the addresses of one lookup, which are not copied. */
function addressesOf(slices: readonly Slice[]): readonly DeviceAddress[] {
  const [only] = slices;
  if (slices.length === 1 && only && only.to - only.from === only.lookup.addresses.length) {
    return only.lookup.addresses;
  }
  return slices.flatMap(({ lookup: { addresses }, from, to }) => {
    return to - from === addresses.length ? addresses : addresses.slice(from, to);
  });
}

function reject(lookup: Lookup, error: unknown): void {
  if (lookup.isOver) return;
  lookup.isOver = true;
  lookup.reject(error);
}

/** The same lookup, which ends with the signal. */
function takenBackBy(signal: AbortSignal, ask: Lookup): Lookup {
  const stop = (): void => signal.removeEventListener('abort', onAbort);
  const lookup: Lookup = {
    ...ask,
    resolve: (sightings, servers) => {
      stop();
      ask.resolve(sightings, servers);
    },
    reject: (error) => {
      stop();
      ask.reject(error);
    },
  };
  const onAbort = (): void => reject(lookup, abortReason(signal));
  signal.addEventListener('abort', onAbort);
  return lookup;
}
