import type { FastifyInstance } from 'fastify';
import { exposeBuild } from 'im-common/internal/metrics';
import { Counter, Histogram, type Registry } from 'prom-client';

/** How long requests take and how many are refused, by route. */
export function measureRequests(app: FastifyInstance, registry: Registry): void {
  exposeBuild(registry, 'im_platform_build_info', new URL('../../package.json', import.meta.url));
  const durations = new Histogram({
    name: 'im_platform_http_request_seconds',
    help: 'Time from the head of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const refusals = new Counter({
    name: 'im_platform_refusals_total',
    help: 'Requests that were refused, by the code and the name of the text in the answer; HTTP says 200 to most of them',
    labelNames: ['route', 'code', 'reason'],
    registers: [registry],
  });
  app.addHook('onResponse', (request, reply, done) => {
    // The route and not the address: a label for each user would never end.
    const route = request.routeOptions.url ?? 'none';
    if (request.refusal) refusals.inc({ route, code: request.refusal.code, reason: request.refusal.key });
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
    done();
  });
}
