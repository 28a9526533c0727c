import { isUnavailable, type Database, type LaneDatabase } from './database.ts';
import { namedAfter } from './errors-of.ts';

export interface Answers<Found> {
  readonly found: readonly Found[];
  /** Those that did not answer. */
  readonly away: ReadonlySet<LaneDatabase>;
}

/** One that hangs is not waited for any longer, and for so long after a failure one is not asked at all. */
const longestMs = 2_000;
const restMs = 1_000;

const restsUntil = new WeakMap<LaneDatabase, number>();

/** What each of the databases with lanes answers, and which of them are away. Without the first nothing can be said: then it rejects. */
export async function askThere<Found>(
  { laneDatabases }: Pick<Database, 'laneDatabases'>,
  ask: (at: LaneDatabase) => Promise<Found>,
): Promise<Answers<Found>> {
  const away = new Set<LaneDatabase>();
  const found = await Promise.all(
    laneDatabases.map(async (at) => {
      if (at.name === '') return [await ask(at)];
      if (performance.now() < (restsUntil.get(at) ?? 0)) {
        away.add(at);
        return [];
      }
      try {
        return [await namedAfter(at.name, () => inTime(at.name, ask(at)))];
      } catch (error) {
        if (!(error instanceof Silence) && !isUnavailable(error)) throw error;
        restsUntil.set(at, performance.now() + restMs);
        away.add(at);
        return [];
      }
    }),
  );
  return { found: found.flat(), away };
}

/** The same of those that are there, where it is enough; and of all where none may be missing. */
export async function askAll<Found>(
  { laneDatabases }: Pick<Database, 'laneDatabases'>,
  ask: (at: LaneDatabase) => Promise<Found>,
): Promise<Found[]> {
  return Promise.all(laneDatabases.map((at) => namedAfter(at.name, () => ask(at))));
}

class Silence extends Error {
  constructor(name: string) {
    super(`The database ${name} does not answer`);
  }
}

async function inTime<T>(name: string, asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Silence(name)), longestMs);
  });
  try {
    return await Promise.race([asked, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
