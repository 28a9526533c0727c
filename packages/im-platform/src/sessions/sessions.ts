import { Refusal } from '../http/refusal.ts';
import type { Sql } from '../db/database.ts';
import type { Caller } from './caller.ts';
import type { SessionStore } from './session-store.ts';
import type { TokenPair, Tokens } from './tokens.ts';

/** What sessions need of the push side: it closes sockets and keeps old tokens from opening new ones. */
export interface SocketCloser {
  revokeTokens(
    userId: number,
    options: { terminals: readonly number[]; expiringBefore: number },
  ): Promise<unknown>;
}

export interface SessionParts {
  readonly tokens: Tokens;
  readonly store: SessionStore;
  readonly sockets: SocketCloser;
  readonly accessTtlS: number;
}

/** Terminals that people log in on: web, app, pc. */
export const loginTerminals = [0, 1, 2] as const;

/** The terminals of a user that learn from a push what he did on this one. */
export function otherTerminals(terminal: number): number[] {
  return loginTerminals.filter((other) => other !== terminal);
}

/** Who is logged in. Tokens are not stored; what is stored is from when on they count (decision 013). */
export class Sessions {
  readonly #parts: SessionParts;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Tokens for somebody who has shown who he is. */
  async open(caller: Caller): Promise<TokenPair> {
    const { isBanned, reason, issuedBeforeS } = await this.#parts.store.standingOf(caller);
    // The ban may have come while he showed who he is.
    if (isBanned) throw new Refusal('bannedAtLogin', { values: { reason } });
    return this.#parts.tokens.issue(caller, Math.max(Math.floor(Date.now() / 1_000), issuedBeforeS));
  }

  /** Who the bearer of an access token is; refuses with box-im's codes. */
  async identify(accessToken: string | undefined): Promise<Caller> {
    if (accessToken === undefined || accessToken === '') throw new Refusal('notLoggedIn', { code: 400 });
    const token = this.#parts.tokens.read('access', accessToken);
    if (token === 'unreadable') throw new Refusal('systemBusy');
    if (token === 'invalid') throw new Refusal('tokenInvalid', { code: 401 });
    const { exists, isBanned, issuedBeforeS } = await this.#parts.store.standingOf(token.caller);
    if (!exists || isBanned || token.issuedAtS < issuedBeforeS)
      throw new Refusal('tokenInvalid', { code: 401 });
    return token.caller;
  }

  /**
   * A new pair for a refresh token. The old one stays good until its end: a page with requests under way refreshes
   * several times with the same one (contract 0.1.6), and a code 401 would make it try for ever.
   */
  async refresh(refreshToken: string | undefined): Promise<TokenPair> {
    const token = this.#parts.tokens.read('refresh', refreshToken ?? '');
    if (token === 'invalid' || token === 'unreadable') throw new Refusal('loginExpired');
    const { exists, isBanned, reason, issuedBeforeS } = await this.#parts.store.standingOf(token.caller);
    if (!exists) throw new Refusal('userUnknown');
    if (isBanned) throw new Refusal('bannedAtRefresh', { values: { reason } });
    if (token.issuedAtS < issuedBeforeS) throw new Refusal('loginExpired');
    return this.open(token.caller);
  }

  /**
   * Ends the user's sessions on these terminals: in the transaction `sql`, its tokens; after the commit, by calling what
   * is returned, its sockets.
   */
  async end(
    sql: Sql,
    userId: number,
    terminals: readonly number[] = loginTerminals,
  ): Promise<() => Promise<void>> {
    const issuedBeforeS = await this.#parts.store.revoke(sql, userId, terminals);
    return async () => {
      const expiringBefore = (issuedBeforeS + this.#parts.accessTtlS) * 1_000;
      await this.#parts.sockets.revokeTokens(userId, { terminals, expiringBefore });
    };
  }
}
