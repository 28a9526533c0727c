import { ImError } from 'im-common';
import { Alarm, runningMs } from 'im-common/internal/bus';
import { withoutEffect } from '../checks/without-effect.ts';

type State =
  | { readonly kind: 'new' }
  | { readonly kind: 'starting' | 'running'; readonly started: Promise<void> }
  | { readonly kind: 'closed'; readonly closed: Promise<void> };

export interface LifecycleSteps {
  start(): Promise<void>;
  /** Called once, also when the client never started. `starting` has ended when it resolves. */
  close(starting: Promise<void>): Promise<void>;
}

/** The life of a client: new, starting, running, closed. A start that failed may be tried again. */
export class Lifecycle {
  readonly #steps: LifecycleSteps;
  readonly #timeoutMs: number;
  #state: State = { kind: 'new' };
  #awaitedStart: Promise<void> | undefined;

  constructor(timeoutMs: number, steps: LifecycleSteps) {
    this.#timeoutMs = timeoutMs;
    this.#steps = steps;
  }

  get isRunning(): boolean {
    return this.#state.kind === 'running';
  }

  checkOpen(): void {
    if (this.#state.kind === 'closed') throw closedError();
  }

  start(): Promise<void> {
    const state = this.#state;
    if (state.kind === 'closed') return Promise.reject(closedError());
    if (state.kind !== 'new') return state.started;
    const started: Promise<void> = this.#steps.start().then(
      () => this.#leave(starting, { kind: 'running', started }),
      (error: unknown) => {
        this.#leave(starting, { kind: 'new' });
        throw withoutEffect(error);
      },
    );
    const starting: State = { kind: 'starting', started };
    this.#state = starting;
    return started;
  }

  close(): Promise<void> {
    const state = this.#state;
    if (state.kind === 'closed') return state.closed;
    const starting = state.kind === 'new' ? Promise.resolve() : state.started.catch(() => undefined);
    const closed = this.#steps.close(starting);
    this.#state = { kind: 'closed', closed };
    return closed;
  }

  /** Starts for a call, which waits for the start as long as for any other answer. */
  whenStarted(): Promise<void> {
    this.#awaitedStart ??= notLongerThan(this.#timeoutMs, this.start()).finally(
      () => (this.#awaitedStart = undefined),
    );
    return this.#awaitedStart;
  }

  /** Unless the client was closed meanwhile. */
  #leave(from: State, to: State): void {
    if (this.#state === from) this.#state = to;
  }
}

export function closedError(): ImError {
  return new ImError('CLOSED', 'The client is closed. Create another one.');
}

function notLongerThan(timeoutMs: number, start: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const deadline = runningMs() + timeoutMs;
    const alarm = new Alarm(() => {
      if (runningMs() < deadline) return deadline;
      reject(
        new ImError('BUS_UNAVAILABLE', `The bus did not answer within ${timeoutMs} ms. Nothing was sent.`, {
          effect: 'none',
        }),
      );
      return undefined;
    });
    alarm.setFor(deadline);
    start.then(resolve, reject).finally(() => alarm.clear());
  });
}
