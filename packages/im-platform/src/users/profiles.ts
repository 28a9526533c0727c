import { Admins } from '../admins/admins.ts';
import type { Feature } from '../feature.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Database } from '../db/database.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import type { UserStore } from './user-store.ts';
import type { FileLinks } from '../files/file-links.ts';
import type { FileRecords } from '../files/file-records.ts';
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
  readonly fileLinks: FileLinks;
  readonly fileRecords: FileRecords;
}

/** As other features make them that change profiles, too. */
export function profileServiceOf(needs: ProfileNeeds): ProfileService {
  const { options, database, users, im, words } = needs;
  return new ProfileService({
    ...{ database, users, im, words },
    acceptPicture: ownPictures({ options, links: needs.fileLinks, records: needs.fileRecords }),
    privacy: new PrivacyStore(database),
    language: options.language,
  });
}

export const profiles: Feature<ProfileNeeds> = (app, needs) => {
  const service = profileServiceOf(needs);
  profileRoutes(app, service);
  profileApi(app, service, new Admins(needs.database));
};
