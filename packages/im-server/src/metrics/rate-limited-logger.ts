import type { Logger } from 'im-common';

/**
 * Passes everything on, but a warning or an error that is told again and again only once a second, or as seldom as is said,
 * with how many were left out since: what a stranger can cause must not fill a disk.
 */
export function rateLimited(logger: Logger, sameAgainMs = 1_000): Logger {
  const told = new Map<string, { at: number; leftOut: number }>();
  const rarely =
    (level: 'warn' | 'error') =>
    (fields: object, message: string): void => {
      const now = performance.now();
      const before = told.get(message);
      if (before && now - before.at < sameAgainMs) {
        before.leftOut += 1;
        return;
      }
      told.set(message, { at: now, leftOut: 0 });
      logger[level](before?.leftOut ? { ...fields, leftOut: before.leftOut } : fields, message);
    };
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: rarely('warn'),
    error: rarely('error'),
  };
}
