import type { DeviceAddress, Logger } from 'im-common';
import type { FoundBeside } from 'im-common/bus';
import type { Quota } from 'im-common/internal/network';
import type { ServerMetrics } from '../metrics/metrics.ts';
import type { Authenticate, ResolvedOptions } from '../options/options.ts';
import type { Connection } from './connection.ts';
import type { Devices } from './devices.ts';
import type { LoggedIn } from './logged-in.ts';

/** Where the bus says that a device is. */
export interface LoginRoutes {
  /** Points the address here. `revoked`: the token counts no more; `occupied`: the devices that are in stay in. Nothing was changed then. */
  bind(connection: Connection, login: LoggedIn): Promise<Bound>;
  /** The route points here, as far as the bus can be asked. */
  isHere(address: DeviceAddress): Promise<boolean>;
  isRevoked(login: LoggedIn): Promise<boolean>;
  /** Who is in may stay in beside the newcomer. */
  mayBeSeveral(address: DeviceAddress): boolean;
  /** The device is in. */
  onOnline(connection: Connection): void;
  /** Removes the route of a device that is gone. With `graceMs` it counts as on its way for so long. */
  unbind(connection: Connection, left?: Left): Promise<void>;
}

export type Bound = FoundBeside | 'revoked' | 'occupied';

export interface Left {
  readonly graceMs?: number;
  /** The close code. */
  readonly code?: number;
  /** Another connection is the device of the address, or about to be: only what is this one's own goes. */
  readonly isReplaced?: boolean;
}

/** Gives a device that has come online what was kept for it. */
export interface KeptMessages {
  catchUp(connection: Connection): void;
}

/** What a login has to know of topics. */
export interface LoginTopics {
  /** Before the route points here: changes of what its user is in may come as soon as it does. */
  expect(connection: Connection, address: DeviceAddress): void;
  /** Learns what the user of a device is in, at once where it can. After the route points here, and before the login is answered. */
  enter(login: TopicsLogin): Promise<void> | undefined;
  /** Gives it what it missed of them. In the moment after the answer. */
  giveMissed(connection: Connection, address: DeviceAddress): void;
}

export interface TopicsLogin {
  readonly connection: Connection;
  readonly address: DeviceAddress;
  /** False when the user was in none as the route was written. */
  readonly mayHaveTopics: boolean;
  /** How far the device has the messages of topics, when it wants to miss none. */
  readonly asked: unknown;
}

/** Devices that are gone. */
export interface LoginDepartures {
  /** Takes back what was written for one that has gone meanwhile. */
  repeat(connection: Connection): Promise<void>;
}

export interface LoginDeps {
  readonly departures: LoginDepartures;
  readonly topics: LoginTopics;
  readonly authenticate: Authenticate;
  readonly devices: Devices;
  readonly routes: LoginRoutes;
  readonly kept: KeptMessages;
  readonly terminals: readonly number[];
  readonly tokenExpiry: ResolvedOptions['tokenExpiry'];
  readonly kickGraceMs: number;
  /** What devices that acknowledge are told that this server can do. */
  readonly features: readonly string[];
  /** By user id. */
  readonly userLogins: Quota;
  /** By network. */
  readonly failedLogins: Quota;
  readonly metrics: Pick<ServerMetrics, 'loggedIn'>;
  readonly logger: Logger;
}
