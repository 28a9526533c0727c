import type { FastifyInstance } from 'fastify';
import type { ImClient } from 'im-client';
import { z } from 'zod';
import { addRoute } from '../http/route.ts';

const server = z.object({
  id: z.int(),
  address: z.string().meta({ description: 'Where devices connect' }),
  connections: z.int(),
  draining: z.boolean(),
});

export function addServerRoutes(app: FastifyInstance, im: ImClient): void {
  addRoute(app, {
    method: 'GET',
    url: '/v1/servers',
    summary: 'The push servers that are alive',
    scope: 'read',
    answer: z.object({ servers: z.array(server) }),
    handle: async () => ({ servers: await im.listServers() }),
  });
}
