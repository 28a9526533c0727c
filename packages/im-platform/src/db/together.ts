import type { Knex } from 'knex';
import { toCamel } from './column-names.ts';
import type { Sql } from './database.ts';
import { PackedMySqlClient, type Statement } from './packed-mysql.ts';
import { openedBy } from './sealing.ts';

// What one moment asks of the database within a transaction of the log goes there together. Elsewhere each question goes by itself.

/** A statement that is built and not yet asked. */
export type Query = Knex.QueryBuilder;

interface Asked {
  readonly query: Query;
  readonly resolve: (rows: never[]) => void;
  readonly reject: (error: unknown) => void;
}

const asked = new WeakMap<Sql, Asked[]>();

/** The rows of a query, which goes along with what else is asked of this transaction before anybody waits; in that order. */
export function ask<Row>(sql: Sql, query: Query): Promise<Row[]> {
  if (!isPacked(sql)) return query;
  return new Promise<Row[]>((resolve, reject) => {
    const one = { query, resolve, reject };
    const others = asked.get(sql);
    if (others) {
      others.push(one);
      return;
    }
    const all: Asked[] = [one];
    asked.set(sql, all);
    queueMicrotask(() => {
      asked.delete(sql);
      void answer(sql, all);
    });
  });
}

/** The last statements of a transaction, in this order: with its commit where that saves a way. Nothing may be asked of it after that. */
export async function conclude(sql: Sql, queries: readonly Query[]): Promise<void> {
  if (isPacked(sql)) await askAll(sql, queries, { commits: true });
  else for (const query of queries) await query;
}

async function answer(sql: Sql, all: readonly Asked[]): Promise<void> {
  try {
    const queries = all.map(({ query }) => query);
    const answers = await askAll(sql, queries, { commits: false });
    for (const [index, { resolve }] of all.entries())
      resolve(openedBy(sql, toCamel(answers[index])) as never[]);
  } catch (error) {
    for (const { reject } of all) reject(error);
  }
}

async function askAll(
  sql: Sql,
  queries: readonly Query[],
  how: { readonly commits: boolean },
): Promise<readonly unknown[]> {
  const client = sql.client as PackedMySqlClient;
  const connection = (await client.acquireConnection()) as object;
  return client.askAll(connection, queries.map(toStatement), how);
}

function toStatement(query: Query): Statement {
  return query.toSQL().toNative();
}

function isPacked(sql: Sql): boolean {
  return sql.isTransaction === true && sql.client instanceof PackedMySqlClient;
}
