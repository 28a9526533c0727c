import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloseCode, ImError } from 'im-common';
import { createRedisBus, type Bus } from 'im-common/bus';
import { toRedisBusOptions, type Producer } from 'im-common/internal/bus';
import { checkSecrets } from 'im-common/token';
import { atMost } from './cluster/with-timeout.ts';
import { rerouteOnce } from './cluster/reroute.ts';
import { Registration } from './cluster/registration.ts';
import { Routes } from './cluster/routes.ts';
import { createAuthenticate } from './device/authenticate.ts';
import { onDeviceText, type CommandOptions } from './device/commands.ts';
import { Connection, type ConnectionHost } from './device/connection.ts';
import { Devices } from './device/devices.ts';
import type { DeviceLink } from './wire/link.ts';
import { Quota } from './device/quota.ts';
import { leaveProofMs, sendAllAway, sendAway } from './device/send-away.ts';
import { sweep } from './device/sweep.ts';
import { wholeMs } from './device/now-ms.ts';
import { exposeGauges } from './metrics/gauges.ts';
import { healthOf, type Health, type Phase } from './metrics/health.ts';
import { Listener } from './wire/listen.ts';
import { sparing } from './metrics/rate-limited-logger.ts';
import { ServerMetrics, type Refusal } from './metrics/metrics.ts';
import type { ImServerOptions, ResolvedOptions } from './options/options.ts';
import { createProducers, type Producers } from './cluster/producers.ts';
import { Pusher } from './push/pusher.ts';
import { Room } from './pull/in-flight-limit.ts';
import { WriteTurn } from './device/write-round.ts';
import { Reporter } from './report/reporter.ts';
import { resolveOptions } from './options/resolve-options.ts';

/** What {@link createImServer} returns. A class, so that dependency injection can name it. */
export abstract class ImServer implements AsyncDisposable {
  /** Connects to the bus, takes an id and listens. Rejects with an ImError that says what to do. */
  abstract start(): Promise<void>;
  /** Ends politely: takes no new devices, sends the others elsewhere over `drainMs`, hands its lists over. */
  abstract drain(): Promise<void>;
  /** The same without taking time over it. May be called twice, and during a drain. */
  abstract close(): Promise<void>;
  abstract [Symbol.asyncDispose](): Promise<void>;
  /** The id that routes to this server carry; undefined while it has none. */
  abstract readonly id: number | undefined;
  /** Where devices connect. */
  abstract readonly url: string;
  abstract readonly tcpPort: number | undefined;
  abstract readonly metrics: ServerMetrics;
  abstract health(): Health;
}

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

/** Of refusals that somebody's configuration causes, who then sees devices that cannot connect and no reason. */
const hints: Readonly<Partial<Record<Refusal, string>>> = {
  path: 'a device was refused: it asked for another path than the option path (404)',
  origin: 'a device was refused: its page is not among allowedOrigins (403)',
  tls: 'a device was refused: it spoke TLS to a port without (wss:// instead of ws://), or the other way round',
};
const sameHintMs = 60_000;

/** P-4.6: closed by the device (normally, by leaving the page, without a code), or put out: nobody comes back by itself. */
const goodbyes: ReadonlySet<number> = new Set([1000, 1001, 1005, CloseCode.KICKED]);

class Server extends ImServer implements ConnectionHost {
  readonly metrics: ServerMetrics = new ServerMetrics();
  readonly #options: ResolvedOptions;
  readonly #warnings: readonly string[];
  readonly #bus: Bus;
  readonly #devices = new Devices();
  readonly #producers: Producers;
  readonly #reporter: Reporter;
  readonly #routes: Routes;
  readonly #pusher: Pusher;
  readonly #writeTurn = new WriteTurn();
  readonly #room: Room;
  readonly #listener: Listener;
  readonly #commands: CommandOptions;
  readonly #startedAt = Date.now();
  #phase: Phase = 'new';
  #registration: Registration | undefined;
  #timers: NodeJS.Timeout[] = [];
  /** The start, or a new beginning under another id, that an end has to wait for. */
  #beginning: Promise<void> | undefined;
  #ending: Promise<void> | undefined;
  readonly #endBegan = new AbortController();
  #hurry = new AbortController();
  #unbinding = new Set<Promise<void>>();

