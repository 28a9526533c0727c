import { Trail } from '../admins/trail.ts';
import type { Database } from '../db/database.ts';
import type { Feature } from '../feature.ts';
import type { ResolvedOptions } from '../options.ts';
import { archiveApi } from './archive-api.ts';
import { ArchiveRunStore } from './archive-run-store.ts';
import { ArchiveRuns } from './archive-runs.ts';
import { ArchiveService } from './archive-service.ts';
import { toNamedDatabases } from '../lanes/lane-options.ts';
import { openArchivePlace } from './open-archive-place.ts';

/** What it takes of the rest. */
export interface ArchiveNeeds {
  readonly options: ResolvedOptions;
  readonly database: Database;
}

/** Messages of old months are moved into files, as with `im-platform archive`, by admins (decision 119). */
export const archives: Feature<ArchiveNeeds> = (app, { options, database }) => {
  const place = openArchivePlace(options);
  const store = new ArchiveRunStore(database);
  const deps = { database, trail: new Trail(database) };
  archiveApi(app, deps, new ArchiveService({ database, place, store }));
  if (!place) return undefined;
  const { logger, sweepMs } = options;
  const end = new ArchiveRuns({
    ...{ database, laneDatabases: toNamedDatabases(options.laneDatabases) },
    ...{ place, store, logger, everyMs: sweepMs * 5 },
  }).start();
  return async () => {
    await end();
    place.store.close();
  };
};
