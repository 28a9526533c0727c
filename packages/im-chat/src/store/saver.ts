import type { ChatError } from '../errors.ts';
import { storeFailed } from './store-failed.ts';
import type { Change, UserStore } from './store.ts';

/** Several changes of a moment are one write; what is lost with a page the platform still has. */
const gatherMs = 100;

/** Writes what can be fetched again, soon and in order. What only this device has is written by whoever has it, at once. */
export class Saver {
  readonly #store: Pick<UserStore, 'write'>;
  readonly #onError: (error: ChatError) => void;
  #waiting: Change[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: Pick<UserStore, 'write'>, onError: (error: ChatError) => void) {
    this.#store = store;
    this.#onError = onError;
  }

  save(changes: readonly Change[]): void {
    this.#waiting.push(...changes);
    this.#timer ??= setTimeout(() => void this.flush(), gatherMs);
  }

  /** Resolves when everything so far is written. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const changes = this.#waiting;
    this.#waiting = [];
    if (changes.length > 0)
      this.#writing = this.#writing
        .then(() => this.#store.write(changes))
        .catch((cause: unknown) => this.#onError(storeFailed(cause)));
    return this.#writing;
  }
}
