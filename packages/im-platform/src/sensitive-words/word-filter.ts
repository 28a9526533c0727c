import type { Feature } from '../feature.ts';
import { SensitiveWordStore } from './sensitive-word-store.ts';
import { WordList } from './word-list.ts';

/** Keeps the words up to date that other features look for. */
export const wordFilter: Feature = async (_app, { options, database, words }) => {
  const list = new WordList({
    store: new SensitiveWordStore(database),
    words,
    logger: options.logger,
    everyMs: options.wordsCheckMs,
  });
  await list.start();
  return () => list.close();
};
