import { ImError } from 'im-common';
import { LinkedSet, runningMs, type Linked } from 'im-common/bus';
import { Alarm } from '../alarm.ts';

/** One call under way. `over`: its caller was told that it failed, so it must not begin anything more. */
export interface Attempt {
  readonly deadline: number;
  over: boolean;
}

interface RejectableAttempt extends Attempt, Linked<RejectableAttempt> {
  readonly reject: (error: unknown) => void;
}

/** Bounds the time of calls, however long the bus takes to notice that it is away, with one timer for all of them. */
export class SendDeadlines {
  readonly #timeoutMs: number;
  readonly #onFailure: (error: unknown) => void;
  /** All have the same time, so the order in which they came is that of their deadlines. */
  readonly #running = new LinkedSet<RejectableAttempt>();
  readonly #alarm = new Alarm(() => this.#rejectOverdue());
  #whenIdle: (() => void) | undefined;

  constructor(timeoutMs: number, onFailure: (error: unknown) => void) {
    this.#timeoutMs = timeoutMs;
    this.#onFailure = onFailure;
  }

  /** What `call` throws instead of beginning rejects as well. */
  run<T>(call: (attempt: Attempt) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const deadline = runningMs() + this.#timeoutMs;
      const links = { linkBefore: undefined, linkAfter: undefined };
      const attempt: RejectableAttempt = { deadline, over: false, reject, ...links };
      const work = call(attempt);
      this.#running.add(attempt);
      this.#alarm.setFor(deadline);
      work.then(
        (value) => {
          resolve(value);
          this.#end(attempt);
        },
        (error: unknown) => {
          if (!attempt.over) this.#fail(attempt, error);
        },
      );
    });
  }

  /** Resolves when no call is under way any more. */
  async idle(): Promise<void> {
    if (this.#running.size > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve));
    this.#alarm.clear();
  }

  #fail(attempt: RejectableAttempt, error: unknown): void {
    this.#onFailure(error);
    attempt.reject(error);
    this.#end(attempt);
  }

  #end(attempt: RejectableAttempt): void {
    this.#running.delete(attempt);
    if (this.#running.size === 0) this.#whenIdle?.();
  }

  #rejectOverdue(): number | undefined {
    const now = runningMs();
    for (const attempt of this.#running) {
      if (attempt.deadline > now) return attempt.deadline;
      attempt.over = true;
      const limit = `${this.#timeoutMs} ms`;
      this.#fail(
        attempt,
        new ImError(
          'BUS_UNAVAILABLE',
          `The bus did not answer within ${limit}. Whether the call took effect is not known.`,
        ),
      );
    }
    return undefined;
  }
}
