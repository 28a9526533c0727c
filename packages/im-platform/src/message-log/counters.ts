import type { Sql } from '../db/database.ts';

/** What a log counts. Its rows are locked until the transaction ends: whoever holds them is alone. */
export interface Counters {
  /** The last id that was given out. */
  id: number;
  /** And the time of its message. */
  time: number;
  /** Of the last change in the log's lane. */
  stamp: number;
}

const names = ['id', 'stamp', 'time'] as const;

export async function lockCounters(sql: Sql, kind: string): Promise<Counters> {
  const rows = await sql('im_counter')
    .whereIn(
      'name',
      names.map((name) => `${kind}:${name}`),
    )
    .forUpdate()
    .select<{ name: string; value: number }[]>('name', 'value');
  const counters: Counters = { id: 0, time: 0, stamp: 0 };
  for (const name of names) counters[name] = rows.find((row) => row.name === `${kind}:${name}`)?.value ?? 0;
  return counters;
}

export async function storeCounters(sql: Sql, kind: string, counters: Counters): Promise<void> {
  const rows = names.map((name) => ({ name: `${kind}:${name}`, value: counters[name] }));
  await sql('im_counter').insert(rows).onConflict('name').merge(['value']);
}
