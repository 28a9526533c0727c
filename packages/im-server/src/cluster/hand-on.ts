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
}

/** An entry that keeps missing its receivers is given up after so many hands. */
const mostAttempts = 8;

/**
 * Sends an entry after receivers that are connected to another server by now. Returns outcomes, with the given reason,
 * for those that are nowhere.
 */
export async function handOn(
  kind: MessageKind,
  entry: Entry,
  options: HandOnOptions & { readonly reason: Reason; readonly notTo?: number },
): Promise<Outcome[]> {
  const { bus, producer, reason, notTo } = options;
  const [holders, view] = await Promise.all([
    bus.presence.locate(entry.receivers),
    bus.registry.view(serverGroup),
  ]);
  const gone = new Set([...view.expired, ...view.dead].map(({ id }) => Number(id)));
  const byServer = new Map<number, DeviceAddress[]>();
  const nowhere: Outcome[] = [];
  const giveUp = (address: DeviceAddress): void => {
    nowhere.push({ address, stage: 'queued', reason });
  };
  entry.receivers.forEach((address, index) => {
    const holder = holders[index];
    if (holder === undefined || holder === notTo || gone.has(holder) || entry.attempt >= mostAttempts) {
      giveUp(address);
      return;
    }
    const receivers = byServer.get(holder);
    if (receivers) receivers.push(address);
    else byServer.set(holder, [address]);
  });
  for (const [holder, receivers] of byServer) {
    const copy = encodeEntry(kind, { ...entry, receivers, attempt: entry.attempt + 1 });
    const outcome = await producer.put(messageList(kind, holder), copy);
    if (outcome.status !== 'put') receivers.forEach(giveUp);
  }
  return nowhere;
}

