import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addAdminRoute, type AdminRouteDeps } from '../admin/admin-route.ts';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, idText, limitOf, time, toTime } from '../api/values.ts';
import type { Archive } from './archive.ts';
import type { ArchiveRun } from './archive-run.ts';
import type { ArchiveService } from './archive-service.ts';

const usual = 50;
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'expected a month, as "2026-01"');
const fileName = 'AAAAAAAAAAAAAAAA.jsonl.gz';

const listed = z.object({
  name: z.string().meta({ description: 'Of the file, where archives are: the month, a slash, and the rest' }),
  state: z.enum(['writing', 'verified', 'done', 'restored', 'gone']).meta({
    description:
      'writing: there may be something of a file. verified: what is in it is in the database as well. done: it is not. restored: it was brought back. gone: another file has taken its place',
  }),
  messages: z.int(),
  bytes: z.int(),
  createdAt: time,
});
const archive = listed.meta({ id: 'Archive' });
const held = listed
  .extend({
    conversations: z
      .array(z.object({ conversationId: z.string(), from: z.int(), to: z.int() }))
      .meta({ description: 'Which messages of which conversations, by their numbers' }),
  })
  .meta({ id: 'ArchiveContents' });

const run = z
  .object({
    id: idText('Of the run'),
    actorId: idText('Of the admin'),
    what: z.enum(['write', 'import']),
    month: z.string().nullable().meta({ description: 'Of write: months before this one' }),
    archive: z.string().nullable().meta({ description: 'Of import: which one' }),
    createdAt: time,
    finishedAt: time.nullable().meta({ description: 'Null: it is under way, or waits to be gone on with' }),
    archives: z.int().meta({ description: 'Files that were written so far' }),
    messages: z.int().meta({ description: 'Removed from the database, or brought back' }),
    missing: z.array(z.string()).meta({
      description:
        'Of import: conversations that lack what comes between. Bring archives of later months back first',
    }),
    error: z.string().nullable().meta({ description: 'Why it failed; null: it did not' }),
  })
  .meta({ id: 'ArchiveRun' });

function toListed({ name, state, messages, bytes, createdTime }: Archive): z.output<typeof archive> {
  return { name, state, messages, bytes, createdAt: toTime(createdTime) };
}

function toRun({ id, actorId, what, about, ...one }: ArchiveRun): z.output<typeof run> {
  const { createdTime, finishedTime, missing, ...rest } = one;
  return {
    ...{ ...rest, id: String(id), actorId: String(actorId), what, missing: [...missing] },
    ...{ month: what === 'write' ? about : null, archive: what === 'import' ? about : null },
    createdAt: toTime(createdTime),
    finishedAt: finishedTime === null ? null : toTime(finishedTime),
  };
}

// Loose: of what there is none it is said that there is none.
const ofArchive = z.object({
  month: z.string().max(16).meta({ description: 'The first part of its name', example: '2020-10' }),
  file: z.string().max(40).meta({ description: 'The second part', example: fileName }),
});
const nameOf = (of: z.output<typeof ofArchive>): string => `${of.month}/${of.file}`;
const ofRun = z.object({ runId: idOf('Of the run', '1') });

export function archiveApi(app: FastifyInstance, deps: AdminRouteDeps, service: ArchiveService): void {
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/archives',
    name: 'adminListArchives',
    summary: 'Files of messages of old months, by month',
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(200, usual) }),
    answer: pageOf(archive),
    subject: () => 'archives',
    async handle({ query: { cursor, limit = usual } }) {
      const rows = await service.archives(readCursor(cursor, z.string()) ?? '', limit + 1);
      return toPage(rows, limit, { placeOf: ({ name }) => name, toItem: toListed });
    },
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/archives/{month}/{file}',
    name: 'adminGetArchive',
    summary: 'An archive, and which messages of which conversations it holds',
    params: ofArchive,
    answer: held,
    problems: ['NOT_FOUND'],
    subject: (params) => `archive:${nameOf(params)}`,
    async handle({ params }) {
      const found = await service.archive(nameOf(params));
      const conversations = found.ranges.map(({ conversation, from, to }) => ({
        ...{ conversationId: conversation, from, to },
      }));
      return { ...toListed(found), conversations };
    },
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/archives/{month}/{file}/messages',
    name: 'adminReadArchive',
    summary: 'What an archive holds: a line of JSON for each message (application/x-ndjson)',
    params: ofArchive,
    answer: z.unknown(),
    problems: ['NOT_FOUND', 'ARCHIVE_BROKEN'],
    subject: (params) => `archive:${nameOf(params)}`,
    async handle({ params, reply }) {
      const lines = await service.lines(nameOf(params));
      void reply
        .type('application/x-ndjson; charset=utf-8')
        .header('content-disposition', `attachment; filename="${params.month}.ndjson"`);
      return lines;
    },
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/archive-runs',
    name: 'adminListArchiveRuns',
    summary: 'What was ordered of archives, the newest first, and how far it has come',
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(200, usual) }),
    answer: pageOf(run),
    subject: () => 'archive-runs',
    async handle({ query: { cursor, limit = usual } }) {
      const before = readCursor(cursor, z.int()) ?? Number.MAX_SAFE_INTEGER;
      const rows = await service.runs(before, limit + 1);
      return toPage(rows, limit, { placeOf: ({ id }) => id, toItem: toRun });
    },
  });
  addAdminRoute(app, deps, {
    method: 'POST',
    path: '/admin/archive-runs',
    name: 'adminRunArchives',
    summary: 'Move messages of old months into files, or bring a file back; one at a time',
    body: z
      .discriminatedUnion('what', [
        z.strictObject({
          what: z.literal('write'),
          month: month.meta({ description: 'Months before this one, which has begun' }),
        }),
        z.strictObject({
          what: z.literal('import'),
          archive: z.string().max(48).meta({ description: 'Its name. Of several the latest month first' }),
        }),
      ])
      .meta({ example: { what: 'write', month: '2020-11' } }),
    answer: run,
    status: 201,
    problems: ['NOT_FOUND', 'ARCHIVE_RUN_UNDER_WAY'],
    subject: () => 'archive-runs',
    handle: async ({ body, caller }, note) => toRun(await service.order(caller.userId, body, note)),
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/archive-runs/{runId}',
    name: 'adminGetArchiveRun',
    summary: 'How far a run has come',
    params: ofRun,
    answer: run,
    problems: ['NOT_FOUND'],
    subject: ({ runId }) => `archive-run:${runId}`,
    handle: async ({ params }) => toRun(await service.run(params.runId)),
  });
}
