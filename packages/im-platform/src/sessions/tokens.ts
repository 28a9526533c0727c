import { webcrypto } from 'node:crypto';
import { decodeJwt, errors, jwtVerify } from 'jose';
import { createToken } from 'im-common/token';
import { z } from 'zod';
import type { Caller } from './caller.ts';

/** Box-im's tokens (contract A.4): the caller as JSON text in the claim `info`, HS256, no claim of when it was issued. */
export interface TokenOptions {
  readonly accessSecret: string;
  readonly refreshSecret: string;
  readonly accessTtlS: number;
  readonly refreshTtlS: number;
}

export type TokenKind = 'access' | 'refresh';

export interface ReadToken {
  readonly caller: Caller;
  /** The second in which it was issued, which follows from its end. */
  readonly issuedAtS: number;
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

export class Tokens {
  readonly #options: TokenOptions;
  readonly #keys: Readonly<Record<TokenKind, Promise<webcrypto.CryptoKey>>>;

  constructor(options: TokenOptions) {
    this.#options = options;
    this.#keys = { access: keyOf(options.accessSecret), refresh: keyOf(options.refreshSecret) };
  }

  /** A pair for the caller. `issuedAtS` may lie a second ahead, so that it is younger than what was just revoked. */
  async issue(caller: Caller, issuedAtS: number): Promise<TokenPair> {
    const { accessTtlS, refreshTtlS, accessSecret, refreshSecret } = this.#options;
    const passed = Math.floor(Date.now() / 1_000) - issuedAtS;
    const [accessToken, refreshToken] = await Promise.all([
      createToken(accessSecret, { ...caller, expiresInS: accessTtlS - passed }),
      createToken(refreshSecret, { ...caller, expiresInS: refreshTtlS - passed }),
    ]);
    return {
      accessToken,
      accessTokenExpiresIn: accessTtlS,
      refreshToken,
      refreshTokenExpiresIn: refreshTtlS,
    };
  }

  /** What the token says; `invalid` when it is not ours or over, `unreadable` when it is no token at all. */
  async read(kind: TokenKind, token: string): Promise<ReadToken | 'invalid' | 'unreadable'> {
    try {
      const { payload } = await jwtVerify(token, await this.#keys[kind], { algorithms: ['HS256'] });
      const ttlS = kind === 'access' ? this.#options.accessTtlS : this.#options.refreshTtlS;
      const caller = info.parse(JSON.parse(String(payload['info'])));
      return { caller, issuedAtS: (payload.exp ?? 0) - ttlS };
    } catch (error) {
      if (error instanceof errors.JOSEError && isJwt(token)) return 'invalid';
      return 'unreadable';
    }
  }
}

function isJwt(token: string): boolean {
  try {
    decodeJwt(token);
    return true;
  } catch {
    return false;
  }
}

/** Once: jose would import anything else for every token, which doubles what one costs. */
function keyOf(secret: string): Promise<webcrypto.CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return webcrypto.subtle.importKey('raw', Buffer.from(secret, 'utf8'), algorithm, false, ['verify']);
}
