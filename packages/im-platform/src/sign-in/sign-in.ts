import type { Logger } from 'im-common';
import type { Database } from '../db/database.ts';
import type { Feature } from '../feature.ts';
import { allowedAddresses } from '../files/file-addresses.ts';
import { publicUrlOf } from '../http/public-url.ts';
import type { Audit } from '../operations/audit.ts';
import type { ResolvedOptions } from '../options.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import type { SecondFactors } from '../second-factor/second-factors.ts';
import type { Tickets } from '../seals/tickets.ts';
import { regularly } from '../regularly.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { PasswordChecks } from '../users/password-checks.ts';
import type { UserStore } from '../users/user-store.ts';
import { Entrance } from './entrance.ts';
import { exchangeApi } from './exchange-api.ts';
import { ForeignTokens } from './foreign-tokens.ts';
import { readProviders, type ResolvedProvider } from './identity-provider.ts';
import { IdentityStore } from './identity-store.ts';
import { linkApi } from './link-api.ts';
import { Links } from './links.ts';
import { Outsiders } from './outsiders.ts';
import { logoutApi } from './logout-api.ts';
import { LogoutTokens } from './logout-tokens.ts';
import { ProviderSignIn, type Party } from './provider-sign-in.ts';
import { callbackPath, signInApi } from './sign-in-api.ts';

/** What it takes of the rest. */
export interface SignInNeeds {
  readonly options: Pick<
    ResolvedOptions,
    'identityProviders' | 'publicUrl' | 'port' | 'fileHosts' | 'logger'
  >;
  readonly database: Database;
  readonly users: UserStore;
  readonly sessions: Sessions;
  readonly words: SensitiveWords;
  readonly audit: Audit;
  readonly sessionStore: SessionStore;
  readonly passwordChecks: PasswordChecks;
  readonly tickets: Tickets;
  readonly secondFactors: SecondFactors;
}

const sweepEveryMs = 3_600_000;

/** Signing in with what others say (decision 088). */
export const signIn: Feature<SignInNeeds> = async (app, needs) => {
  const { options, database, users, sessions, words, audit, tickets } = needs;
  const { logger } = options;
  const providers = readProviders(options.identityProviders);
  const publicUrl = (): string => publicUrlOf(app.server, options);
  const identities = new IdentityStore(database);
  const outsiders = new Outsiders({
    ...{ database, users, words, audit, identities },
    isAllowedPicture: allowedAddresses(options),
  });
  const entrance = new Entrance({ outsiders, users, sessions, audit, secondFactors: needs.secondFactors });
  exchangeApi(app, { foreign: new ForeignTokens(providers, logger), entrance });
  const links = new Links({ database, identities, sessionStore: needs.sessionStore, audit });
  const signIn = new ProviderSignIn({
    ...{ tickets, entrance, links },
    parties: await partiesOf(providers, { publicUrl, logger }),
  });
  signInApi(app, { signIn, publicUrl });
  const logoutTokens = new LogoutTokens(providers, logger);
  await logoutApi(app, { tokens: logoutTokens, database, identities, tickets, sessions, audit });
  linkApi(app, { signIn, publicUrl, links, providers, users, passwordChecks: needs.passwordChecks });
  const failure = 'used tickets cannot be forgotten now';
  return regularly({ everyMs: sweepEveryMs, logger, failure }, () => tickets.sweep());
};

async function partiesOf(
  providers: readonly ResolvedProvider[],
  { publicUrl, logger }: { readonly publicUrl: () => string; readonly logger: Logger },
): Promise<ReadonlyMap<string, Party>> {
  const parties = new Map<string, Party>();
  for (const provider of providers) {
    const { id, clientId } = provider;
    if (clientId === undefined) continue;
    const redirectUri = (): string => publicUrl().replace(/\/$/, '') + callbackPath(id);
    const { RelyingParty } = await import('./relying-party.ts');
    const party = await RelyingParty.of({ provider: { ...provider, clientId }, redirectUri, logger });
    parties.set(id, { provider, party });
  }
  return parties;
}
