/** Makes consumers wait while results must not be taken. When a reason for it changes, `lookAgain` is to be called. */
export class Pause {
  readonly #mustPause: () => boolean;
  #waiting: (() => void)[] = [];

  constructor(mustPause: () => boolean) {
    this.#mustPause = mustPause;
  }

  /** Undefined when there is no pause, or the signal has aborted; else resolves when one of the two is so. */
  whenOver(signal: AbortSignal): Promise<void> | undefined {
    return signal.aborted || !this.#mustPause() ? undefined : this.#wait(signal);
  }

  lookAgain(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #wait(signal: AbortSignal): Promise<void> {
    do await new Promise<void>((resolve) => this.#waiting.push(resolve));
    while (!signal.aborted && this.#mustPause());
  }
}
