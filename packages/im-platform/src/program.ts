import { setTimeout as sleep } from 'node:timers/promises';
import { ImError, type Logger } from 'im-common';
import { onEnd } from 'im-common/internal/program';
import { pino } from 'pino';
import type { LogLevel } from './configuration/option-table.ts';
import { PlatformError } from './platform-error.ts';

/** What a process does between its start and its end. */
export interface Program {
  /** Resolves with what is worth a log line. */
  start(): Promise<object>;
  close(): Promise<void>;
}

export interface ProgramOptions {
  readonly logger: Logger;
  /** How long `close` may take. */
  readonly closeMs: number;
}

/** After an error that nobody expected, tidying up is an attempt. */
const crashGraceMs = 2_000;

/** Starts it, ends it politely on SIGTERM or SIGINT (at once on a second one) and when the npm that started it is gone, and exits: 0, 1, or 2 for a wrong option. */
export async function runProgram(program: Program, { logger, closeMs }: ProgramOptions): Promise<void> {
  endOnCrash(logger, () => program.close());
  const starting = program.start();
  const hasStarted = starting.then(
    () => true,
    () => false,
  );
  const end = async (signal: string): Promise<void> => {
    logger.info({ signal }, 'draining; a second signal ends at once');
    if (!(await hasStarted)) return; // and the failure is told below
    setTimeout(() => {
      logger.error({ closeMs }, 'draining took too long');
      process.exit(1);
    }, closeMs);
    await program.close();
    logger.info({}, 'drained');
    process.exit(0);
  };
  // What goes wrong in the end goes the way of any unexpected error.
  onEnd((signal) => void end(signal));
  try {
    logger.info(await starting, 'started');
  } catch (error) {
    await program.close().catch(() => undefined); // what matters is why it did not start
    exitWith(error);
  }
}

/** Ends the process after an unexpected error; what it is busy with gets a moment to tidy up. */
function endOnCrash(logger: Logger, close: () => Promise<void>): void {
  process.once('uncaughtException', (error) => {
    logger.error({ err: error }, 'unexpected error; the process ends');
    process.on('uncaughtException', (next) => logger.error({ err: next }, 'unexpected error while ending'));
    void Promise.race([close(), sleep(crashGraceMs)]).finally(() => process.exit(1));
  });
}

/** One readable line for each thing that is wrong, and an exit code that tells a wrong option from the rest. */
export function exitWith(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof ImError || error instanceof PlatformError ? error.code : undefined;
  for (const line of message.split('\n'))
    process.stderr.write(`im-platform: ${line}${code === undefined ? '' : ` (${code})`}\n`);
  process.exit(code === 'INVALID_OPTION' ? 2 : 1);
}

export function createLogger(level: LogLevel): Logger {
  return pino({ name: 'im-platform', level, serializers: { err: describeError } });
}

/** Not pino's own way: that copies every field, and errors of drivers have statements with their values. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause, code } = error as Error & { code?: unknown };
  return {
    ...{ name, message, stack },
    ...(typeof code === 'string' && { code }),
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}
