/** What a device reads in its own token. Nothing is checked: the server does that. */
export interface TokenClaims {
  /** Epoch milliseconds. */
  readonly expiresAt?: number | undefined;
  /** Names the user. */
  readonly user?: string | undefined;
}

/** The claims of a JWT; none of anything else. */
export function claimsOf(token: string): TokenClaims {
  try {
    const payload = token.split('.')[1] ?? '';
    const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Record<
      string,
      unknown
    >;
    const { aud, exp, sub } = claims;
    const user = typeof sub === 'string' ? sub : aud;
    return {
      expiresAt: typeof exp === 'number' ? exp * 1_000 : undefined,
      user: typeof user === 'string' ? user : undefined,
    };
  } catch {
    return {};
  }
}
