import { randomBytes } from 'node:crypto';
import type { Database, Sql } from '../db/database.ts';
import type { Outbox } from '../events/outbox.ts';
import { Refusal } from '../http/refusal.ts';
import type { Audit } from '../operations/audit.ts';
import type { Caller, Newcomer } from '../http/caller.ts';
import type { Activity } from './activity.ts';
import { endSessions, type Ending, type SocketCloser } from './end-sessions.ts';
import type { Session, SessionStore } from './session-store.ts';
import type { ReadToken, TokenPair, Tokens } from './tokens.ts';

export interface SessionDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly tokens: Tokens;
  readonly store: SessionStore;
  readonly sockets: SocketCloser;
  readonly audit: Pick<Audit, 'record'>;
  readonly activity: Pick<Activity, 'note'>;
  /** Whether the user has a second factor. */
  readonly hasSecondFactor: (sql: Sql, userId: number) => Promise<boolean>;
  readonly outbox: Pick<Outbox, 'store'>;
  readonly accessTtlS: number;
  readonly refreshTtlS: number;
  readonly sessionTtlS: number;
}

/** How a session begins: from where, at what, and with a password of which hash; undefined: another back end vouches for them. */
interface Beginning {
  readonly network: string;
  readonly deviceName: string;
  readonly passwordHash: string | undefined;
  /** How long it goes on at most, refreshed or not. @default as long as sessions may */
  readonly lifeS?: number | undefined;
  /** Who has a second factor has shown it. */
  readonly isFactorShown?: boolean;
}

/** For so long after the newest tokens have arrived those before are good, too: several requests may be under way. */
const graceMs = 60_000;

