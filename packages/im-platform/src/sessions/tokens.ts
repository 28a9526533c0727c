import { createDecoder, TokenError } from 'fast-jwt';
import { z } from 'zod';
import type { Caller } from '../http/caller.ts';
import { privateKeys, secretKey, type PublicKey, type TokenKey } from './keys.ts';

/** Box-im's tokens (contract A.4), the caller as JSON text in the claim `info`; and our claims of when, and of which session. */
export interface TokenOptions {
  /** The first signs; tokens of the others are good, too. */
  readonly accessSecret?: string | readonly string[] | undefined;
  /** Private keys in PEM, of which the same holds; instead of secrets. */
  readonly accessKey?: string | undefined;
  readonly refreshSecret: string | readonly string[];
  readonly accessTtlS: number;
  readonly refreshTtlS: number;
}

export type TokenKind = 'access' | 'refresh';

export interface ReadToken {
  readonly caller: Caller;
  /** Counts the refresh tokens of the session; access tokens have that of the one beside them. */
  readonly number: number;
}

interface KnownToken extends ReadToken {
  /** Epoch milliseconds. */
  readonly endTime: number;
}

/** What tokens say beside who their bearer is. Times are epoch milliseconds. */
export interface Issue {
  readonly issuedAt: number;
  readonly number: number;
  /** Of the session: no token lives longer. */
  readonly endTime: number;
}

export interface TokenPair {
  readonly accessToken: string;
  readonly accessTokenExpiresIn: number;
  readonly refreshToken: string;
  readonly refreshTokenExpiresIn: number;
}

const info = z.object({
  userId: z.int(),
  terminal: z.int(),
  userName: z.string().default(''),
  nickName: z.string().default(''),
});

const claims = z.object({
  info: z.string(),
  issuedAt: z.number(),
  sid: z.string(),
  number: z.int().default(0),
  exp: z.number().default(Infinity),
});

const decode = createDecoder();

/** Access tokens whose signature is known to be good. A person asks with the same one for as long as it lives. */
const mostKnown = 10_000;

export class Tokens {
  readonly #ttlS: Readonly<Record<TokenKind, number>>;
  readonly #keys: Readonly<Record<TokenKind, readonly TokenKey[]>>;
  readonly #known = new Map<string, KnownToken>();

  constructor(options: TokenOptions) {
    const { accessSecret = [], accessKey, refreshSecret } = options;
    this.#ttlS = { access: options.accessTtlS, refresh: options.refreshTtlS };
    this.#keys = {
      access: [
        ...(accessKey === undefined ? [] : privateKeys(accessKey)),
        ...[accessSecret].flat().map(secretKey),
      ],
      refresh: [refreshSecret].flat().map(secretKey),
    };
  }

  /** What push servers check access tokens with. */
  get publicKeys(): PublicKey[] {
    return this.#keys.access.flatMap(({ publicKey }) => publicKey ?? []);
  }

  issue(caller: Caller, issue: Issue): TokenPair {
    return {
      accessToken: this.#sign('access', caller, issue),
      accessTokenExpiresIn: this.#lifeS('access', issue),
      refreshToken: this.#sign('refresh', caller, issue),
      refreshTokenExpiresIn: this.#lifeS('refresh', issue),
    };
  }

  /** What the token says; `invalid` when it is not ours or over, `unreadable` when it is no token at all. */
  read(kind: TokenKind, token: string): ReadToken | 'invalid' | 'unreadable' {
    const known = kind === 'access' ? this.#known.get(token) : undefined;
    if (known) return Date.now() < known.endTime ? known : 'invalid';
    const read = this.#check(kind, token);
    if (typeof read === 'string') return read;
    if (kind === 'access') this.#keep(token, read);
    return read;
  }

  #check(kind: TokenKind, token: string): KnownToken | 'invalid' | 'unreadable' {
    if (!isJwt(token)) return 'unreadable';
    for (const key of this.#keys[kind]) {
      try {
        const { info: text, issuedAt, sid, number, exp } = claims.parse(key.check(token));
        // Whatever was written into it, it does not outlive the life that tokens have now.
        const endTime = Math.min(exp * 1_000, issuedAt + this.#ttlS[kind] * 1_000);
        if (Date.now() >= endTime) return 'invalid';
        return { caller: { ...info.parse(JSON.parse(text)), sessionId: sid }, number, endTime };
      } catch (error) {
        if (error instanceof TokenError && error.code === TokenError.codes.expired) return 'invalid';
      }
    }
    return 'invalid';
  }

  /** The oldest goes when there are too many. */
  #keep(token: string, read: KnownToken): void {
    if (this.#known.size >= mostKnown) {
      const [oldest = ''] = this.#known.keys();
      this.#known.delete(oldest);
    }
    this.#known.set(token, read);
  }

  #lifeS(kind: TokenKind, { issuedAt, endTime }: Issue): number {
    return Math.min(this.#ttlS[kind], Math.floor((endTime - issuedAt) / 1_000));
  }

  #sign(kind: TokenKind, { sessionId, ...caller }: Caller, issue: Issue): string {
    const { issuedAt, number } = issue;
    const { nickName, terminal, userId, userName } = caller;
    // At least one: options need some key of each kind.
    const [key] = this.#keys[kind] as readonly [TokenKey, ...TokenKey[]];
    return key.sign({
      aud: String(userId),
      exp: Math.ceil(issuedAt / 1_000) + this.#lifeS(kind, issue),
      // Box-im's names, and in its order. No `iat`: its servers refuse one that is ahead of their clock.
      info: JSON.stringify({ nickName, terminal, userId, userName }),
      issuedAt,
      sid: sessionId,
      number,
    });
  }
}

function isJwt(token: string): boolean {
  try {
    decode(token);
    return true;
  } catch {
    return false;
  }
}
