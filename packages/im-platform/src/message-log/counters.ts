import { lanes } from '../conversations/conversation.ts';
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

/** The stamp of each lane, as far as changes can be seen: those that come later have higher ones. */
export async function findStamps(sql: Sql): Promise<number[]> {
  const kinds = Object.keys(lanes) as (keyof typeof lanes)[];
  const rows = await sql('im_counter')
    .whereIn(
      'name',
      kinds.map((kind) => `${kind}:stamp`),
    )
    .select<{ name: string; value: number }[]>('name', 'value');
  const stamps: number[] = [];
  for (const kind of kinds)
    stamps[lanes[kind]] = rows.find(({ name }) => name === `${kind}:stamp`)?.value ?? 0;
  return stamps;
}

export async function storeCounters(sql: Sql, kind: string, counters: Counters): Promise<void> {
  const rows = names.map((name) => ({ name: `${kind}:${name}`, value: counters[name] }));
  await sql('im_counter').insert(rows).onConflict('name').merge(['value']);
}
