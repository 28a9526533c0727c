import { Admins } from '../admins/admins.ts';
import { Trail } from '../admins/trail.ts';
import { knowsArchives, openArchivePlace } from '../archiving/open-archive-place.ts';
import type { Database } from '../db/database.ts';
import type { Outbox } from '../events/outbox.ts';
import type { Ending, Feature } from '../feature.ts';
import type { FileRecords } from '../files/file-records.ts';
import type { FileStore } from '../files/file-store.ts';
import type { FileUsage } from '../files/file-usage.ts';
import type { FileStoreOptions } from '../files/open-file-store.ts';
import { BegunUploads } from '../files/resumable/begun-uploads.ts';
import { openUploadBytes } from '../files/resumable/open-upload-bytes.ts';
import { LaneChanges } from '../message-log/lane-changes.ts';
import type { ResolvedOptions } from '../options.ts';
import { RetentionStore } from '../retention/retention-store.ts';
import { serverUsersOf, type ServerUserNeeds } from '../server/server.ts';
import { ArchivedWords } from './archived-words.ts';
import { erasureAdminApi, erasureServerApi } from './erasure-api.ts';
import { ErasureService } from './erasure-service.ts';
import { ErasureStore } from './erasure-store.ts';
import { Erasures } from './erasures.ts';
import { MessageEraser } from './message-eraser.ts';
import { WhatTheyLeft } from './what-they-left.ts';
import { WhatTheySaid } from './what-they-said.ts';

/** What whoever erases takes of the rest. */
export interface EraserNeeds {
  readonly options: FileStoreOptions &
    Pick<ResolvedOptions, 'archiveDir' | 'language' | 'logger' | 'sweepMs'>;
  readonly database: Database;
  readonly outbox: Outbox;
  readonly fileRecords: FileRecords;
  readonly fileStore: FileStore;
  readonly fileUsage: FileUsage;
}

/** The same of the whole feature. */
export interface ErasureNeeds extends ServerUserNeeds, EraserNeeds {
  readonly options: ResolvedOptions;
}

/** Of people who are to be forgotten nothing is left (decision 100). */
export const erasePeople: Feature<ErasureNeeds> = (app, needs) => {
  const { options, database, sessions, audit } = needs;
  const [erasures, trail] = [new ErasureStore(database), new Trail(database)];
  const service = new ErasureService({
    ...{ database, store: erasures, sessions, admins: new Admins(database), audit },
    language: options.language,
    knowsArchives: knowsArchives(options),
  });
  erasureAdminApi(app, { database, trail }, service);
  erasureServerApi(app, { trail, users: serverUsersOf(needs), service });
  return startErasing(needs);
};

/** What does it, of this process. */
export function startErasing(needs: EraserNeeds): Ending {
  const { options, database, fileStore: store, fileRecords, fileUsage: usage } = needs;
  const { language, logger, sweepMs } = options;
  const place = openArchivePlace(options);
  const lanes = new LaneChanges(database);
  const eraser = new MessageEraser({ database, lanes, store: new RetentionStore(database) });
  const records = new BegunUploads(database, usage);
  const bytes = openUploadBytes({ options, database, store, records });
  const end = new Erasures({
    ...{ database, store: new ErasureStore(database), outbox: needs.outbox, logger, everyMs: sweepMs * 5 },
    knowsArchives: place !== undefined,
    archived: new ArchivedWords({ database, place }),
    said: new WhatTheySaid({ database, lanes, eraser, language }),
    left: new WhatTheyLeft({
      ...{ database, store, records: fileRecords, usage, language },
      async removeUploads(userId) {
        for (const id of await records.of(userId)) {
          await bytes.remove(id);
          await records.remove(id);
        }
      },
    }),
  }).start();
  return async () => {
    await end();
    place?.store.close();
  };
}
