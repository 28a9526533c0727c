import type { Knex } from 'knex';
import * as boxImTables from './migrations/001-box-im-tables.ts';
import * as whatWeAdd from './migrations/002-what-we-add.ts';

const migrations: Readonly<Record<string, Knex.Migration>> = {
  '001-box-im-tables': boxImTables,
  '002-what-we-add': whatWeAdd,
};

/** The migrations are imported rather than found in a folder, so that they run from source and from dist alike. */
const config: Knex.MigratorConfig = {
  tableName: 'im_migration',
  migrationSource: {
    getMigrations: () => Promise.resolve(Object.keys(migrations)),
    getMigrationName: (name: string) => name,
    getMigration: (name: string) => Promise.resolve(migrations[name] as Knex.Migration),
  },
};

/** Brings the database up to date. Returns the names of what was done; instances that start together wait for one another. */
export async function migrate(sql: Knex): Promise<string[]> {
  const [, done] = (await sql.migrate.latest(config)) as [number, string[]];
  return done;
}

/** Takes the last batch of migrations back. */
export async function rollback(sql: Knex): Promise<string[]> {
  const [, undone] = (await sql.migrate.rollback(config)) as [number, string[]];
  return undone;
}

/** What is still to be done. */
export async function pendingMigrations(sql: Knex): Promise<string[]> {
  const [, pending] = (await sql.migrate.list(config)) as [unknown[], { file: string }[]];
  return pending.map((migration) => (typeof migration === 'string' ? migration : migration.file));
}
