import type { FastifyRequest } from 'fastify';
import type { Logger } from 'im-common';
import type { Database } from '../db/database.ts';
import type { Caller } from '../http/caller.ts';

export interface UploadPermitDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly logger: Logger;
  /** Of pages that may upload; apps have none. */
  readonly isOurOrigin: (origin: string) => boolean;
  /** Whether addresses that proxies tell are believed. */
  readonly trustsProxies: boolean;
}

/** So long after a request with a token of a session, uploads from there are its, if it has not ended. */
const permitMs = 600_000;
/** What is known to be noted is not noted again so soon. */
const renewMs = 20_000;
/** Sessions at their networks that one process remembers to have noted. */
const mostRemembered = 50_000;
/** Written at once. In a crowd, those who are not noted now are noted with their next request. */
const mostWrites = 200;

/**
 * Who may upload without a token: box-im's uniapp sends none with its pictures and files. A request with a token is a
 * permit for its network, for a short time; what is uploaded there counts as that of whoever was seen there last, so
 * nobody uploads without limits and quotas. Kept in the database, as the upload may come to another instance.
 */
export class UploadPermits {
  readonly #deps: UploadPermitDeps;
  /** When each was noted, the oldest first. */
  readonly #noted = new Map<string, number>();
  #writing: Promise<void> = Promise.resolve();
  #writes = 0;
  #sweptAt = -Infinity;

  constructor(deps: UploadPermitDeps) {
    this.#deps = deps;
  }

  /** The caller was at this network. */
  note({ sessionId }: Caller, network: string): void {
    const key = `${sessionId} ${network}`;
    const now = performance.now();
    if (this.#writes >= mostWrites || now - (this.#noted.get(key) ?? -Infinity) < renewMs) return;
    this.#noted.delete(key);
    this.#noted.set(key, now);
    const [oldest] = this.#noted.keys();
    if (this.#noted.size > mostRemembered && oldest !== undefined) this.#noted.delete(oldest);
    this.#writes += 1;
    const written = this.#write({ sessionId, network })
      .catch((error: unknown) => {
        this.#noted.delete(key);
        this.#deps.logger.warn({ err: error }, 'a permit to upload could not be noted');
      })
      .finally(() => (this.#writes -= 1));
    this.#writing = Promise.all([this.#writing, written]).then(() => undefined);
  }

  /** Whose upload it is, if it is anybody's. */
  async holderOf({
    headers,
    network,
  }: Pick<FastifyRequest, 'headers' | 'network'>): Promise<number | undefined> {
    const { database, isOurOrigin, trustsProxies } = this.#deps;
    // Any page that somebody opens may send a form from their network.
    if (headers.origin !== undefined && !isOurOrigin(headers.origin)) return undefined;
    // All who come through a proxy that is not known as one seem to be at the same place.
    if (!trustsProxies && (headers['x-forwarded-for'] ?? headers.forwarded) !== undefined) return undefined;
    await this.#writing;
    const now = Date.now();
    const last = await database
      .sql('im_upload_permit as p')
      .join('im_session as s', 's.id', 'p.sessionId')
      .join('im_user as u', 'u.id', 's.userId')
      .where({ 'p.network': network, 'u.isBanned': 0 })
      .where('p.seenTime', '>', now - permitMs)
      .where('s.idleEndTime', '>', now)
      .where('s.endTime', '>', now)
      .orderBy('p.seenTime', 'desc')
      .first<{ userId: number } | undefined>('s.userId');
    return last?.userId;
  }

  /** Resolves when nothing is being written any more. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #write(permit: { sessionId: string; network: string }): Promise<void> {
    const { sql } = this.#deps.database;
    await sql('im_upload_permit')
      .insert({ ...permit, seenTime: Date.now() })
      .onConflict(['network', 'sessionId'])
      .merge(['seenTime']);
    if (performance.now() - this.#sweptAt < permitMs) return;
    this.#sweptAt = performance.now();
    await sql('im_upload_permit')
      .where('seenTime', '<', Date.now() - permitMs)
      .delete();
  }
}
