import type { Bus } from 'im-common/bus';
import type { Producer } from 'im-common/internal/bus';
import type { Devices } from '../device/devices.ts';
import type { ServerMetrics } from '../metrics/metrics.ts';
import { endSessions } from './end-sessions.ts';
import { PresenceTeller } from './presence-teller.ts';
import { SessionKeeper } from './session-keeper.ts';
import { readSessionRules } from './session-rules.ts';

export interface KeepSessionsDeps {
  readonly bus: Bus;
  readonly devices: Devices;
  readonly producers: { readonly presence: Producer };
  readonly metrics: ServerMetrics;
  readonly serverId: () => number;
  /** The option. */
  readonly sessions: string | undefined;
  readonly terminals: readonly number[];
}

export interface KeptSessions {
  readonly teller: PresenceTeller;
  readonly keeper: SessionKeeper;
  /** Ends the sessions that dead servers have left. */
  readonly endSessions: (serverIds: readonly number[], mayGoOn: () => Promise<boolean>) => Promise<void>;
}

/** Puts together what keeps sessions. Nothing is written before somebody wants it. */
export function keepSessions({
  bus,
  devices,
  metrics,
  producers,
  serverId,
  sessions,
  terminals,
}: KeepSessionsDeps): KeptSessions {
  const teller = new PresenceTeller({ bus, metrics, producer: producers.presence });
  const rules = { ruleOf: readSessionRules(sessions), isAlone: sessions === 'alone', terminals };
  const isAlwaysOn = sessions !== undefined;
  return {
    teller,
    keeper: new SessionKeeper({ bus, devices, teller, serverId, isAlwaysOn, ...rules }),
    endSessions: (serverIds, mayGoOn) => endSessions(serverIds, { bus, teller, mayGoOn }),
  };
}
