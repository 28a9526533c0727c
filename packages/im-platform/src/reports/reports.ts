import type { Bus } from 'im-common/bus';
import { redisOf } from 'im-common/internal/bus';
import type { ConversationStore } from '../conversations/conversation-store.ts';
import type { Database } from '../db/database.ts';
import type { Outbox } from '../events/outbox.ts';
import type { Feature } from '../feature.ts';
import { plainLinks } from '../files/file-links.ts';
import { MessagePages } from '../inbox/message-pages.ts';
import { Places } from '../inbox/place.ts';
import { limitersOn } from '../limits/limiter.ts';
import type { UserStore } from '../users/user-store.ts';
import { reportApi } from './report-api.ts';
import { ReportService } from './report-service.ts';
import { ReportStore } from './report-store.ts';

/** What it takes of the rest. */
export interface ReportNeeds {
  readonly bus: Bus;
  readonly database: Database;
  readonly conversations: ConversationStore;
  readonly users: UserStore;
  readonly outbox: Outbox;
}

const mostPerDay = 20;

/** What people tell whoever runs the platform of others. */
export const reports: Feature<ReportNeeds> = (app, needs) => {
  const { bus, database, conversations, users, outbox } = needs;
  reportApi(
    app,
    new ReportService({
      reports: new ReportStore(database, outbox),
      places: new Places({ database, conversations }),
      // What is kept of it outlives any link.
      ...{ pages: new MessagePages(database, plainLinks), users },
      limit: limitersOn(redisOf(bus))({ name: 'reports', times: mostPerDay, durationS: 86_400 }),
    }),
  );
  return undefined;
};
