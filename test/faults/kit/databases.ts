import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase, type Database } from 'im-platform';
import type { Scope } from './scope.ts';
import { newMariaDb } from './maria-db.ts';

export type Store = 'sqlite' | 'mariadb';

/** Resolves with the address of a database that is as the migrations leave it, until `atTheEnd`. */
export type HandOut = (store: Store, atTheEnd: (end: () => unknown) => void) => Promise<string>;

let handOut: HandOut | undefined;

/** Rows that hurt no MariaDB take these from now on: to start one and to migrate it costs twice what starts a platform. */
export function takeDatabasesFrom(given: HandOut): void {
  handOut = given;
}

/** A database that is migrated: of those that are handed out, or a new file, or one on a MariaDB of its own. */
export async function migratedFor(scope: Scope, store: Store): Promise<Database> {
  const url = await (handOut?.(store, (end) => scope.onEnd(end)) ?? newUrl(scope, store));
  const database = openDatabase({ url });
  scope.onEnd(() => database.close());
  if (!handOut) await migrate(database.sql);
  return database;
}

async function newUrl(scope: Scope, store: Store): Promise<string> {
  if (store === 'mariadb') return (await newMariaDb(scope)).databaseUrl;
  const folder = await mkdtemp(join(tmpdir(), 'im-test-database-'));
  scope.onEnd(() => rm(folder, { recursive: true, force: true }));
  return `sqlite:${join(folder, 'im.db')}`;
}
