import type { Logger } from 'im-common';
import type { Ending } from './feature.ts';

export interface Regularly {
  readonly everyMs: number;
  readonly logger: Logger;
  /** What is logged when a round fails; the next one does its work. */
  readonly failure: string;
}

/** Does `round` again and again, one at a time; those that would begin meanwhile are left out. At the end what is under way is waited for. */
export function regularly(
  { everyMs, logger, failure }: Regularly,
  round: (closing: AbortSignal) => Promise<unknown>,
): Ending {
  const closing = new AbortController();
  let running: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    running ??= round(closing.signal)
      .catch((error: unknown) => {
        logger.warn({ err: error }, failure);
      })
      .finally(() => (running = undefined));
  }, everyMs);
  return async () => {
    closing.abort();
    clearInterval(timer);
    await running;
  };
}
