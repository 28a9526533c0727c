import { ImError } from 'im-common';
import { LinkedSet, type Linked } from 'im-common/internal/bus';
import { abortReason } from '../checks/abort.ts';

export interface InFlightLimitOptions {
  /** What the calls are, for messages. */
  readonly what: string;
  readonly maxCalls: number;
  readonly maxBytes: number;
}

interface Waiter extends Linked<Waiter> {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** How many are let in before the event loop runs other work. */
const mostAtOnce = 500;

/**
 * Limits the calls in flight, most of which wait for the bus, by count and by memory. A call beyond the limit is refused at
 * once; callers who wait for capacity first get in when there is some, in order.
 */
export class InFlightLimit {
  readonly #options: InFlightLimitOptions;
  readonly #waiters = new LinkedSet<Waiter>();
  #calls = 0;
  #bytes = 0;
  #isLettingIn = false;
  #whenEmpty: (() => void) | undefined;

  constructor(options: InFlightLimitOptions) {
    this.#options = options;
  }

  get calls(): number {
    return this.#calls;
  }

  get isBelow(): boolean {
    const { maxCalls, maxBytes } = this.#options;
    return this.#calls < maxCalls && this.#bytes < maxBytes;
  }

  /** Throws OVERLOADED when the limit is reached. */
  check(): void {
    if (this.isBelow) return;
    const { what, maxCalls, maxBytes } = this.#options;
    const full = this.#calls < maxCalls ? `${maxBytes} bytes of ${what}` : `${maxCalls} ${what}`;
    const option = this.#calls < maxCalls ? 'maxWaitingBytes' : 'maxWaiting';
    throw new ImError(
      'OVERLOADED',
      `${full} wait or are under way, which is ${option}. This one was not begun: await capacity(), then try again.`,
    );
  }

  /** Below the limit a call of any size gets in: one at most goes beyond it, and none is too large for ever. */
  enter(bytes: number): void {
    this.#calls += 1;
    this.#bytes += bytes;
  }

  leave(bytes: number): void {
    this.#calls -= 1;
    this.#bytes -= bytes;
    if (this.#waiters.size > 0) this.#letInSoon();
    if (this.#calls === 0) this.#whenEmpty?.();
  }

  /** Resolves when there is capacity for one more, after those who asked before. */
  async whenBelow(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw abortReason(signal);
    let onAbort: (() => void) | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const waiter: Waiter = { resolve, reject, linkBefore: undefined, linkAfter: undefined };
        this.#waiters.add(waiter);
        this.#letInSoon();
        if (!signal) return;
        onAbort = () => {
          if (this.#waiters.delete(waiter)) reject(abortReason(signal));
        };
        signal.addEventListener('abort', onAbort);
      });
    } finally {
      if (onAbort) signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Resolves when no call is under way any more. */
  async whenEmpty(): Promise<void> {
    if (this.#calls > 0) await new Promise<void>((resolve) => (this.#whenEmpty = resolve));
  }

  /** Nobody gets in any more. */
  close(reason: ImError): void {
    for (const waiter of this.#waiters) waiter.reject(reason);
    this.#waiters.clear();
  }

  #letInSoon(): void {
    if (this.#isLettingIn) return;
    this.#isLettingIn = true;
    process.nextTick(() => this.#letIn(mostAtOnce));
  }

  /**
   * One at a time: the next tick comes after everything that the promise has caused, so the one before has made its call by
   * then, and the count is right.
   */
  #letIn(most: number): void {
    const { first } = this.#waiters;
    if (!first || !this.isBelow) {
      this.#isLettingIn = false;
      return;
    }
    this.#waiters.delete(first);
    first.resolve();
    // A tick that is asked for by a tick would come before promises do.
    if (most > 1) queueMicrotask(() => process.nextTick(() => this.#letIn(most - 1)));
    else setImmediate(() => this.#letIn(mostAtOnce));
  }
}
