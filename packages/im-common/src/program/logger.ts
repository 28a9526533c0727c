import { pino } from 'pino';
import type { LogLevel } from '../checks/index.ts';
import type { Logger } from '../logger.ts';

/** JSON lines on stdout, with `fields` in each. */
export function createLogger(name: string, level: LogLevel, fields: object = {}): Logger {
  return pino({ name, level, serializers: { err: describeError } }).child(fields);
}

/** Not pino's own way: that copies every field, and errors of ioredis and of databases have commands with their values. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause, code } = error as Error & { readonly code?: unknown };
  return {
    ...{ name, message, stack },
    ...(typeof code === 'string' && { code }),
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}
