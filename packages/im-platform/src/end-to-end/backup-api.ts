import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { limitOf, numberIn } from '../api/values.ts';
import { Refusal } from '../http/refusal.ts';
import type { Backups } from './backups.ts';
import { longestSecrets, longestSession, mostBackedUp } from './limits.ts';

const tag = 'End-to-end encryption';
const only = 'Only with `--end-to-end`.';
const mostAtOnce = 100;
const mostPerPage = 500;

const session = z.object({
  conversation: z.string().min(1).max(48),
  sessionId: z.string().min(1).max(64),
  firstIndex: z.int().min(0).meta({ description: 'From which message of the session on it can be read' }),
  data: z.string().min(1).max(longestSession),
});
const secrets = z.string().min(1).max(longestSecrets);
const version = numberIn(1, Number.MAX_SAFE_INTEGER).meta({ description: 'Of the backup', example: 1 });

/** Without backups there is none of it. */
export function backupApi(app: FastifyInstance, given: Backups | undefined): void {
  const backups = (): Backups => {
    if (!given) throw new Refusal('endToEndOff', { code: 404 });
    return given;
  };
  addApiRoute(app, {
    method: 'GET',
    path: '/encryption/backup',
    name: 'getKeyBackup',
    tag,
    summary: 'The backup of my keys',
    rights: `Whoever is signed in, their own. ${only}`,
    answer: z.object({ version: z.int(), auth: z.string(), secrets: z.string() }),
    problems: ['NOT_FOUND'],
    async handle({ caller }) {
      const backup = await backups().find(caller.userId);
      if (!backup) throw unknown();
      return backup;
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/encryption/backup',
    name: 'beginKeyBackup',
    tag,
    summary:
      'A new backup of my keys. The one before counts until this one is used; without one it counts at once',
    rights: `Whoever is signed in. ${only}`,
    body: z
      .strictObject({
        ...{ auth: secrets, secrets },
        replaces: z
          .int()
          .min(0)
          .optional()
          .meta({ description: 'Which one counts now, 0 for none. Another one does: `NOT_FOUND`' }),
      })
      .meta({ example: { auth: '{}', secrets: 'x', replaces: 0 } }),
    answer: z.object({ version: z.int() }),
    status: 201,
    problems: ['NOT_FOUND'],
    handle: async ({ body, caller }) => ({ version: await backups().begin(caller.userId, body) }),
  });
  addApiRoute(app, {
    method: 'PUT',
    path: '/encryption/backup/{version}',
    name: 'useKeyBackup',
    tag,
    summary: 'From now on this one counts; what was in the one before is gone',
    rights: `Whoever is signed in, their own. ${only}`,
    params: z.object({ version }),
    problems: ['NOT_FOUND'],
    handle: ({ params, caller }) => backups().use(caller.userId, params.version),
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/encryption/backup',
    name: 'endKeyBackup',
    tag,
    summary: 'Forget the backup of my keys',
    rights: `Whoever is signed in, their own. ${only}`,
    problems: ['NOT_FOUND'],
    async handle({ caller }) {
      if (!(await backups().end(caller.userId))) throw unknown();
    },
  });
  addApiRoute(app, {
    method: 'PUT',
    path: '/encryption/backup/{version}/keys',
    name: 'backUpKeys',
    tag,
    summary: 'Some more keys into it; of two of one session the older one stays',
    rights: `Whoever is signed in, their own; ${mostBackedUp} keys. ${only}`,
    params: z.object({ version }),
    body: z.strictObject({ sessions: z.array(session.strict()).max(mostAtOnce) }).meta({
      example: { sessions: [{ conversation: 'private:1:2', sessionId: 'a', firstIndex: 0, data: '{}' }] },
    }),
    problems: ['NOT_FOUND', 'TOO_MANY'],
    handle: ({ params, body, caller }) => backups().put(caller.userId, params.version, body.sessions),
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/encryption/backup/{version}/keys',
    name: 'listBackedUpKeys',
    tag,
    summary: 'What is in it',
    rights: `Whoever is signed in, their own. ${only}`,
    params: z.object({ version }),
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(mostPerPage, mostAtOnce) }),
    answer: pageOf(session),
    problems: ['NOT_FOUND'],
    async handle({ params, query: { cursor, limit = mostAtOnce }, caller }) {
      const after = readCursor(cursor, z.int()) ?? 0;
      const rows = await backups().page(caller.userId, params.version, { after, limit: limit + 1 });
      return toPage(rows, limit, { placeOf: ({ id }) => id, toItem: ({ id: _id, ...row }) => row });
    },
  });
}

function unknown(): Refusal {
  return new Refusal('backupUnknown', { code: 404 });
}
