import type { Bus } from 'im-common/bus';
import { redisOf } from 'im-common/internal/bus';
import { Trail } from '../admins/trail.ts';
import type { Database } from '../db/database.ts';
import type { Feature } from '../feature.ts';
import { deleteFile } from '../files/delete-file.ts';
import type { FileLinks } from '../files/file-links.ts';
import type { FileRecords } from '../files/file-records.ts';
import type { FileStore } from '../files/file-store.ts';
import type { FileUsage } from '../files/file-usage.ts';
import type { MessageFiles } from '../files/message-files.ts';
import { SharedContent } from '../files/shared-content.ts';
import { publicUrlOf } from '../http/public-url.ts';
import { limiterOfProcess, limitersOn } from '../limits/limiter.ts';
import type { ResolvedOptions } from '../options.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import { Seals } from '../seals/seals.ts';
import type { Passwords } from '../users/password.ts';
import { Activities } from './activities.ts';
import { adminShareApi } from './admin-share-api.ts';
import { ContentLinks } from './content-links.ts';
import { contentRoute } from './content-route.ts';
import { driveApi } from './drive-api.ts';
import { DriveFiles } from './drive-files.ts';
import { DriveMessageFiles } from './drive-message-files.ts';
import { DriveSearch } from './drive-search.ts';
import { DriveShares } from './drive-shares.ts';
import { DriveTrash } from './drive-trash.ts';
import { DriveTree } from './drive-tree.ts';
import { DriveViews } from './drive-views.ts';
import { linkPage, linkPath } from './link-page.ts';

/** What it takes of the rest. */
export interface DriveNeeds {
  readonly options: ResolvedOptions;
  readonly database: Database;
  readonly fileRecords: FileRecords;
  readonly fileStore: FileStore;
  readonly fileUsage: FileUsage;
  readonly messageFiles: MessageFiles;
  readonly fileLinks: FileLinks;
  readonly passwords: Passwords;
  readonly im: PlatformIm;
  readonly bus: Bus;
}

const dayMs = 86_400_000;
/** Nothing of it is urgent. */
const sweepsPerRound = 20;
/** Passwords that are shown at one link: from one network, and from everywhere. */
const mostWrong = 10;
const mostWrongInAll = 200;
const attemptsS = 900;
/** Of one user, or of one network by a link: to list thousands of files for each is work. */
const archivesPerMinute = 30;

/** Folders and files that people keep and share. */
export const drive: Feature<DriveNeeds> = async (app, needs) => {
  const { options, database, fileRecords: records, fileStore: store, messageFiles } = needs;
  const { logger } = options;
  adminShareApi(app, { database, trail: new Trail(database) }, options.drive);
  if (!options.drive) {
    driveApi(app, undefined);
    return undefined;
  }
  const contents = new SharedContent(needs.fileUsage);
  const files = new DriveFiles({
    ...{ sql: database.sql, store, messageFiles, logger, contents },
    deleteFile: (file) => deleteFile({ records, store }, file),
  });
  const publicUrl = (): string => publicUrlOf(app.server, options);
  const links = new ContentLinks(options, publicUrl);
  const everyMs = options.sweepMs * sweepsPerRound;
  const activities = new Activities({ database, im: needs.im, logger, everyMs });
  const tree = new DriveTree({ database, files, activities, mostVersions: options.driveVersions });
  const trash = new DriveTrash({ database, tree, keepMs: options.driveTrashDays * dayMs, everyMs, logger });
  driveApi(app, {
    ...{ tree, trash, activities, views: new DriveViews(database, links) },
    search: new DriveSearch({
      database,
      limit: limiterOfProcess({
        ...{ name: 'drive-searches', times: options.searchesPerMinute, durationS: 60 },
      }),
    }),
    shares: new DriveShares({ database, tree, passwords: needs.passwords }),
    messageFiles: new DriveMessageFiles({ database, contents, links: needs.fileLinks.v1, publicUrl }),
    linkUrl: (code) => `${publicUrl()}${linkPath}${code}`,
  });
  const limiter = limitersOn(redisOf(needs.bus));
  contentRoute(app, {
    ...{ database, links, files, store, logger },
    archives: limiterOfProcess({ name: 'drive-archives', times: archivesPerMinute, durationS: 60 }),
  });
  await linkPage(app, {
    ...{ database, links, passwords: needs.passwords, seals: new Seals(options.refreshSecret) },
    attempts: [
      limiter({ name: 'drive-link', times: mostWrong, durationS: attemptsS }),
      limiter({ name: 'drive-link-all', times: mostWrongInAll, durationS: attemptsS }),
    ],
  });
  const endings = [activities.start(), trash.start()];
  return async () => {
    for (const end of endings) await end();
  };
};
