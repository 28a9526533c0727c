import type { FastifyBaseLogger } from 'fastify';
import type { Logger } from 'im-common';

/** Fastify's log through the four methods that all our packages log through. */
export function toFastifyLogger(logger: Logger): FastifyBaseLogger {
  const to =
    (level: keyof Logger) =>
    (fields: unknown, message = ''): void => {
      if (typeof fields === 'string') logger[level]({}, fields);
      else logger[level](readable(fields), message);
    };
  const adapted: FastifyBaseLogger = {
    level: 'info',
    silent: () => undefined,
    trace: () => undefined,
    debug: to('debug'),
    info: to('debug'), // "server listening", which we say ourselves
    warn: to('warn'),
    error: to('error'),
    fatal: to('error'),
    child: () => adapted,
  };
  return adapted;
}

/** Without requests and answers, which hold tokens and texts. */
function readable(fields: unknown): object {
  if (fields instanceof Error) return { err: fields };
  const {
    req: _request,
    res: _reply,
    request: _other,
    reply: _answer,
    ...rest
  } = (fields ?? {}) as Readonly<Record<string, unknown>>;
  return rest;
}
