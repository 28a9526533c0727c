#!/usr/bin/env node
import { runProgram } from 'im-common/internal/program';
import { program, readConfiguration } from './configuration.ts';

// What each needs is loaded for it alone: help and a wrong option are told at once, and a command opens no platform.
await runProgram(program.name, readConfiguration, async (task) => {
  if (task.kind === 'start') await (await import('./serve-platform.ts')).servePlatform(task);
  else await (await import('./commands.ts')).runCommand(task);
});
