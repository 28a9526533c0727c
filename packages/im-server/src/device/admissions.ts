import type { Logger } from 'im-common';
import { Quota } from 'im-common/internal/network';
import { rateLimited } from '../metrics/rate-limited-logger.ts';
import type { PostAnswer, Refusal, ServerMetrics } from '../metrics/metrics.ts';
import type { ResolvedOptions } from '../options/options.ts';
import type { DeviceLink } from '../wire/link.ts';
import type { Admission } from '../wire/listen.ts';
import { createAuthenticate } from './authenticate.ts';
import { onDeviceText, type CommandDeps } from './commands.ts';
import { Connection, type ConnectionDeps } from './connection.ts';
import type { Departures } from './departures.ts';
import type { Devices } from './devices.ts';
import { closeGoingElsewhere } from './going-elsewhere.ts';
import type { KeptMessages, LoginRoutes, LoginTopics } from './login-deps.ts';
import { nowMs } from './now-ms.ts';
import { WriteRound } from './write-round.ts';

export interface AdmissionsDeps {
  readonly features: readonly string[];
  readonly options: ResolvedOptions;
  readonly devices: Devices;
  readonly routes: LoginRoutes;
  readonly kept: KeptMessages;
  readonly topics: LoginTopics;
  readonly departures: Departures;
  readonly metrics: ServerMetrics;
  readonly onUplink: CommandDeps['onUplink'];
  readonly onReply: CommandDeps['onReply'];
  /** The connection takes and says nothing any more. */
  readonly onLost: (connection: Connection) => void;
  /** Devices may come in. */
  readonly isOpen: () => boolean;
}

/** Of refusals that somebody's configuration causes, who then sees devices that cannot connect and no reason. */
const hints: Readonly<Partial<Record<Refusal, string>>> = {
  path: 'a device was refused: it asked for another path than the option path (404)',
  origin: 'a device was refused: its page is not among allowedOrigins (403)',
  tls: 'a device was refused: it spoke TLS to a port without (wss:// instead of ws://), or the other way round',
};

const sameRefusalMs = 60_000;
/** Of logins that do not come about, for each reason. */
const sameLoginMs = 10_000;

/** Lets devices in, up to the limits. */
export class Admissions implements Admission {
  readonly #deps: AdmissionsDeps;
  readonly #connectionDeps: ConnectionDeps;
  readonly #refusalLogger: Logger;

  constructor(deps: AdmissionsDeps) {
    this.#deps = deps;
    const {
      departures,
      devices,
      features,
      kept,
      metrics,
      onLost,
      onReply,
      onUplink,
      options,
      routes,
      topics,
    } = deps;
    this.#refusalLogger = rateLimited(options.logger, sameRefusalMs);
    const commandDeps: CommandDeps = {
      ...{
        ...options,
        departures,
        features,
        devices,
        routes,
        kept,
        metrics,
        onReply,
        onUplink,
        topics,
        logger: rateLimited(options.logger, sameLoginMs),
      },
      authenticate: createAuthenticate(options),
      userLogins: new Quota(options.maxLoginsPerUser),
      failedLogins: new Quota(options.maxFailedLoginsPerAddress),
    };
    const { proof, maxBufferedBytes, maxBytesPerSecond, maxFramesPerSecond } = options;
    this.#connectionDeps = {
      options: { proof, maxBufferedBytes, maxBytesPerSecond, maxFramesPerSecond },
      writeRound: new WriteRound(),
      onText: (connection, text) => {
        onDeviceText(connection, text, commandDeps);
      },
      onHigh: (what) => {
        metrics.high(what, 1);
      },
      onWrite: (bytes) => {
        metrics.sent(bytes);
      },
      onLost: (connection, code) => {
        departures.add(connection, code);
        onLost(connection);
      },
      onGone: (connection, code) => {
        metrics.closed(code);
        devices.remove(connection);
      },
    };
  }

  refusal(remoteAddress: string): Exclude<Refusal, 'tls'> | undefined {
    const { devices, isOpen, options } = this.#deps;
    if (!isOpen()) return 'draining';
    if (devices.count >= options.maxConnections) return 'full';
    if (devices.countFrom(remoteAddress) >= options.maxConnectionsPerAddress) return 'address';
    const strangers = devices.strangersFrom(remoteAddress);
    return strangers >= options.maxUnauthenticatedPerAddress ? 'unauthenticated' : undefined;
  }

  strangersFrom(remoteAddress: string): number {
    return this.#deps.devices.strangersFrom(remoteAddress);
  }

  onRefused(reason: Refusal): void {
    this.#deps.metrics.refusedConnection(reason);
    const hint = hints[reason];
    if (hint !== undefined) this.#refusalLogger.warn({ reason }, hint);
  }

  onPost(answer: PostAnswer): void {
    this.#deps.metrics.posted(answer);
  }

  onLink(link: DeviceLink): void {
    const { devices, isOpen } = this.#deps;
    const connection = new Connection(link, this.#connectionDeps, nowMs());
    devices.add(connection);
    // The handshake took its time, and the server may have begun to drain meanwhile.
    if (!isOpen()) closeGoingElsewhere([connection]);
  }
}
