import { toChatError, type ChatError } from './errors.ts';
import { Patience } from './patience.ts';

export interface RoundsDeps {
  /** Brings it up to date. What it throws is tried again when it can help. */
  round(): Promise<void>;
  onError(error: ChatError): void;
}

/** Keeps something up to date: once at a time, and again when it was asked for meanwhile. */
export class Rounds {
  readonly #deps: RoundsDeps;
  readonly #patience = new Patience();
  #running: Promise<void> | undefined;
  #isAskedAgain = false;
  #isClosed = false;

  constructor(deps: RoundsDeps) {
    this.#deps = deps;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Resolves when it is as it was, or newer, when this was called; or given up. */
  run(): Promise<void> {
    this.#isAskedAgain = true;
    this.#running ??= this.#loop();
    return this.#running;
  }

  /** The network is back: nobody waits any longer. */
  wake(): void {
    this.#patience.wake();
  }

  close(): void {
    this.#isClosed = true;
    this.#patience.wake();
  }

  async #loop(): Promise<void> {
    let failed = 0;
    try {
      while (this.#isAskedAgain && !this.#isClosed) {
        this.#isAskedAgain = false;
        try {
          await this.#deps.round();
          failed = 0;
        } catch (thrown) {
          if (this.isClosed) return;
          const error = toChatError(thrown);
          if (!error.retryable) {
            this.#deps.onError(error);
            return;
          }
          this.#isAskedAgain = true;
          await this.#patience.wait(failed++, error.retryAfterMs);
        }
      }
    } finally {
      // In the same moment as it is seen that nobody asks: whoever asks later begins anew.
      this.#running = undefined;
    }
  }
}
