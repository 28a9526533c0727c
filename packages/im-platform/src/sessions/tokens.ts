import { createDecoder, createVerifier, TokenError } from 'fast-jwt';
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

const claims = z.object({ info: z.string(), exp: z.number().default(0) });

const decode = createDecoder();

export class Tokens {
  readonly #options: TokenOptions;
  readonly #check: Readonly<Record<TokenKind, (token: string) => unknown>>;

  constructor(options: TokenOptions) {
    this.#options = options;
    this.#check = { access: checkWith(options.accessSecret), refresh: checkWith(options.refreshSecret) };
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
  read(kind: TokenKind, token: string): ReadToken | 'invalid' | 'unreadable' {
    try {
      const { info: text, exp } = claims.parse(this.#check[kind](token));
      const ttlS = kind === 'access' ? this.#options.accessTtlS : this.#options.refreshTtlS;
      return { caller: info.parse(JSON.parse(text)), issuedAtS: exp - ttlS };
    } catch (error) {
      if (error instanceof TokenError && isJwt(token)) return 'invalid';
      return 'unreadable';
    }
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

function checkWith(secret: string): (token: string) => unknown {
  return createVerifier({ key: secret, algorithms: ['HS256'] });
}
