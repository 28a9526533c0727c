import type { Database } from '../db/database.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import type { Audit } from '../operations/audit.ts';
import { loginTerminals } from '../wire/terminals.ts';
import type { Session, SessionStore } from './session-store.ts';
import type { Sessions } from './sessions.ts';

export interface OwnSessionDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly store: Pick<SessionStore, 'ofUser' | 'find' | 'holdUser'>;
  readonly sessions: Pick<Sessions, 'end'>;
  readonly audit: Pick<Audit, 'record'>;
}

/** Where somebody is signed in, for themselves to see and to end. */
export class OwnSessions {
  readonly #deps: OwnSessionDeps;

  constructor(deps: OwnSessionDeps) {
    this.#deps = deps;
  }

  /** Those that are not over; the caller's own first, then those that were used last. */
  async list({ userId, sessionId }: Caller): Promise<Session[]> {
    const all = await this.ofUser(userId);
    return [...all.filter(({ id }) => id === sessionId), ...all.filter(({ id }) => id !== sessionId)];
  }

  /** Those that are not over, of anybody; that which was used last first. */
  async ofUser(userId: number): Promise<Session[]> {
    const { store, database } = this.#deps;
    const now = Date.now();
    const all = await store.ofUser(database.sql, userId, loginTerminals);
    return all
      .filter(({ idleEndTime, endTime }) => Math.min(idleEndTime, endTime) > now)
      .sort((one, other) => seenTimeOf(other) - seenTimeOf(one));
  }

  /** Its tokens count no more, and its device is put out. */
  async end({ userId }: Caller, id: string, network: string): Promise<void> {
    const { database, store, sessions, audit } = this.#deps;
    let terminal: number | undefined;
    const closeSockets = await database.transaction(async (sql) => {
      await store.holdUser(sql, userId);
      const session = await store.find(sql, id);
      if (session?.userId !== userId) throw new Refusal('sessionUnknown');
      ({ terminal } = session);
      return sessions.end(sql, userId, { terminals: [terminal], only: id });
    });
    audit.record({ event: 'session-ended', userId, terminal, network, reason: 'by-user' });
    await closeSockets();
  }

  /** All but the caller's own. */
  async endOthers({ userId, terminal, sessionId }: Caller, network: string): Promise<void> {
    const { database, sessions, audit } = this.#deps;
    const closeSockets = await database.transaction((sql) =>
      sessions.end(sql, userId, { except: sessionId }),
    );
    audit.record({ event: 'session-ended', userId, terminal, network, reason: 'others-by-user' });
    await closeSockets();
  }
}

/** When it was used last, to a minute. */
export function seenTimeOf({ seenTime, issuedTime }: Pick<Session, 'seenTime' | 'issuedTime'>): number {
  return Math.max(seenTime ?? 0, issuedTime);
}
