import { Readable } from 'node:stream';
import type { Bus } from 'im-common/bus';
import { redisOf } from 'im-common/internal/bus';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import type { Database } from '../db/database.ts';
import type { Feature } from '../feature.ts';
import type { FileLinks } from '../files/file-links.ts';
import { Refusal } from '../http/refusal.ts';
import { limitersOn } from '../limits/limiter.ts';
import { exportOf } from './export.ts';

/** What it takes of the rest. */
export interface ExportNeeds {
  readonly bus: Bus;
  readonly database: Database;
  readonly fileLinks: FileLinks;
}

/** Each reads all that somebody has written. */
const mostPerHour = 5;

/** What the platform keeps of somebody, for themselves. */
export const dataExport: Feature<ExportNeeds> = (app, { bus, database, fileLinks }) => {
  const limit = limitersOn(redisOf(bus))({ name: 'exports', times: mostPerHour, durationS: 3_600 });
  addApiRoute(app, {
    method: 'GET',
    path: '/me/export',
    name: 'exportMe',
    tag: 'Accounts',
    summary: 'All that is kept of me, as a document',
    rights:
      'Whoever is signed in, of themselves: profile, sessions, friends, blocks, groups, files, and what they wrote. Five in an hour.',
    // As the tables have it; no part of it is promised to stay.
    answer: z.unknown(),
    async handle({ caller, reply }) {
      const { isWithin, waitS } = await limit.take(String(caller.userId));
      if (!isWithin) throw new Refusal('tooManyRequests', { code: 429, retryAfterS: waitS });
      void reply
        .type('application/json; charset=utf-8')
        .header('content-disposition', 'attachment; filename="export.json"');
      return Readable.from(exportOf(database, caller.userId, fileLinks.v1), { objectMode: false });
    },
  });
  return undefined;
};
