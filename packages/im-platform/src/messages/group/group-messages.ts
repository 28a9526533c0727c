import type { ConversationStore } from '../../conversations/conversation-store.ts';
import type { ReadPositions } from '../../conversations/read-positions.ts';
import type { Feature } from '../../feature.ts';
import type { ResolvedOptions } from '../../options.ts';
import type { Database } from '../../db/database.ts';
import type { FileLinks } from '../../files/file-links.ts';
import type { MessageFiles } from '../../files/message-files.ts';
import type { MessageHook } from '../../message-hook/message-hook.ts';
import type { GroupEvents } from '../../push/group-events.ts';
import type { SensitiveWords } from '../../sensitive-words/sensitive-words.ts';
import type { GroupMessageLog } from './group-log.ts';
import type { GroupMessageStore } from './group-message-store.ts';
import { GroupStore } from '../../groups/group-store.ts';
import { groupMessageRoutes } from './group-message-routes.ts';
import { GroupMessageService } from './group-message-service.ts';

/** What it takes of the rest. */
export interface GroupMessageNeeds {
  readonly options: Pick<ResolvedOptions, 'logger'>;
  readonly database: Database;
  readonly groupLog: GroupMessageLog;
  readonly groupMessages: GroupMessageStore;
  readonly conversations: ConversationStore;
  readonly readPositions: ReadPositions;
  readonly groupEvents: GroupEvents;
  readonly words: SensitiveWords;
  readonly messageHook: MessageHook | undefined;
  readonly messageFiles: MessageFiles;
  readonly fileLinks: FileLinks;
}

export const groupMessages: Feature<GroupMessageNeeds> = (app, needs) => {
  const {
    database,
    groupLog: log,
    groupMessages: store,
    conversations,
    readPositions: reads,
    groupEvents: events,
    words,
    messageHook: hook,
    messageFiles: files,
  } = needs;
  const { logger } = needs.options;
  const groups = new GroupStore(database);
  groupMessageRoutes(
    app,
    new GroupMessageService({
      ...{ log, store, reads, conversations, groups, events, words, hook, files, logger },
      links: needs.fileLinks.boxIm,
    }),
  );
};
