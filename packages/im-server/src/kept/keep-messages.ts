import type { DeviceAddress, Logger } from 'im-common';
import type { Bus } from 'im-common/bus';
import type { Producer } from 'im-common/internal/bus';
import type { Devices } from '../device/devices.ts';
import type { ServerMetrics } from '../metrics/metrics.ts';
import type { Keeping } from '../push/pusher.ts';
import { CatchUp } from './catch-up.ts';
import { KeepInstead, type KeepWhere } from './keep-instead.ts';
import { LaterResults } from './later-results.ts';
import { Sweeper } from './sweeper.ts';

export interface KeepMessagesDeps {
  readonly bus: Bus;
  readonly devices: Devices;
  readonly producers: { readonly keptResults: Producer };
  readonly metrics: ServerMetrics;
  readonly logger: Logger;
  readonly serverId: () => number;
  /** As of the server: undefined when it may act as owner of what it has taken. */
  readonly whenOwner: () => Promise<boolean> | undefined;
  readonly reroute: KeepWhere['reroute'];
  readonly mayBeSeveral: (address: DeviceAddress) => boolean;
}

export interface MessageKeeping {
  readonly catchUp: CatchUp;
  readonly sweeper: Sweeper;
  readonly keepInstead: KeepInstead;
  readonly keeping: Keeping;
}

/** Puts together what has to do with messages that wait for a device. */
export function keepMessages(deps: KeepMessagesDeps): MessageKeeping {
  const { bus, devices, logger, mayBeSeveral, metrics, producers, reroute, serverId, whenOwner } = deps;
  const { kept, registry } = bus;
  const later = new LaterResults({ results: producers.keptResults, serverId, metrics });
  const catchUp = new CatchUp({ kept, registry, mayBeSeveral, later, logger });
  const keepInstead = new KeepInstead({ kept, devices, catchUp });
  return {
    catchUp,
    sweeper: new Sweeper({ kept, later, logger }),
    keepInstead,
    keeping: {
      isWanted: (entry, reason) => keepInstead.isWanted(entry, reason),
      keep: async (kind, entry, address, reason) => {
        // What a process takes for its own after a long sleep may have been delivered by others.
        if (!((await whenOwner()) ?? true)) return 'elsewhere';
        return keepInstead.keep(kind, entry, address, reason, { notAt: serverId(), reroute });
      },
    },
  };
}
