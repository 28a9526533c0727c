import { randomBytes } from 'node:crypto';
import type { DeviceAddress } from 'im-common';
import type { Bus, GroupView } from 'im-common/bus';
import {
  deadKeptMs,
  drainNotice,
  encodeServerInfo,
  leftNotice,
  Membership,
  serverGroup,
  type Entry,
  type Producer,
  type ServerInfo,
  type TraceStore,
} from 'im-common/internal/bus';
import type { Devices } from '../device/devices.ts';
import type { Logger } from 'im-common';
import { rateLimited } from '../metrics/rate-limited-logger.ts';
import type { ServerMetrics } from '../metrics/metrics.ts';
import type { ResolvedOptions } from '../options/options.ts';
import { applyForceLogouts, type ForceLogoutDeps } from '../device/force-logouts.ts';
import type { InFlightLimit } from '../pull/in-flight-limit.ts';
import { HighTraffic } from '../pull/high-traffic.ts';
import { pullLists } from '../pull/pull-lists.ts';
import type { KeepInstead } from '../kept/keep-instead.ts';
import type { Pusher } from '../push/pusher.ts';
import type { Reporter } from '../report/reporter.ts';
import type { SessionKeeper } from '../sessions/session-keeper.ts';
import { RecentMedian } from './recent-median.ts';
import { emptyLists } from './empty-lists.ts';
import type { Routes } from './routes.ts';
import { DeadServers, type DeadServersDeps } from './dead-servers.ts';

export interface RegistrationDeps {
  readonly bus: Bus;
  readonly options: Pick<
    ResolvedOptions,
    'leaseMs' | 'pullBatch' | 'maxInFlight' | 'kickGraceMs' | 'refreshRoutesMs' | 'reconnectGraceMs'
  >;
  readonly devices: Devices;
  readonly routes: Routes;
  readonly keeper: SessionKeeper;
  readonly orderOthers: ForceLogoutDeps['orderOthers'];
  readonly endsSessionsFirst: boolean;
  readonly traces: Pick<TraceStore, 'look'>;
  readonly endSessions: DeadServersDeps['endSessions'];
  readonly reporter: Reporter;
  readonly keepInstead: KeepInstead;
  readonly pusher: Pusher;
  readonly topics: {
    leftMembers(entry: Entry): DeviceAddress[];
    refresh(): Promise<void>;
    forget(): void;
  };
  readonly limit: InFlightLimit;
  readonly producer: Producer;
  readonly metrics: ServerMetrics;
  readonly logger: Logger;
  readonly info: () => ServerInfo;
  /** This is over: everything that was ours may be somebody else's by now. */
  readonly onDeclaredDead: () => void;
  /** An operator wants this server to drain (P-10.14). Called again until it does. */
  readonly onDrainOrdered: () => void;
}

const nothing: ReadonlyMap<string, string> = new Map();
/** Renewals whose median says how fast the bus is: three of them that are slow, or quick again, are enough to change it. */
const recentRenewals = 5;

/** A server's time under one id: from the id to the hand-over, or until others have declared it dead. */
export class Registration {
  readonly membership: Membership;
  readonly #deps: RegistrationDeps;
  readonly #latencyMs = new RecentMedian(recentRenewals);
  readonly #deadServers: DeadServers;
  readonly #stopPulling = new AbortController();
  #pulling: Promise<void> | undefined;
  #refreshing: Promise<void> | undefined;
  #refreshWanted = false;
  #refreshedAt = performance.now();

