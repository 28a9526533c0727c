import { ImError } from 'im-common';
import { LinkedSet, type Linked } from 'im-common/internal/bus';
import { abortReason } from '../checks/abort.ts';

export interface WaitingRoomOptions {
  /** What the calls are, for messages. */
  readonly what: string;
  readonly maxCalls: number;
  readonly maxBytes: number;
}

interface Waiter extends Linked<Waiter> {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** How many are let in before the event loop has its turn. */
const mostAtOnce = 500;

/**
 * Bounds the calls that are under way, most of which wait for their turn at the bus, by count and by memory. Who comes when
 * it is full is refused at once; who asks for room first gets in when there is some, in order.
 */
export class WaitingRoom {
  readonly #options: WaitingRoomOptions;
  readonly #waiters = new LinkedSet<Waiter>();
  #calls = 0;
  #bytes = 0;
  #isLettingIn = false;
  #whenEmpty: (() => void) | undefined;

  constructor(options: WaitingRoomOptions) {
    this.#options = options;
  }

  get hasRoom(): boolean {
    const { maxCalls, maxBytes } = this.#options;
    return this.#calls < maxCalls && this.#bytes < maxBytes;
  }

  /** Throws OVERLOADED when it is full: before the call is looked at, as that costs more than to refuse it. */
  checkRoom(): void {
    if (this.hasRoom) return;
    const { what, maxCalls, maxBytes } = this.#options;
    const full = this.#calls < maxCalls ? `${maxBytes} bytes of ${what}` : `${maxCalls} ${what}`;
    const option = this.#calls < maxCalls ? 'maxWaitingBytes' : 'maxWaiting';
    throw new ImError(
      'OVERLOADED',
      `${full} wait or are under way, which is ${option}. This one was not begun: await room(), then try again.`,
    );
  }

  /** While there is room, however large the call is: so the bound is passed by one at most, and none is too large for ever. */
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

  /** Resolves when there is room, and those who asked before have taken theirs. */
  async whenRoom(signal?: AbortSignal): Promise<void> {
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
   * One at a time: the next tick comes when all that the promise has caused is through, so that the one before has made its
   * call by then, and there is as much room as it looks.
   */
  #letIn(most: number): void {
    const { first } = this.#waiters;
    if (!first || !this.hasRoom) {
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
