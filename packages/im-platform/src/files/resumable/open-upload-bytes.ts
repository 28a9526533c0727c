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
  readonly options: Pick<
    ResolvedOptions,
    'filesDir' | 's3Bucket' | 'encryptionKeys' | 'encryptionKeyProvider'
  >;
  readonly database: Database;
  readonly store: FileStore;
  readonly records: BegunUploads;
}

/** Beside the files: taking an upload over is a rename then. */
export function incomingFolder({ filesDir }: Pick<ResolvedOptions, 'filesDir'>): UploadFolder {
  return new UploadFolder(join(filesDir, 'incoming'));
}

export function openUploadBytes({ options, database, store, records }: UploadBytesDeps): UploadBytes {
  const local = new LocalUploadBytes(join(options.filesDir, 'unfinished'), records);
  const isSealed = options.encryptionKeys !== undefined || options.encryptionKeyProvider !== undefined;
  if (options.s3Bucket === undefined && !isSealed) return local;
  const [folder, parts] = [incomingFolder(options), new UploadParts(database)];
  const stored = new StoredUploadBytes({ store, folder, records, parts });
  return options.s3Bucket === undefined ? withLeftovers(stored, local) : stored;
}

/** What had come before it was encrypted lies in the folder, and goes with its upload. */
function withLeftovers(stored: UploadBytes, local: UploadBytes): UploadBytes {
  return {
    open: () => stored.open(),
    withWhole: (upload, use) => stored.withWhole(upload, use),
    async remove(id) {
      await stored.remove(id);
      await local.remove(id);
    },
  };
}
