import { readFile } from 'node:fs/promises';
import type { Logger } from 'im-common';
import { decodeProtectedHeader } from 'jose';
import * as oidc from 'openid-client';
import { Refusal } from '../http/refusal.ts';
import { refused } from '../platform-error.ts';
import type { ResolvedProvider } from './identity-provider.ts';
import type { Claims } from './outsider.ts';

/** What is kept of a sign-in that has begun, to know its end by. */
export interface Checks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface RelyingPartyDeps {
  readonly provider: ResolvedProvider & { readonly clientId: string };
  /** Where the provider sends people back to: one address, and never one that somebody asks for. */
  readonly redirectUri: () => string;
  readonly logger: Logger;
}

const timeoutS = 3;
const freshMs = 3_600_000;

/** What this platform is to one provider: authorization code with PKCE. */
export class RelyingParty {
  readonly #deps: RelyingPartyDeps;
  readonly #secret: string | undefined;
  #found: oidc.Configuration | undefined;
  #foundAt = -Infinity;
  #finding: Promise<void> | undefined;

  private constructor(deps: RelyingPartyDeps, secret: string | undefined) {
    this.#deps = deps;
    this.#secret = secret;
  }

  /** The provider need not be there yet. */
  static async of(deps: RelyingPartyDeps): Promise<RelyingParty> {
    const { clientSecret, clientSecretFile, id } = deps.provider;
    if (clientSecretFile === undefined) return new RelyingParty(deps, clientSecret);
    const text = await readFile(clientSecretFile, 'utf8').catch((cause: unknown) => {
      throw refused(`identityProviders: the clientSecretFile of ${id} cannot be read.`, cause);
    });
    return new RelyingParty(deps, text.trim());
  }

  /** Where the browser is to go. */
  async begin(): Promise<{ readonly url: string; readonly checks: Checks }> {
    const { provider, redirectUri } = this.#deps;
    const configuration = await this.#configuration();
    const checks = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
    };
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri(),
      scope: provider.scopes.join(' '),
      ...{ state: checks.state, nonce: checks.nonce, code_challenge_method: 'S256' },
      code_challenge: await oidc.calculatePKCECodeChallenge(checks.verifier),
    });
    return { url: url.href, checks };
  }

  /** Who has signed in there: `query` is what the provider sent the browser back with. */
  async finish(query: string, { state, nonce, verifier }: Checks): Promise<Claims> {
    const { provider, redirectUri, logger } = this.#deps;
    const configuration = await this.#configuration();
    try {
      const said = await oidc.authorizationCodeGrant(configuration, new URL(`${redirectUri()}?${query}`), {
        ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
        idTokenExpected: true,
      });
      const claims = said.claims();
      const { alg } = decodeProtectedHeader(said.id_token ?? '');
      if (!claims || !provider.algorithms.includes(alg ?? ''))
        throw new Error(`an ID token by ${alg ?? 'nothing'}`);
      if (configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
      // Most providers say there what people are called, and only there.
      const more = await oidc.fetchUserInfo(configuration, said.access_token, claims.sub);
      return { ...more, ...claims };
    } catch (error) {
      logger.warn({ err: error, provider: provider.id }, 'a sign-in at a provider did not come to its end');
      throw new Refusal(isNo(error) ? 'providerRefused' : 'signInFailed');
    }
  }

  async #configuration(): Promise<oidc.Configuration> {
    if (performance.now() >= this.#foundAt + freshMs) {
      this.#finding ??= this.#find().finally(() => (this.#finding = undefined));
      await this.#finding;
    }
    if (!this.#found) throw new Refusal('unavailable', { code: 503 });
    return this.#found;
  }

  async #find(): Promise<void> {
    const { provider, logger } = this.#deps;
    const { id, issuer, clientId } = provider;
    const secret = this.#secret;
    // Options allow it on this machine alone.
    const isPlain = issuer.startsWith('http:');
    try {
      this.#found = await oidc.discovery(
        new URL(issuer),
        clientId,
        undefined,
        secret === undefined ? oidc.None() : oidc.ClientSecretBasic(secret),
        {
          timeout: timeoutS,
          // The signature too, though the ID token comes straight from the provider.
          // eslint-disable-next-line @typescript-eslint/no-deprecated -- so that it stands out; options allow it on this machine alone
          execute: [oidc.enableNonRepudiationChecks, ...(isPlain ? [oidc.allowInsecureRequests] : [])],
        },
      );
      this.#foundAt = performance.now();
    } catch (error) {
      logger.warn({ err: error, provider: id }, 'a provider does not say how people sign in there');
    }
  }
}

/** The person, or the provider for them, has turned it down. */
function isNo(error: unknown): boolean {
  return error instanceof oidc.AuthorizationResponseError && error.error === 'access_denied';
}
