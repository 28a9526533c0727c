import { toChatError, type ChatError } from '../errors.ts';

/** What is fetched one after the other, and the same thing once at a time. */
export class Turns {
  readonly #onChanged: () => void;
  readonly #asked = new Map<string, Promise<void>>();
  #turn: Promise<unknown> = Promise.resolve();
  #running = 0;
  #problem: ChatError | undefined;

  constructor(onChanged: () => void) {
    this.#onChanged = onChanged;
  }

  get isBusy(): boolean {
    return this.#running > 0;
  }

  /** Why the last one failed. */
  get problem(): ChatError | undefined {
    return this.#problem;
  }

  /** Something was fetched. */
  succeeded(): void {
    this.#problem = undefined;
  }

  once(what: string, load: () => Promise<void>): Promise<void> {
    let asked = this.#asked.get(what);
    if (!asked) {
      asked = this.run(load).finally(() => this.#asked.delete(what));
      this.#asked.set(what, asked);
    }
    return asked;
  }

  async run(load: () => Promise<void>): Promise<void> {
    this.#running += 1;
    this.#onChanged();
    const turn = this.#turn.then(load);
    this.#turn = turn.catch(() => undefined);
    try {
      await turn;
    } catch (error) {
      this.#problem = toChatError(error);
      throw this.#problem;
    } finally {
      this.#running -= 1;
      this.#onChanged();
    }
  }
}
