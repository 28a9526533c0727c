import type { Logger } from 'im-common';

/** Waits for pushes of what is stored and can be asked for: one that gets lost does not undo what it tells of. */
export async function tell(pushes: readonly Promise<void>[], logger: Logger): Promise<void> {
  for (const outcome of await Promise.allSettled(pushes))
    if (outcome.status === 'rejected') logger.warn({ err: outcome.reason as unknown }, 'a push got lost');
}
