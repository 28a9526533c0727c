/** Holds takers back while it is shut. Whoever changes what that depends on makes them look again. */
export class Gate {
  readonly #isShut: () => boolean;
  #waiting: (() => void)[] = [];

  constructor(isShut: () => boolean) {
    this.#isShut = isShut;
  }

  /** Undefined when it is open, or the signal has aborted; else resolves when one of the two is so. */
  pass(signal: AbortSignal): Promise<void> | undefined {
    return signal.aborted || !this.#isShut() ? undefined : this.#wait(signal);
  }

  lookAgain(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #wait(signal: AbortSignal): Promise<void> {
    do await new Promise<void>((resolve) => this.#waiting.push(resolve));
    while (!signal.aborted && this.#isShut());
  }
}
