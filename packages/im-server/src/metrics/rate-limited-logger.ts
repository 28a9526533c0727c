import type { Logger } from 'im-common';

/**
 * Logs the same line at most once a second, or as often as given, with how many were left out since: what a stranger can
 * cause must not fill a disk. A line at info that is left out is one at debug, for those who look for one device.
 */
export function rateLimited(logger: Logger, sameAgainMs = 1_000): Logger {
  const logged = new Map<string, { at: number; leftOut: number }>();
  const rarely =
    (level: 'info' | 'warn' | 'error') =>
    (fields: object, message: string): void => {
      const now = performance.now();
      const before = logged.get(message);
      if (before && now - before.at < sameAgainMs) {
        before.leftOut += 1;
        if (level === 'info') logger.debug(fields, message);
        return;
      }
      logged.set(message, { at: now, leftOut: 0 });
      logger[level](before?.leftOut ? { ...fields, leftOut: before.leftOut } : fields, message);
    };
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: rarely('info'),
    warn: rarely('warn'),
    error: rarely('error'),
  };
}
