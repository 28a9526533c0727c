import { setMaxListeners } from 'node:events';
import {
  createImClient,
  type ImClient,
  type ImResult,
  type KeptResult,
  type ListenerContext,
  type PresenceHandler,
} from 'im-client';
import { createRedisBus, type Bus } from 'im-common/bus';
import { toRedisBusOptions } from 'im-common/internal/bus';
import { endingOf, listenError } from 'im-common/internal/network';
import { createHealthCheck, type GatewayHealth } from './health.ts';
import { createApp } from './http/app.ts';
import { Keys } from './http/keys.ts';
import { GatewayMetrics } from './metrics.ts';
import type { GatewayOptions, ResolvedOptions } from './options.ts';
import { resolveOptions } from './resolve-options.ts';
import { addLetterRoutes } from './routes/letters.ts';
import { addPushRoutes } from './routes/push.ts';
import { addServerRoutes } from './routes/servers.ts';
import { addTopicRoutes } from './routes/topics.ts';
import { addUserRoutes } from './routes/users.ts';
import { addWhereRoute } from './routes/where.ts';
import { resultText } from './webhooks/events.ts';
import { uplinkHandler } from './webhooks/uplinks.ts';
import { Webhooks } from './webhooks/webhooks.ts';

/**
 * An HTTP door to the push transport for back ends that are not Node. Nothing happens before `start()`.
 *
 * @example
 * const gateway = createGateway({ redis: 'redis://127.0.0.1:6379', apiKey: process.env.IM_GATEWAY_API_KEY });
 * await gateway.start();
 */
export function createGateway(options: GatewayOptions): Gateway {
  return Gateway.create(resolveOptions(options));
}

/** How long requests that are under way may hold up the end. */
const longestEndMs = 10_000;

/** Then it is a dead letter. Uplinks of the same user wait meanwhile. */
const uplinkRetriesMs: readonly number[] = [500, 2_000, 10_000, 30_000];

/** What {@link createGateway} returns. */
export class Gateway implements AsyncDisposable {
  readonly #options: ResolvedOptions;
  readonly #bus: Bus;
  readonly #im: ImClient;
  readonly #metrics = new GatewayMetrics();
  readonly #webhooks: Webhooks | undefined;
  readonly #health: () => Promise<GatewayHealth>;
  readonly #closing = new AbortController();
  #phase: 'new' | 'running' | 'closed' = 'new';
  #endHttp: ReturnType<typeof endingOf> | undefined;
  #url = '';
  #closed: Promise<void> | undefined;

  private constructor(options: ResolvedOptions) {
    const { bus, redis, service, terminals, webhook, maxMessageBytes, logger } = options;
    // Each request that waits for results listens to it.
    setMaxListeners(0, this.#closing.signal);
    this.#options = options;
    this.#bus = bus ?? createRedisBus(toRedisBusOptions(redis ?? ''));
    this.#im = createImClient({
      ...{ service, bus: this.#bus, terminals, maxMessageBytes, logger },
      metrics: this.#metrics.registry,
    });
    if (webhook) {
      this.#webhooks = new Webhooks({
        ...{ bus: this.#bus, service, logger, metrics: this.#metrics },
        receiver: { ...webhook, timeoutMs: options.webhookTimeoutMs },
        keepMs: options.webhookKeepMs,
        maxBytes: options.webhookMaxBytes,
      });
      this.#metrics.readWaiting = () => this.#webhooks?.waiting() ?? Promise.resolve(0);
    }
    this.#health = createHealthCheck({
      bus: this.#bus,
      phase: () => this.#phase,
      webhookProblem: () => this.#webhooks?.problem,
    });
  }

  /** @internal */
  static create(options: ResolvedOptions): Gateway {
    return new Gateway(options);
  }

  /** Where back ends call, e.g. `http://127.0.0.1:8880`. Empty before the start. */
  get url(): string {
    return this.#url;
  }

  health(): Promise<GatewayHealth> {
    return this.#health();
  }

  metricsText(): Promise<string> {
    return this.#metrics.text();
  }

  async start(): Promise<void> {
    const { bus, host, port, logger, service } = this.#options;
    if (!bus) await this.#bus.start();
    await this.#im.start();
    this.#listen();
    this.#webhooks?.start();
    const keys = new Keys(this.#options.keys, this.#options.apiKeys);
    if (keys.count === 0) logger.warn({}, 'there is no key, so nobody can call: give keys or apiKey');
    const app = await createApp(this.#options, { keys, closing: this.#closing.signal });
    this.#endHttp = endingOf(app);
    app.server.maxConnections = this.#options.maxConnections;
    this.#metrics.measureRequests(app);
    addPushRoutes(app, this.#im, this.#closing.signal);
    addUserRoutes(app, this.#im);
    addTopicRoutes(app, this.#im);
    addServerRoutes(app, this.#im);
    addWhereRoute(app, this.#im, this.#options.whereTtlMs);
    addLetterRoutes(app, this.#im, `queue:webhook:${service}`);
    try {
      this.#url = await app.listen({ host, port });
    } catch (error) {
      throw listenError(error, 'port', host, port);
    }
    this.#phase = 'running';
  }

  /** Takes no more requests, answers those under way, and leaves what waits for other gateways. May be called again. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #listen(): void {
    const webhooks = this.#webhooks;
    const name = 'webhook';
    // Without a listener results would wait on a list for one.
    const tell =
      (type: 'results' | 'kept') =>
      (results: readonly (ImResult | KeptResult)[], { attempt }: ListenerContext) =>
        webhooks?.tell(type, results.map(resultText), attempt);
    this.#im.on('all', tell('results'), { name });
    this.#im.on('kept', tell('kept'), { name });
    if (!webhooks) return;
    this.#listenToUplinks();
    if (!this.#options.webhookPresence) return;
    const tellPresence: PresenceHandler = (events, { attempt }) =>
      webhooks.tell(
        'presence',
        events.map((event) => JSON.stringify(event)),
        attempt,
      );
    // What is on the list is not lost with this process.
    this.#im.on('presence', tellPresence, { name, resume: true });
  }

  #listenToUplinks(): void {
    const { service, uplinks = [], webhook, webhookTimeoutMs } = this.#options;
    if (!webhook) return;
    const receiver = { ...webhook, timeoutMs: webhookTimeoutMs };
    for (const to of uplinks) {
      this.#im.onUplink(to, uplinkHandler(to, service, receiver), {
        retryDelaysMs: uplinkRetriesMs,
        listenerTimeoutMs: webhookTimeoutMs + 1_000,
      });
    }
  }

  async #close(): Promise<void> {
    this.#phase = 'closed';
    this.#closing.abort();
    await this.#endHttp?.({ longestMs: longestEndMs });
    await this.#im.close();
    await this.#webhooks?.close();
    if (!this.#options.bus) await this.#bus.close();
  }
}
