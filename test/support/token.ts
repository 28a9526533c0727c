import { SignJWT } from 'jose';

export interface TokenOptions {
  /** Beyond 2^53 as string or bigint: it is written digit for digit. */
  readonly userId: string | number | bigint;
  readonly terminal: number;
  readonly secret: string;
  /** Negative for a token that has expired. @default 1_800 */
  readonly expiresInS?: number;
  readonly nickName?: string;
  readonly userName?: string;
  /** Further JWT claims, or other values for `aud`, `exp` and `info`. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** An access token as box-im makes it: claim `info` is a JSON string, with its keys in alphabetical order. */
export function makeToken(options: TokenOptions): Promise<string> {
  const {
    userId,
    terminal,
    secret,
    expiresInS = 1_800,
    nickName = 'nick',
    userName = 'user',
    extra,
  } = options;
  // By hand, as JSON.stringify takes no bigint and would round what is beyond 2^53.
  const names = [JSON.stringify(nickName), JSON.stringify(userName)] as const;
  const info = `{"nickName":${names[0]},"terminal":${terminal},"userId":${userId},"userName":${names[1]}}`;
  const exp = Math.floor(Date.now() / 1_000) + expiresInS;
  return new SignJWT({ aud: String(userId), exp, info, ...extra })
    .setProtectedHeader({ typ: 'JWT', alg: 'HS256' })
    .sign(new TextEncoder().encode(secret));
}
