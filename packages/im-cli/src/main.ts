#!/usr/bin/env node
import { runProgram } from 'im-common/internal/program';
import { program, readConfiguration, type Task } from './configuration.ts';
import { exitCodeOf } from './exit-codes.ts';

// Who reads, as `head`, may have enough: that is no failure of ours, and there is nobody to tell more.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

await runProgram<Task>(
  program.name,
  (args, env) => readConfiguration(args, env),
  async ({ command, context, called }) => {
    try {
      process.exitCode = await command.run(context, called);
    } finally {
      await context.close();
    }
  },
  exitCodeOf,
);
