import type { Sql } from './database.ts';

/**
 * Transactions that call this with one name come one after the other from there on, over all instances: so what each then counts is all that
 * there is. To be called first of all, as whoever has read before judges by what was there then.
 */
export async function takeTurn(sql: Sql, name: string): Promise<void> {
  const take = async (): Promise<boolean> =>
    (await sql('im_progress')
      .where({ name: `turn:${name}` })
      .increment('value', 1)) > 0;
  if (await take()) return;
  // Not before: of several that find the row there, all would hold it, and none could change it.
  await sql('im_progress')
    .insert({ name: `turn:${name}`, value: 0 })
    .onConflict('name')
    .ignore();
  await take();
}
