import { ImError } from 'im-common';

/** What `im` ends with, for scripts. */
export const exitCodes = {
  /** Done, and the answer is yes. */
  done: 0,
  /** Something failed that is none of the others. */
  failed: 1,
  /** It was called wrongly: a flag, an argument, the environment, the file. */
  wrong: 2,
  /** Redis cannot be reached, refuses us, is too old or full. */
  noRedis: 3,
  /** The answer is no: not online, not delivered, nothing of that name, something is ill. */
  no: 4,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Of what a command has thrown. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof ImError)) return exitCodes.failed;
  if (error.code.startsWith('INVALID_') || error.code === 'MESSAGE_TOO_LARGE') return exitCodes.wrong;
  return error.code.startsWith('BUS_') ? exitCodes.noRedis : exitCodes.failed;
}
