import type { FastifyInstance } from 'fastify';
import { exposeBuild } from 'im-common/internal/metrics';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const webhookOutcomes = ['taken', 'refused', 'away', 'dead'] as const;

export type WebhookOutcome = (typeof webhookOutcomes)[number];

/** What one gateway counts. */
export class GatewayMetrics {
  readonly registry: Registry = new Registry();
  /** Webhooks that wait. May fail while the bus is away; then the scrape goes without. */
  readWaiting: () => Promise<number> = async () => 0;
  readonly #webhooks: Counter<'outcome'>;
  readonly #requests: Histogram<'route' | 'status'>;

  constructor() {
    const registers = [this.registry];
    exposeBuild(this.registry, 'im_gateway_build_info', new URL('../package.json', import.meta.url));
    this.#webhooks = new Counter({
      name: 'im_gateway_webhooks_total',
      help: 'Attempts to post a webhook, by what the receiver said; dead: given up.',
      labelNames: ['outcome'],
      registers,
    });
    for (const outcome of webhookOutcomes) this.#webhooks.inc({ outcome }, 0);
    this.#requests = new Histogram({
      name: 'im_gateway_request_seconds',
      help: 'From the head of a request to the end of its answer.',
      labelNames: ['route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    });
    const readWaiting = async (): Promise<number> => this.readWaiting();
    new Gauge({
      name: 'im_gateway_webhooks_waiting',
      help: 'Webhooks on the list of the service, for all its gateways.',
      registers,
      async collect() {
        await readWaiting().then(
          (count) => this.set(count),
          () => this.reset(),
        );
      },
    });
  }

  webhook(outcome: WebhookOutcome): void {
    this.#webhooks.inc({ outcome });
  }

  measureRequests(app: FastifyInstance): void {
    app.addHook('onResponse', (request, reply, done) => {
      // The route and not the address: a label for each path that strangers try would never end.
      const route = request.routeOptions.url ?? 'none';
      this.#requests.observe({ route, status: reply.statusCode }, reply.elapsedTime / 1_000);
      done();
    });
  }

  /** All metrics in Prometheus' text format, those of the process among them. */
  text(): Promise<string> {
    return Registry.merge([this.registry, processRegistry()]).metrics();
  }
}

let ofProcess: Registry | undefined;

/** One for all gateways in this process, as it observes garbage collections. */
function processRegistry(): Registry {
  if (!ofProcess) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}
