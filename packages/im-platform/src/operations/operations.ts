import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { z } from 'zod';
import type { Health } from './health.ts';
import { processMetrics } from './process-metrics.ts';

export interface OperationDeps {
  readonly health: () => Promise<Health>;
  readonly metrics: Registry;
}

const healthAnswer = z.object({ live: z.boolean(), ready: z.boolean(), reasons: z.array(z.string()) });

/** What operators and their tools ask: without a token, without a limit, and not in box-im's envelope. */
export function operationRoutes(app: FastifyInstance, { health, metrics }: OperationDeps): void {
  const config = { isUnlimited: true };
  const schema = (summary: string, response: object, more: object = {}): object => ({
    ...{ tags: ['Operations'], summary, security: [], response },
    ...more,
  });

  app.get(
    '/healthz',
    { config, schema: schema('Whether the process is alive', { 200: healthAnswer }) },
    (): Health => ({ live: true, ready: true, reasons: [] }),
  );
  app.get(
    '/readyz',
    {
      config,
      schema: schema('Whether this instance can work; 503 when it cannot, or is about to end', {
        200: healthAnswer,
        503: healthAnswer,
      }),
    },
    async (_request, reply) => {
      const now = await health();
      return reply.code(now.ready ? 200 : 503).send(now);
    },
  );
  app.get(
    '/metrics',
    {
      config,
      schema: schema(
        'Metrics in the text format of Prometheus',
        { 200: z.string() },
        { produces: ['text/plain'] },
      ),
    },
    async (_request, reply) => {
      const all = Registry.merge([metrics, processMetrics()]);
      return reply.type(all.contentType).send(await all.metrics());
    },
  );
}
