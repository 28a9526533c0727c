import { isUnavailable, type Database, type LaneDatabase } from './database.ts';
import { namedAfter } from './errors-of.ts';

export interface Answers<Found> {
  readonly found: readonly Found[];
  /** Those that did not answer. */
  readonly away: ReadonlySet<LaneDatabase>;
}

/** One that hangs is not waited for any longer, and for so long after a failure one is not asked at all. */
const longestMs = 2_000;
const briefMs = 250;
const restMs = 1_000;

interface Suspect {
  readonly restsUntil: number;
  /** Whether somebody is finding out at this moment. */
  isAsked: boolean;
}

/** Those that did not answer when they were asked last. */
const suspects = new WeakMap<LaneDatabase, Suspect>();

/**
 * What each of the databases with lanes answers, and which of them are away. Without the first nothing can be said: then it rejects. After a failure one at
 * a time waits for an answer, and the others go on without.
 *
 * `briefly`: for what is right without an answer as well, and holds up others. It leaves to others to find out whether one is there again.
 */
export async function askThere<Found>(
  { laneDatabases }: Pick<Database, 'laneDatabases'>,
  ask: (at: LaneDatabase) => Promise<Found>,
  { briefly = false }: { readonly briefly?: boolean } = {},
): Promise<Answers<Found>> {
  const away = new Set<LaneDatabase>();
  const found = await Promise.all(
    laneDatabases.map(async (at) => {
      if (at.name === '') return [await ask(at)];
      const suspect = suspects.get(at);
      if (suspect && (briefly || suspect.isAsked || performance.now() < suspect.restsUntil)) {
        away.add(at);
        return [];
      }
      if (suspect) suspect.isAsked = true;
      try {
        const answer = await namedAfter(at.name, () =>
          inTime(at.name, ask(at), briefly ? briefMs : longestMs),
        );
        suspects.delete(at);
        return [answer];
      } catch (error) {
        if (!(error instanceof Silence) && !isUnavailable(error)) {
          // It says something.
          suspects.delete(at);
          throw error;
        }
        // Being brief it may have been busy.
        if (!briefly) suspects.set(at, { restsUntil: performance.now() + restMs, isAsked: false });
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

async function inTime<T>(name: string, asked: Promise<T>, mostMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Silence(name)), mostMs);
  });
  try {
    return await Promise.race([asked, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
