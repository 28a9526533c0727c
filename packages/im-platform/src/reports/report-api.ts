import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, idText, limitOf, time, toTime } from '../api/values.ts';
import { conversationId } from '../inbox/conversation-id.ts';
import { reportReasons } from './report.ts';
import type { OwnReport } from './report-store.ts';
import type { ReportService } from './report-service.ts';

const tag = 'Reports';
const usual = 50;
const longestText = 500;

const report = z
  .object({
    id: idText('Of the report'),
    userId: idText('Whom it is about'),
    conversationId: z
      .string()
      .nullable()
      .meta({ description: 'Of the message; null: it is about the person' }),
    number: z.int().nullable().meta({ description: 'Of the message' }),
    reason: z.enum(reportReasons),
    text: z.string(),
    sentAt: time,
    state: z.enum(['open', 'closed']).meta({ description: 'closed: somebody has looked at it' }),
  })
  .meta({ id: 'Report' });

const words = {
  reason: z.enum(reportReasons),
  text: z.string().max(longestText, 'reportTextTooLong').optional(),
};

export function reportApi(app: FastifyInstance, reports: ReportService): void {
  addApiRoute(app, {
    method: 'POST',
    path: '/reports',
    name: 'report',
    tag,
    summary: 'Report a message, or somebody',
    rights:
      'Messages whoever may read them, people anybody else. A copy of the message and its neighbours is kept, for whoever runs the platform. The same thing is reported once.',
    body: z
      .union([
        z.strictObject({ ...words, conversationId, number: z.int().min(1) }),
        z.strictObject({ ...words, userId: idOf('Of the user', '2') }),
      ])
      .meta({ example: { reason: 'spam', text: 'The same all day', userId: '2' } }),
    answer: report,
    status: 201,
    problems: ['NOT_FOUND'],
    async handle({ body: { reason, text, ...about }, caller }) {
      return toReport(await reports.report(caller, about, { reason, text }));
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/reports',
    name: 'listReports',
    tag,
    summary: 'What I have reported, the newest first',
    rights: 'Whoever is signed in, their own.',
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(200, usual) }),
    answer: pageOf(report),
    async handle({ query: { cursor, limit = usual }, caller }) {
      const before = readCursor(cursor, z.int()) ?? Number.MAX_SAFE_INTEGER;
      const rows = await reports.page(caller, before, limit + 1);
      return toPage(rows, limit, { placeOf: ({ id }) => id, toItem: toReport });
    },
  });
}

function toReport({ id, userId, conversation, number, ...rest }: OwnReport): z.output<typeof report> {
  const { reason, text, sentTime, isClosed } = rest;
  return {
    ...{ id: String(id), userId: String(userId), conversationId: conversation, number, reason, text },
    ...{ sentAt: toTime(sentTime), state: isClosed === 1 ? ('closed' as const) : ('open' as const) },
  };
}
