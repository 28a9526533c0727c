import { refused } from '../platform-error.ts';
import type { Database } from './database.ts';
import type { Session } from './sessions.ts';

const longestTurnMs = 600_000;
/** For the turn of another command. */
const longestWaitS = 5;

/** While `work` runs nobody else moves lanes, nor does anything else that must see each of them once. Its session ends with it. */
export async function holdMoves<T>(
  database: Pick<Database, 'openSessions'>,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const sessions = database.openSessions({ max: 1, idleMs: longestTurnMs, settings: [] });
  const session = await sessions.open();
  try {
    await takeTurn(session);
    return await work(session);
  } finally {
    session.letGo();
    await sessions.close();
  }
}

/** One that has just ended, or was killed, is waited for; whoever goes on is named. */
async function takeTurn(session: Session): Promise<void> {
  const name = "concat(left(database(), 50), ':lanes')";
  const lock = `select get_lock(${name}, ${longestWaitS}) as taken`;
  const answer = await session.ask<{ taken: number }>(lock, [], 3_000 * longestWaitS);
  if (answer?.taken === 1) return;
  const holder = await session.ask<Holder>(
    `select id as connection, user as name, host as place from information_schema.processlist where id = is_used_lock(${name})`,
    [],
    5_000,
  );
  const who = holder
    ? `${holder.name} at ${holder.place}, connection ${holder.connection} of the first database`
    : 'somebody else';
  throw refused(
    `Lanes are being moved, or are to stay where they are, by ${who}; one command at a time. Wait for its end, or end it.`,
  );
}

interface Holder {
  readonly connection: number;
  readonly name: string;
  readonly place: string;
}
