import { createHash } from 'node:crypto';
import { chunksOf } from '../db/chunks.ts';
import type { Sql } from '../db/database.ts';
import type { LinkPreview } from './link-preview.ts';

/** So many are kept; those that end first go first. */
const mostKept = 20_000;
const hashesPerStatement = 500;

/** What is known of addresses, by their hashes: which ones were asked stands nowhere. */
export class LinkPreviewStore {
  readonly #database: { readonly sql: Sql };

  /** Of a transaction as well. */
  constructor(database: { readonly sql: Sql }) {
    this.#database = database;
  }

  /** Undefined: nothing is known any more. Null: there is nothing to show. */
  async find(link: string): Promise<LinkPreview | null | undefined> {
    const row = await this.#table()
      .where({ linkHash: hashOf(link) })
      .andWhere('endTime', '>', Date.now())
      .first<{ preview: string } | undefined>('preview');
    return row && (JSON.parse(row.preview) as LinkPreview | null); // as `keep` has written it
  }

  async keep(link: string, preview: LinkPreview | null, forMs: number): Promise<void> {
    await this.#table()
      .insert({
        ...{ linkHash: hashOf(link), preview: JSON.stringify(preview), endTime: Date.now() + forMs },
      })
      .onConflict('linkHash')
      .merge();
  }

  /** Nothing is known of them any more. */
  async forget(links: readonly string[]): Promise<void> {
    for (const some of chunksOf(links.map(hashOf), hashesPerStatement))
      await this.#table().whereIn('linkHash', some).delete();
  }

  async sweep(): Promise<void> {
    await this.#table().where('endTime', '<=', Date.now()).delete();
    const last = await this.#table()
      .orderBy('endTime', 'desc')
      .offset(mostKept)
      .first<{ endTime: number } | undefined>('endTime');
    if (last) await this.#table().where('endTime', '<=', last.endTime).delete();
  }

  #table() {
    return this.#database.sql('im_link_preview');
  }
}

function hashOf(link: string): string {
  return createHash('sha256').update(link).digest('base64url');
}
