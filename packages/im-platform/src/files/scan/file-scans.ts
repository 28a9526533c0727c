import { createReadStream } from 'node:fs';
import type { Logger } from 'im-common';
import { Counter, type Registry } from 'prom-client';
import { Refusal } from '../../http/refusal.ts';
import type { Audit } from '../../operations/audit.ts';
import type { ResolvedOptions } from '../../options.ts';
import type { Upload } from '../upload-folder.ts';
import { clamdAt, scanByClamd, ScannerAway, type Verdict } from './clamd.ts';

export interface FileScanDeps {
  readonly logger: Logger;
  readonly audit: Pick<Audit, 'record'>;
  readonly metrics: Registry;
}

/** Looks at what has arrived before anybody can load it. */
export class FileScans {
  readonly #options: Pick<ResolvedOptions, 'fileScan' | 'fileScanTimeoutMs' | 'fileScanAway'>;
  readonly #deps: FileScanDeps;
  readonly #count: Counter<'verdict'>;

  constructor(
    options: Pick<ResolvedOptions, 'fileScan' | 'fileScanTimeoutMs' | 'fileScanAway'>,
    deps: FileScanDeps,
  ) {
    this.#options = options;
    this.#deps = deps;
    this.#count = new Counter({
      name: 'im_platform_file_scans_total',
      help: 'Files that the scanner was asked about, by its verdict',
      labelNames: ['verdict'],
      registers: [deps.metrics],
    });
  }

  /** Refuses what is infected. False: nobody has looked at it, and it may be kept all the same. */
  async check({ path }: Upload, userId: number): Promise<boolean> {
    const { fileScan } = this.#options;
    if (fileScan === undefined) return true;
    const { logger, audit } = this.#deps;
    const verdict = await this.#verdictOf(fileScan, path);
    this.#count.inc({ verdict: verdict.is });
    switch (verdict.is) {
      case 'clean':
        return true;
      case 'infected':
        logger.warn({ userId, found: verdict.by }, 'an infected file was refused');
        audit.record({ event: 'file-infected', userId, target: verdict.by });
        throw new Refusal('fileInfected');
      case 'tooLarge':
        logger.warn({ userId }, "a file is larger than the scanner takes; raise clamd's StreamMaxLength");
        return this.#unscanned(new Refusal('fileUnscanned'));
      case 'away':
        logger.warn({ userId, err: verdict.why }, 'the scanner of files is away');
        return this.#unscanned(new Refusal('unavailable', { code: 503 }));
    }
  }

  async #verdictOf(
    fileScan: string,
    path: string,
  ): Promise<Verdict | { readonly is: 'away'; readonly why: Error }> {
    const { fileScanTimeoutMs } = this.#options;
    try {
      return await scanByClamd(clamdAt(fileScan), createReadStream(path), fileScanTimeoutMs);
    } catch (error) {
      if (error instanceof ScannerAway) return { is: 'away', why: error };
      throw error;
    }
  }

  #unscanned(refusal: Refusal): false {
    if (this.#options.fileScanAway === 'refuse') throw refusal;
    return false;
  }
}
