import { startMariaDb, type MariaDbServer } from 'im-test/support';
import { openDatabase, type Database } from '../../src/db/database.ts';
import { laneOf } from '../../src/db/lanes.ts';
import type { Sealing } from '../../src/db/sealing.ts';
import { migrateAll } from '../../src/lanes/lane-databases.ts';
import { orderLanes } from '../../src/lanes/move-lanes.ts';
import { migratedDatabase } from './migrated-database.ts';

/** A second server of MariaDB, where lanes may be. */
export interface Elsewhere {
  readonly server: MariaDbServer;
  readonly url: string;
  /** As options name it. */
  readonly named: string;
  /** Both; to be closed. */
  readonly database: Database;
  /** There. */
  readonly sql: Database['sql'];
}

const name = 'east';

export async function startElsewhere(seal?: (sql: Database['sql']) => Sealing): Promise<Elsewhere> {
  const server = await startMariaDb({
    args: ['--innodb-flush-log-at-trx-commit=2', '--innodb-buffer-pool-size=64M'],
  });
  const made = openDatabase({ url: server.url });
  await made.sql.raw('create database lanes');
  await made.close();
  const there = `${server.url}lanes`;
  const url = await migratedDatabase('mariadb');
  const database = openDatabase({ url, laneDatabases: [{ name, url: there }] }, seal);
  await migrateAll(database);
  const sql = database.laneDatabases[1]?.sql;
  if (!sql) throw new Error('There is one database only');
  return { server, url, named: `${name}=${there}`, database, sql };
}

/** `restMs`: longer than instances take to look where lanes are. */
export function moveLaneOf(database: Database, conversation: string, to: string): Promise<void> {
  const order = { what: 'move', lanes: [laneOf(conversation)], to } as const;
  return orderLanes(database, order, { say: () => undefined, restMs: 1_500 });
}

/** Dies by SIGKILL before it asks what matches for that time. For {@link startProgram}. */
export function dyingBefore(question: RegExp, time = 1): string {
  return `
    let left = ${time};
    const { Connection } = process.getBuiltinModule('module').createRequire(${JSON.stringify(import.meta.url)})('mysql2');
    for (const name of ['query', 'execute']) {
      const ask = Connection.prototype[name];
      Connection.prototype[name] = function (asked, ...more) {
        if (${String(question)}.test(asked.sql ?? asked) && --left === 0) process.kill(process.pid, 'SIGKILL');
        return ask.call(this, asked, ...more);
      };
    }`;
}
