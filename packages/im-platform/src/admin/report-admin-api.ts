import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, idText, limitOf, time, toTime } from '../api/values.ts';
import { Refusal } from '../http/refusal.ts';
import { reportReasons, type Report } from '../reports/report.ts';
import { addAdminRoute, type AdminRouteDeps } from './admin-route.ts';

const usual = 50;

const state = z.enum(['open', 'closed']);

const report = z
  .object({
    id: idText('Of the report'),
    reporterId: idText('Who reports'),
    userId: idText('Whom it is about'),
    conversationId: z.string().nullable(),
    number: z.int().nullable().meta({ description: 'Of the message; null: it is about the person' }),
    reason: z.enum(reportReasons),
    text: z.string(),
    evidence: z.record(z.string(), z.unknown()).meta({ description: 'What the reporter saw then' }),
    sentAt: time,
    state,
  })
  .meta({ id: 'AdminReport' });

function toReport({ id, reporterId, userId, conversation, number, reason, text, ...row }: Report) {
  return {
    ...{ id: String(id), reporterId: String(reporterId), userId: String(userId) },
    ...{ conversationId: conversation, number, reason, text },
    evidence: JSON.parse(row.evidence) as Record<string, unknown>,
    ...{ sentAt: toTime(row.sentTime), state: row.isClosed === 1 ? ('closed' as const) : ('open' as const) },
  };
}

export function reportAdminApi(app: FastifyInstance, deps: AdminRouteDeps): void {
  const { database } = deps;
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/reports',
    name: 'adminListReports',
    summary: 'Reports, the oldest first, with what the reporter saw',
    query: z.strictObject({
      state: state.optional().meta({ description: 'open if it is not said' }),
      cursor: cursorQuery,
      limit: limitOf(200, usual),
    }),
    answer: pageOf(report),
    subject: () => 'reports',
    async handle({ query: { state: wanted = 'open', cursor, limit = usual } }) {
      const rows = (await database
        .sql('im_report')
        .where({ isClosed: wanted === 'closed' ? 1 : 0 })
        .where('id', '>', readCursor(cursor, z.int()) ?? 0)
        .orderBy('id')
        .limit(limit + 1)) as Report[];
      return toPage(rows, limit, { placeOf: ({ id }) => id, toItem: toReport });
    },
  });
  addAdminRoute(app, deps, {
    method: 'PUT',
    path: '/admin/reports/{reportId}',
    name: 'adminCloseReport',
    summary: 'Say that somebody has looked at a report, or open it again; who reported sees it',
    params: z.object({ reportId: idOf('Of the report', '1') }),
    body: z.strictObject({ state }).meta({ example: { state: 'closed' } }),
    problems: ['NOT_FOUND'],
    subject: ({ reportId }) => `report:${reportId}`,
    handle: ({ params: { reportId: id }, body }, note) =>
      database.transaction(async (sql) => {
        const isClosed = body.state === 'closed' ? 1 : 0;
        if ((await sql('im_report').where({ id }).update({ isClosed })) === 0)
          throw new Refusal('reportUnknown');
        await note(sql);
      }),
  });
}
