import type { Bus } from 'im-common/bus';
import { redisOf } from 'im-common/internal/bus';
import type { ConversationStore } from '../conversations/conversation-store.ts';
import type { Feature } from '../feature.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Database } from '../db/database.ts';
import { limitersOn } from '../limits/limiter.ts';
import type { PrivateMessageLog } from '../messages/private/private-log.ts';
import type { PrivateEvents } from '../push/private-events.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import { friendApi } from './friend-api.ts';
import { friendRequestApi } from './friend-request-api.ts';
import { FriendRequestService } from './friend-request-service.ts';
import { FriendRequestStore } from './friend-request-store.ts';
import { friendRoutes } from './friend-routes.ts';
import { FriendService } from './friend-service.ts';
import { FriendStore } from './friend-store.ts';

/** What it takes of the rest. */
export interface FriendNeeds {
  readonly options: Pick<ResolvedOptions, 'language' | 'friendship' | 'friendRequestsPerDay'>;
  readonly bus: Bus;
  readonly database: Database;
  readonly privateLog: PrivateMessageLog;
  readonly conversations: Pick<ConversationStore, 'last'>;
  readonly privateEvents: PrivateEvents;
  readonly words: SensitiveWords;
}

export const friends: Feature<FriendNeeds> = (app, needs) => {
  const { options, database, conversations, words } = needs;
  const { language, friendship, friendRequestsPerDay } = options;
  const shared = {
    ...{ friends: new FriendStore(database), requests: new FriendRequestStore(database) },
    ...{ log: needs.privateLog, events: needs.privateEvents, language },
  };
  const service = new FriendService({
    ...{ ...shared, friendship, conversations },
  });
  const createLimiter = limitersOn(redisOf(needs.bus));
  const requests = new FriendRequestService({
    ...{ ...shared, database, service, words },
    limit: createLimiter({
      name: 'friend-requests',
      times: friendRequestsPerDay,
      durationS: 86_400,
    }),
  });
  friendRoutes(app, { friends: service, requests });
  friendApi(app, service);
  friendRequestApi(app, requests);
};
