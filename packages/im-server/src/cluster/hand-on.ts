import { setTimeout as sleep } from 'node:timers/promises';
import type { DeviceAddress, MessageKind } from 'im-common';
import {
  encodeEntry,
  messageList,
  serverGroup,
  type Bus,
  type Entry,
  type Outcome,
  type Producer,
  type Reason,
} from 'im-common/bus';

export interface HandOnOptions {
  readonly bus: Bus;
  readonly producer: Producer;
  /** What becomes of receivers that are nowhere. */
  readonly reason: Reason;
  /** Until then (performance.now) receivers that are nowhere are looked for again: they may be on their way. */
  readonly patientUntil?: number;
  /** The server that the entries come from: a route that still points there is old. */
  readonly notTo: number;
}

/** An entry that keeps missing its receivers is given up after so many hands. */
const mostAttempts = 8;
const pauseMs = 200;

/**
 * Sends entries after receivers that are connected to another server by now, each server getting them in their order.
 * Returns, entry by entry, outcomes for the receivers that are nowhere.
 */
export async function handOn(
  kind: MessageKind,
  entries: readonly Entry[],
  options: HandOnOptions,
): Promise<Outcome[][]> {
  let nowhere = await handOnOnce(kind, entries, options);
  while (performance.now() < (options.patientUntil ?? 0) && nowhere.some(({ length }) => length > 0)) {
    await sleep(pauseMs);
    const left = entries.map((entry, index) => {
      return { ...entry, receivers: (nowhere[index] ?? []).map(({ address }) => address) };
    });
    nowhere = await handOnOnce(kind, left, options);
  }
  return nowhere;
}

async function handOnOnce(
  kind: MessageKind,
  entries: readonly Entry[],
  options: HandOnOptions,
): Promise<Outcome[][]> {
  const { producer, reason } = options;
  const holderOf = await findHolders(entries, options);
  return await Promise.all(
    entries.map(async (entry) => {
      const nowhere: Outcome[] = [];
      const giveUp = (address: DeviceAddress): void => {
        nowhere.push({ address, stage: 'queued', reason });
      };
      const byServer = new Map<number, DeviceAddress[]>();
      for (const address of entry.receivers) {
        const holder = entry.attempt < mostAttempts ? holderOf(address) : undefined;
        if (holder === undefined) giveUp(address);
        else byServer.set(holder, [...(byServer.get(holder) ?? []), address]);
      }
      await Promise.all(
        [...byServer].map(async ([holder, receivers]) => {
          const copy = encodeEntry(kind, { ...entry, receivers, attempt: entry.attempt + 1 });
          const outcome = await producer.put(messageList(kind, holder), copy);
          if (outcome.status !== 'put') receivers.forEach(giveUp);
        }),
      );
      return nowhere;
    }),
  );
}

/** Asks the bus once for all receivers; the answer tells which other live server holds an address. */
async function findHolders(
  entries: readonly Entry[],
  { bus, notTo }: HandOnOptions,
): Promise<(address: DeviceAddress) => number | undefined> {
  const addresses = entries.flatMap(({ receivers }) => receivers);
  const [holders, view] = await Promise.all([bus.presence.locate(addresses), bus.registry.view(serverGroup)]);
  const gone = new Set([notTo, ...[...view.expired, ...view.dead].map(({ id }) => Number(id))]);
  const found = new Map(addresses.map((address, index) => [address, holders[index]]));
  return (address) => {
    const holder = found.get(address);
    return holder === undefined || gone.has(holder) ? undefined : holder;
  };
}
