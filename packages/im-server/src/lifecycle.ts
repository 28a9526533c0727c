import { ImError } from 'im-common';

type State =
  | { readonly kind: 'new' | 'closed' }
  | { readonly kind: 'running'; readonly starting: Promise<void> }
  | { readonly kind: 'draining'; readonly atOnce: AbortController; readonly ended: Promise<void> };

export type Phase = State['kind'];

export interface LifecycleDeps {
  readonly start: () => Promise<void>;
  /** May take its time until the signal aborts. Called when the start is over, well or not. */
  readonly end: (atOnce: AbortSignal) => Promise<void>;
}

/** Starts a server once, and ends it once, however often it is asked to. */
export class Lifecycle {
  readonly #deps: LifecycleDeps;
  #state: State = { kind: 'new' };

  constructor(deps: LifecycleDeps) {
    this.#deps = deps;
  }

  get phase(): Phase {
    return this.#state.kind;
  }

  async start(): Promise<void> {
    if (this.#state.kind !== 'new')
      throw new ImError('CLOSED', 'This server was started before; create another one.');
    const starting = this.#deps.start();
    this.#state = { kind: 'running', starting };
    try {
      await starting;
    } catch (error) {
      // One that is asked to end meanwhile is closed by its end.
      if (this.phase === 'running') this.#state = { kind: 'closed' };
      throw error;
    }
  }

  drain(): Promise<void> {
    const state = this.#state;
    if (state.kind === 'draining') return state.ended;
    if (state.kind !== 'running') {
      this.#state = { kind: 'closed' };
      return Promise.resolve();
    }
    const atOnce = new AbortController();
    const ended = this.#endAfter(state.starting, atOnce.signal);
    this.#state = { kind: 'draining', atOnce, ended };
    return ended;
  }

  /** The same at once. May be called during a drain. */
  close(): Promise<void> {
    const ended = this.drain();
    if (this.#state.kind === 'draining') this.#state.atOnce.abort();
    return ended;
  }

  async #endAfter(starting: Promise<void>, atOnce: AbortSignal): Promise<void> {
    await starting.catch(() => undefined); // start() rejects with it
    await this.#deps.end(atOnce);
    this.#state = { kind: 'closed' };
  }
}
