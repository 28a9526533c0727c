import { inject } from 'vitest';
import { onCleanup } from './cleanup.ts';
import type {} from './global-setup.ts'; // declares what it provides
import { makeDatabase, makeKeptDatabase } from './mysql-database.ts';

export interface TestMysql {
  /** With the name of the database: `mysql://root@127.0.0.1:10123/im_test_0123456789ab`. */
  readonly url: string;
}

/** A new database in the MariaDB or MySQL that all test files share; it is dropped when the test ends, or the file. */
export async function testMysql(atTheEnd: typeof onCleanup = onCleanup): Promise<TestMysql> {
  const { url, drop } = await makeDatabase(inject('mysqlUrl'));
  atTheEnd(drop);
  return { url };
}

/** A new database that stays until the run ends: whoever is done with it hands it on to another test, as it was. */
export async function keptMysql(): Promise<TestMysql> {
  return { url: await makeKeptDatabase(inject('mysqlUrl'), inject('runFolder')) };
}
