import { clearTimeout, setTimeout } from 'node:timers'; // the real ones, also where a test fakes the clock

/**
 * What the promise gives, or a rejection when that takes longer than anything takes here that does not wait for something:
 * for what ends "at once" or "in time". The tests that use it see to it that what is not to be waited for takes longer still,
 * or for ever. How busy the machine is does not matter then, as it would with a limit that is close to what was measured.
 */
export async function inTime<T>(what: string, promise: Promise<T>, limitMs = 20_000): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Not within ${limitMs} ms: ${what}`)), limitMs);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
