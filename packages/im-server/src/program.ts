import { setTimeout as sleep } from 'node:timers/promises';
import { ImError } from 'im-common';
import { onEnd } from 'im-common/internal/program';
import { pino } from 'pino';
import { startAdmin, type Admin, type AdminOptions } from './admin.ts';
import type { LogLevel, Settings } from './configuration/option-table.ts';
import type { Logger } from 'im-common';

/** What a process does between its start and its end. */
export interface Program {
  /** Resolves with what is worth a log line. */
  start(): Promise<object>;
  drain(): Promise<void>;
  close(): Promise<void>;
}

export interface ProgramOptions {
  readonly logger: Logger;
  readonly drainMs: number;
}

/** How much longer than `drainMs` a drain may take, for a bus that does not answer. */
const drainGraceMs = 20_000;
/** After an error that nobody expected, tidying up is an attempt. */
const crashGraceMs = 2_000;

/** Starts it, ends it politely on SIGTERM or SIGINT (at once on a second one) and when the npm that started it is gone, and exits: 0, 1, or 2 for a wrong option. */
export async function runProgram(program: Program, { logger, drainMs }: ProgramOptions): Promise<void> {
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
      logger.error({ drainMs }, 'draining took too long');
      process.exit(1);
    }, drainMs + drainGraceMs);
    await program.drain();
    logger.info({}, 'drained');
    process.exit(0);
  };
  // What goes wrong in the end goes the way of any unexpected error.
  onEnd((signal) => void end(signal));
  try {
    logger.info(await starting, 'started');
  } catch (error) {
    await program.close();
    exitWith(error);
  }
}

/** Ends the process after an unexpected error; what it is busy with gets a moment to tidy up. */
export function endOnCrash(logger: Logger, close: () => Promise<void>): void {
  process.once('uncaughtException', (error) => {
    logger.error({ err: error }, 'unexpected error; the process ends');
    process.on('uncaughtException', (next) => logger.error({ err: next }, 'unexpected error while ending'));
    void Promise.race([close(), sleep(crashGraceMs)]).finally(() => process.exit(1));
  });
}

/** One readable line for each thing that is wrong, and an exit code that tells a wrong option from the rest. */
export function exitWith(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof ImError ? ` (${error.code})` : '';
  for (const line of message.split('\n')) process.stderr.write(`im-server: ${line}${code}\n`);
  process.exit(error instanceof ImError && error.code === 'INVALID_OPTION' ? 2 : 1);
}

export function createLogger(level: LogLevel, fields: object = {}): Logger {
  return pino({ name: 'im-server', level, serializers: { err: describeError } }).child(fields);
}

/** Not pino's own way: that copies every field, and an error of ioredis has the command with its arguments. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  return {
    ...{ name, message, stack },
    ...(error instanceof ImError && { code: error.code }),
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}

/** Undefined without an admin port. */
export async function startAdminOf(
  { adminHost, adminPort }: Settings,
  { health, metricsText }: Pick<AdminOptions, 'health' | 'metricsText'>,
): Promise<Admin | undefined> {
  if (adminPort === undefined) return undefined;
  return startAdmin({ host: adminHost, port: adminPort, health, metricsText });
}
