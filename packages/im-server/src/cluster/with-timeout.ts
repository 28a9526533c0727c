import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when the work is done, and no later: an end must end, whether the bus answers or not. */
export async function withTimeout(ms: number, work: Promise<unknown> | undefined): Promise<void> {
  const stop = new AbortController();
  const limit = sleep(ms, undefined, { signal: stop.signal }).catch(() => undefined);
  try {
    await Promise.race([work, limit]);
  } finally {
    stop.abort();
  }
}
