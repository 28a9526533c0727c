import type { FastifyInstance } from 'fastify';
import type { Bus } from 'im-common/bus';
import { readServers, type ServerRow } from 'im-common/internal/bus';
import { z } from 'zod';
import { limitOf, time, toTime } from '../api/values.ts';
import type { LimitHit, LimitHits } from '../limits/limit-hits.ts';
import { addAdminRoute, type AdminRouteDeps } from './admin-route.ts';

const usual = 100;

const server = z
  .object({
    id: z.int(),
    state: z.enum(['live', 'draining', 'late', 'dead', 'left']).meta({
      description:
        '`draining`: it sends its devices elsewhere. `late`: its lease is over, and nobody has declared it dead yet. `dead`: the others did, in the last 11 minutes. `left`: it ended in order since then',
    }),
    forMs: z.int().nullable().meta({ description: 'For how long it has been late, dead, or away' }),
    address: z.string().nullable(),
    connections: z.int().nullable(),
    waiting: z.int().meta({ description: 'Entries that wait on its lists: its queue' }),
    startedAt: time.nullable(),
    features: z.array(z.string()).meta({
      description: 'What it can do that servers before it could not; a server announces no version',
    }),
  })
  .meta({ id: 'PushServer' });

function toServer({ id, state, sinceMs, info, waiting }: ServerRow): z.input<typeof server> {
  return {
    ...{ id, state, forMs: sinceMs === undefined ? null : Math.round(sinceMs) },
    ...{ address: info?.address ?? null, connections: info?.connections ?? null, waiting },
    startedAt: info && info.startedAt > 0 ? toTime(info.startedAt) : null,
    features: [...(info?.features ?? [])],
  };
}

const hit = z
  .object({
    who: z
      .string()
      .meta({ description: '`user:7`, `key:…` of a back end, `network:…` of whoever is neither' }),
    route: z.string(),
    reason: z.string().meta({ description: 'Which limit: the name of the text that was answered' }),
    times: z.int(),
    firstAt: time,
    lastAt: time,
  })
  .meta({ id: 'LimitHit' });

function toHit({ firstTime, lastTime, ...more }: LimitHit): z.input<typeof hit> {
  return { ...more, firstAt: toTime(firstTime), lastAt: toTime(lastTime) };
}

/** How the system does that is run. */
export function operationApi(
  app: FastifyInstance,
  deps: AdminRouteDeps,
  { bus, hits }: { readonly bus: Bus; readonly hits: LimitHits },
): void {
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/servers',
    name: 'adminListServers',
    summary:
      'The push servers with their load, the lowest id first; those of box-im announce themselves nowhere',
    answer: z.object({ items: z.array(server) }),
    subject: () => 'servers',
    handle: async () => ({ items: (await readServers(bus)).map(toServer) }),
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/limits',
    name: 'adminListLimitHits',
    summary: 'Who hit which limit last, at the instance that is asked',
    query: z.strictObject({ limit: limitOf(1_000, usual) }),
    answer: z.object({
      since: time.meta({ description: 'When this instance began to count; it keeps the newest 1,000' }),
      items: z.array(hit),
    }),
    subject: () => 'limits',
    handle: ({ query: { limit = usual } }) =>
      Promise.resolve({ since: toTime(hits.startTime), items: hits.newest(limit).map(toHit) }),
  });
}
