import { GroupStore } from '../groups/group-store.ts';
import type { Feature } from '../feature.ts';
import { MessagePages } from '../inbox/message-pages.ts';
import { Places } from '../inbox/place.ts';
import { GroupMessageService } from '../messages/group/group-message-service.ts';
import type { GroupMessageNeeds } from '../messages/group/group-messages.ts';
import { PrivateMessageService } from '../messages/private/private-message-service.ts';
import type { PrivateMessageNeeds } from '../messages/private/private-messages.ts';
import { forwardApi } from './forward-api.ts';
import { ForwardService } from './forward-service.ts';

/** What it takes of the rest. */
export type ForwardNeeds = PrivateMessageNeeds & GroupMessageNeeds;

/** Messages that are said again in other conversations. */
export const forwarding: Feature<ForwardNeeds> = (app, needs) => {
  const { database, conversations, words, messageFiles: files, readPositions: reads } = needs;
  const { logger } = needs.options;
  const { messageHook: hook } = needs;
  const groups = new GroupStore(database);
  const shared = { reads, words, hook, files, links: needs.fileLinks.boxIm, logger };
  forwardApi(
    app,
    new ForwardService({
      ...{ database, groups, files },
      places: new Places({ database, conversations }),
      pages: new MessagePages(database, needs.fileLinks.v1),
      privateMessages: new PrivateMessageService({
        ...shared,
        ...{ log: needs.privateLog, store: needs.privateMessages, events: needs.privateEvents },
        delivered: needs.deliveredPositions,
      }),
      groupMessages: new GroupMessageService({
        ...shared,
        ...{ log: needs.groupLog, store: needs.groupMessages, events: needs.groupEvents },
        ...{ conversations, groups },
      }),
    }),
  );
  return undefined;
};
