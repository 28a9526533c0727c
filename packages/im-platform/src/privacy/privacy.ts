import type { Feature } from '../feature.ts';
import type { Database } from '../db/database.ts';
import { BlockService } from './block-service.ts';
import { BlockStore } from './block-store.ts';
import { privacyApi } from './privacy-api.ts';
import { PrivacyStore } from './privacy-store.ts';

/** What it takes of the rest. */
export interface PrivacyNeeds {
  readonly database: Database;
}

/** What people want of others. What they may do by it, `who-may.ts` says to those who ask. */
export const privacy: Feature<PrivacyNeeds> = (app, { database }) => {
  privacyApi(app, {
    privacy: new PrivacyStore(database),
    blocks: new BlockService(database, new BlockStore(database)),
  });
};
