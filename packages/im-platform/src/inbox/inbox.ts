import type { ConversationStates } from '../conversations/conversation-states.ts';
import type { ConversationStore } from '../conversations/conversation-store.ts';
import { Readers } from '../conversations/readers.ts';
import type { StateNews } from '../conversations/state-news.ts';
import type { Feature } from '../feature.ts';
import { FriendStore } from '../friends/friend-store.ts';
import { muteFriend } from '../friends/mute-friend.ts';
import { GroupNews } from '../groups/group-news.ts';
import { GroupStore } from '../groups/group-store.ts';
import { GroupMessageService } from '../messages/group/group-message-service.ts';
import type { GroupMessageNeeds } from '../messages/group/group-messages.ts';
import { PrivateMessageService } from '../messages/private/private-message-service.ts';
import type { PrivateMessageNeeds } from '../messages/private/private-messages.ts';
import type { ResolvedOptions } from '../options.ts';
import { Refusal } from '../http/refusal.ts';
import { conversationApi } from './conversation-api.ts';
import { ConversationNames } from './conversation-names.ts';
import { ConversationService } from './conversation-service.ts';
import { InboxService } from './inbox-service.ts';
import { messageApi } from './message-api.ts';
import { MessagePages } from './message-pages.ts';
import { Places } from './place.ts';
import { readsApi } from './reads-api.ts';
import { ReadsService } from './reads-service.ts';
import { syncApi } from './sync-api.ts';
import { SyncService } from './sync-service.ts';

/** What it takes of the rest. */
export interface InboxNeeds extends PrivateMessageNeeds, GroupMessageNeeds {
  readonly options: Pick<ResolvedOptions, 'logger' | 'maxTextLength' | 'language' | 'endToEnd'>;
  readonly conversations: ConversationStore;
  readonly conversationStates: ConversationStates;
  readonly stateNews: StateNews;
}

/** Conversations as their people see them, at `/v1`: what box-im's API has twice, once for friends and once for groups. */
export const inbox: Feature<InboxNeeds> = (app, needs) => {
  const { database, conversations } = needs;
  const { logger, language } = needs.options;
  const { fileLinks: links } = needs;
  const groups = new GroupStore(database);
  const { conversationStates: states, stateNews: news } = needs;
  const delivered = needs.deliveredPositions;
  const pages = new MessagePages(database, links.v1);
  const friends = { friends: new FriendStore(database), events: needs.privateEvents };
  const names = new ConversationNames({ database, friends: friends.friends, groups, language });
  const groupNews = new GroupNews(needs.groupEvents, logger);
  conversationApi(
    app,
    new ConversationService({
      ...{ states, store: conversations, pages, news, names },
      async mute(caller, { conversation }, isMuted) {
        if (conversation.kind === 'private')
          return muteFriend(friends, caller, conversation.otherId, isMuted);
        if (!(await groups.setDnd(conversation.groupId, caller.userId, isMuted)))
          throw new Refusal('notGroupMember');
        return groupNews.muted(caller, conversation.groupId, isMuted);
      },
    }),
  );
  syncApi(
    app,
    new SyncService({
      ...{ database, states, pages, store: conversations, delivered },
    }),
  );
  const places = new Places({ database, conversations });
  readsApi(app, new ReadsService({ places, pages, readers: new Readers(database) }));
  messageApi(app, inboxServiceOf(needs));
};

type InboxServiceNeeds = PrivateMessageNeeds &
  GroupMessageNeeds & { readonly options: Pick<ResolvedOptions, 'logger' | 'maxTextLength' | 'endToEnd'> };

/** As other features make it that send for people, too. */
export function inboxServiceOf(needs: InboxServiceNeeds): InboxService {
  const { database, conversations, words, messageFiles: files, fileLinks: links } = needs;
  const { logger, maxTextLength, endToEnd } = needs.options;
  const shared = { reads: needs.readPositions, words, hook: needs.messageHook, files, logger };
  return new InboxService({
    database,
    places: new Places({ database, conversations }),
    pages: new MessagePages(database, links.v1),
    privateMessages: new PrivateMessageService({
      ...shared,
      ...{ log: needs.privateLog, store: needs.privateMessages, events: needs.privateEvents },
      delivered: needs.deliveredPositions,
    }),
    groupMessages: new GroupMessageService({
      ...shared,
      ...{ log: needs.groupLog, store: needs.groupMessages, events: needs.groupEvents },
      ...{ conversations, groups: new GroupStore(database), links: links.boxIm },
    }),
    links: links.v1,
    ...{ maxTextLength, endToEnd },
  });
}
