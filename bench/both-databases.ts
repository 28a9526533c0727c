import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMariaDb, startRedis } from 'im-test/support';
import { makeMariaDb, makePeople, type PeopledDatabase } from './people.ts';
import type { Table } from './report/table.ts';
import type { OwnRedis } from './subjects/subject.ts';

type Rows = Table['rows'];

/** The rows of a table that are measured twice: with so many people in MariaDB, and in SQLite. */
export async function onBothDatabases(
  users: number,
  measure: (name: string, people: PeopledDatabase, redis: OwnRedis) => Promise<Rows>,
): Promise<Rows> {
  const redis = await startRedis();
  const mariadb = await startMariaDb();
  const folder = await mkdtemp(join(tmpdir(), 'im-bench-'));
  try {
    return [
      ...(await measure('MariaDB', await makeMariaDb(mariadb.url, users), redis)),
      ...(await measure('SQLite', await makePeople(`sqlite:${join(folder, 'im.db')}`, users), redis)),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
    await mariadb.stop();
    await redis.stop();
  }
}
