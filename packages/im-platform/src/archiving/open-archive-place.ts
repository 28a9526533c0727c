import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalFileStore } from '../files/file-store.ts';
import { openFileStore, type FileStoreOptions } from '../files/open-file-store.ts';
import type { ArchivePlace } from './archive.ts';

export type ArchiveOptions = FileStoreOptions & { readonly archiveDir?: string | undefined };

/** In the folder, if one is named; else in the bucket of the files, under archive/. Undefined: there is neither. */
export function openArchivePlace({ archiveDir, ...files }: ArchiveOptions): ArchivePlace | undefined {
  if (archiveDir !== undefined)
    return { store: new LocalFileStore(archiveDir), incoming: join(archiveDir, 'unfinished') };
  if (files.s3Bucket === undefined) return undefined;
  const s3Prefix = `${files.s3Prefix ?? ''}archive/`;
  return {
    store: openFileStore({ ...files, s3From: undefined, s3Prefix }),
    incoming: join(tmpdir(), 'im-archive'),
  };
}

/** Whether the platform was told where archives are. */
export function knowsArchives({ archiveDir, s3Bucket }: ArchiveOptions): boolean {
  return archiveDir !== undefined || s3Bucket !== undefined;
}
