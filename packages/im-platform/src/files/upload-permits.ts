import type { FastifyRequest } from 'fastify';
import type { Logger } from 'im-common';
import type { Database } from '../db/database.ts';
import type { Caller } from '../sessions/caller.ts';

export interface UploadPermitParts {
  readonly database: Pick<Database, 'sql'>;
  readonly logger: Logger;
  /** Of pages that may upload; apps have none. */
  readonly isOurOrigin: (origin: string) => boolean;
  /** Whether addresses that proxies tell are believed. */
  readonly trustsProxies: boolean;
}

/** So long after a request with a token of his, uploads from there are those of its user. */
const permitMs = 600_000;
/** What is known to be noted is not noted again so soon. */
const renewMs = 20_000;
/** Callers at their networks that one process remembers to have noted. */
const mostRemembered = 50_000;

/**
 * Who may upload without a token: box-im's uniapp sends none with its pictures and files. A request with a token is a
 * permit for its network, for a short time; what is uploaded there counts as that of whoever was seen there last, so
 * nobody uploads without limits and quotas. Kept in the database, as the upload may come to another instance.
 */
export class UploadPermits {
  readonly #parts: UploadPermitParts;
  /** When each was noted, the oldest first. */
  readonly #noted = new Map<string, number>();
  #writing: Promise<unknown> = Promise.resolve();
  #sweptAt = -Infinity;

  constructor(parts: UploadPermitParts) {
    this.#parts = parts;
  }

  /** The caller was at this network. */
  note({ userId, terminal }: Caller, network: string, seenTime: number): void {
    const key = `${userId} ${terminal} ${network}`;
    const now = performance.now();
    if (now - (this.#noted.get(key) ?? -Infinity) < renewMs) return;
    this.#noted.delete(key);
    this.#noted.set(key, now);
    const [oldest] = this.#noted.keys();
    if (this.#noted.size > mostRemembered && oldest !== undefined) this.#noted.delete(oldest);
    const written = this.#write({ userId, terminal, network, seenTime: Math.floor(seenTime) }).catch(
      (error: unknown) => {
        this.#noted.delete(key);
        this.#parts.logger.warn({ err: error }, 'a permit to upload could not be noted');
      },
    );
    this.#writing = Promise.all([this.#writing, written]);
  }

  /** Whose upload it is, if it is anybody's. */
  async holderOf({
    headers,
    network,
  }: Pick<FastifyRequest, 'headers' | 'network'>): Promise<number | undefined> {
    const { database, isOurOrigin, trustsProxies } = this.#parts;
    // Any page that somebody opens may send a form from where he is.
    if (headers.origin !== undefined && !isOurOrigin(headers.origin)) return undefined;
    // All who come through a proxy that is not known as one seem to be at the same place.
    if (!trustsProxies && (headers['x-forwarded-for'] ?? headers.forwarded) !== undefined) return undefined;
    await this.#writing;
    const permits = await database
      .sql('im_upload_permit as p')
      .join('im_user as u', 'u.id', 'p.userId')
      .leftJoin('im_revocation as r', (on) => on.on('r.userId', 'p.userId').andOn('r.terminal', 'p.terminal'))
      .where({ 'p.network': network, 'u.isBanned': 0 })
      .where('p.seenTime', '>', Date.now() - permitMs)
      .orderBy('p.seenTime', 'desc')
      .select<Permit[]>('p.userId', 'p.seenTime', 'r.issuedBeforeS');
    // Where a session has ended since, it may have been this one.
    return permits.find(({ seenTime, issuedBeforeS }) => seenTime >= (issuedBeforeS ?? 0) * 1_000)?.userId;
  }

  /** Resolves when nothing is being written any more. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #write(permit: Place): Promise<void> {
    const { sql } = this.#parts.database;
    await sql('im_upload_permit')
      .insert(permit)
      .onConflict(['network', 'userId', 'terminal'])
      .merge(['seenTime']);
    if (performance.now() - this.#sweptAt < permitMs) return;
    this.#sweptAt = performance.now();
    await sql('im_upload_permit')
      .where('seenTime', '<', Date.now() - permitMs)
      .delete();
  }
}

interface Place extends Pick<Caller, 'userId' | 'terminal'> {
  readonly network: string;
  readonly seenTime: number;
}

interface Permit {
  readonly userId: number;
  readonly seenTime: number;
  readonly issuedBeforeS: number | null;
}
