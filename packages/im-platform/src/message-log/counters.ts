import type { Sql } from '../db/database.ts';

/** The last numbers given out, locked until the transaction ends. `kind` is locked first: whoever holds it is alone. */
export async function lockCounters(
  sql: Sql,
  kind: string,
  conversations: readonly string[],
): Promise<Map<string, number>> {
  const last = new Map<string, number>();
  const rows = await sql('im_counter').where({ name: kind }).forUpdate().select<
    {
      value: number;
    }[]
  >('value');
  last.set(kind, rows[0]?.value ?? 0);
  const known = await sql('im_counter').whereIn('name', conversations).select<
    {
      name: string;
      value: number;
    }[]
  >('name', 'value');
  for (const { name, value } of known) last.set(name, value);
  return last;
}

export async function storeCounters(sql: Sql, counters: ReadonlyMap<string, number>): Promise<void> {
  const rows = [...counters].map(([name, value]) => ({ name, value }));
  await sql('im_counter').insert(rows).onConflict('name').merge(['value']);
}
