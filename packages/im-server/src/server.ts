import { createRedisBus, type Bus } from 'im-common/bus';
import { BusClock, toRedisBusOptions } from 'im-common/internal/bus';
import { checkSecrets } from 'im-common/token';
import { closeProducers, createProducers, type Producers } from './cluster/producers.ts';
import { Registration } from './cluster/registration.ts';
import { Registrations } from './cluster/registrations.ts';
import { rerouteOnce } from './cluster/reroute.ts';
import { Routes } from './cluster/routes.ts';
import { withTimeout } from './cluster/with-timeout.ts';
import type { Connection } from './device/connection.ts';
import { Admissions } from './device/admissions.ts';
import { Departures } from './device/departures.ts';
import { Devices } from './device/devices.ts';
import { closeGoingElsewhere, drainDevices, leaveProofMs } from './device/going-elsewhere.ts';
import { sweep } from './device/sweep.ts';
import { featuresOf } from './features.ts';
import { ImServer } from './im-server.ts';
import type { KeepWhere } from './kept/keep-instead.ts';
import { keepMessages, type MessageKeeping } from './kept/keep-messages.ts';
import type { Sweeper } from './kept/sweeper.ts';
import { Lifecycle } from './lifecycle.ts';
import { exposeGauges } from './metrics/gauges.ts';
import { healthOf, type Health } from './metrics/health.ts';
import { ServerMetrics } from './metrics/metrics.ts';
import { rateLimited } from './metrics/rate-limited-logger.ts';
import type { ImServerOptions, ResolvedOptions } from './options/options.ts';
import { resolveOptions } from './options/resolve-options.ts';
import { InFlightLimit } from './pull/in-flight-limit.ts';
import { Pusher } from './push/pusher.ts';
import { Reporter } from './report/reporter.ts';
import { keepSessions, type KeptSessions } from './sessions/keep-sessions.ts';
import { Topics } from './topics/topics.ts';
import { carryCall } from './uplink/calls.ts';
import { DeviceRequests } from './uplink/device-requests.ts';
import { UplinkIntake } from './uplink/uplink-intake.ts';
import { Listener } from './wire/listen.ts';
import { announcedUrl, isLoopback, localUrl } from './wire/urls.ts';

/**
 * A push server: holds device connections, pulls its own lists, pushes, reports. Nothing happens before `start()`.
 *
 * @example
 * const server = createImServer({ redis: 'redis://127.0.0.1:6379', jwtSecret: process.env.JWT_SECRET });
 * await server.start();
 */
export function createImServer(options: ImServerOptions): ImServer {
  return new Server(resolveOptions(options));
}

const sweepMs = 500;
const tidyMs = 250;
/** How long an end may wait for a bus that does not answer. */
const endTimeoutMs = 5_000;

/** Puts the folders together, in the order of a message's path, and starts and ends them. */
class Server extends ImServer {
  readonly metrics: ServerMetrics = new ServerMetrics();
  readonly #options: ResolvedOptions;
  readonly #warnings: readonly string[];
  readonly #bus: Bus;
  readonly #devices = new Devices();
  readonly #producers: Producers;
  readonly #reporter: Reporter;
  readonly #registrations: Registrations;
  readonly #departures: Departures;
  readonly #sessions: KeptSessions;
  readonly #topics: Topics;
  readonly #listener: Listener;
  readonly #keptSweeper: Sweeper;
  readonly #clock: BusClock;
  readonly #startedAt = Date.now();
  readonly #life = new Lifecycle({ start: () => this.#start(), end: (atOnce) => this.#end(atOnce) });
  #timers: readonly NodeJS.Timeout[] = [];

