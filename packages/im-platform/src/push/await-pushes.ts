import type { Logger } from 'im-common';

/** Waits for pushes about something that is stored and can be asked for: one that fails is logged, and undoes nothing. */
export async function awaitPushes(pushes: readonly Promise<void>[], logger: Logger): Promise<void> {
  for (const outcome of await Promise.allSettled(pushes))
    if (outcome.status === 'rejected') logger.warn({ err: outcome.reason as unknown }, 'a push got lost');
}
