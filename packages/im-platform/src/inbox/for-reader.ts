import type { Sql } from '../db/database.ts';
import type { MessageDetail } from '../message-details/detail.ts';
import { nameOf } from '../message-details/detail-rows.ts';
import { asTheyLeft } from '../messages/group/as-left.ts';
import type { MessageRow } from './message-rows.ts';

/** Which messages of a conversation somebody may see. */
export interface Sight {
  readonly first: number;
  readonly last: number;
  /** Whether they are in it now. */
  readonly isIn: boolean;
}

/** By `{conversation}/{number}`. */
export type Details = ReadonlyMap<string, MessageDetail>;

interface Read {
  readonly rows: readonly MessageRow[];
  readonly details: Details;
}

/** What was read, and of groups that the reader has left how that was then. */
export async function forReader(
  sql: Sql,
  userId: number,
  { rows, details }: Read,
  sightOf: (conversation: string) => Sight | undefined,
): Promise<Read> {
  const left = rows.flatMap((row) =>
    row.kind === 'group' && sightOf(row.conversation)?.isIn === false ? [row.message] : [],
  );
  const then = await asTheyLeft(sql, userId, left);
  if (then.size === 0) return { rows, details };
  return {
    rows: rows.map((row) => {
      const old = then.get(nameOf(row));
      return old && row.kind === 'group' ? { ...row, message: old.message } : row;
    }),
    details: new Map([...details, ...[...then].map(([name, { detail }]) => [name, detail] as const)]),
  };
}
