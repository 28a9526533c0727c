import type { Database } from '../db/database.ts';
import type { Feature } from '../feature.ts';
import { allowedAddresses } from '../files/file-addresses.ts';
import type { Audit } from '../operations/audit.ts';
import type { ResolvedOptions } from '../options.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { UserStore } from '../users/user-store.ts';
import { Entrance } from './entrance.ts';
import { exchangeApi } from './exchange-api.ts';
import { ForeignTokens } from './foreign-tokens.ts';
import { readProviders } from './identity-provider.ts';
import { IdentityStore } from './identity-store.ts';
import { Outsiders } from './outsiders.ts';

/** What it takes of the rest. */
export interface SignInNeeds {
  readonly options: Pick<ResolvedOptions, 'identityProviders' | 'publicUrl' | 'fileHosts' | 'logger'>;
  readonly database: Database;
  readonly users: UserStore;
  readonly sessions: Sessions;
  readonly words: SensitiveWords;
  readonly audit: Audit;
}

/** Signing in with what others say (decision 088). */
export const signIn: Feature<SignInNeeds> = (app, needs) => {
  const { options, database, users, sessions, words, audit } = needs;
  const providers = readProviders(options.identityProviders);
  const outsiders = new Outsiders({
    ...{ database, users, words, audit, identities: new IdentityStore(database) },
    isAllowedPicture: allowedAddresses(options),
  });
  const entrance = new Entrance({ outsiders, users, sessions, audit });
  exchangeApi(app, { foreign: new ForeignTokens(providers, options.logger), entrance });
  return undefined;
};
