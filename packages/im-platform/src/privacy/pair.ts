import type { Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';

/** Until the transaction ends nobody else changes what is between the two. Both must have an account. */
export async function lockPair(sql: Sql, one: number, other: number): Promise<void> {
  const found: unknown[] = await sql('im_user')
    .whereIn('id', [one, other])
    .whereNull('deletedTime')
    // In one order, whoever of the two asks.
    .orderBy('id')
    .forUpdate()
    .select('id');
  if (found.length < 2) throw new Refusal('userUnknown');
}
