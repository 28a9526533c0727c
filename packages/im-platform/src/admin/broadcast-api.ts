import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idText, limitOf, time, toTime } from '../api/values.ts';
import { audiences, type Broadcast, type BroadcastStore } from '../broadcasts/broadcast-store.ts';
import type { Broadcasts } from '../broadcasts/broadcasts.ts';
import { addAdminRoute, type AdminRouteDeps } from './admin-route.ts';

const usual = 50;
/** As box-im's front ends can show it. */
const longest = 1_024;

const audience = z.enum(audiences).meta({
  description:
    '`all`: everybody, who is away finds it when they come. `online`: only those who are connected when it is their turn',
});

const broadcast = z
  .object({
    id: idText('Of the broadcast'),
    actorId: idText('Of the admin'),
    text: z.string(),
    audience,
    createdAt: time,
    told: z.int().meta({ description: 'How many have it so far' }),
    waiting: z.int().meta({
      description: 'How many get it as soon as the database that their conversation is in is back',
    }),
    finishedAt: time.nullable().meta({ description: 'Null: it is under way' }),
  })
  .meta({ id: 'Broadcast' });

function toBroadcast(row: Broadcast, waiting: number): z.output<typeof broadcast> {
  const { id, actorId, content: text, createdTime, told, finishedTime } = row;
  return {
    ...{ id: String(id), actorId: String(actorId), text, audience: row.audience, told, waiting },
    createdAt: toTime(createdTime),
    finishedAt: finishedTime === null ? null : toTime(finishedTime),
  };
}

export function broadcastApi(
  app: FastifyInstance,
  deps: AdminRouteDeps,
  { broadcasts, store }: { readonly broadcasts: Broadcasts; readonly store: BroadcastStore },
): void {
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/broadcasts',
    name: 'adminListBroadcasts',
    summary: 'What was said to everybody, the newest first, and how far it has come',
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(200, usual) }),
    answer: pageOf(broadcast),
    subject: () => 'broadcasts',
    async handle({ query: { cursor, limit = usual } }) {
      const rows = await store.before(readCursor(cursor, z.int()) ?? Number.MAX_SAFE_INTEGER, limit + 1);
      const left = await store.countLeft(
        rows.filter(({ finishedTime }) => finishedTime === null).map(({ id }) => id),
      );
      const toItem = (row: Broadcast) => toBroadcast(row, left.get(row.id) ?? 0);
      return toPage(rows, limit, { placeOf: ({ id }) => id, toItem });
    },
  });
  addAdminRoute(app, deps, {
    method: 'POST',
    path: '/admin/broadcasts',
    name: 'adminBroadcast',
    summary: 'Say something to everybody, as a message of the system account to each',
    takesIdempotencyKey: true,
    body: z
      .strictObject({
        text: z.string().trim().min(1, 'contentRequired').max(longest, 'contentTooLong'),
        audience,
      })
      .meta({ example: { text: 'We are away from 2 to 3 tonight.', audience: 'all' } }),
    answer: broadcast,
    status: 201,
    subject: () => 'broadcasts',
    async handle({ body: { text, audience: to }, caller, idempotencyKey: onceKey }, note) {
      const asked = { actorId: caller.userId, audience: to, content: text, onceKey };
      const { broadcast: begun, isNew } = await broadcasts.begin(asked, note);
      if (!isNew) await note(deps.database.sql, { isRepeated: true });
      return toBroadcast(begun, (await store.countLeft([begun.id])).get(begun.id) ?? 0);
    },
  });
}
