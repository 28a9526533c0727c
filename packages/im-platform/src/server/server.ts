import { Admins } from '../admins/admins.ts';
import { Readers } from '../conversations/readers.ts';
import type { Feature } from '../feature.ts';
import { friendServiceOf, type FriendServiceNeeds } from '../friends/friends.ts';
import { groupServicesOf, type GroupNeeds } from '../groups/groups.ts';
import { GroupStore } from '../groups/group-store.ts';
import { inboxServiceOf, type InboxNeeds } from '../inbox/inbox.ts';
import { SystemNotices } from '../broadcasts/system-notices.ts';
import type { Audit } from '../operations/audit.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { profileServiceOf, type ProfileNeeds } from '../users/profiles.ts';
import { Deliveries } from './deliveries.ts';
import { History } from './history.ts';
import { serverBotApi } from './server-bot-api.ts';
import { serverConversationApi } from './server-conversation-api.ts';
import { ServerConversations } from './server-conversations.ts';
import { serverHistoryApi } from './server-history-api.ts';
import { serverMessageApi } from './server-message-api.ts';
import { ServerMessages } from './server-messages.ts';
import { serverUserApi } from './server-user-api.ts';
import { ServerUsers } from './server-users.ts';

/** What it takes of the rest. */
export type ServerNeeds = ServerUserNeeds & FriendServiceNeeds & Omit<GroupNeeds, 'groupLog'> & InboxNeeds;

/** What it takes of the rest to know users as other back ends name them. */
export type ServerUserNeeds = ProfileNeeds & { readonly sessions: Sessions; readonly audit: Audit };

/** As other features make them that have routes for other back ends, too. */
export function serverUsersOf(needs: ServerUserNeeds): ServerUsers {
  const { database, users, sessions, words, audit } = needs;
  return new ServerUsers({
    ...{ users, sessions, words, audit, admins: new Admins(database) },
    profiles: profileServiceOf(needs),
  });
}

/** What other back ends do with keys, at `/v1/server` (decision 080). */
export const server: Feature<ServerNeeds> = (app, needs) => {
  const { database, words, privateLog, groupLog } = needs;
  const { language } = needs.options;
  const store = new GroupStore(database);
  const users = serverUsersOf(needs);
  serverUserApi(app, users);
  const { groups, memberships } = groupServicesOf(needs);
  const friends = friendServiceOf(needs);
  serverConversationApi(app, new ServerConversations({ users, friends, groups, memberships, store }));
  const messages = new ServerMessages({
    ...{ users, inbox: inboxServiceOf(needs), groupLog, groups: store, language },
    notices: new SystemNotices({ privateLog, events: needs.privateEvents, language }),
  });
  serverBotApi(app, { users, messages });
  serverMessageApi(app, {
    messages,
    deliveries: new Deliveries({ database, readers: new Readers(database) }),
  });
  serverHistoryApi(
    app,
    new History({
      ...{ database, users, store: needs.users, groups: store, words, files: needs.messageFiles },
      // It asks of what is said, not of what was.
      hook: undefined,
      maxTextLength: needs.options.maxTextLength,
    }),
  );
  return undefined;
};
