import { createLogger } from 'im-common/internal/program';
import { program, type Task } from './configuration.ts';
import { orderArchives } from './archiving/archive-command.ts';
import { openArchivePlace } from './archiving/open-archive-place.ts';
import { orderEncryption } from './at-rest/encryption-command.ts';
import { masterKeys } from './at-rest/master-keys.ts';
import { orderAdmins } from './admins/admin-command.ts';
import { openDatabase, type Database } from './db/database.ts';
import { rollback } from './db/migrate.ts';
import { seed } from './seed.ts';
import { importFrom } from './import/import-command.ts';
import { checkLedger, isSound } from './ledger/check-ledger.ts';
import { migrateAll, refuseSpread } from './lanes/lane-databases.ts';
import { orderLanes } from './lanes/move-lanes.ts';
import { toNamedDatabases } from './lanes/lane-options.ts';
import { moveFiles } from './files/move-files.ts';
import { openFileStore } from './files/open-file-store.ts';
import { removeFile } from './files/remove-file.ts';
import { auditInto, type WriteAudit } from './operations/audit.ts';
import { backUp } from './restoring/backup.ts';
import { orderForwards } from './erasure/unknown-forwards.ts';
import { noteRestored } from './restoring/restored.ts';
import { orderKey } from './server-keys/key-command.ts';
import { invite } from './users/invitations.ts';
import { makeResetToken } from './users/password-reset.ts';

/** All that the program does but to start. */
export async function runCommand(task: Exclude<Task, { kind: 'print' | 'start' }>): Promise<void> {
  switch (task.kind) {
    case 'migrate':
      say(await withDatabase(task.database, migrateAll, task.laneDatabases), 'Nothing to do.');
      return;
    case 'lanes':
      await withDatabase(
        task.database,
        (database) => orderLanes(database, task.order, { say: (line) => say([line], '') }),
        task.laneDatabases,
      );
      return;
    case 'rollback':
      say(await withOneDatabase(task, ({ sql }) => rollback(sql)), 'Nothing to take back.');
      return;
    case 'backup':
      say(await withDatabase(task.database, (database) => backUp(database, task.to)), '');
      return;
    case 'restored':
      say(await withAllDatabases(task, noteRestored), '');
      return;
    case 'check-ledger': {
      const found = await withDatabase(task.database, checkLedger);
      say(
        Object.entries(found).map(([what, count]) => `${what}  ${count}`),
        '',
      );
      if (!isSound(found)) process.exitCode = 1;
      return;
    }
    case 'seed': {
      const { password } = task;
      const accounts = await withDatabase(task.database, (database) => seed(database, { password }));
      say(
        accounts.map(({ userName }) => `${userName} / ${password}`),
        'The accounts are there already.',
      );
      return;
    }
    case 'remove-file': {
      const [record, store] = [audit(), openFileStore(task.files)];
      const gone = await withDatabase(task.database, (database) =>
        removeFile(database, { address: task.address, store, record }),
      );
      store.close();
      say(gone.length > 0 ? gone.map((key) => `${key} is gone`) : [], 'There is no such file.');
      return;
    }
    case 'archive': {
      const place = openArchivePlace(task.place);
      await withAllDatabases(task, (database) =>
        orderArchives(database, place, { order: task.order, say: (line) => say([line], '') }),
      );
      place?.store.close();
      return;
    }
    case 'forwards':
      await withAllDatabases(task, (database) =>
        orderForwards(database, task.order, (line) => say([line], '')),
      );
      return;
    case 'encryption': {
      const { keys, order, files } = task;
      const isDone = await withAllDatabases(task, (database) =>
        orderEncryption(database, masterKeys(keys), order, (line) => say([line], ''), files),
      );
      if (!isDone) process.exitCode = 1;
      return;
    }
    case 'move-files':
      await withDatabase(task.database, (database) =>
        moveFiles(database, task.files, (line) => say([line], '')),
      );
      return;
    case 'admin':
      say(
        await withDatabase(task.database, (database) => orderAdmins(database, task.order)),
        'Nobody is an admin.',
      );
      return;
    case 'key':
      say(
        await withDatabase(task.database, (database) => orderKey(database, task.order)),
        'There are no keys.',
      );
      return;
    case 'import':
      await importFrom(task, (what) => say([what], ''));
      return;
    case 'end-sessions': {
      // The one that speaks with push servers.
      const { endSessionsOf } = await import('./sessions/end-command.ts');
      say([await endSessionsOf(task, audit())], '');
      return;
    }
    case 'reset-token':
      say([await withDatabase(task.database, (database) => makeResetToken(database, task))], '');
      return;
    case 'invite':
      say([await withDatabase(task.database, (database) => invite(database, task))], '');
      return;
  }
}

/** Whatever else is logged: an audit with gaps is none. */
function audit(): WriteAudit {
  return auditInto(createLogger(program.name, 'info'));
}

async function withDatabase<T>(
  url: string,
  work: (database: Database) => Promise<T>,
  laneDatabases: readonly string[] = [],
): Promise<T> {
  const database = openDatabase({ url, laneDatabases: toNamedDatabases(laneDatabases) });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** For what is done in all databases that have lanes: whoever calls names them. */
async function withAllDatabases<T>(
  { kind, database: url, laneDatabases }: AllDatabases,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  return withDatabase(
    url,
    async (database) => {
      if (!database.isOneOfSeveral) await refuseSpread(database, `${kind} was told of no --lane-databases`);
      await database.findLanes();
      return work(database);
    },
    laneDatabases,
  );
}

interface AllDatabases {
  readonly kind: string;
  readonly database: string;
  readonly laneDatabases: readonly string[];
}

/** For what knows the first database alone. */
async function withOneDatabase<T>(
  { kind, database: url }: { readonly kind: string; readonly database: string },
  work: (database: Database) => Promise<T>,
): Promise<T> {
  return withDatabase(url, async (database) => {
    const how = 'bring them back: im-platform lanes move 0-63 first';
    await refuseSpread(database, `${kind} knows the first database alone (${how})`);
    return work(database);
  });
}

function say(lines: readonly string[], whenNone: string): void {
  process.stdout.write(`${(lines.length > 0 ? lines : [whenNone]).join('\n')}\n`);
}
