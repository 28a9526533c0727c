import { createHash } from 'node:crypto';
import type { Sql } from '../db/database.ts';
import { byIndex } from '../db/by-index.ts';
import { inKeys } from '../db/in-keys.ts';
import { ask } from '../db/together.ts';

interface Sent {
  readonly sendId: number;
  /** The client's own id of it. */
  readonly tmpId?: string | undefined;
  readonly type: number;
  readonly content: string;
  /** What makes two of them the same. @default tmpId and what it says */
  readonly dedupeKey?: string | undefined;
}

/**
 * What may be stored once only; null: as often as it is sent. A tmpId alone is not enough: box-im's page draws one of a
 * thousand in each millisecond, and a text and a picture of one moment may get the same.
 */
export function dedupeKeyOf({ dedupeKey, tmpId, type, content }: Sent): string | null {
  if (dedupeKey !== undefined) return dedupeKey;
  if (tmpId === undefined) return null;
  return `${tmpId}:${createHash('sha256').update(`${type}:${content}`).digest('hex').slice(0, 24)}`;
}

interface Where<To> {
  /** Which finds them. */
  readonly index: string;
  /** The column that says to whom they were sent. */
  readonly to: To;
  readonly columns: readonly string[];
}

/** Finds messages that were sent before, in the table of their kind. */
export class Repeats<To extends 'recvId' | 'groupId'> {
  readonly #table: string;
  readonly #index: string;
  readonly #to: To;
  readonly #columns: readonly string[];

  constructor(table: string, { index, to, columns }: Where<To>) {
    this.#table = table;
    this.#index = index;
    this.#to = to;
    this.#columns = columns;
  }

  /** Names what may be stored once only; undefined: as often as it is sent. */
  identityOf(draft: Sent & Readonly<Record<To, number>>): string | undefined {
    const key = dedupeKeyOf(draft);
    return key === null ? undefined : `${draft.sendId}:${draft[this.#to]}:${key}`;
  }

  /** The rows that are stored already, by their identity. */
  async find<Row>(
    sql: Sql,
    drafts: readonly (Sent & Readonly<Record<To, number>>)[],
  ): Promise<Map<string | undefined, Row>> {
    const keys = drafts.flatMap((draft) => {
      const key = dedupeKeyOf(draft);
      return key === null ? [] : [[draft.sendId, draft[this.#to], key]];
    });
    if (keys.length === 0) return new Map();
    type Stored = Row & { readonly sendId: number; readonly dedupeKey: string } & Readonly<
        Record<To, number>
      >;
    const rows = await ask<Stored>(
      sql,
      sql(byIndex(sql, this.#table, this.#index))
        .modify(inKeys, ['sendId', this.#to, 'dedupeKey'], keys)
        .select(...this.#columns, 'dedupeKey'),
    );
    return new Map(rows.map((row) => [`${row.sendId}:${row[this.#to]}:${row.dedupeKey}`, row]));
  }
}
