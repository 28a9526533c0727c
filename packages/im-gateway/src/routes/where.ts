import type { FastifyInstance } from 'fastify';
import type { ImClient } from 'im-client';
import { z } from 'zod';
import { noServer } from '../http/gateway-error.ts';
import { addRoute } from '../http/route.ts';

/** Devices ask here, from pages of any origin and without a key: addresses of servers are no secret. */
export function addWhereRoute(app: FastifyInstance, im: ImClient, ttlMs: number): void {
  addRoute(app, {
    method: 'GET',
    url: '/v1/where',
    summary: 'Where a device may connect',
    scope: 'device',
    answer: z.object({
      urls: z.array(z.string()).min(1).meta({ description: 'The best one first' }),
      ttlMs: z.int().meta({ description: 'For how long that is true' }),
    }),
    handle: async (_body, _request, reply) => {
      void reply.header('access-control-allow-origin', '*');
      const { urls } = await im.where({ ttlMs });
      // The caches of browsers see to it that devices do not ask more often.
      void reply.header(
        'cache-control',
        urls.length > 0 ? `private, max-age=${Math.floor(ttlMs / 1_000)}` : 'no-store',
      );
      if (urls.length > 0) return { urls: [...urls], ttlMs };
      throw noServer('No push server is alive that takes devices.');
    },
  });
}
