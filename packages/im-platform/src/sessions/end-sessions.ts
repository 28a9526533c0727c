import type { Database, Sql } from '../db/database.ts';
import type { Audit } from '../operations/audit.ts';
import type { SessionStore } from './session-store.ts';
import { loginTerminals } from '../wire/terminals.ts';

/** What sessions need of the push side: it closes sockets and keeps old tokens from opening new ones. */
export interface SocketCloser {
  revokeTokens(
    userId: number,
    options: {
      terminals: readonly number[];
      issuedBefore: number;
      keepSessions: readonly string[];
      until: number;
    },
  ): Promise<unknown>;
}

/** Which sessions of a user end. */
export interface Ending {
  /** @default all */
  readonly terminals?: readonly number[];
  /** Only this one. */
  readonly only?: string;
  /** All but this one. */
  readonly except?: string;
}

export interface EndingDeps {
  readonly store: SessionStore;
  readonly sockets: SocketCloser;
  readonly accessTtlS: number;
}

/**
 * Ends sessions of the user: in the transaction `sql`, so that none of their tokens counts any more; after the commit, by
 * calling what is returned, their sockets.
 */
export async function endSessions(
  deps: EndingDeps,
  sql: Sql,
  userId: number,
  { terminals = loginTerminals, only, except }: Ending = {},
): Promise<() => Promise<void>> {
  const { store, sockets, accessTtlS } = deps;
  await store.holdUser(sql, userId);
  const sessions = await store.ofUser(sql, userId, terminals);
  const ended = sessions.filter(({ id }) => (only === undefined ? id !== except : id === only));
  await store.remove(sql, ended);
  const orders: Parameters<SocketCloser['revokeTokens']>[1][] = [];
  for (const terminal of terminals) {
    const here = sessions.filter((session) => session.terminal === terminal);
    // Later than all their tokens, also those of an instance whose clock is ahead.
    const issuedBefore = Math.max(
      Date.now(),
      (await store.refusedBefore(sql, userId, terminal)) + 1,
      ...here.map(({ issuedTime }) => issuedTime + 1),
    );
    await store.refuseBefore(sql, userId, terminal, issuedBefore);
    orders.push({
      terminals: [terminal],
      issuedBefore,
      keepSessions: here.filter((session) => !ended.includes(session)).map(({ id }) => id),
      until: Math.max(Date.now() + accessTtlS * 1_000, ...here.map(({ accessEndTime }) => accessEndTime)),
    });
  }
  return async () => {
    await Promise.all(orders.map((order) => sockets.revokeTokens(userId, order)));
  };
}

const usersAtOnce = 20;

/** For operators: ends all sessions of one user, or of everybody who has one. Returns of how many users. */
export async function endAllSessions(
  deps: EndingDeps & {
    readonly database: Pick<Database, 'transaction'>;
    readonly audit: Pick<Audit, 'record'>;
  },
  whose: number | 'everybody',
): Promise<number> {
  const endOf = async (userId: number): Promise<void> => {
    const closeSockets = await deps.database.transaction((sql) => endSessions(deps, sql, userId));
    deps.audit.record({ event: 'session-ended', userId, reason: 'operator' });
    await closeSockets();
  };
  if (whose !== 'everybody') {
    await endOf(whose);
    return 1;
  }
  let count = 0;
  for (let last = 0; ;) {
    const users = await deps.store.usersAfter(last, usersAtOnce);
    if (users.length === 0) return count;
    await Promise.all(users.map(endOf));
    count += users.length;
    last = users.at(-1) ?? last;
  }
}
