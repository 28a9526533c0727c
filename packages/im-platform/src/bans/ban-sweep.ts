import type { Logger } from 'im-common';
import type { Ending } from '../feature.ts';
import type { BanService } from './ban-service.ts';

const everyMs = 30_000;

/** Lifts bans whose time is over, half a minute late at most. Each instance does: what is lifted twice is lifted. */
export function liftRegularly(bans: Pick<BanService, 'liftThoseThatAreOver'>, logger: Logger): Ending {
  let lifting = Promise.resolve();
  const timer = setInterval(() => {
    lifting = bans.liftThoseThatAreOver().catch((error: unknown) => {
      logger.warn({ err: error }, 'bans that are over cannot be lifted now');
    });
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await lifting;
  };
}
