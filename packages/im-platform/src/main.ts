#!/usr/bin/env node
import { readConfiguration, type Task } from './configuration.ts';
import { openDatabase, type Database } from './db/database.ts';
import { migrate, rollback } from './db/migrate.ts';
import { seed } from './db/seed.ts';
import { removeFile } from './files/remove-file.ts';
import { auditInto } from './operations/audit.ts';
import { createPlatform } from './platform.ts';
import { endSessionsOf } from './sessions/end-command.ts';
import { invite } from './users/invitations.ts';
import { createLogger, exitWith, runProgram } from './program.ts';

/** How much longer than `drainMs` the end may take, for a database or a bus that does not answer. */
const closeGraceMs = 20_000;

try {
  await run(readConfiguration(process.argv.slice(2), process.env));
} catch (error) {
  exitWith(error);
}

async function run(task: Task): Promise<void> {
  switch (task.kind) {
    case 'print':
      process.stdout.write(task.text);
      return;
    case 'start':
      return serve(task);
    case 'migrate':
      say(await withDatabase(task.database, ({ sql }) => migrate(sql)), 'Nothing to do.');
      return;
    case 'rollback':
      say(await withDatabase(task.database, ({ sql }) => rollback(sql)), 'Nothing to take back.');
      return;
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
      const record = auditInto(createLogger('info'));
      const gone = await withDatabase(task.database, (database) => removeFile(database, { ...task, record }));
      say(gone.length > 0 ? gone.map((key) => `${key} is gone`) : [], 'There is no such file.');
      return;
    }
    case 'end-sessions':
      say([await endSessionsOf(task, auditInto(createLogger('info')))], '');
      return;
    case 'invite':
      say([await withDatabase(task.database, (database) => invite(database, task))], '');
      return;
  }
}

async function serve({ settings, options, warnings }: Extract<Task, { kind: 'start' }>): Promise<void> {
  const logger = createLogger(settings.logLevel);
  for (const warning of warnings) logger.warn({}, warning);
  // Whatever else is logged: an audit with gaps is none.
  const audit = auditInto(createLogger('info'));
  const platform = createPlatform({ ...options, logger, audit });
  await runProgram(
    {
      async start() {
        await platform.start();
        return { url: platform.url };
      },
      close: () => platform.close(),
    },
    { logger, closeMs: (settings.drainMs ?? 0) + closeGraceMs },
  );
}

async function withDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = openDatabase({ url });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

function say(lines: readonly string[], whenNone: string): void {
  process.stdout.write(`${(lines.length > 0 ? lines : [whenNone]).join('\n')}\n`);
}
