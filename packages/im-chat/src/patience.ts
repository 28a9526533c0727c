const firstMs = 500;
const mostMs = 30_000;

/** Waits before another try: longer each time, by chance, and no longer than until somebody knows that it makes sense. */
export class Patience {
  readonly #waiting = new Set<() => void>();

  wait(failedBefore: number, leastMs: number | undefined, signal?: AbortSignal): Promise<void> {
    const most = Math.min(mostMs, firstMs * 2 ** Math.min(failedBefore, 10));
    const ms = leastMs ?? most * (0.5 + Math.random() / 2);
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(end);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal?.addEventListener('abort', end);
      this.#waiting.add(end);
    });
  }

  wake(): void {
    for (const end of [...this.#waiting]) end();
  }
}
