import type { Database } from '../db/database.ts';
import type { Feature } from '../feature.ts';
import type { ConversationStore } from '../conversations/conversation-store.ts';
import type { MessageFiles } from '../files/message-files.ts';
import { GroupStore } from '../groups/group-store.ts';
import { Places } from '../inbox/place.ts';
import type { ResolvedOptions } from '../options.ts';
import { retentionApi } from './retention-api.ts';
import { RetentionRounds } from './retention-rounds.ts';
import { RetentionService } from './retention-service.ts';
import { RetentionStore } from './retention-store.ts';
import { Trimming } from './trimming.ts';

/** What it takes of the rest. */
export interface RetentionNeeds {
  readonly options: Pick<ResolvedOptions, 'logger' | 'sweepMs' | 'retentionDays' | 'ownerRetentionDays'>;
  readonly database: Database;
  readonly conversations: ConversationStore;
  readonly messageFiles: MessageFiles;
}

/** How long messages are kept. */
export const retention: Feature<RetentionNeeds> = (
  app,
  { options, database, conversations, messageFiles },
) => {
  const { logger, sweepMs, retentionDays: usualDays, ownerRetentionDays: leastDays } = options;
  const store = new RetentionStore(database);
  const service = new RetentionService({
    ...{ database, store, groups: new GroupStore(database) },
    ...{ places: new Places({ database, conversations }), usualDays, leastDays },
  });
  retentionApi(app, database, service);
  const trimming = new Trimming({ database, store, files: messageFiles, usualDays });
  const endings = database.laneDatabases.map((at) =>
    new RetentionRounds({
      ...{ store: new RetentionStore(database, at), trimming, usualDays, logger, everyMs: sweepMs * 10 },
      isHere: (conversation) => database.of(conversation) === at,
    }).start(),
  );
  return async () => {
    await Promise.all(endings.map((end) => end()));
  };
};
