import type { Knex } from 'knex';
import type { LaneDatabase, Sql } from '../db/database.ts';
import type { SealedColumn } from './sealed-columns.ts';
import type { Vault } from './vault.ts';

type Row = Readonly<Record<string, unknown>>;

/** What is done with the rows that are there: how many of a column, and how many cannot be read. */
export interface Done {
  changed: number;
  unreadable: number;
}

/** Of a transaction: so few that nobody who writes meanwhile notices. */
const rowsAtOnce = 200;

const primaryKeys: Readonly<Record<string, readonly string[]>> = {
  im_private_message: ['id'],
  im_group_message: ['id'],
  im_message_detail: ['conversation', 'number'],
  im_message_edit: ['conversation', 'number', 'version'],
  im_conversation_member: ['userId', 'conversation'],
  im_scheduled_message: ['id'],
  im_red_packet: ['id'],
  im_report: ['id'],
  im_outbox: ['position'],
};

/**
 * Encrypts what of a column is not, or decrypts what is. A row says by itself which it is, so this may be cut off anywhere and called again, by two
 * at once, while people write: each slice is one transaction with its rows locked. `raw`: the database as it is, without keys.
 */
export async function changeAll(
  raw: Pick<LaneDatabase, 'sql' | 'transaction'>,
  vault: Vault,
  of: SealedColumn,
  to: 'sealed' | 'plain',
): Promise<Done> {
  const done: Done = { changed: 0, unreadable: 0 };
  for (let after: Row | undefined; ;) {
    const keys = await nextKeys(raw.sql, of, { after, to });
    const last = keys.at(-1);
    if (!last) return done;
    const slice = await raw.transaction((sql) => changeSome(sql, vault, of, { keys, to }));
    done.changed += slice.changed;
    done.unreadable += slice.unreadable;
    after = last;
  }
}

/** How many rows are encrypted, and how many could be and are not. */
export async function countAll(sql: Sql, of: SealedColumn): Promise<{ sealed: number; plain: number }> {
  const count = async (to: 'sealed' | 'plain'): Promise<number> => {
    const [row] = await sql(of.table)
      .modify(notYet, of, to)
      .count<{ count: number | string }[]>('* as count');
    return Number(row?.count ?? 0);
  };
  return { sealed: await count('plain'), plain: await count('sealed') };
}

/** Without locks: who locks a range holds up what is said next. */
function nextKeys(
  sql: Sql,
  of: SealedColumn,
  { after, to }: { readonly after: Row | undefined; readonly to: 'sealed' | 'plain' },
): Promise<Row[]> {
  const key = keyOf(of);
  return sql(of.table)
    .modify(notYet, of, to)
    .modify((query: Knex.QueryBuilder) => {
      if (after) void query.where((later) => behind(later, key, after));
    })
    .orderBy([...key])
    .limit(rowsAtOnce)
    .select<Row[]>(...key);
}

/** `a > 1 or (a = 1 and (b > 2 or …))` */
function behind(query: Knex.QueryBuilder, [first, ...rest]: readonly string[], after: Row): void {
  if (first === undefined) return;
  const value = after[first] as string | number;
  void query.where(first, '>', value);
  if (rest.length > 0)
    void query.orWhere((same) => void same.where(first, value).where((later) => behind(later, rest, after)));
}

function notYet(query: Knex.QueryBuilder, { column }: SealedColumn, to: 'sealed' | 'plain'): void {
  if (to === 'plain') void query.where(column, 'like', 'im1:%');
  else void query.whereNotNull(column).whereNotIn(column, ['', '{}']).whereNot(column, 'like', 'im1:%');
}

async function changeSome(
  sql: Sql,
  vault: Vault,
  of: SealedColumn,
  { keys, to }: { readonly keys: readonly Row[]; readonly to: 'sealed' | 'plain' },
): Promise<Done> {
  const { table, column, identity } = of;
  const key = keyOf(of);
  const rows = await sql(table)
    .whereIn(
      [...key],
      keys.map((one) => key.map((name) => one[name] as string | number)),
    )
    .modify(notYet, of, to)
    .orderBy([...key])
    .forUpdate()
    .select<Row[]>(...new Set([...key, ...identity, column]));
  const done: Done = { changed: 0, unreadable: 0 };
  const changed = rows.map((row) => (to === 'sealed' ? vault.sealedOf(of, row) : vault.plainOf(of, row)));
  for (const [index, value] of changed.entries()) {
    const row = rows[index];
    if (value === undefined || !row) {
      done.unreadable += 1;
      continue;
    }
    await sql(table)
      .where(Object.fromEntries(key.map((name) => [name, row[name]])))
      .update({ [column]: value });
    done.changed += 1;
  }
  return done;
}

function keyOf({ table }: SealedColumn): readonly string[] {
  return primaryKeys[table] ?? ['id'];
}
