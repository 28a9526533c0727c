export type Timer = ReturnType<typeof setTimeout> | undefined;

/** Milliseconds by a clock that nobody sets. */
export function now(): number {
  return performance.now();
}
