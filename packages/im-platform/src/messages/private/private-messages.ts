import type { DeliveredPositions } from '../../conversations/delivered-positions.ts';
import type { ReadPositions } from '../../conversations/read-positions.ts';
import type { Feature } from '../../feature.ts';
import type { ResolvedOptions } from '../../options.ts';
import type { FileLinks } from '../../files/file-links.ts';
import type { MessageFiles } from '../../files/message-files.ts';
import type { MessageHook } from '../../message-hook/message-hook.ts';
import type { PrivateEvents } from '../../push/private-events.ts';
import type { SensitiveWords } from '../../sensitive-words/sensitive-words.ts';
import type { PrivateMessageLog } from './private-log.ts';
import type { PrivateMessageStore } from './private-message-store.ts';
import { privateMessageRoutes } from './private-message-routes.ts';
import { PrivateMessageService } from './private-message-service.ts';

/** What it takes of the rest. */
export interface PrivateMessageNeeds {
  readonly options: Pick<ResolvedOptions, 'logger'>;
  readonly privateLog: PrivateMessageLog;
  readonly privateMessages: PrivateMessageStore;
  readonly readPositions: ReadPositions;
  readonly deliveredPositions: DeliveredPositions;
  readonly privateEvents: PrivateEvents;
  readonly words: SensitiveWords;
  readonly messageHook: MessageHook | undefined;
  readonly messageFiles: MessageFiles;
  readonly fileLinks: FileLinks;
}

export const privateMessages: Feature<PrivateMessageNeeds> = (app, needs) => {
  const {
    privateLog: log,
    privateMessages: store,
    readPositions: reads,
    deliveredPositions: delivered,
    privateEvents: events,
    words,
    messageHook: hook,
    messageFiles: files,
  } = needs;
  const { logger } = needs.options;
  privateMessageRoutes(
    app,
    new PrivateMessageService({ log, store, reads, delivered, events, words, hook, files, logger }),
    needs.fileLinks.boxIm,
  );
};
