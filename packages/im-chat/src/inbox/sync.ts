import type { components } from 'im-platform/client';
import { toChatError, type ChatError } from '../errors.ts';
import { Rounds } from '../rounds.ts';

export type SyncAnswer = components['schemas']['Sync'];

export interface SyncDeps {
  fetch(cursor: string | undefined): Promise<SyncAnswer>;
  apply(answer: SyncAnswer): void;
  /** This device is up to date. */
  onDone(): Promise<void>;
  onError(error: ChatError): void;
}

/** Brings this device up to date: once at a time, and again when it was asked for meanwhile. */
export class Sync extends Rounds {
  readonly #deps: SyncDeps;
  #cursor: string | undefined;

  constructor(deps: SyncDeps, cursor: string | undefined) {
    super({ round: () => this.#round(), onError: (error) => deps.onError(error) });
    this.#deps = deps;
    this.#cursor = cursor;
  }

  async #round(): Promise<void> {
    while (await this.#takePage());
    await this.#deps.onDone();
  }

  /** Whether there is another one. */
  async #takePage(): Promise<boolean> {
    const answer = await this.#fetch();
    if (this.isClosed) return false;
    this.#deps.apply(answer);
    this.#cursor = answer.cursor;
    return answer.more;
  }

  async #fetch(): Promise<SyncAnswer> {
    try {
      return await this.#deps.fetch(this.#cursor);
    } catch (thrown) {
      // A cursor of another platform, or of another time.
      if (toChatError(thrown).code !== 'INVALID_ARGUMENT' || this.#cursor === undefined) throw thrown;
      this.#cursor = undefined;
      return this.#deps.fetch(undefined);
    }
  }
}
