import type { Logger } from 'im-common';
import { Refusal } from '../http/refusal.ts';
import type { ResolvedProvider } from './identity-provider.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { outsiderIn, type Claims, type Outsider } from './outsider.ts';

/** Two clocks are never the same. */
const toleranceS = 30;

interface Issuer {
  readonly provider: ResolvedProvider;
  readonly keys: IssuerKeys;
}

/** Bearer tokens that other issuers have made for their users. */
export class ForeignTokens {
  readonly #issuers: ReadonlyMap<string, Issuer>;

  constructor(providers: readonly ResolvedProvider[], logger: Logger) {
    this.#issuers = new Map(
      providers
        .filter(({ audience }) => audience.length > 0)
        .map((provider) => [provider.issuer, { provider, keys: new IssuerKeys({ ...provider, logger }) }]),
    );
  }

  /** Whom it is about, and who says so; refuses whatever is not signed by an issuer that we know, for us, and for now. */
  async read(token: string): Promise<{ readonly outsider: Outsider; readonly provider: ResolvedProvider }> {
    const issuer = this.#issuers.get(await issuerIn(token));
    if (!issuer) throw refused('no issuer that is known here');
    const { provider, keys } = issuer;
    const claims = await verify(token, provider, keys);
    return { outsider: outsiderIn(claims, provider), provider };
  }
}

/** Whom it says that it is from: with whose keys it has to be checked, and nothing else. */
async function issuerIn(token: string): Promise<string> {
  const { decodeJwt } = await import('jose');
  try {
    return decodeJwt(token).iss ?? '';
  } catch {
    throw refused('no JWT');
  }
}

async function verify(token: string, provider: ResolvedProvider, keys: IssuerKeys): Promise<Claims> {
  const { issuer, audience, algorithms } = provider;
  const { errors, jwtVerify } = await import('jose');
  try {
    const { payload } = await jwtVerify(token, keys.keyOf, {
      ...{ issuer, audience: [...audience], algorithms: [...algorithms] },
      ...{ clockTolerance: toleranceS, requiredClaims: ['sub', 'exp'] },
    });
    return payload;
  } catch (error) {
    // Its messages name claims, and never what stands in them.
    throw error instanceof errors.JOSEError ? refused(error.message) : error;
  }
}

function refused(why: string): Refusal {
  return new Refusal('foreignTokenInvalid', { code: 401, values: { why } });
}
