import type { ConversationStore } from '../conversations/conversation-store.ts';
import type { Database } from '../db/database.ts';
import type { Outbox } from '../events/outbox.ts';
import { eraseDrive } from '../drive/erase-drive.ts';
import type { Feature } from '../feature.ts';
import { deleteFile } from '../files/delete-file.ts';
import type { FileRecords } from '../files/file-records.ts';
import type { FileStore } from '../files/file-store.ts';
import { FriendRequestStore } from '../friends/friend-request-store.ts';
import { FriendService } from '../friends/friend-service.ts';
import { FriendStore } from '../friends/friend-store.ts';
import { GroupNews } from '../groups/group-news.ts';
import { GroupStore } from '../groups/group-store.ts';
import type { GroupTopics } from '../groups/group-topics.ts';
import { MembershipService, type TipLog } from '../groups/membership-service.ts';
import { RoleService } from '../groups/role-service.ts';
import { say } from '../http/texts.ts';
import { limiterOfProcess } from '../limits/limiter.ts';
import type { PrivateMessageLog } from '../messages/private/private-log.ts';
import type { ResolvedOptions } from '../options.ts';
import type { GroupEvents } from '../push/group-events.ts';
import type { PrivateEvents } from '../push/private-events.ts';
import { Departures } from './departures.ts';

/** What it takes of the rest. */
export interface DeletionNeeds {
  readonly options: ResolvedOptions;
  readonly database: Database;
  readonly conversations: ConversationStore;
  readonly privateLog: PrivateMessageLog;
  readonly privateEvents: PrivateEvents;
  readonly groupLog: TipLog;
  readonly groupTopics: GroupTopics;
  readonly outbox: Outbox;
  readonly groupEvents: GroupEvents;
  readonly fileRecords: FileRecords;
  readonly fileStore: FileStore;
}

/** What is left to do of accounts that their users have deleted (users/account-service.ts). */
export const deletion: Feature<DeletionNeeds> = (_app, needs) => {
  const { options, database, conversations, groupLog, fileRecords: records, fileStore: store } = needs;
  const { language, friendship, logger } = options;
  const groups = new GroupStore(database);
  return new Departures({
    ...{ database, groups, logger, shownName: say('deletedAccount', language) },
    friends: new FriendService({
      ...{ friends: new FriendStore(database), requests: new FriendRequestStore(database) },
      ...{ friendship, conversations, log: needs.privateLog, events: needs.privateEvents, language },
    }),
    memberships: new MembershipService({
      ...{ groups, log: groupLog, topics: needs.groupTopics, language },
      outbox: needs.outbox,
      news: new GroupNews(needs.groupEvents, logger),
      // Nobody is brought in here.
      ...{ invitations: limiterOfProcess({ name: 'none', times: 1, durationS: 1 }), mostMembers: 0 },
    }),
    eraseDrive: (userId) =>
      eraseDrive({ database, deleteFile: (file) => deleteFile({ records, store }, file) }, userId),
    roles: new RoleService({ groups, log: groupLog, language }),
  }).start();
};
