import type { Feature } from '../feature.ts';
import { GroupStore } from '../groups/group-store.ts';
import { GroupMessageService } from '../messages/group/group-message-service.ts';
import type { GroupMessageNeeds } from '../messages/group/group-messages.ts';
import { PrivateMessageService } from '../messages/private/private-message-service.ts';
import type { PrivateMessageNeeds } from '../messages/private/private-messages.ts';
import { InboxService } from './inbox-service.ts';
import { messageApi } from './message-api.ts';
import { MessagePages } from './message-pages.ts';
import { Places } from './place.ts';

/** What it takes of the rest. */
export type InboxNeeds = PrivateMessageNeeds & GroupMessageNeeds;

/** Conversations as their people see them, at `/v1`: what box-im's API has twice, once for friends and once for groups. */
export const inbox: Feature<InboxNeeds> = (app, needs) => {
  const { database, conversations, words, messageFiles: files } = needs;
  const { logger } = needs.options;
  const groups = new GroupStore(database);
  const store = needs.groupMessages;
  messageApi(
    app,
    new InboxService({
      places: new Places({ database, conversations }),
      pages: new MessagePages(database),
      privateMessages: new PrivateMessageService({
        ...{ log: needs.privateLog, store: needs.privateMessages, events: needs.privateEvents },
        ...{ conversations, words, files, logger },
      }),
      groupMessages: new GroupMessageService({
        ...{ log: needs.groupLog, store, events: needs.groupEvents, groups },
        ...{ conversations, words, files, logger },
      }),
      lastIdUpTo: (groupId, number) => store.lastIdUpTo(groupId, number),
    }),
  );
};
