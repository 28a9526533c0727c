import type { Knex } from 'knex';
import { onCleanup } from 'im-test/support';
import { vi } from 'vitest';
import type { Platform } from '../../src/index.ts';

// For tests of what happens between two statements: a transaction of the test holds a row until both sides are there.

/** A transaction on the platform's MariaDB; undone when the test ends. */
export async function holdRows({ database }: Platform): Promise<Knex.Transaction> {
  const transaction = await database.sql.transaction();
  onCleanup(async () => {
    if (!transaction.isCompleted()) await transaction.rollback();
  });
  return transaction;
}

/** Resolves when the condition holds for the number of transactions that wait for a row. */
export async function untilWaiting(
  { database }: Platform,
  condition: (waiting: number) => boolean,
): Promise<void> {
  const look = async (): Promise<void> => {
    const [rows] = (await database.sql.raw(
      `select count(*) as waiting from information_schema.innodb_trx
        join information_schema.processlist on id = trx_mysql_thread_id
        where trx_state = 'LOCK WAIT' and db = database()`,
    )) as [{ waiting: number }[]];
    if (!condition(rows[0]?.waiting ?? 0)) throw new Error(`${rows[0]?.waiting ?? 0} transactions wait`);
  };
  // The table shows what it showed before to whoever looks again within 100 ms.
  await vi.waitFor(look, { interval: 150, timeout: 20_000 });
}
