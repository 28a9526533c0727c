import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkSecrets } from 'im-common/token';
import { closeProducers } from './cluster/producers.ts';
import { withTimeout } from './cluster/with-timeout.ts';
import { compose, type Composition } from './composition.ts';
import { drainDevices } from './device/going-elsewhere.ts';
import { sweep } from './device/sweep.ts';
import { ImServer } from './im-server.ts';
import { Lifecycle } from './lifecycle.ts';
import { healthOf, type Health } from './metrics/health.ts';
import { ServerMetrics } from './metrics/metrics.ts';
import type { ImServerOptions, ResolvedOptions } from './options/options.ts';
import { resolveOptions } from './options/resolve-options.ts';
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

/** Starts and ends what `compose` has put together. */
class Server extends ImServer {
  readonly metrics: ServerMetrics = new ServerMetrics();
  readonly drainOrdered: Promise<void>;
  readonly #options: ResolvedOptions;
  readonly #warnings: readonly string[];
  readonly #parts: Composition;
  readonly #life = new Lifecycle({ start: () => this.#start(), end: (atOnce) => this.#end(atOnce) });
  #tellOrdered: () => void = () => undefined;
  #timers: readonly NodeJS.Timeout[] = [];

  constructor(options: ResolvedOptions) {
    super();
    this.#options = options;
    this.#warnings = checkSecrets('jwtSecret', options.jwtSecrets);
    this.drainOrdered = new Promise((resolve) => (this.#tellOrdered = resolve));
    this.#parts = compose(options, this.metrics, {
      phase: () => this.#life.phase,
      onDrainOrdered: () => {
        if (this.#life.phase !== 'running') return;
        options.logger.info({ server: this.id }, 'an operator has ordered this server to drain');
        this.drain().then(undefined, (error: unknown) =>
          options.logger.error({ err: error }, 'the drain that was ordered failed'),
        );
        this.#tellOrdered();
      },
    });
  }

  get id(): number | undefined {
    return this.#parts.registrations.serverId || undefined;
  }

  get url(): string {
    return localUrl(this.#options, this.#parts.listener.port);
  }

  get tcpPort(): number | undefined {
    return this.#parts.listener.tcpPort;
  }

  health(): Health {
    return healthOf(this.#life.phase, this.#parts.registrations.current);
  }

  takeRequest(request: IncomingMessage, response: ServerResponse): boolean {
    return this.#parts.listener.takeRequest(request, response);
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
    const { bus, clock, devices, keptSweeper, listener, registrations, reporter, topics } = this.#parts;
    for (const warning of this.#warnings) this.#options.logger.warn({}, warning);
    try {
      if (!this.#options.bus) await bus.start();
      // Listening first: a port in use must not leave an id and a lease behind.
      await listener.start();
      this.#warnOfGuess();
      await registrations.start();
    } catch (error) {
      listener.close();
      if (!this.#options.bus) await bus.close();
      throw error;
    }
    await clock.ask().catch(() => undefined);
    keptSweeper.start();
    this.#timers = [
      setInterval(() => {
        sweep(devices.all, this.#options, this.metrics);
      }, sweepMs),
      setInterval(() => {
        reporter.tidy(performance.now());
        topics.tidy(performance.now());
      }, tidyMs),
    ];
  }

  /** P-17.10: what backends tell devices may be no name that these know. */
  #warnOfGuess(): void {
    const { host, logger, publicUrl } = this.#options;
    if (publicUrl !== undefined || isLoopback(host)) return;
    const address = announcedUrl(this.#options, this.#parts.listener.port);
    logger.warn(
      { address },
      'publicUrl is not set, and a server cannot guess by which address devices reach it: backends that ask where to connect get this one',
    );
  }

  async #end(atOnce: AbortSignal): Promise<void> {
    const { drainMs, logger } = this.#options;
    const { bus, departures, devices, keptSweeper, listener, producers, registrations } = this.#parts;
    const { reporter, sessions, topics, traces } = this.#parts;
    await registrations.stop();
    listener.stop();
    await inTime(registrations.current?.membership.renewNow()); // the others see that we drain
    await drainDevices(devices, drainMs, atOnce);
    await inTime(topics.whenNoneDeparts(atOnce));
    try {
      await inTime(registrations.current?.stopPulling());
      await reporter.whenEmpty(endTimeoutMs);
      // What is not acknowledged yet would be handed over, and pushed and reported again.
      await inTime(reporter.whenIdle());
      await inTime(departures.whenIdle());
      await inTime(sessions.teller.whenIdle());
      await inTime(registrations.current?.end());
      await inTime(reporter.whenIdle());
    } catch (error) {
      logger.warn({ err: error }, 'the lists could not be handed over; another server will find them');
    }
    for (const timer of this.#timers) clearInterval(timer);
    await inTime(keptSweeper.stop());
    for (const connection of [...devices.all]) connection.destroy();
    listener.close();
    sessions.teller.close();
    closeProducers(producers);
    traces.close();
    await inTime(registrations.current?.membership.stop());
    if (!this.#options.bus) await bus.close();
  }
}

function inTime(end: Promise<unknown> | undefined): Promise<void> {
  return withTimeout(endTimeoutMs, end);
}
