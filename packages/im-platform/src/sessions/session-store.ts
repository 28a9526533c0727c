import type { Database, Sql } from '../db/database.ts';
import { batchLoader } from '../db/loader.ts';
import { groupBy } from '../group-by.ts';

/** What decides whether a token still counts. */
export interface Standing {
  readonly exists: boolean;
  readonly isBanned: boolean;
  readonly reason: string;
  /** Tokens of this terminal that were issued in an earlier second are void. */
  readonly issuedBeforeS: number;
}

interface StandingRow {
  id: number;
  isBanned: number;
  reason: string;
  terminal: number | null;
  issuedBeforeS: number | null;
}

const unknownUser: Standing = { exists: false, isBanned: false, reason: '', issuedBeforeS: 0 };

export class SessionStore {
  /** Asked for every request: all requests of one moment share one question. */
  readonly standingOf: (session: { userId: number; terminal: number }) => Promise<Standing>;

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.standingOf = batchLoader(async (sessions) => {
      const userIds = [...new Set(sessions.map(({ userId }) => userId))];
      const rows: StandingRow[] = await sql('im_user as u')
        .leftJoin('im_revocation as r', 'r.userId', 'u.id')
        .whereIn('u.id', userIds)
        .select('u.id', 'u.isBanned', 'u.reason', 'r.terminal', 'r.issuedBeforeS');
      const byUser = groupBy(rows, ({ id }) => id);
      return sessions.map(({ userId, terminal }) => standing(byUser.get(userId) ?? [], terminal));
    });
  }

  /** Makes all tokens of these terminals void that were issued until now, this second included. Returns the first second that counts again. */
  async revoke(sql: Sql, userId: number, terminals: readonly number[]): Promise<number> {
    const issuedBeforeS = Math.floor(Date.now() / 1_000) + 1;
    await sql('im_revocation')
      .insert(terminals.map((terminal) => ({ userId, terminal, issuedBeforeS })))
      .onConflict(['userId', 'terminal'])
      .merge(['issuedBeforeS']);
    return issuedBeforeS;
  }
}

function standing(rows: readonly StandingRow[], terminal: number): Standing {
  const [user] = rows;
  if (!user) return unknownUser;
  const revocation = rows.find((row) => row.terminal === terminal);
  return {
    exists: true,
    isBanned: user.isBanned === 1,
    reason: user.reason,
    issuedBeforeS: revocation?.issuedBeforeS ?? 0,
  };
}
