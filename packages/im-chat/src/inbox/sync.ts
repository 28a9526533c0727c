import type { ChatError } from '../errors.ts';
import { toChatError } from '../errors.ts';
import { Patience } from '../patience.ts';
import type { Known } from './inbox.ts';

/** What has changed since a cursor; without one, what there is. */
export interface SyncPage {
  readonly changed: readonly Known[];
  readonly removed: readonly string[];
  /** For the next one; undefined: there is none. */
  readonly cursor: string | undefined;
  readonly isMore: boolean;
}

export interface SyncDeps {
  fetch(cursor: string | undefined): Promise<SyncPage>;
  apply(page: SyncPage): void;
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

  /** Whether there is another one. */
  async #takePage(): Promise<boolean> {
    const page = await this.#deps.fetch(this.#cursor);
    if (this.#isClosed) return false;
    this.#deps.apply(page);
    this.#cursor = page.cursor;
    return page.isMore;
  }

  async #loop(): Promise<void> {
    let failed = 0;
    while (this.#isAskedAgain && !this.#isClosed) {
      this.#isAskedAgain = false;
      try {
        while (await this.#takePage());
        failed = 0;
      } catch (thrown) {
        const error = toChatError(thrown);
        if (!error.retryable) {
          this.#deps.onError(error);
          return;
        }
        this.#isAskedAgain = true;
        await this.#patience.wait(failed++, error.retryAfterMs);
      }
    }
  }
}
