import { readProgram, type Environment, type Printed, type Program } from 'im-common/internal/program';
import type { CliCommand } from './command.ts';
import { commands } from './commands/index.ts';
import { Context } from './context.ts';
import { table } from './option-table.ts';
import type { Options } from './options.ts';
import type { Streams } from './output/output.ts';

export const program: Program = {
  name: 'im',
  about: 'Tools for who runs the push transport. They ask its Redis, and send through it.',
  envPrefix: 'IM_CLI_',
  manifest: new URL('../package.json', import.meta.url),
  table,
  serves: false,
  commands,
};

export interface Task {
  readonly kind: 'run';
  readonly command: CliCommand;
  readonly context: Context;
  readonly called: Options;
}

/** What the program is called for. Throws an INVALID_OPTION that names all that is wrong. */
export function readConfiguration(
  args: readonly string[],
  env: Environment,
  streams: Streams = process,
): Printed | Task {
  const read = readProgram<Options>(program, args, env);
  if (read.kind === 'print') return read;
  const { given, settings, warnings } = read;
  const context = new Context({ options: settings, given, program, streams });
  for (const warning of warnings) context.out.note(warning);
  const command = commands[read.command];
  if (!command) throw new Error(`${read.command} has no body.`);
  return { kind: 'run', command, context, called: settings };
}
