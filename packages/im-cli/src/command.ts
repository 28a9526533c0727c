import type { Command } from 'im-common/internal/program';
import type { Context } from './context.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Options } from './options.ts';

/** Something that `im` does. */
export interface CliCommand extends Command {
  readonly options: readonly (keyof Options)[];
  /** `called` has the options, the flags and the argument of the command. */
  run(context: Context, called: Options): Promise<ExitCode>;
}

export const busOptions = ['redis', 'keyPrefix', 'commandTimeoutMs', 'json'] as const;
