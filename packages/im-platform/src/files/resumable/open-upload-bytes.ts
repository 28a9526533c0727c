import { join } from 'node:path';
import type { Database } from '../../db/database.ts';
import type { ResolvedOptions } from '../../options.ts';
import type { FileStore } from '../file-store.ts';
import { UploadFolder } from '../upload-folder.ts';
import type { BegunUploads } from './begun-uploads.ts';
import { StoredUploadBytes } from './stored-upload-bytes.ts';
import { LocalUploadBytes, type UploadBytes } from './upload-bytes.ts';
import { UploadParts } from './upload-parts.ts';

export interface UploadBytesDeps {
  readonly options: Pick<ResolvedOptions, 'filesDir' | 's3Bucket'>;
  readonly database: Database;
  readonly store: FileStore;
  readonly records: BegunUploads;
}

/** Beside the files: taking an upload over is a rename then. */
export function incomingFolder({ filesDir }: Pick<ResolvedOptions, 'filesDir'>): UploadFolder {
  return new UploadFolder(join(filesDir, 'incoming'));
}

export function openUploadBytes({ options, database, store, records }: UploadBytesDeps): UploadBytes {
  if (options.s3Bucket === undefined)
    return new LocalUploadBytes(join(options.filesDir, 'unfinished'), records);
  const [folder, parts] = [incomingFolder(options), new UploadParts(database)];
  return new StoredUploadBytes({ store, folder, records, parts });
}
