import { toChatError, type ChatError } from '../errors.ts';
import { Patience } from '../patience.ts';

interface ReadPositionDeps {
  markRead(id: string, number: number): Promise<unknown>;
  onError(error: ChatError): void;
}

/** Tells the platform how far was read: of each conversation the last position, one call at a time. */
export class ReadPositions {
  readonly #deps: ReadPositionDeps;
  readonly #wanted = new Map<string, number>();
  readonly #patience = new Patience();
  #isTelling = false;
  #isClosed = false;

  constructor(deps: ReadPositionDeps) {
    this.#deps = deps;
  }

  tell(id: string, number: number): void {
    if (number <= (this.#wanted.get(id) ?? 0)) return;
    this.#wanted.set(id, number);
    if (!this.#isTelling) void this.#tellAll();
  }

  wake(): void {
    this.#patience.wake();
  }

  close(): void {
    this.#isClosed = true;
    this.#patience.wake();
  }

  async #tellAll(): Promise<void> {
    this.#isTelling = true;
    let failed = 0;
    for (let next; !this.#isClosed && (next = [...this.#wanted][0]);) {
      const [id, number] = next;
      try {
        await this.#deps.markRead(id, number);
        failed = 0;
        if (this.#wanted.get(id) === number) this.#wanted.delete(id);
      } catch (thrown) {
        const error = toChatError(thrown);
        if (error.retryable) await this.#patience.wait(failed++, error.retryAfterMs);
        else {
          this.#wanted.delete(id);
          this.#deps.onError(error);
        }
      }
    }
    this.#isTelling = false;
  }
}
