import type { Feature } from '../feature.ts';
import type { Audit } from '../operations/audit.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { profileServiceOf, type ProfileNeeds } from '../users/profiles.ts';
import { serverUserApi } from './server-user-api.ts';
import { ServerUsers } from './server-users.ts';

/** What it takes of the rest. */
export interface ServerNeeds extends ProfileNeeds {
  readonly sessions: Sessions;
  readonly audit: Audit;
}

/** What other back ends do with keys, at `/v1/server` (decision 080). */
export const server: Feature<ServerNeeds> = (app, needs) => {
  const { users, sessions, words, audit } = needs;
  serverUserApi(app, new ServerUsers({ users, sessions, words, audit, profiles: profileServiceOf(needs) }));
  return undefined;
};
