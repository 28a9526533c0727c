import multipart from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { Gauge, type Registry } from 'prom-client';
import type { Feature } from '../feature.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Database } from '../db/database.ts';
import type { Outbox } from '../events/outbox.ts';
import type { FileLinks } from './file-links.ts';
import type { FileRecords } from './file-records.ts';
import type { FileStore } from './file-store.ts';
import type { FileUsage } from './file-usage.ts';
import { publicUrlOf } from '../http/public-url.ts';
import type { Audit } from '../operations/audit.ts';
import { isOutage } from '../outage.ts';
import { FileExpiry } from './file-expiry.ts';
import { filesUrlPath } from './file-key.ts';
import { fileRoutes } from './file-routes.ts';
import { FileService } from './file-service.ts';
import { deleteFile } from './delete-file.ts';
import { BegunUploads } from './resumable/begun-uploads.ts';
import { incomingFolder, openUploadBytes } from './resumable/open-upload-bytes.ts';
import { resumableApi } from './resumable/resumable-api.ts';
import { ResumableUploads } from './resumable/resumable-uploads.ts';
import { UploadLimits } from './upload-limits.ts';
import { FileScans } from './scan/file-scans.ts';
import { storageApi } from './storage-api.ts';
import { permitUploads, withoutToken } from './tokenless-uploads.ts';
import { uploadApi } from './upload-api.ts';
import { uploadRoutes } from './upload-routes.ts';
import { mostFileBytes } from './upload-folder.ts';

/** Of a form that are not the file, at most. */
const formBytes = 2_048;

/** What it takes of the rest. */
export interface FileNeeds {
  readonly options: ResolvedOptions;
  readonly database: Database;
  readonly fileRecords: FileRecords;
  readonly fileStore: FileStore;
  readonly fileUsage: FileUsage;
  readonly fileLinks: FileLinks;
  readonly metrics: Registry;
  readonly outbox: Outbox;
  readonly audit: Audit;
}

export const files: Feature<FileNeeds> = async (app, needs) => {
  const {
    options,
    database,
    fileRecords: records,
    fileStore: store,
    fileUsage,
    fileLinks: links,
    metrics,
    audit,
  } = needs;
  const { openUploads, uploadsPerMinute, fileSweepMs, requestTimeoutMs, logger } = options;
  await store.check().catch((error: unknown) => {
    if (!isOutage(error)) throw error;
    logger.warn({ err: error }, 'the store of files is away; uploads and downloads are answered with 503');
  });
  const folder = incomingFolder(options);
  const urlOf = (key: string): string => `${publicUrlOf(app.server, options)}${filesUrlPath}${key}`;
  const scans = new FileScans(options, { logger, audit, metrics });
  const service = new FileService({ records, store, folder, urlOf, outbox: needs.outbox, scans });
  // One file may take as long here, whatever else may.
  const timeoutMs = requestTimeoutMs + (options.fileScan === undefined ? 0 : options.fileScanTimeoutMs);

  const permits = options.uploadPermits ? permitUploads(app, { options, database }) : undefined;

  new Gauge({
    name: 'im_platform_files_bytes',
    help: 'What uploaded files take up in all, over all instances',
    registers: [metrics],
    async collect() {
      this.set(await records.bytesInAll());
    },
  });
  fileRoutes(app, { store, records, links, areShared: options.drive });
  storageApi(app, (userId) => fileUsage.of(database.sql, userId));
  const limits = new UploadLimits(uploadsPerMinute);
  // Only these routes read forms.
  await app.register(async (scope) => {
    await scope.register(multipart, {
      limits: { fileSize: mostFileBytes, files: 1, fields: 10, fieldSize: 1_024 },
      throwFileSizeLimit: false,
    });
    const checkRoom = (userId: number, { headers }: FastifyRequest): Promise<void> =>
      fileUsage.check(database.sql, userId, Math.max(1, Number(headers['content-length'] ?? 1) - formBytes));
    const uploads = { files: service, folder, limits, checkRoom, timeoutMs };
    const taken = withoutToken(permits, openUploads);
    uploadRoutes(scope, { ...uploads, links: links.boxIm, withoutToken: taken });
    uploadApi(scope, { ...uploads, links: links.v1 });
  });
  const begun = new BegunUploads(database, fileUsage);
  const resumable = new ResumableUploads({
    records: begun,
    files: service,
    bytes: openUploadBytes({ options, database, store, records: begun }),
    ...{ folder, largestMb: options.largestUploadMb },
    timeoutMs: requestTimeoutMs,
  });
  await app.register((scope, _options, done) => {
    resumableApi(scope, { uploads: resumable, links: links.v1, limits });
    done();
  });

  const expiry = new FileExpiry({
    records,
    deleteFile: (file) => deleteFile({ records, store }, file),
    folder,
    uploads: resumable,
    logger,
    everyMs: fileSweepMs,
  });
  expiry.start();
  return async () => {
    await expiry.close();
    await resumable.close();
    await permits?.close();
  };
};