/** Who is logged in: whoever shows a token of a session that is stored (decision 013). */
export class Sessions {
  readonly #deps: SessionDeps;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
  }

  /** A session for somebody whose password was right; `passwordHash` is what it was compared with. */
  async open(
    newcomer: Newcomer,
    { network, passwordHash, deviceName, lifeS, isFactorShown = false }: Beginning,
  ): Promise<TokenPair> {
    const { database, store, tokens, hasSecondFactor, outbox } = this.#deps;
    const { sessionTtlS, refreshTtlS, accessTtlS } = this.#deps;
    const { userId, terminal } = newcomer;
    const id = randomBytes(16).toString('base64url');
    return database.transaction(async (sql) => {
      const user = await store.holdUser(sql, userId);
      // A new password or a ban may have come meanwhile; the sessions that it ended would begin again.
      if (!user || (passwordHash !== undefined && user.password !== passwordHash))
        throw new Refusal('passwordWrong', { code: 10001 });
      if (user.deletedTime !== null) throw new Refusal('userUnknown');
      if (user.isBanned === 1) throw new Refusal('bannedAtLogin', { values: { reason: user.reason } });
      // Whatever the door forgot to ask for, and though it was turned on a moment ago.
      if (!isFactorShown && (await hasSecondFactor(sql, userId))) throw new Refusal('secondFactorNeeded');
      const now = Math.max(Date.now(), await store.refusedBefore(sql, userId, terminal));
      const endTime = now + Math.min(lifeS ?? Infinity, sessionTtlS) * 1_000;
      await store.add(sql, {
        ...{ id, userId, terminal, network, deviceName, seenTime: null, endTime },
        ...{ createdTime: now, issuedTime: now, refreshNumber: 1, confirmedTime: null },
        accessEndTime: Math.min(now + accessTtlS * 1_000, endTime),
        idleEndTime: Math.min(now + refreshTtlS * 1_000, endTime),
      });
      const data = { userId: String(userId), terminal, deviceName, network };
      await outbox.store(sql, [
        { type: 'user.signed_in', subject: `user:${userId}`, time: now, data, userIds: [userId] },
      ]);
      return tokens.issue({ ...newcomer, sessionId: id }, { issuedAt: now, number: 1, endTime });
    });
  }

  /** Who the bearer of an access token is; refuses with box-im's codes. */
  async identify(accessToken: string | undefined): Promise<Caller> {
    const { tokens, store, activity } = this.#deps;
    if (accessToken === undefined || accessToken === '') throw new Refusal('notLoggedIn', { code: 400 });
    const token = tokens.read('access', accessToken);
    if (token === 'unreadable') throw new Refusal('tokenUnreadable');
    if (token === 'invalid') throw new Refusal('tokenInvalid', { code: 401 });
    const { caller, number } = token;
    const standing = await store.standingOf(caller.sessionId);
    if (!standing || standing.isBanned === 1 || !isOf(caller, standing) || isOver(standing))
      throw new Refusal('tokenInvalid', { code: 401 });
    if (standing.confirmedTime === null && number === standing.refreshNumber)
      await store.confirm(caller.sessionId, number);
    activity.note(caller);
    return caller;
  }

  /**
   * A new pair for a refresh token. The one before it stays good until the new ones have arrived, and a minute more: the
   * answer may be lost, and a page with requests under way refreshes several times with the same one (contract 0.1.6). Who
   * comes with an older one has it from somewhere else, or somebody else has: the session ends. Never 401, or box-im's
   * page would try for ever.
   */
  async refresh(refreshToken: string | undefined, network: string): Promise<TokenPair> {
    const { tokens, database, store, audit } = this.#deps;
    const token = tokens.read('refresh', refreshToken ?? '');
    if (token === 'invalid' || token === 'unreadable') throw new Refusal('loginExpired');
    const { userId, terminal, sessionId } = token.caller;
    const about = { event: 'refresh-refused', userId, terminal, network } as const;
    const outcome = await database.transaction(async (sql) => {
      const user = await store.holdUser(sql, userId);
      if (!user) throw new Refusal('userUnknown');
      if (user.isBanned === 1) throw new Refusal('bannedAtRefresh', { values: { reason: user.reason } });
      const session = await store.find(sql, sessionId);
      if (!session || !isOf(token.caller, session) || isOver(session)) return 'over';
      if (isReplaced(token, session))
        return this.end(sql, userId, { terminals: [terminal], only: sessionId });
      return this.#renew(sql, token, session);
    });
    if (outcome === 'over') {
      audit.record({ ...about, reason: 'over' });
      throw new Refusal('loginExpired');
    }
    if (typeof outcome !== 'function') return outcome;
    audit.record({ ...about, reason: 'used-before' });
    audit.record({ ...about, event: 'session-ended', reason: 'refresh-token-used-twice' });
    await outcome();
    throw new Refusal('loginExpired');
  }

  /** Whether somebody signed in for it just now, and did not only refresh it. */
  async hasBegunWithin(id: string, ms: number): Promise<boolean> {
    const { database, store } = this.#deps;
    const session = await store.find(database.sql, id);
    return session !== undefined && Date.now() < session.createdTime + ms;
  }

  /**
   * Ends sessions of the user: in the transaction `sql`, so that none of their tokens counts any more; after the commit, by
   * calling what is returned, their sockets.
   */
  async end(sql: Sql, userId: number, ending?: Ending): Promise<() => Promise<void>> {
    return endSessions(this.#deps, sql, userId, ending);
  }

  async #renew(sql: Sql, { caller, number: shown }: ReadToken, session: Session): Promise<TokenPair> {
    const { store, tokens, accessTtlS, refreshTtlS } = this.#deps;
    const { id, userId, terminal, endTime } = session;
    const now = Math.max(Date.now(), await store.refusedBefore(sql, userId, terminal));
    // Not twice within the grace: a request that is still under way with the one before would be taken for a thief.
    const isFresh = now < Math.max(session.confirmedTime ?? 0, session.issuedTime) + graceMs;
    const rotates = shown === session.refreshNumber && !isFresh;
    const number = session.refreshNumber + (rotates ? 1 : 0);
    await store.renew(sql, id, {
      issuedTime: now,
      refreshNumber: number,
      ...(rotates && { confirmedTime: null }),
      accessEndTime: Math.max(session.accessEndTime, Math.min(now + accessTtlS * 1_000, endTime)),
      idleEndTime: Math.min(now + refreshTtlS * 1_000, endTime),
    });
    return tokens.issue(caller, { issuedAt: now, number, endTime });
  }
}

/** The secret of access tokens is known to push servers, too. */
function isOf(caller: Caller, { userId, terminal }: Pick<Session, 'userId' | 'terminal'>): boolean {
  return caller.userId === userId && caller.terminal === terminal;
}

function isOver({ idleEndTime, endTime }: Pick<Session, 'idleEndTime' | 'endTime'>): boolean {
  return Date.now() >= Math.min(idleEndTime, endTime);
}

/** Whether whoever has the token must have got a newer one. */
function isReplaced({ number }: ReadToken, { refreshNumber, confirmedTime }: Session): boolean {
  if (number >= refreshNumber) return false;
  if (number < refreshNumber - 1) return true;
  return confirmedTime !== null && Date.now() >= confirmedTime + graceMs;
}
