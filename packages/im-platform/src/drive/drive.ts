import type { Database } from '../db/database.ts';
import type { Feature } from '../feature.ts';
import { deleteFile } from '../files/delete-file.ts';
import type { FileRecords } from '../files/file-records.ts';
import type { FileStore } from '../files/file-store.ts';
import type { FileUsage } from '../files/file-usage.ts';
import type { MessageFiles } from '../files/message-files.ts';
import { SharedContent } from '../files/shared-content.ts';
import { publicUrlOf } from '../http/public-url.ts';
import type { ResolvedOptions } from '../options.ts';
import { ContentLinks } from './content-links.ts';
import { contentRoute } from './content-route.ts';
import { driveApi } from './drive-api.ts';
import { DriveFiles } from './drive-files.ts';
import { DriveTree } from './drive-tree.ts';
import { DriveViews } from './drive-views.ts';

/** What it takes of the rest. */
export interface DriveNeeds {
  readonly options: ResolvedOptions;
  readonly database: Database;
  readonly fileRecords: FileRecords;
  readonly fileStore: FileStore;
  readonly fileUsage: FileUsage;
  readonly messageFiles: MessageFiles;
}

/** Folders and files that people keep and share. */
export const drive: Feature<DriveNeeds> = (app, needs) => {
  const { options, database, fileRecords: records, fileStore: store, messageFiles } = needs;
  const { logger } = options;
  if (!options.drive) {
    driveApi(app, undefined);
    return undefined;
  }
  const files = new DriveFiles({
    ...{ sql: database.sql, store, messageFiles, logger },
    contents: new SharedContent(needs.fileUsage),
    deleteFile: (file) => deleteFile({ records, store }, file),
  });
  const links = new ContentLinks(options, () => publicUrlOf(app.server, options));
  const tree = new DriveTree({ database, files, mostVersions: options.driveVersions });
  const views = new DriveViews(database, links);
  driveApi(app, { tree, views });
  contentRoute(app, { database, links, files, store, logger });
  return undefined;
};
