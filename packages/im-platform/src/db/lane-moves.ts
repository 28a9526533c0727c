import { refused } from '../platform-error.ts';
import type { Database } from './database.ts';
import type { Session } from './sessions.ts';

const longestTurnMs = 600_000;

/** While `work` runs nobody else moves lanes, nor does anything else that must see each of them once. Its session ends with it. */
export async function holdMoves<T>(
  database: Pick<Database, 'openSessions'>,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const sessions = database.openSessions({ max: 1, idleMs: longestTurnMs, settings: [] });
  const session = await sessions.open();
  try {
    const name = "concat(left(database(), 50), ':lanes')";
    const answer = await session.ask<{ taken: number }>(`select get_lock(${name}, 0) as taken`, [], 5_000);
    if (answer?.taken !== 1)
      throw refused(
        'Somebody else is moving lanes at this moment, or needs them to stay where they are; one at a time.',
      );
    return await work(session);
  } finally {
    session.letGo();
    await sessions.close();
  }
}
