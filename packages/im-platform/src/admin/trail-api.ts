import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, idText, limitOf, time, toTime } from '../api/values.ts';
import type { Trail, TrailRow } from '../admins/trail.ts';
import { addAdminRoute, type AdminRouteDeps } from './admin-route.ts';

const usual = 50;
const rowsPerQuestion = 500;

const deed = z
  .object({
    id: idText('Of the entry; it rises'),
    at: time,
    actorId: z.string().nullable().meta({ description: 'Null: a command on the machine' }),
    action: z.string().meta({ description: 'Which route, or `grantAdmin`, `revokeAdmin`' }),
    subject: z.string().meta({ description: 'What it was done to: `user:7`, `group:5`' }),
    network: z.string().meta({ description: 'From where: an IPv4 address or a /64 of IPv6' }),
    details: z.record(z.string(), z.unknown()).meta({ description: 'What was asked for' }),
  })
  .meta({ id: 'Deed' });

function toDeed({ id, time: at, actorId, details, ...row }: TrailRow): z.output<typeof deed> {
  const { action, subject, network } = row;
  return {
    ...{ id: String(id), at: toTime(at), actorId: actorId === null ? null : String(actorId) },
    ...{ action, subject, network, details: JSON.parse(details) as Record<string, unknown> },
  };
}

export function trailApi(app: FastifyInstance, deps: AdminRouteDeps): void {
  const { trail } = deps;
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/audit',
    name: 'adminListAudit',
    summary: 'What admins did and looked at, the newest first',
    query: z.strictObject({
      actorId: idOf('Of who did it', '1').optional(),
      action: z.string().max(64).optional().meta({ description: 'Which route', example: 'adminBanUser' }),
      subject: z.string().max(128).optional().meta({ description: 'What it was done to', example: 'user:7' }),
      cursor: cursorQuery,
      limit: limitOf(200, usual),
    }),
    answer: pageOf(deed),
    subject: () => 'audit',
    async handle({ query: { cursor, limit = usual, ...about } }) {
      const before = readCursor(cursor, z.int()) ?? Number.MAX_SAFE_INTEGER;
      const rows = await trail.before(before, limit + 1, about);
      return toPage(rows, limit, { placeOf: ({ id }) => id, toItem: toDeed });
    },
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/audit/export',
    name: 'adminExportAudit',
    summary: 'All of it, the oldest first: a line of JSON for each (application/x-ndjson)',
    answer: z.unknown(),
    subject: () => 'audit',
    // Not awaited: it is read as the line takes it.
    handle: ({ reply }) => {
      void reply
        .type('application/x-ndjson; charset=utf-8')
        .header('content-disposition', 'attachment; filename="audit.ndjson"');
      return Promise.resolve(Readable.from(linesOf(trail), { objectMode: false }));
    },
  });
}

async function* linesOf(trail: Trail): AsyncGenerator<string, void, undefined> {
  for (let after = 0; ;) {
    const rows = await trail.after(after, rowsPerQuestion);
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map((row) => `${JSON.stringify(toDeed(row))}\n`).join('');
    after = last.id;
  }
}
