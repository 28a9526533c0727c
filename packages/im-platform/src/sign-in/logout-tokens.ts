import type { Logger } from 'im-common';
import type { JWTPayload } from 'jose';
import { Refusal } from '../http/refusal.ts';
import type { ResolvedProvider } from './identity-provider.ts';
import { IssuerKeys } from './issuer-keys.ts';

/** Somebody has signed out at a provider. */
export interface SignedOut {
  readonly issuer: string;
  readonly subject: string;
  /** What the provider calls this very token. */
  readonly tokenId: string;
}

const event = 'http://schemas.openid.net/event/backchannel-logout';
/** Two clocks are never the same. */
const toleranceS = 30;
const freshForS = 300;
/** Until then a token that was taken must not be taken again. */
export const logoutTokenLifeS = freshForS + 2 * toleranceS;

interface Issuer {
  readonly provider: ResolvedProvider & { readonly clientId: string };
  readonly keys: IssuerKeys;
}

/** Logout tokens of the providers at which people sign in (OpenID Connect Back-Channel Logout 1.0, 2.6). */
export class LogoutTokens {
  readonly #issuers = new Map<string, Issuer>();

  constructor(providers: readonly ResolvedProvider[], logger: Logger) {
    for (const provider of providers) {
      const { id, clientId } = provider;
      if (clientId === undefined) continue;
      const keys = new IssuerKeys({ ...provider, logger });
      this.#issuers.set(id, { provider: { ...provider, clientId }, keys });
    }
  }

  /** Refuses whatever that provider has not signed, for us, just now, and as a logout. */
  async read(providerId: string, token: string): Promise<SignedOut> {
    const found = this.#issuers.get(providerId);
    if (!found) throw new Refusal('providerUnknown');
    const { sub, jti = '', ...claims } = await verify(token, found);
    // Of an ID token it differs by these two alone.
    if ('nonce' in claims) throw refused('it has a nonce, as no logout token has');
    if (!isLogout(claims['events'])) throw refused(`its events do not have ${event}`);
    if (jti === '') throw refused('its jti is empty');
    if (sub === undefined)
      throw refused('it has no sub: which session of the provider is which of ours is not known here');
    return { issuer: found.provider.issuer, subject: sub, tokenId: jti };
  }
}

async function verify(token: string, { provider, keys }: Issuer): Promise<JWTPayload> {
  const { issuer, clientId: audience, algorithms } = provider;
  const { errors, jwtVerify } = await import('jose');
  try {
    const { payload } = await jwtVerify(token, keys.keyOf, {
      ...{ issuer, audience, algorithms: [...algorithms], requiredClaims: ['iat', 'jti'] },
      ...{ clockTolerance: toleranceS, maxTokenAge: freshForS },
    });
    return payload;
  } catch (error) {
    // Its messages name claims, and never what stands in them.
    throw error instanceof errors.JOSEError ? refused(error.message) : error;
  }
}

function isLogout(events: unknown): boolean {
  const said = (events as Record<string, unknown> | null | undefined)?.[event];
  return typeof said === 'object' && said !== null && !Array.isArray(said);
}

function refused(why: string): Refusal {
  return new Refusal('malformed', { code: 400, values: { what: `logout_token: ${why}` } });
}
