import type { Sql } from '../db/database.ts';
import { nameOf, type DataKeyRow } from './data-keys.ts';
import { KeyRefused, type KeyProvider } from './key-provider.ts';

export interface Rewrapped {
  wrapped: number;
  /** Keys that the provider cannot unwrap. */
  refused: number;
}

const keysAtOnce = 100;

/**
 * Wraps the keys of conversations anew that another master key has wrapped than the one that wraps now; what is encrypted with them stays as it is. A
 * row says by itself who has wrapped it, so this may be cut off anywhere and called again, while platforms run.
 */
export async function rewrapAll(sql: Sql, provider: KeyProvider): Promise<Rewrapped> {
  const done: Rewrapped = { wrapped: 0, refused: 0 };
  for (let after: Pick<DataKeyRow, 'scope' | 'version'> = { scope: '', version: 0 }; ;) {
    const { scope, version } = after;
    const rows = await sql('im_data_key')
      .whereNot({ masterId: provider.masterId })
      .where('scope', '>=', scope)
      .where((later) => void later.where('scope', '>', scope).orWhere('version', '>', version))
      .orderBy(['scope', 'version'])
      .limit(keysAtOnce)
      .select<DataKeyRow[]>();
    const last = rows.at(-1);
    if (!last) return done;
    for (const row of rows) done[await rewrap(sql, provider, row)] += 1;
    after = last;
  }
}

async function rewrap(sql: Sql, provider: KeyProvider, row: DataKeyRow): Promise<keyof Rewrapped> {
  const { scope, version, masterId, wrapped } = row;
  try {
    const key = await provider.unwrap({ masterId, wrapped }, nameOf(row));
    const anew = await provider.wrap(key, nameOf(row));
    // Whoever else does it at the same time has wrapped the same key.
    await sql('im_data_key').where({ scope, version, masterId }).update(anew);
    return 'wrapped';
  } catch (error) {
    if (!(error instanceof KeyRefused)) throw error;
    return 'refused';
  }
}
