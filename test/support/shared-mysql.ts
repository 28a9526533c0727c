import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { requireMariaDbVersion } from './find-mariadb.ts';
import { startMariaDb } from './mariadb-server.ts';
import { makeDatabase } from './mysql-database.ts';
import { nameUrl, type SharedServer } from './shared-server.ts';

/** The MariaDB or MySQL at `given`, or a new one when that is missing or empty. */
export async function sharedMysql(given: string | undefined): Promise<SharedServer> {
  if (given === undefined || given === '') return startMariaDb({ fast: true });
  await requireUsable(given);
  return { url: given, stop: () => Promise.resolve() };
}

async function requireUsable(url: string): Promise<void> {
  const where = nameUrl('MYSQL_URL', url, ['mysql:']);
  try {
    await requireVersion(url, where);
    const database = await makeDatabase(url);
    await database.drop();
  } catch (cause) {
    throw new Error(`${where} cannot be used (unset it to let the tests start a MariaDB): ${String(cause)}`, {
      cause,
    });
  }
}

async function requireVersion(url: string, where: string): Promise<void> {
  const connection = await createConnection({ uri: url, connectTimeout: 5_000 });
  try {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
    requireMariaDbVersion(String(rows[0]?.['version']), where);
  } finally {
    connection.destroy();
  }
}
