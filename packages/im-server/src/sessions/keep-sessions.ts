import type { Bus } from 'im-common/bus';
import type { Logger } from 'im-common';
import type { ForceLogout, Producer } from 'im-common/internal/bus';
import type { Devices } from '../device/devices.ts';
import type { ServerMetrics } from '../metrics/metrics.ts';
import { endSessions } from './end-sessions.ts';
import { PresenceTeller } from './presence-teller.ts';
import { orderOthers } from './order-others.ts';
import { SessionKeeper } from './session-keeper.ts';
import { allowsSeveral, readSessionRules } from './session-rules.ts';
import { SeveralSessions } from './several-sessions.ts';

export interface KeepSessionsDeps {
  readonly bus: Bus;
  readonly devices: Devices;
  readonly producers: { readonly presence: Producer; readonly entries: Producer };
  readonly metrics: ServerMetrics;
  readonly serverId: () => number;
  /** The option. */
  readonly sessions: string | undefined;
  readonly terminals: readonly number[];
  readonly logger: Logger;
}

export interface KeptSessions {
  readonly several: SeveralSessions;
  /** Sends an order for all sessions of an address to those on other servers. */
  readonly orderOthers: (order: ForceLogout) => void;
  readonly teller: PresenceTeller;
  readonly keeper: SessionKeeper;
  /** Ends the sessions that dead servers have left. */
  readonly endSessions: (serverIds: readonly number[], mayGoOn: () => Promise<boolean>) => Promise<void>;
}

/** Puts together what keeps sessions. Nothing is written before somebody wants it. */
export function keepSessions({
  bus,
  devices,
  logger,
  metrics,
  producers,
  serverId,
  sessions,
  terminals,
}: KeepSessionsDeps): KeptSessions {
  const teller = new PresenceTeller({ bus, metrics, producer: producers.presence });
  const rules = { ruleOf: readSessionRules(sessions), isAlone: sessions === 'alone', terminals };
  const isAlwaysOn = sessions !== undefined;
  const { entries: producer } = producers;
  const several = new SeveralSessions({
    ...{ devices, producer, serverId, registry: bus.registry },
    mostAt: (terminal) => rules.ruleOf(terminal).most,
    isOn: allowsSeveral(sessions),
  });
  return {
    teller,
    several,
    keeper: new SessionKeeper({ bus, devices, teller, serverId, isAlwaysOn, ...rules, several }),
    orderOthers: (order) => {
      if (!several.mayBeAt(order.address)) return;
      orderOthers(order, { bus, producer, serverId }).catch((error: unknown) => {
        logger.warn({ err: error }, 'an order to log out could not be sent to other sessions of its user');
      });
    },
    endSessions: (serverIds, mayGoOn) => endSessions(serverIds, { bus, teller, mayGoOn }),
  };
}
