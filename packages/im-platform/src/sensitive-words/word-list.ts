import type { Logger } from 'im-common';
import type { SensitiveWordStore } from './sensitive-word-store.ts';
import type { SensitiveWords } from './sensitive-words.ts';

export interface WordListDeps {
  readonly store: Pick<SensitiveWordStore, 'fingerprint' | 'enabled'>;
  readonly words: Pick<SensitiveWords, 'forbid'>;
  readonly logger: Logger;
  /** How often the table is looked at. */
  readonly everyMs: number;
}

/** What the look at the table does not see is seen so late. */
const longestMs = 60_000;

/** Keeps the forbidden words of this instance as the table has them. */
export class WordList {
  readonly #deps: WordListDeps;
  #fingerprint: string | undefined;
  #readAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(deps: WordListDeps) {
    this.#deps = deps;
  }

  /** Resolves when the words are known. */
  async start(): Promise<void> {
    await this.#look();
    this.#lookLater();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  #lookLater(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#look()
        .catch((error: unknown) => {
          this.#deps.logger.warn(
            { err: error },
            'the forbidden words could not be read; the known ones stay',
          );
        })
        .finally(() => this.#lookLater());
    }, this.#deps.everyMs);
  }

  async #look(): Promise<void> {
    const { store, words } = this.#deps;
    const fingerprint = await store.fingerprint();
    if (fingerprint === this.#fingerprint && performance.now() - this.#readAt < longestMs) return;
    words.forbid(await store.enabled());
    this.#fingerprint = fingerprint;
    this.#readAt = performance.now();
  }
}
