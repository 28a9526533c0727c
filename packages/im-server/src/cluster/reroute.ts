import { setTimeout as sleep } from 'node:timers/promises';
import { ImError, type DeviceAddress, type MessageKind } from 'im-common';
import type { Bus, Reason, Whereabouts } from 'im-common/bus';
import {
  encodeEntry,
  hasFeature,
  highList,
  messageList,
  serverGroup,
  type Entry,
  type Outcome,
  type Producer,
} from 'im-common/internal/bus';
import type { Rerouted } from '../push/pursuit.ts';
import type { Routes } from './routes.ts';

export interface RerouteOnceDeps {
  readonly bus: Bus;
  readonly producer: Producer;
  /** The server that the entries come from: a route that still points there is old. */
  readonly notTo: number;
  /** Unless its device is still about to leave that server. */
  readonly routes?: Pick<Routes, 'isLeaving'>;
}

export interface RerouteDeps extends RerouteOnceDeps {
  /** What becomes of receivers that are nowhere. */
  readonly reason: Reason;
  /** Until then (performance.now) receivers that are on their way are looked for again. */
  readonly patientUntil?: number;
}

/** An entry that keeps missing its receivers is given up after so many servers. */
const mostAttempts = 8;
const pauseMs = 100;

/**
 * Sends entries after receivers that are connected to another server by now, each server getting them in their order.
 * Returns, entry by entry, outcomes for the receivers that are nowhere.
 */
export async function reroute(
  kind: MessageKind,
  entries: readonly Entry[],
  deps: RerouteDeps,
): Promise<Outcome[][]> {
  const { patientUntil = 0, reason } = deps;
  const outcomes: Outcome[][] = entries.map(() => []);
  let left = entries;
  for (;;) {
    // By the time of the question: the answer may be read long after.
    const isOver = performance.now() >= patientUntil;
    const rerouted = await rerouteOnce(kind, left, deps);
    // All of it is tried again, marked as what it is.
    for (const { error } of rerouted) if (error !== undefined) throw error;
    left = left.map((entry, index) => {
      const { nowhere, moving } = rerouted[index] ?? nobody;
      const lost = isOver ? [...nowhere, ...moving] : nowhere;
      for (const address of lost) outcomes[index]?.push({ address, stage: 'queued', reason });
      return { ...entry, receivers: moving };
    });
    if (isOver || left.every(({ receivers }) => receivers.length === 0)) return outcomes;
    await sleep(pauseMs);
  }
}

const nobody: Rerouted = { nowhere: [], moving: [], unsure: [] };

/** The same without patience: says of whom there is hope. */
export async function rerouteOnce(
  kind: MessageKind,
  entries: readonly Entry[],
  deps: RerouteOnceDeps,
): Promise<Rerouted[]> {
  const { producer } = deps;
  const { takesHigh, whereIs } = await findHolders(entries, deps);
  return await Promise.all(
    entries.map(async (entry) => {
      const nowhere: DeviceAddress[] = [];
      const moving: DeviceAddress[] = [];
      const unsure: DeviceAddress[] = [];
      let error: Error | undefined;
      const byServer = new Map<number, DeviceAddress[]>();
      for (const address of entry.receivers) {
        const holder = entry.attempt < mostAttempts ? whereIs(address) : undefined;
        if (holder === undefined) nowhere.push(address);
        else if (holder === 'moving') moving.push(address);
        else byServer.set(holder, [...(byServer.get(holder) ?? []), address]);
      }
      await Promise.all(
        [...byServer].map(async ([holder, receivers]) => {
          const copy = { ...entry, receivers, everyoneOn: undefined, attempt: entry.attempt + 1 };
          const isHigh = entry.extras?.high === true && takesHigh(holder);
          const list = isHigh ? highList(holder) : messageList(kind, holder);
          const outcome = await producer.put(list, encodeEntry(kind, copy)).catch((failure: unknown) => {
            error = failure instanceof Error ? failure : new Error(String(failure));
            const isCertain = failure instanceof ImError && failure.effect === 'none';
            (isCertain ? nowhere : unsure).push(...receivers);
            return undefined;
          });
          if (!outcome) return;
          // Closed: that one drains as well, and they are about to leave it.
          if (outcome.status === 'closed') moving.push(...receivers);
          else if (outcome.status !== 'put') nowhere.push(...receivers);
        }),
      );
      return { nowhere, moving, unsure, error };
    }),
  );
}

interface Holders {
  /** Which other server holds an address. */
  readonly whereIs: (address: DeviceAddress) => Whereabouts;
  readonly takesHigh: (serverId: number) => boolean;
}

/** Asks the bus once for all receivers. */
async function findHolders(
  entries: readonly Entry[],
  { bus, notTo, routes }: RerouteOnceDeps,
): Promise<Holders> {
  const addresses = entries.flatMap(({ receivers }) => receivers);
  // Before the question: the answer may be older than the end of the leaving.
  const leaving = new Set(addresses.filter((address) => routes?.isLeaving(address)));
  const [holders, view] = await Promise.all([bus.presence.locate(addresses), bus.registry.view(serverGroup)]);
  // One that is only late may still come, or somebody will look after its lists.
  const gone = new Set(view.dead.map(({ id }) => Number(id)));
  const found = new Map(addresses.map((address, index) => [address, holders[index]]));
  return {
    whereIs: (address) => {
      const holder = found.get(address);
      if (holder === notTo) return leaving.has(address) ? 'moving' : undefined;
      return typeof holder === 'number' && gone.has(holder) ? undefined : holder;
    },
    takesHigh: (serverId) => hasFeature(view, serverId, 'high'),
  };
}
