import type { Logger } from 'im-common';
import type { Ending } from '../feature.ts';
import type { Tickets } from './tickets.ts';

const everyMs = 3_600_000;

/** So that the table of used ones does not grow for ever. */
export function sweepRegularly(tickets: Pick<Tickets, 'sweep'>, logger: Logger): Ending {
  let sweeping = Promise.resolve();
  const timer = setInterval(() => {
    sweeping = tickets
      .sweep()
      .catch((error: unknown) => logger.warn({ err: error }, 'used tickets cannot be forgotten now'));
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await sweeping;
  };
}
