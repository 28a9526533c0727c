import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { keptMysql, onCleanup } from 'im-test/support';
import { inject } from 'vitest';
import { migrate, openDatabase, type Database } from '../../src/index.ts';
import { temporaryFolder } from './folders.ts';

/** Every test of what is stored runs on both. */
export const storeKinds = ['sqlite', 'mariadb'] as const;
export type StoreKind = (typeof storeKinds)[number];

/** The address of a database that is as the migrations leave it. To migrate takes as long as a test, so it is done as seldom as can be. */
export function migratedDatabase(store: StoreKind, atTheEnd: typeof onCleanup = onCleanup): Promise<string> {
  return store === 'sqlite' ? copyOfSqlite(atTheEnd) : cleanMysql(atTheEnd);
}

/** One for all test files of this process. */
let sqlite: Promise<string> | undefined;

async function copyOfSqlite(atTheEnd: typeof onCleanup): Promise<string> {
  sqlite ??= migratedSqlite();
  const file = join(await temporaryFolder(atTheEnd), 'im.db');
  await copyFile(await sqlite, file);
  return `sqlite:${file}`;
}

async function migratedSqlite(): Promise<string> {
  const file = join(inject('runFolder'), `migrated-${process.pid}.db`);
  const database = openDatabase({ url: `sqlite:${file}` });
  await migrate(database.sql);
  // All of it is to be in this one file.
  await database.sql.raw('PRAGMA wal_checkpoint(TRUNCATE)');
  await database.close();
  return file;
}

interface MysqlDatabase {
  readonly url: string;
  clean(): Promise<void>;
}

/** As many as tests of this process needed at a time. */
const freeMysql: MysqlDatabase[] = [];

async function cleanMysql(atTheEnd: typeof onCleanup): Promise<string> {
  const database = freeMysql.pop() ?? (await migratedMysql());
  atTheEnd(async () => {
    await database.clean();
    freeMysql.push(database);
  });
  return database.url;
}

/** What the migrations leave in a database of MariaDB. */
interface Migrated {
  /** Of all tables. */
  readonly definitions: readonly string[];
  /** What migrations keep of themselves stays as it is. */
  readonly done: readonly Table[];
  readonly tables: readonly Table[];
}

/** Of the first one of this process. The others are made as it is: a migration of a hundred tables takes several times as long. */
let migrated: Promise<Migrated> | undefined;

async function migratedMysql(): Promise<MysqlDatabase> {
  const { url } = await keptMysql();
  const database = openDatabase({ url, poolSize: 2 });
  const isFirst = migrated === undefined;
  migrated ??= migrateFirst(database);
  const { definitions, done, tables } = await migrated;
  if (!isFirst) {
    for (const definition of definitions) await database.sql.raw(definition);
    for (const { name, rows } of [...done, ...tables])
      if (rows.length > 0) await database.sql(name).insert(rows);
  }
  // One question for all tables, as most are empty. It waits for rows that nobody has committed.
  const whichHaveRows = tables.map(
    ({ name }) => `(select '${name}' as name from ${name} limit 1 for update)`,
  );
  return {
    url,
    async clean() {
      await database.transaction(async (sql) => {
        // Whoever has left a transaction open is to be found now, and not by a later test.
        await sql.raw('SET SESSION lock_wait_timeout = 5, innodb_lock_wait_timeout = 5');
        const [found] = (await sql.raw(whichHaveRows.join(' union all '))) as [{ name: string }[]];
        const full = new Set(found.map(({ name }) => name));
        for (const table of tables)
          if (full.has(table.name) || table.rows.length > 0) await restore(sql, table);
      });
    },
  };
}

async function migrateFirst(database: Database): Promise<Migrated> {
  const { sql } = database;
  await migrate(sql);
  const all = await tablesOf(database);
  const isDone = ({ name }: Table): boolean => name.startsWith('im_migration');
  const definitions: string[] = [];
  for (const { name } of all) {
    const [[row]] = (await sql.raw('SHOW CREATE TABLE ??', [name])) as [[object]];
    definitions.push(Object.values(row)[1] as string);
  }
  return { definitions, done: all.filter(isDone), tables: all.filter((table) => !isDone(table)) };
}

async function restore(sql: Knex.Transaction, { name, rows, numbersRows }: Table): Promise<void> {
  const removed = await sql(name).delete();
  if (removed > 0 && numbersRows) await sql.raw('ALTER TABLE ?? AUTO_INCREMENT = 1', [name]);
  if (rows.length > 0) await sql(name).insert(rows);
}

interface Table {
  readonly name: string;
  /** That a migration has put there. */
  readonly rows: readonly object[];
  readonly numbersRows: boolean;
}

async function tablesOf({ sql }: Database): Promise<Table[]> {
  const columns = await sql('information_schema.columns')
    .whereRaw('table_schema = database()')
    .select<{ name: string; extra: string }[]>(sql.raw('table_name as name, extra as extra'));
  const names = [...new Set(columns.map(({ name }) => name))];
  return Promise.all(
    names.map(async (name) => ({
      name,
      rows: await sql(name).select<object[]>(),
      numbersRows: columns.some((column) => column.name === name && column.extra.includes('auto_increment')),
    })),
  );
}
