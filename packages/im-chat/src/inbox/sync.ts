import type { components } from 'im-platform/client';
import { toChatError, type ChatError } from '../errors.ts';
import { Patience } from '../patience.ts';

export type SyncAnswer = components['schemas']['Sync'];

export interface SyncDeps {
  fetch(cursor: string | undefined): Promise<SyncAnswer>;
  apply(answer: SyncAnswer): void;
  /** This device is up to date. */
  onDone(): Promise<void>;
  onError(error: ChatError): void;
}

/** Brings this device up to date: once at a time, and again when it was asked for meanwhile. */
export class Sync {
  readonly #deps: SyncDeps;
  readonly #patience = new Patience();
  #cursor: string | undefined;
  #running: Promise<void> | undefined;
  #isAskedAgain = false;
  #isClosed = false;

  constructor(deps: SyncDeps, cursor: string | undefined) {
    this.#deps = deps;
    this.#cursor = cursor;
  }

  /** Resolves when this device knows what the platform knew when it was called. */
  run(): Promise<void> {
    this.#isAskedAgain = true;
    this.#running ??= this.#loop().finally(() => (this.#running = undefined));
    return this.#running;
  }

  wake(): void {
    this.#patience.wake();
  }

  close(): void {
    this.#isClosed = true;
    this.#patience.wake();
  }

  async #loop(): Promise<void> {
    let failed = 0;
    while (this.#isAskedAgain && !this.#isClosed) {
      this.#isAskedAgain = false;
      try {
        while (await this.#takePage());
        await this.#deps.onDone();
        failed = 0;
      } catch (thrown) {
        const error = toChatError(thrown);
        // A cursor of another platform, or of another time.
        if (error.code === 'INVALID_ARGUMENT' && this.#cursor !== undefined) this.#cursor = undefined;
        else if (!error.retryable) {
          this.#deps.onError(error);
          return;
        }
        this.#isAskedAgain = true;
        await this.#patience.wait(failed++, error.retryAfterMs);
      }
    }
  }

  /** Whether there is another one. */
  async #takePage(): Promise<boolean> {
    const answer = await this.#deps.fetch(this.#cursor);
    if (this.#isClosed) return false;
    this.#deps.apply(answer);
    this.#cursor = answer.cursor;
    return answer.more;
  }
}
