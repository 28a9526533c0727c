import type { Feature } from '../feature.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Database } from '../db/database.ts';
import type { PrivateMessageLog } from '../messages/private/private-log.ts';
import type { PrivateEvents } from '../push/private-events.ts';
import { friendApi } from './friend-api.ts';
import { friendRoutes } from './friend-routes.ts';
import { FriendService } from './friend-service.ts';
import { FriendStore } from './friend-store.ts';

/** What it takes of the rest. */
export interface FriendNeeds {
  readonly options: Pick<ResolvedOptions, 'language'>;
  readonly database: Database;
  readonly privateLog: PrivateMessageLog;
  readonly privateEvents: PrivateEvents;
}

export const friends: Feature<FriendNeeds> = (app, { options, database, privateLog, privateEvents }) => {
  const service = new FriendService({
    friends: new FriendStore(database),
    log: privateLog,
    events: privateEvents,
    language: options.language,
  });
  friendRoutes(app, service);
  friendApi(app, service);
};
