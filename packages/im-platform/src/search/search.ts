import type { ConversationStore } from '../conversations/conversation-store.ts';
import type { Database } from '../db/database.ts';
import type { Feature } from '../feature.ts';
import type { FileLinks } from '../files/file-links.ts';
import { Refusal } from '../http/refusal.ts';
import { MessagePages } from '../inbox/message-pages.ts';
import { Places } from '../inbox/place.ts';
import { limiterOfProcess } from '../limits/limiter.ts';
import type { ResolvedOptions } from '../options.ts';
import { searchApi } from './search-api.ts';
import { SearchService } from './search-service.ts';
import { SearchedPlaces } from './searched-places.ts';
import { WordIndexer } from './word-indexer.ts';

/** What it takes of the rest. */
export interface SearchNeeds {
  readonly options: Pick<ResolvedOptions, 'logger' | 'sweepMs' | 'search' | 'searchesPerMinute'>;
  readonly database: Database;
  readonly conversations: ConversationStore;
  readonly fileLinks: FileLinks;
}

/** What was said, found by its words. */
export const search: Feature<SearchNeeds> = (app, { options, database, conversations, fileLinks }) => {
  if (!options.search) return undefined;
  // What is encrypted has no words that could be looked for.
  if (database.sealing) {
    searchApi(app, { search: () => Promise.reject(new Refusal('notSearchable')) });
    return undefined;
  }
  const { logger, sweepMs: everyMs, searchesPerMinute: times } = options;
  searchApi(
    app,
    new SearchService({
      database,
      places: new SearchedPlaces(database, new Places({ database, conversations })),
      pages: new MessagePages(database, fileLinks.v1),
      limit: limiterOfProcess({ name: 'searches', times, durationS: 60 }),
    }),
  );
  const endings = database.laneDatabases.map((at) =>
    new WordIndexer({ database: at, logger, everyMs }).start(),
  );
  return async () => {
    for (const end of endings) await end();
  };
};
