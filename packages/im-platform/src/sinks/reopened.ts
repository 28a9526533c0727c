/** Something that is opened when it is first needed, and again after it was lost. */
export class Reopened<T> {
  readonly #open: (onLost: () => void) => Promise<T>;
  readonly #close: (opened: T) => Promise<unknown>;
  #opened: Promise<T> | undefined;

  constructor(open: (onLost: () => void) => Promise<T>, close: (opened: T) => Promise<unknown>) {
    this.#open = open;
    this.#close = close;
  }

  get(): Promise<T> {
    if (this.#opened) return this.#opened;
    const onLost = (): void => {
      if (this.#opened === opened) this.#opened = undefined;
    };
    const opened = this.#open(onLost);
    this.#opened = opened;
    opened.catch(onLost);
    return opened;
  }

  /** Whatever became of it. */
  async close(): Promise<void> {
    try {
      const opened = await this.#opened;
      if (opened) await this.#close(opened);
    } catch {
      // It is gone.
    }
  }
}

/** Rejects when the signal says so, whatever becomes of the work. */
export function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Error('it did not answer in time'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