  constructor(options: ResolvedOptions) {
    super();
    this.#options = options;
    this.#warnings = checkSecrets('jwtSecret', options.jwtSecrets);
    const { redis, bus, logger, kickGraceMs } = options;
    this.#bus = bus ?? createRedisBus(toRedisBusOptions(redis ?? ''));
    const { lists } = this.#bus;
    const serverId = (): number => this.#registration?.serverId ?? 0;
    this.#producers = createProducers(
      lists,
      (id) => this.#registration?.membership.knows(String(id)) ?? false,
    );
    const { metrics } = this;
    const sparingLogger = sparing(logger);
    const refusalLogger = sparing(logger, sameHintMs);
    const whenOwner = (): Promise<boolean> | undefined => this.#whenOwner();
    this.#reporter = new Reporter({
      lists,
      ...this.#producers,
      metrics,
      logger: sparingLogger,
      serverId,
      whenOwner,
    });
    this.#routes = new Routes({
      bus: this.#bus,
      producer: this.#producers.entries,
      devices: this.#devices,
      kickGraceMs,
      serverId,
      isOwner: () => this.#registration?.membership.isOwner() ?? false,
    });
    this.#pusher = new Pusher({
      devices: this.#devices,
      reporter: this.#reporter,
      metrics,
      maxMessageBytes: options.maxMessageBytes,
      pursuit: {
        // A device that leaves has to go first.
        waitMs: options.reconnectGraceMs > 0 ? leaveProofMs + options.reconnectGraceMs : 0,
        mostWaiting: options.maxInFlight / 2,
        reroute: (kind, entries) =>
          rerouteOnce(kind, entries, {
            bus: this.#bus,
            producer: this.#producers.entries,
            notTo: serverId(),
            isLeaving: (address) =>
              this.#devices.find(address) !== undefined || this.#routes.isRemoving(address),
          }),
        reason: () => (this.#phase === 'draining' ? 'DRAINING' : 'NO_CHANNEL'),
        whenOwner,
      },
    });
    this.#room = new Room({ ...options, devices: this.#devices, reporter: this.#reporter });
    this.#commands = {
      ...options,
      logger: sparingLogger,
      authenticate: createAuthenticate(options),
      userLogins: new Quota(options.maxLoginsPerUser),
      failedLogins: new Quota(options.maxFailedLoginsPerAddress),
      devices: this.#devices,
      routes: this.#routes,
      metrics,
    };
    this.#listener = new Listener({
      options,
      refusal: (remoteAddress) => this.#refusal(remoteAddress),
      strangersFrom: (remoteAddress) => this.#devices.strangersFrom(remoteAddress),
      onRefused: (reason) => {
        metrics.refusedConnection(reason);
        const hint = hints[reason];
        if (hint !== undefined) refusalLogger.warn({ reason }, hint);
      },
      onLink: (link) => {
        this.#onLink(link);
      },
    });
    exposeGauges(metrics, {
      devices: this.#devices,
      reporter: this.#reporter,
      bus: this.#bus,
      serverId: () => this.id,
    });
  }

  get id(): number | undefined {
    return this.#registration?.serverId || undefined;
  }

  get url(): string {
    const { host, path, tls, publicUrl } = this.#options;
    const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
    return publicUrl ?? `${tls ? 'wss' : 'ws'}://${name}:${this.#listener.port}${path}`;
  }

  get tcpPort(): number | undefined {
    return this.#listener.tcpPort;
  }

  // What connections need (ConnectionHost).

  get proof(): 'written' | 'pong' {
    return this.#options.proof;
  }

  get maxBufferedBytes(): number {
    return this.#options.maxBufferedBytes;
  }

  get maxFramesPerSecond(): number {
    return this.#options.maxFramesPerSecond;
  }

  get maxBytesPerSecond(): number {
    return this.#options.maxBytesPerSecond;
  }

  get turn(): number {
    return this.#writeTurn.number;
  }

  markUnwritten(connection: Connection): void {
    this.#writeTurn.mark(connection);
  }

  async start(): Promise<void> {
    if (this.#phase !== 'new')
      throw new ImError('CLOSED', 'This server was started before; create another one.');
    this.#phase = 'running';
    this.#beginning = this.#start();
    await this.#beginning;
  }

  async #start(): Promise<void> {
    for (const warning of this.#warnings) this.#options.logger.warn({}, warning);
    try {
      if (!this.#options.bus) await this.#bus.start();
      // Listening first: a port in use must not leave an id and a lease behind.
      await this.#listener.start();
      await this.#begin();
    } catch (error) {
      this.#phase = 'closed';
      this.#listener.close();
      if (!this.#options.bus) await this.#bus.close();
      throw error;
    }
    this.#every(sweepMs, () => {
      sweep(this.#devices.all, this.#options, this.metrics);
    });
    this.#every(tidyMs, () => {
      this.#reporter.tidy(performance.now());
    });
  }

  drain(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  close(): Promise<void> {
    this.#hurry.abort();
    return this.drain();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  health(): Health {
    return healthOf(this.#phase, this.#registration);
  }

  onText(connection: Connection, text: string): void {
    onDeviceText(connection, text, this.#commands);
  }

  onLost(connection: Connection, code: number): void {
    const { login } = connection;
    if (!login) return;
    this.#options.logger.debug(
      { user: login.address.id, terminal: login.address.terminal, code },
      'device closed',
    );
    if (!this.#devices.unregister(connection)) return;
    const graceMs = goodbyes.has(code) ? 0 : this.#options.reconnectGraceMs;
    const done = this.#routes.unbind(login.address, graceMs).finally(() => this.#unbinding.delete(done));
    this.#unbinding.add(done);
  }

  onGone(connection: Connection, code: number): void {
    this.metrics.closed(code);
    this.#devices.remove(connection);
  }

  /** Takes an id and begins to pull; again whenever the registration turns out to be over. */
  async #begin(): Promise<void> {
    const { logger } = this.#options;
    const registration = new Registration({
      bus: this.#bus,
      options: this.#options,
      devices: this.#devices,
      routes: this.#routes,
      reporter: this.#reporter,
      producer: this.#producers.entries,
      metrics: this.metrics,
      logger,
      info: () => ({
        address: this.#announcedUrl(),
        connections: this.#devices.count,
        draining: this.#phase !== 'running',
        startedAt: this.#startedAt,
      }),
      whenRoom: () => this.#room.whenFree(this.#endBegan.signal),
      onMessages: (kind, batch, source) => {
        this.#pusher.pushBatch(kind, batch, source);
      },
      onDeclaredDead: () => {
        this.#beginAgain(registration);
      },
    });
    this.#registration = registration;
    try {
      await registration.start();
    } catch (error) {
      this.#registration = undefined;
      throw error;
    }
  }

  #beginAgain(old: Registration): void {
    const { logger } = this.#options;
    logger.error(
      { server: old.serverId },
      'the others took this server for dead; its devices are sent away and it begins again under a new id',
    );
    this.#reporter.abandon();
    this.#pusher.abandon();
    // Before the old id goes: their routes carry it.
    sendAway(this.#devices.all);
    this.#registration = undefined;
    this.#beginning = (async () => {
      await old.end();
      while (this.#phase === 'running') {
        try {
          await this.#begin();
          return;
        } catch (error) {
          logger.warn({ err: error }, 'no new server id yet; it is tried again');
          await sleep(1_000, undefined, { signal: this.#endBegan.signal }).catch(() => undefined);
        }
      }
    })();
  }

  #whenOwner(): Promise<boolean> | undefined {
    const membership = this.#registration?.membership;
    if (membership?.isValid) return undefined;
    if (!membership) return Promise.resolve(false);
    return membership.whenSettled().then(() => membership.isValid);
  }

  #announcedUrl(): string {
    const { publicUrl, host } = this.#options;
    if (publicUrl !== undefined) return publicUrl;
    return host === '0.0.0.0' || host === '::' ? this.url.replace('localhost', hostname()) : this.url;
  }

  #refusal(remoteAddress: string): Exclude<Refusal, 'tls'> | undefined {
    if (this.#phase !== 'running' || this.id === undefined) return 'draining';
    const { maxConnections, maxConnectionsPerAddress, maxUnauthenticatedPerAddress } = this.#options;
    if (this.#devices.count >= maxConnections) return 'full';
    if (this.#devices.countFrom(remoteAddress) >= maxConnectionsPerAddress) return 'address';
    if (this.#devices.strangersFrom(remoteAddress) >= maxUnauthenticatedPerAddress) return 'unauthenticated';
    return undefined;
  }

  #onLink(link: DeviceLink): void {
    const connection = new Connection(link, this, wholeMs());
    this.#devices.add(connection);
    // The handshake took its time, and the end may have begun meanwhile.
    if (this.#phase !== 'running' || this.id === undefined) sendAway([connection]);
  }

  async #end(): Promise<void> {
    const { bus, logger } = this.#options;
    if (this.#phase === 'new' || this.#phase === 'closed') {
      this.#phase = 'closed';
      return;
    }
    this.#phase = 'draining';
    this.#endBegan.abort();
    await this.#beginning?.catch(() => undefined); // told to whoever started
    this.#listener.stop();
    await atMost(endTimeoutMs, this.#registration?.membership.renewNow()); // tells everybody that we drain
    await sendAllAway(this.#devices, this.#options.drainMs, this.#hurry.signal);
    try {
      await atMost(endTimeoutMs, this.#registration?.stopPulling());
      await atMost(endTimeoutMs, this.#whenNothingIsInFlight());
      // What is not settled yet would be handed over, and pushed and reported again.
      await atMost(endTimeoutMs, this.#reporter.whenIdle());
      await atMost(endTimeoutMs, Promise.all(this.#unbinding));
      await atMost(endTimeoutMs, this.#registration?.end());
      await atMost(endTimeoutMs, this.#reporter.whenIdle());
    } catch (error) {
      logger.warn({ err: error }, 'the lists could not be handed over; another server will find them');
    }
    for (const timer of this.#timers) clearInterval(timer);
    for (const connection of [...this.#devices.all]) connection.destroy();
    this.#listener.close();
    for (const producer of Object.values(this.#producers) as Producer[]) producer.close();
    await atMost(endTimeoutMs, this.#registration?.membership.stop());
    if (!bus) await this.#bus.close();
    this.#phase = 'closed';
  }

  async #whenNothingIsInFlight(): Promise<void> {
    while (this.#reporter.inFlight > 0 && this.#phase !== 'closed') {
      this.#reporter.tidy(performance.now());
      await sleep(20);
    }
  }

  #every(ms: number, work: () => void): void {
    this.#timers.push(setInterval(work, ms));
  }
}
