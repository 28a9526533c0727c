import { setTimeout } from 'node:timers/promises';

const everyMs = 20;

/**
 * Asks `check` again and again until it gives something other than `undefined` or `false`, and hands that on.
 * For state that Redis announces nowhere; a check that throws counts as "not yet".
 */
export async function waitUntil<T>(
  what: string,
  check: () => Promise<T | undefined | false>,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let failure: unknown;
  while (performance.now() < deadline) {
    try {
      const answer = await check();
      if (answer !== undefined && answer !== false) return answer;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    await setTimeout(everyMs);
  }
  throw new Error(`Waited ${timeoutMs} ms in vain until ${what}`, { cause: failure });
}
