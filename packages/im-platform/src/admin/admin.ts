import { Trail } from '../admins/trail.ts';
import { banServiceOf, type BanNeeds } from '../bans/bans.ts';
import type { Feature } from '../feature.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import { groupAdminApi } from './group-admin-api.ts';
import { reportAdminApi } from './report-admin-api.ts';
import { trailApi } from './trail-api.ts';
import { userAdminApi } from './user-admin-api.ts';
import { UserAdmin } from './user-admin.ts';
import { wordAdminApi } from './word-admin-api.ts';

/** What it takes of the rest. */
export interface AdminNeeds extends Omit<BanNeeds, 'bus'> {
  readonly words: SensitiveWords;
}

/** What those do who run the platform, at `/v1/admin` (decision 081). */
export const admin: Feature<AdminNeeds> = (app, needs) => {
  const { database, sessions, words, audit } = needs;
  const bans = banServiceOf(needs);
  const deps = { database, trail: new Trail(database) };
  groupAdminApi(app, deps, bans);
  reportAdminApi(app, deps);
  wordAdminApi(app, deps, words);
  trailApi(app, deps);
  userAdminApi(
    app,
    deps,
    new UserAdmin({ database, sessions, bans, audit, language: needs.options.language }),
  );
  return undefined;
};
