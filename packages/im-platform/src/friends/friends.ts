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

export interface FriendServiceNeeds {
  readonly options: Pick<ResolvedOptions, 'language' | 'friendship'>;
  readonly database: Database;
  readonly privateLog: PrivateMessageLog;
  readonly conversations: Pick<ConversationStore, 'last'>;
  readonly privateEvents: PrivateEvents;
}

/** What it takes of the rest. */
export interface FriendNeeds extends FriendServiceNeeds {
  readonly options: Pick<ResolvedOptions, 'language' | 'friendship' | 'friendRequestsPerDay'>;
  readonly bus: Bus;
  readonly words: SensitiveWords;
}

function sharedOf({ database, privateLog: log, privateEvents: events, options }: FriendServiceNeeds) {
  const stores = { friends: new FriendStore(database), requests: new FriendRequestStore(database) };
  return { ...stores, log, events, language: options.language };
}

/** As other features make it that befriend people, too. */
export function friendServiceOf(needs: FriendServiceNeeds): FriendService {
  const { conversations, options } = needs;
  return new FriendService({ ...sharedOf(needs), conversations, friendship: options.friendship });
}

export const friends: Feature<FriendNeeds> = (app, needs) => {
  const { options, database, words } = needs;
  const shared = sharedOf(needs);
  const service = friendServiceOf(needs);
  const createLimiter = limitersOn(redisOf(needs.bus));
  const requests = new FriendRequestService({
    ...{ ...shared, database, service, words },
    limit: createLimiter({
      name: 'friend-requests',
      times: options.friendRequestsPerDay,
      durationS: 86_400,
    }),
  });
  friendRoutes(app, { friends: service, requests });
  friendApi(app, service);
  friendRequestApi(app, requests);
};