  constructor(options: ResolvedOptions) {
    super();
    this.#options = options;
    this.#warnings = checkSecrets('jwtSecret', options.jwtSecrets);
    const { logger, redis, kickGraceMs, maxMessageBytes, reconnectGraceMs } = options;
    const { metrics } = this;
    const devices = this.#devices;
    const features = featuresOf(options);
    const bus = (this.#bus = options.bus ?? createRedisBus(toRedisBusOptions(redis ?? '')));

    // What knows this server's id of the moment is asked when it is needed.
    const serverId = (): number => registrations.serverId;
    const whenOwner = (): Promise<boolean> | undefined => registrations.whenOwner();
    const producers = (this.#producers = createProducers(bus.lists, (id) => registrations.knows(id)));
    const { entries: producer } = producers;
    const reporter = new Reporter({
      ...{ ...producers, lists: bus.lists, metrics, serverId, whenOwner },
      logger: rateLimited(logger),
    });
    const isOwner = (): boolean | Promise<boolean> => registrations.isOwner();
    const sessions = (this.#sessions = keepSessions({
      ...{ bus, devices, metrics, producers, serverId },
      ...{ sessions: options.sessions, terminals: options.terminals },
    }));
    const { keeper, endSessions } = sessions;
    const onKept = (connection: Connection): void => messages.catchUp.catchUp(connection);
    const routes = new Routes({ bus, producer, devices, keeper, kickGraceMs, serverId, isOwner, onKept });
    const topics = (this.#topics = new Topics({ bus, devices, serverId, logger }));
    const requests = new DeviceRequests({
      devices,
      replies: producers.replies,
      logger: rateLimited(logger),
    });
    const reroute: KeepWhere['reroute'] = (kind, entries) =>
      rerouteOnce(kind, entries, { bus, producer, routes, notTo: serverId() });
    const messages: MessageKeeping = keepMessages({
      ...{ bus, devices, producers, metrics, serverId, whenOwner, reroute },
      logger: rateLimited(logger),
    });
    const { keepInstead, keeping } = messages;
    const clock = (this.#clock = new BusClock(() => bus.kept.now()));
    this.#keptSweeper = messages.sweeper;
    const pusher = new Pusher({
      ...{ devices, reporter, metrics, topics, maxMessageBytes, keeping },
      hasPassed: (moment) => (clock.now ?? 0) > moment,
      onCall: (cmd, entry) => {
        carryCall(cmd, entry, { devices, requests });
      },
      pursuit: {
        // A device that leaves has to go first.
        waitMs: reconnectGraceMs > 0 ? leaveProofMs + reconnectGraceMs : 0,
        mostWaiting: options.maxInFlight / 2,
        reroute,
        reason: () => (this.#life.phase === 'draining' ? 'DRAINING' : 'NO_CHANNEL'),
        whenOwner,
      },
    });
    const registrations: Registrations = new Registrations({
      create: (onDeclaredDead) =>
        new Registration({
          ...{ bus, options, devices, routes, topics, keeper, endSessions, reporter, pusher, producer },
          ...{ metrics, keepInstead, logger, onDeclaredDead },
          limit: new InFlightLimit({ options, devices, reporter, signal: registrations.stopping }),
          info: () => ({
            address: announcedUrl(options, this.#listener.port),
            connections: devices.count,
            draining: this.#life.phase !== 'running',
            startedAt: this.#startedAt,
            features,
            ...(keeper.isComplete && { hasTable: true }),
          }),
        }),
      onLost: () => {
        reporter.abandon();
        topics.forget();
        closeGoingElsewhere(devices.all);
        // Afterwards, as what they had not been given yet is looked for then.
        pusher.abandon();
      },
      logger,
    });

    const uplink = new UplinkIntake({
      ...{ options, uplinks: bus.uplinks, serverId, metrics },
      logger: rateLimited(logger),
    });
    this.#departures = new Departures({ devices, routes, topics, reconnectGraceMs, logger });
    const isOpen = (): boolean => this.#life.phase === 'running' && this.id !== undefined;
    this.#listener = new Listener(
      options,
      new Admissions({
        ...{ features, options, devices, routes, topics, kept: messages.catchUp, metrics, isOpen },
        departures: this.#departures,
        onUplink: (connection, text) => uplink.receive(connection, text),
        onReply: (connection, text) => requests.reply(connection, text),
        onLost: (connection) => {
          requests.lose(connection);
        },
      }),
    );
    this.#reporter = reporter;
    this.#registrations = registrations;
    exposeGauges(metrics, { devices, reporter, bus, serverId: () => this.id });
  }

  get id(): number | undefined {
    return this.#registrations.serverId || undefined;
  }

  get url(): string {
    return localUrl(this.#options, this.#listener.port);
  }

  get tcpPort(): number | undefined {
    return this.#listener.tcpPort;
  }

  health(): Health {
    return healthOf(this.#life.phase, this.#registrations.current);
  }

  start(): Promise<void> {
    return this.#life.start();
  }

  drain(): Promise<void> {
    return this.#life.drain();
  }

  close(): Promise<void> {
    return this.#life.close();
  }

  async #start(): Promise<void> {
    for (const warning of this.#warnings) this.#options.logger.warn({}, warning);
    try {
      if (!this.#options.bus) await this.#bus.start();
      // Listening first: a port in use must not leave an id and a lease behind.
      await this.#listener.start();
      this.#warnOfGuess();
      await this.#registrations.start();
    } catch (error) {
      this.#listener.close();
      if (!this.#options.bus) await this.#bus.close();
      throw error;
    }
    await this.#clock.ask().catch(() => undefined);
    this.#keptSweeper.start();
    this.#timers = [
      setInterval(() => {
        sweep(this.#devices.all, this.#options, this.metrics);
      }, sweepMs),
      setInterval(() => {
        this.#reporter.tidy(performance.now());
        this.#topics.tidy(performance.now());
      }, tidyMs),
    ];
  }

  /** P-17.10: what backends tell devices may be no name that these know. */
  #warnOfGuess(): void {
    const { host, logger, publicUrl } = this.#options;
    if (publicUrl !== undefined || isLoopback(host)) return;
    const address = announcedUrl(this.#options, this.#listener.port);
    logger.warn(
      { address },
      'publicUrl is not set, and a server cannot guess by which address devices reach it: backends that ask where to connect get this one',
    );
  }

  async #end(atOnce: AbortSignal): Promise<void> {
    const { bus, drainMs, logger } = this.#options;
    await this.#registrations.stop();
    this.#listener.stop();
    await withTimeout(endTimeoutMs, this.#registrations.current?.membership.renewNow()); // the others see that we drain
    await drainDevices(this.#devices, drainMs, atOnce);
    await withTimeout(endTimeoutMs, this.#topics.whenNoneDeparts(atOnce));
    try {
      await withTimeout(endTimeoutMs, this.#registrations.current?.stopPulling());
      await this.#reporter.whenEmpty(endTimeoutMs);
      // What is not settled yet would be handed over, and pushed and reported again.
      await withTimeout(endTimeoutMs, this.#reporter.whenIdle());
      await withTimeout(endTimeoutMs, this.#departures.whenIdle());
      await withTimeout(endTimeoutMs, this.#sessions.teller.whenIdle());
      await withTimeout(endTimeoutMs, this.#registrations.current?.end());
      await withTimeout(endTimeoutMs, this.#reporter.whenIdle());
    } catch (error) {
      logger.warn({ err: error }, 'the lists could not be handed over; another server will find them');
    }
    for (const timer of this.#timers) clearInterval(timer);
    await withTimeout(endTimeoutMs, this.#keptSweeper.stop());
    for (const connection of [...this.#devices.all]) connection.destroy();
    this.#listener.close();
    this.#sessions.teller.close();
    closeProducers(this.#producers);
    await withTimeout(endTimeoutMs, this.#registrations.current?.membership.stop());
    if (!bus) await this.#bus.close();
  }
}
