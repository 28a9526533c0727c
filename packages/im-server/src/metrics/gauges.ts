import { messageKinds } from 'im-common';
import type { Bus } from 'im-common/bus';
import { forceLogoutList, highList, messageList } from 'im-common/internal/bus';
import type { Health } from './health.ts';
import type { ServerMetrics } from './metrics.ts';

export interface GaugeDeps {
  readonly devices: {
    readonly count: number;
    readonly registeredCount: number;
    countByTerminal(): ReadonlyMap<number, number>;
  };
  readonly reporter: { readonly inFlight: number };
  readonly bus: Pick<Bus, 'lists'>;
  /** Undefined while the server has none, and so no lists. */
  readonly serverId: () => number | undefined;
  readonly hasBus: () => boolean;
  readonly health: () => Health;
}

/** Lets the metrics read what is not counted but looked at when somebody asks. */
export function exposeGauges(metrics: ServerMetrics, deps: GaugeDeps): void {
  const { devices, reporter, bus, serverId, hasBus, health } = deps;
  metrics.readConnections = () => devices.countByTerminal();
  metrics.readUnauthenticated = () => devices.count - devices.registeredCount;
  metrics.readInFlight = () => reporter.inFlight;
  metrics.readState = () => ({ isReady: health().ready, hasBus: hasBus() });
  metrics.readQueueDepth = async () => {
    const id = serverId();
    if (id === undefined) return {};
    const lists = [
      ...messageKinds.map((kind) => [kind, messageList(kind, id)] as const),
      ['high', highList(id)] as const,
      ['force_logout', forceLogoutList(id)] as const,
    ];
    const lengths = await Promise.all(lists.map(([, list]) => bus.lists.length(list)));
    return Object.fromEntries(lists.map(([name], index) => [name, lengths[index] ?? 0]));
  };
}
