import { openDatabase } from 'im-platform';
import { startMariaDb, type MariaDbServer } from '../../support/index.ts';
import type { Scope } from './scope.ts';

/** An empty database, on a durable MariaDB of its own that ends with the scope. */
export async function newMariaDb(
  scope: Scope,
): Promise<{ readonly mariadb: MariaDbServer; readonly databaseUrl: string }> {
  const mariadb = await startMariaDb();
  scope.onEnd(() => mariadb.stop());
  const root = openDatabase({ url: `${mariadb.url}mysql` });
  await root.sql.raw('create database im');
  await root.close();
  return { mariadb, databaseUrl: `${mariadb.url}im` };
}
