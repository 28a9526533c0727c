import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logger.ts';
import { onEnd } from './on-end.ts';
import { printable } from './printable.ts';
import type { Environment } from './program.ts';
import type { Printed } from './read.ts';

/** What a process does between its start and its end. */
export interface Service {
  /** Resolves with what is worth a log line. */
  start(): Promise<object>;
  /** Ends politely. @default `close` */
  drain?(): Promise<void>;
  close(): Promise<void>;
  /** Resolves with why it wants to end by itself, politely. */
  readonly endWanted?: Promise<string>;
}

export interface ServeOptions {
  readonly logger: Logger;
  /** How long `drain` may take by itself. */
  readonly drainMs: number;
}

/** How much longer than `drainMs` the end may take, for a bus or a database that does not answer. */
const drainGraceMs = 20_000;
/** After an error that nobody expected, tidying up is an attempt. */
const crashGraceMs = 2_000;

/**
 * Reads what the program is called with, and answers or runs it. Ends the process with 2 for a wrong option, and 1 for other
 * errors, unless `codeOf` knows better.
 */
export async function runProgram<Called extends { readonly kind: string }>(
  name: string,
  read: (args: readonly string[], env: Environment) => Printed | Called,
  run: (called: Exclude<Called, Printed>) => Promise<void>,
  codeOf: (error: unknown) => number | undefined = () => undefined,
): Promise<void> {
  try {
    const called = read(process.argv.slice(2), process.env);
    if ('text' in called) process.stdout.write(called.text);
    else await run(called as Exclude<Called, Printed>);
  } catch (error) {
    exitWith(name, error, codeOf(error));
  }
}

/** Starts it, ends it politely on SIGTERM or SIGINT (at once on a second one) and when the npm that started it is gone, and exits with 0, or 1 when that takes too long. */
export async function serve(service: Service, { logger, drainMs }: ServeOptions): Promise<void> {
  endOnCrash(logger, () => service.close());
  const starting = service.start();
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
    await (service.drain ? service.drain() : service.close());
    logger.info({}, 'drained');
    process.exit(0);
  };
  // What goes wrong in the end goes the way of any unexpected error.
  onEnd((signal) => void end(signal));
  void service.endWanted?.then(end);
  try {
    logger.info(await starting, 'started');
  } catch (error) {
    await service.close().catch(() => undefined); // what matters is why it did not start
    throw error;
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
function exitWith(name: string, error: unknown, exitCode: number | undefined): never {
  const { message, code } =
    error instanceof Error
      ? (error as Error & { code?: unknown })
      : { message: String(error), code: undefined };
  const end = typeof code === 'string' ? ` (${code})` : '';
  for (const line of message.split('\n')) process.stderr.write(`${name}: ${printable(line)}${end}\n`);
  process.exit(exitCode ?? (code === 'INVALID_OPTION' ? 2 : 1));
}
