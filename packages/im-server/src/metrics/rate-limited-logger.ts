import type { Logger } from 'im-common';

/**
 * Logs the same warning or error at most once a second, or as often as given, with how many were left out since:
 * what a stranger can cause must not fill a disk.
 */
export function rateLimited(logger: Logger, sameAgainMs = 1_000): Logger {
  const logged = new Map<string, { at: number; leftOut: number }>();
  const rarely =
    (level: 'warn' | 'error') =>
    (fields: object, message: string): void => {
      const now = performance.now();
      const before = logged.get(message);
      if (before && now - before.at < sameAgainMs) {
        before.leftOut += 1;
        return;
      }
      logged.set(message, { at: now, leftOut: 0 });
      logger[level](before?.leftOut ? { ...fields, leftOut: before.leftOut } : fields, message);
    };
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: rarely('warn'),
    error: rarely('error'),
  };
}
