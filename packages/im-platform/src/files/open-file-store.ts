import type { ResolvedOptions } from '../options.ts';
import { refused } from '../platform-error.ts';
import { LocalFileStore, type FileStore } from './file-store.ts';
import { MovingFileStore } from './moving-file-store.ts';
import { S3FileStore } from './s3/s3-file-store.ts';

export type FileStoreOptions = Pick<
  ResolvedOptions,
  | 'filesDir'
  | 's3Bucket'
  | 's3Prefix'
  | 's3From'
  | 's3Region'
  | 's3Endpoint'
  | 's3PathStyle'
  | 's3AccessKeyId'
  | 's3SecretAccessKey'
>;

/** In the bucket, if one is named; else in the folder. */
export function openFileStore(options: FileStoreOptions): FileStore {
  const { s3Bucket: bucket, s3Prefix, s3From, s3Region, s3Endpoint, s3PathStyle } = options;
  const { s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey } = options;
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
    throw refused(
      's3AccessKeyId and s3SecretAccessKey go together; with neither the AWS SDK looks for some.',
    );
  if (bucket === undefined) {
    if ([s3Prefix, s3From, s3Endpoint, accessKeyId].some((given) => given !== undefined))
      throw refused('There are options for files in S3, and no s3Bucket.');
    return new LocalFileStore(options.filesDir);
  }
  const store = new S3FileStore({
    ...{ bucket, prefix: s3Prefix ?? '', region: s3Region, endpoint: s3Endpoint, isPathStyle: s3PathStyle },
    credentials:
      accessKeyId === undefined || secretAccessKey === undefined
        ? undefined
        : { accessKeyId, secretAccessKey },
  });
  return s3From === undefined ? store : new MovingFileStore(store, new LocalFileStore(s3From));
}
