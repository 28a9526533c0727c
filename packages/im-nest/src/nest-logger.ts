import { inspect } from 'node:util';
import { Logger as NestLogger } from '@nestjs/common';
import type { Logger } from 'im-client';

/** What the client has to say goes where Nest's own lines go, in the context `Im`. */
export function nestLogger(): Logger {
  const nest = new NestLogger('Im');
  return {
    debug: (fields, message) => nest.debug(lineOf(fields, message)),
    info: (fields, message) => nest.log(lineOf(fields, message)),
    warn: (fields, message) => nest.warn(lineOf(fields, message)),
    error: (fields, message) => nest.error(lineOf(fields, message)),
  };
}

/** An error comes last, with its stack. */
function lineOf(fields: object, message: string): string {
  const { error, ...others } = fields as { readonly error?: unknown };
  const line =
    Object.keys(others).length === 0 ? message : `${message} ${inspect(others, { breakLength: Infinity })}`;
  return error === undefined ? line : `${line}\n${inspect(error)}`;
}
