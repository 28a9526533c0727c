import { randomBytes } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';

export interface MysqlDatabase {
  readonly url: string;
  /** Fails when somebody still has a transaction open in it. */
  drop(): Promise<void>;
}

/** A new, empty database of a random name, in utf8mb4, on the server at `serverUrl`. */
export async function makeDatabase(serverUrl: string): Promise<MysqlDatabase> {
  const name = `im_test_${randomBytes(6).toString('hex')}`;
  await run(serverUrl, [`CREATE DATABASE ${name} CHARACTER SET utf8mb4`]);
  const url = new URL(serverUrl);
  url.pathname = name;
  return { url: url.href, drop: () => run(serverUrl, dropping(name)) };
}

const list = (runFolder: string): string => join(runFolder, 'databases');

/** A database that stays until the run ends. */
export async function makeKeptDatabase(serverUrl: string, runFolder: string): Promise<string> {
  const { url } = await makeDatabase(serverUrl);
  await appendFile(list(runFolder), `${new URL(url).pathname.slice(1)}\n`);
  return url;
}

/** When no process of the run is left. */
export async function dropKeptDatabases(serverUrl: string, runFolder: string): Promise<void> {
  const names = await readFile(list(runFolder), 'utf8').catch(() => '');
  await run(serverUrl, names.split('\n').filter(Boolean).flatMap(dropping));
}

function dropping(name: string): string[] {
  // The server itself would wait for a day.
  return ['SET SESSION lock_wait_timeout = 5', `DROP DATABASE ${name}`];
}

async function run(url: string, statements: readonly string[]): Promise<void> {
  const connection = await createConnection({ uri: url, connectTimeout: 5_000 });
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    connection.destroy();
  }
}
