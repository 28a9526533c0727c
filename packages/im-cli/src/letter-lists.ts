import type { Bus } from 'im-common/bus';
import { deadLetterList } from 'im-common/internal/bus';
import { listsThatMatch } from './redis.ts';

export interface LetterList {
  /** As `--of` takes it. */
  readonly of: string;
  readonly letters: number;
}

/** All lists of dead letters, by a walk through the keys of Redis: nobody keeps a list of them. */
export async function letterLists(bus: Bus): Promise<LetterList[]> {
  const names = await listsThatMatch(bus, deadLetterList('*'));
  const stem = deadLetterList('');
  const lists = names.map(async (list) => ({
    of: list.slice(stem.length),
    letters: await bus.lists.length(list),
  }));
  return (await Promise.all(lists)).sort((one, other) => one.of.localeCompare(other.of));
}