  constructor(deps: RegistrationDeps) {
    this.#deps = deps;
    const { bus, logger, metrics } = deps;
    this.membership = new Membership({
      registry: bus.registry,
      group: serverGroup,
      leaseMs: deps.options.leaseMs,
      newIdentity: async () => ({
        id: String(await bus.registry.nextServerId()),
        boot: randomBytes(9).toString('base64url'),
      }),
      info: () => encodeServerInfo(deps.info()),
      onForgotten: () => {
        logger.warn({ server: this.serverId }, 'the bus had forgotten this server; routes are written again');
        this.#refreshWanted = true;
      },
      onDeclaredDead: () => {
        this.#stopPulling.abort();
        deps.onDeclaredDead();
      },
      onView: (view) => {
        this.#onView(view);
      },
      onBus: (error) => {
        this.#onBus(error);
      },
      onLatency: (ms) => {
        this.#latencyMs.add(ms);
        metrics.busLatency(ms);
      },
    });
    this.#deadServers = new DeadServers({
      ...deps,
      me: () => this.membership,
      leaseMs: deps.options.leaseMs,
      graceMs: deps.options.reconnectGraceMs,
      onTakenOver: (entries) => {
        metrics.tookOver(entries);
      },
      onDeath: () => {
        this.#refreshWanted = true;
      },
    });
  }

  /** 0 before the start. */
  get serverId(): number {
    return Number(this.membership.id);
  }

  /** What a renewal took, the last ones' median. */
  get busLatencyMs(): number {
    return this.#latencyMs.value;
  }

  async start(): Promise<void> {
    await this.membership.join();
    const { bus, devices, metrics, options, orderOthers, routes, limit, pusher } = this.#deps;
    const logger = rateLimited(this.#deps.logger);
    this.#pulling = pullLists({
      lists: bus.lists,
      membership: this.membership,
      pullBatch: Math.min(options.pullBatch, options.maxInFlight),
      highTraffic: new HighTraffic(options, metrics),
      signal: this.#stopPulling.signal,
      limit,
      pusher,
      onForceLogouts: (batch) =>
        applyForceLogouts(batch, {
          devices,
          routes,
          orderOthers,
          kickGraceMs: options.kickGraceMs,
          onMalformed: (problem) => {
            logger.warn({ problem }, 'a force-logout order could not be read; it is ignored');
          },
        }),
    });
  }

  /** Takes nothing more. What was taken before is still to be pushed and reported. */
  async stopPulling(): Promise<void> {
    this.#stopPulling.abort();
    await this.#pulling;
  }

  /** Gives what is left on the lists to the others, and gives up the id. Nothing of what was taken may be under way. */
  async end(): Promise<void> {
    const { bus, keepInstead, options, producer, reporter, topics } = this.#deps;
    await this.stopPulling();
    await this.#deadServers.whenIdle();
    await this.#refreshing;
    const { membership } = this;
    if (membership.isOver) return;
    // The lease goes on: without it the others would empty the same lists at the same time.
    const mayGoOn = (): Promise<boolean> => Promise.resolve(!membership.isOver);
    const patientUntil = performance.now() + options.reconnectGraceMs;
    const leftMembers = (entry: Entry): DeviceAddress[] => topics.leftMembers(entry);
    await emptyLists(this.serverId, 'DRAINING', {
      ...{ bus, producer, reporter, keepInstead, leftMembers },
      ...{ mayGoOn, patientUntil },
    });
    // For who looks what became of it; nothing hangs on it.
    const notice = [leftNotice(this.serverId), membership.boot, deadKeptMs(serverGroup)] as const;
    await bus.registry.post(serverGroup, ...notice).catch(() => undefined);
    await membership.leave();
  }

  #onView(view: GroupView): void {
    if (this.#stopPulling.signal.aborted) return;
    this.#deadServers.look(view);
    // Of an order to another life of this id the boot is another one.
    if (view.notices?.get(drainNotice(this.serverId)) === this.membership.boot) this.#deps.onDrainOrdered();
    const { keeper, options, routes, topics, traces } = this.#deps;
    traces.look(view.notices);
    keeper.onNotices(view.notices ?? nothing);
    if (this.#refreshing) return;
    const isDue =
      this.#refreshWanted ||
      keeper.needsRefresh ||
      performance.now() - this.#refreshedAt > options.refreshRoutesMs;
    if (!isDue && !routes.hasLeft) return;
    if (isDue) {
      this.#refreshWanted = false;
      this.#refreshedAt = performance.now();
    }
    const refresh = (): Promise<void> => routes.refresh().then(() => topics.refresh());
    this.#refreshing = (isDue ? refresh() : routes.removeLeft())
      .catch((error: unknown) => {
        this.#refreshWanted = true;
        this.#deps.logger.warn({ err: error }, 'routes could not be written again; it is tried again');
      })
      .finally(() => (this.#refreshing = undefined));
  }

  #onBus(error: unknown): void {
    const { logger } = this.#deps;
    if (error === undefined) {
      logger.info({ server: this.serverId }, 'the bus is back');
      this.#refreshWanted = true;
    } else {
      logger.error({ err: error, server: this.serverId }, 'the bus is away; devices stay, pushes wait');
      this.#deadServers.forget();
    }
  }
}
