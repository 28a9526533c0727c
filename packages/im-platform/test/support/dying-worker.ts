// Archives old months, or erases whoever is to be erased, and dies by SIGKILL before a statement to the database, counted from its first one. Argument:
// see DyingWork. Ends with 0 when all is done.
import { setTimeout as sleep } from 'node:timers/promises';
import { createMemoryBus } from 'im-common/bus';
import { orderArchives } from '../../src/archiving/archive-command.ts';
import { openArchivePlace } from '../../src/archiving/open-archive-place.ts';
import { openDatabase, type NamedDatabase } from '../../src/db/database.ts';
import { startErasing } from '../../src/erasure/erase-people.ts';
import { Outbox } from '../../src/events/outbox.ts';
import { FileRecords } from '../../src/files/file-records.ts';
import { FileUsage } from '../../src/files/file-usage.ts';
import { openFileStore } from '../../src/files/open-file-store.ts';
import { resolveOptions } from '../../src/resolve-options.ts';

export interface DyingWork {
  readonly url: string;
  /** Of files and archives. */
  readonly folder: string;
  /** Where lanes are beside. */
  readonly laneDatabases?: readonly NamedDatabase[];
  /** Months before that are archived; absent: people are erased. */
  readonly beforeMs?: number;
  /** The number of the statement before which it dies; absent: it does not. */
  readonly dieAt?: number;
}

const { url, folder, laneDatabases, beforeMs, dieAt } = JSON.parse(process.argv[2] ?? '') as DyingWork;
const database = openDatabase({ url, laneDatabases });
await database.findLanes();
let statements = 0;
for (const { sql } of database.laneDatabases)
  sql.on('query', () => {
    statements += 1;
    if (statements === dieAt) process.kill(process.pid, 'SIGKILL');
  });
const options = resolveOptions({
  ...{ database: url, bus: createMemoryBus(), filesDir: folder, archiveDir: folder, sweepMs: 4 },
  ...{ accessSecret: 'of-nobody-at-all-1', refreshSecret: 'of-nobody-at-all-2' },
});

if (beforeMs === undefined) {
  const fileUsage = new FileUsage({ perUser: 2 ** 30, inAll: 2 ** 30 });
  const end = startErasing({
    ...{ options, database, fileUsage, fileStore: openFileStore(options) },
    ...{ fileRecords: new FileRecords(database, fileUsage), outbox: new Outbox() },
  });
  const watching = openDatabase({ url });
  for (;;) {
    const [left] = await watching.sql('im_erasure').whereNot({ state: 'done' }).select<object[]>('id');
    if (!left) break;
    await sleep(20);
  }
  await end();
  await watching.close();
} else {
  const place = openArchivePlace(options);
  await orderArchives(database, place, {
    order: { what: 'write', beforeMs },
    say: (line) => process.stdout.write(`${line}\n`),
  });
}
await database.close();
process.stdout.write(`done after ${statements} statements\n`);
