import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Bus } from 'im-common/bus';
import { redisOf } from 'im-common/internal/bus';
import { z } from 'zod';
import { addAdminRoute } from '../admin/admin-route.ts';
import { Trail } from '../admins/trail.ts';
import { addApiRoute } from '../api/api-route.ts';
import { idOf } from '../api/values.ts';
import type { Feature } from '../feature.ts';
import type { FileLinks } from '../files/file-links.ts';
import { Refusal } from '../http/refusal.ts';
import { limitersOn } from '../limits/limiter.ts';
import { serverUsersOf, type ServerUserNeeds } from '../server/server.ts';
import { askingIn } from '../server/server-user-api.ts';
import { userRef } from '../server/user-ref.ts';
import { exportOf } from './export.ts';

/** What it takes of the rest. */
export interface ExportNeeds extends ServerUserNeeds {
  readonly bus: Bus;
  readonly fileLinks: FileLinks;
}

/** Each reads all that somebody has written. */
const mostPerHour = 5;
/** Of those that others ask for, at one instance: each holds a connection of the database for moments, and a socket for as long as it is read. */
const mostAtOnce = 5;
const laterS = 10;
/** As the tables have it; no part of it is promised to stay. */
const answer = z.unknown();

/** What the platform keeps of somebody: for themselves, and for those who run the platform and have to tell them. */
export const dataExport: Feature<ExportNeeds> = (app, needs) => {
  const { bus, database, fileLinks } = needs;
  const limit = limitersOn(redisOf(bus))({ name: 'exports', times: mostPerHour, durationS: 3_600 });
  const trail = new Trail(database);
  const users = serverUsersOf(needs);
  let underWay = 0;
  const documentOf = (reply: FastifyReply, userId: number): Readable => {
    void reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', 'attachment; filename="export.json"');
    return Readable.from(exportOf(database, userId, fileLinks.v1), { objectMode: false });
  };
  const documentForOthers = (reply: FastifyReply, userId: number): Readable => {
    underWay += 1;
    return documentOf(reply, userId).once('close', () => (underWay -= 1));
  };
  const refuseTooMany = (): void => {
    if (underWay >= mostAtOnce) throw new Refusal('tooManyRequests', { code: 429, retryAfterS: laterS });
  };

  addApiRoute(app, {
    method: 'GET',
    path: '/me/export',
    name: 'exportMe',
    tag: 'Accounts',
    summary: 'All that is kept of me, as a document',
    rights:
      'Whoever is signed in, of themselves: profile, sessions, friends, blocks, groups, files, and what they wrote. Five in an hour.',
    answer,
    async handle({ caller, reply }) {
      const { isWithin, waitS } = await limit.take(String(caller.userId));
      if (!isWithin) throw new Refusal('tooManyRequests', { code: 429, retryAfterS: waitS });
      return documentOf(reply, caller.userId);
    },
  });
  addAdminRoute(
    app,
    { database, trail },
    {
      method: 'GET',
      path: '/admin/users/{userId}/export',
      name: 'adminExportUser',
      summary: 'All that is kept of a person, as the document that they get themselves',
      params: z.object({ userId: idOf('Of the user', '5') }),
      answer,
      problems: ['NOT_FOUND'],
      subject: ({ userId }) => `user:${userId}`,
      async handle({ params: { userId }, reply }) {
        refuseTooMany();
        const found: unknown = await database.sql('im_user').where({ id: userId }).first('id');
        if (found === undefined) throw new Refusal('userUnknown');
        return documentForOthers(reply, userId);
      },
    },
  );
  addApiRoute(app, {
    method: 'GET',
    path: '/server/users/{user}/export',
    name: 'exportUser',
    tag: 'Server',
    summary: 'All that is kept of a person, as the document that they get themselves',
    rights: 'Keys with the scope `exports`. It is written into the audit trail. Five at a time.',
    scope: 'exports',
    params: z.object({ user: userRef }),
    answer,
    problems: ['NOT_FOUND'],
    async handle({ params, request, reply }) {
      refuseTooMany();
      const { id } = await users.find(params.user);
      const { keyId, network } = askingIn(request);
      const deed = { actorId: null, action: 'exportUser', subject: `user:${id}`, network };
      await trail.add(database.sql, { ...deed, details: { keyId } });
      return documentForOthers(reply, id);
    },
  });
  return undefined;
};
