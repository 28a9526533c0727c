import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addAdminRoute, type AdminRouteDeps } from '../admin/admin-route.ts';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, idText, limitOf, time, toTime } from '../api/values.ts';
import type { ServerUsers } from '../server/server-users.ts';
import { askingIn } from '../server/server-user-api.ts';
import { userRef } from '../server/user-ref.ts';
import { erasedKinds, erasureStates, type Erasure } from './erasure.ts';
import type { ErasureService, ShownErasure } from './erasure-service.ts';

const usual = 50;

const receipt = z.object({
  id: idText('Of the erasure'),
  userId: idText('Whose'),
  state: z.enum(erasureStates).meta({ description: 'waiting: something is to be kept for now' }),
  askedBy: z.string().meta({ description: 'self, admin: and an id, or key: and an id' }),
  askedAt: time,
  doneAt: time.nullable(),
  erased: z
    .partialRecord(z.enum(erasedKinds), z.int())
    .meta({ description: 'How much of what, so far', example: { messages: 12, files: 2 } }),
});
const listed = receipt.meta({ id: 'ListedErasure' });
const erasure = receipt
  .extend({
    waitsFor: z
      .object({
        reports: z.array(z.string()).meta({ description: 'Ids of open reports; close them' }),
        held: z.array(z.string()).meta({ description: 'Conversations that are held; end that' }),
        archives: z.array(z.string()).meta({
          description:
            'Archives of old months: tell the platform where they are, --archive-dir; or they are being written, which ends by itself',
        }),
        databases: z.array(z.string()).meta({
          description:
            'Databases (`--lane-databases`) that do not answer, or have something of a lane that moves or has moved; `first` is the first one',
        }),
      })
      .meta({ description: 'Up to twenty of each. As long as there are any, nothing is erased' }),
  })
  .meta({ id: 'Erasure' });

function toListed({ id, userId, state, askedBy, askedTime, doneTime, counts }: Erasure) {
  return {
    ...{ id: String(id), userId: String(userId), state, askedBy, askedAt: toTime(askedTime) },
    ...{ doneAt: doneTime === null ? null : toTime(doneTime), erased: counts },
  };
}

function toErasure(shown: ShownErasure): z.input<typeof erasure> {
  const { reports, held, archives, databases } = shown;
  const waitsFor = {
    ...{ reports: reports.map(String), held: [...held] },
    ...{ archives: [...archives], databases: [...databases] },
  };
  return { ...toListed(shown), waitsFor };
}

const ofErasure = z.object({ erasureId: idOf('Of the erasure', '1') });

export function erasureAdminApi(app: FastifyInstance, deps: AdminRouteDeps, service: ErasureService): void {
  addAdminRoute(app, deps, {
    method: 'POST',
    path: '/admin/users/{userId}/erasure',
    name: 'adminEraseUser',
    summary: 'Erase a person for good: the account, and all that they wrote, sent and left',
    params: z.object({ userId: idOf('Of the user', '5') }),
    answer: erasure,
    status: 201,
    problems: ['NOT_FOUND', 'NOT_ALLOWED'],
    subject: ({ userId }) => `user:${userId}`,
    async handle({ params: { userId }, caller }, note) {
      return toErasure(await service.order(userId, { askedBy: `admin:${caller.userId}`, note }));
    },
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/erasures',
    name: 'adminListErasures',
    summary: 'Who was erased, and who is being, the newest first',
    query: z.strictObject({
      userId: idOf('Whose', '5').optional(),
      cursor: cursorQuery,
      limit: limitOf(200, usual),
    }),
    answer: pageOf(listed),
    subject: () => 'erasures',
    async handle({ query: { userId, cursor, limit = usual } }) {
      const before = readCursor(cursor, z.int()) ?? Number.MAX_SAFE_INTEGER;
      const rows = await service.page(before, limit + 1, userId);
      return toPage(rows, limit, { placeOf: ({ id }) => id, toItem: toListed });
    },
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/erasures/{erasureId}',
    name: 'adminGetErasure',
    summary: 'What has become of an erasure, and what it waits for',
    params: ofErasure,
    answer: erasure,
    problems: ['NOT_FOUND'],
    subject: ({ erasureId }) => `erasure:${erasureId}`,
    handle: async ({ params }) => toErasure(await service.find(params.erasureId)),
  });
}

export function erasureServerApi(
  app: FastifyInstance,
  { trail, users, service }: Pick<AdminRouteDeps, 'trail'> & { users: ServerUsers; service: ErasureService },
): void {
  addApiRoute(app, {
    method: 'POST',
    path: '/server/users/{user}/erasure',
    name: 'eraseUser',
    tag: 'Server',
    summary: 'Erase a person for good: the account, and all that they wrote, sent and left',
    rights: 'Keys with the scope `erasures`. Not of admins. It is written into the audit trail.',
    scope: 'erasures',
    params: z.object({ user: userRef }),
    answer: erasure,
    status: 201,
    problems: ['NOT_FOUND', 'NOT_ALLOWED'],
    async handle({ params, request }) {
      // Also of an account that has ended.
      const id = params.user.kind === 'id' ? params.user.id : (await users.find(params.user)).id;
      const { keyId, network } = askingIn(request);
      const deed = { actorId: null, action: 'eraseUser', subject: `user:${id}`, network };
      return toErasure(
        await service.order(id, {
          askedBy: `key:${keyId}`,
          note: (sql) => trail.add(sql, { ...deed, details: { keyId } }),
        }),
      );
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/server/erasures/{erasureId}',
    name: 'getErasure',
    tag: 'Server',
    summary: 'What has become of an erasure: the receipt, once it is done',
    rights: 'Keys with the scope `erasures`.',
    scope: 'erasures',
    params: ofErasure,
    answer: erasure,
    problems: ['NOT_FOUND'],
    handle: async ({ params }) => toErasure(await service.find(params.erasureId)),
  });
}
