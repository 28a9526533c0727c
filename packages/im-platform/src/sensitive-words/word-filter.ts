import type { Feature } from '../feature.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Database } from '../db/database.ts';
import type { SensitiveWords } from './sensitive-words.ts';
import { SensitiveWordStore } from './sensitive-word-store.ts';
import { WordList } from './word-list.ts';

/** What it takes of the rest. */
export interface WordFilterNeeds {
  readonly options: Pick<ResolvedOptions, 'logger' | 'wordsCheckMs'>;
  readonly database: Database;
  readonly words: SensitiveWords;
}

/** Keeps the words up to date that other features look for. */
export const wordFilter: Feature<WordFilterNeeds> = async (_app, { options, database, words }) => {
  const list = new WordList({
    store: new SensitiveWordStore(database),
    words,
    logger: options.logger,
    everyMs: options.wordsCheckMs,
  });
  await list.start();
  return () => list.close();
};
