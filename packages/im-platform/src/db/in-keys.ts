import type { Knex } from 'knex';
import { chunksOf } from './chunks.ts';
import { SqliteClient } from './sqlite.ts';

type Key = readonly (number | string)[];

/** An expression of SQLite may be a thousand deep. */
const termsPerLevel = 100;

/**
 * Rows by several columns of a key, for `modify`. SQLite with statistics answers a list of rows by its first column alone, so that a send
 * reads all friends of its sender: it is told the columns one by one.
 */
export function inKeys(query: Knex.QueryBuilder, columns: readonly string[], keys: readonly Key[]): void {
  const { client } = query as unknown as { readonly client: unknown };
  if (!(client instanceof SqliteClient)) {
    void query.whereIn(
      columns,
      keys.map((key) => [...key]),
    );
    return;
  }
  const leading = columns.slice(0, -1);
  const terms = [...byLeading(keys).values()].map((some) => ({
    sql: `(${leading.map(() => '?? = ? and ').join('')}?? in (${some.map(() => '?').join(', ')}))`,
    bindings: [
      ...leading.flatMap((column, index) => [column, some[0]?.[index] ?? '']),
      columns.at(-1) ?? '',
      ...some.map((key) => key.at(-1) ?? ''),
    ],
  }));
  const levels = chunksOf(terms, termsPerLevel).map((some) => `(${some.map(({ sql }) => sql).join(' or ')})`);
  void query.whereRaw(
    `(${levels.join(' or ')})`,
    terms.flatMap(({ bindings }) => bindings),
  );
}

/** Those that differ in their last part only. */
function byLeading(keys: readonly Key[]): Map<string, Key[]> {
  const groups = new Map<string, Key[]>();
  for (const key of keys) {
    const name = key.slice(0, -1).join(' ');
    const group = groups.get(name);
    if (group) group.push(key);
    else groups.set(name, [key]);
  }
  return groups;
}
