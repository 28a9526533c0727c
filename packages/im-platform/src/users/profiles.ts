import type { Feature } from '../feature.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Database } from '../db/database.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import type { UserStore } from './user-store.ts';
import { ownPictures } from '../files/own-pictures.ts';
import { PrivacyStore } from '../privacy/privacy-store.ts';
import { profileApi } from './profile-api.ts';
import { profileRoutes } from './profile-routes.ts';
import { ProfileService } from './profile-service.ts';

/** What it takes of the rest. */
export interface ProfileNeeds {
  readonly options: ResolvedOptions;
  readonly database: Database;
  readonly users: UserStore;
  readonly im: PlatformIm;
  readonly words: SensitiveWords;
}

export const profiles: Feature<ProfileNeeds> = (app, { options, database, users, im, words }) => {
  const service = new ProfileService({
    ...{ database, users, im, words, checkPicture: ownPictures(options) },
    privacy: new PrivacyStore(database),
    language: options.language,
  });
  profileRoutes(app, service);
  profileApi(app, service);
};
