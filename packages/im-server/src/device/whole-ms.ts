/**
 * Whole milliseconds on the monotonic clock. The engine keeps a whole number where it is used; a fraction would be an
 * object of its own, for each connection and each look at it.
 */
export function wholeMs(): number {
  return Math.trunc(performance.now());
}
