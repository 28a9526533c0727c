import { createHash } from 'node:crypto';
import type { Database } from '../db/database.ts';
import type { LinkPreview } from './link-preview.ts';

/** So many are kept; those that end first go first. */
const mostKept = 20_000;

/** What is known of addresses, by their hashes: which ones were asked stands nowhere. */
export class LinkPreviewStore {
  readonly #database: Pick<Database, 'sql'>;

  constructor(database: Pick<Database, 'sql'>) {
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
