import type { ApiClient } from 'im-platform/client';
import { ask } from '../api/api.ts';
import { ChatError, toChatError } from '../errors.ts';
import { Patience } from '../patience.ts';
import type { CallPush } from '../model/call.ts';
import { Shown, type Readable } from '../readable.ts';
import type { Call, CallEnd, CallMode, CallState } from '../model/call.ts';

export interface CallsDeps {
  readonly api: ApiClient;
  readonly userId: string;
  /** The other tabs of this browser ring, too. */
  tell(note: CallNote): void;
}

/** A call is taken or declined in one of several tabs. */
export interface CallNote {
  readonly note: 'call-taken';
  readonly userId: string;
}

/** Nobody lets it ring longer. The platform forgets a call of which it hears nothing for a minute. */
const ringsMs = 45_000;
const missedMs = 60_000;
const aliveMs = 10_000;

/**
 * Calls between two, without the media: who calls whom, what has become of it, and what the two ends say to each other before they
 * find each other. Offers, answers and candidates are texts here; a page has WebRTC make them.
 */
export class Calls {
  readonly state: Readable<CallState>;
  readonly #deps: CallsDeps;
  readonly #shown: Shown<CallState>;
  readonly #patience = new Patience();
  #state: CallState = { kind: 'none' };
  /** Of what rings. */
  #offer = '';
  /** What came from the other end and nobody has taken yet. */
  #received: string[] = [];
  #onSignal: ((signal: string) => void) | undefined;
  /** What goes to the other end, one after the other; opened when there is a call at the platform. */
  #sending: Promise<unknown> = Promise.resolve();
  #end = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #alive: ReturnType<typeof setInterval> | undefined;

  constructor(deps: CallsDeps) {
    this.#deps = deps;
    this.state = this.#shown = new Shown(() => this.#state);
  }

  /** Calls somebody. `offer` makes what WebRTC calls an offer; should it fail there is no call. */
  async call(userId: string, mode: CallMode, offer: () => Promise<string>): Promise<void> {
    if (this.#current) throw busy();
    const call: Call = { userId, mode, isMine: true };
    const end = this.#begin({ kind: 'calling', call });
    const isGivenUp = (): boolean => end.aborted;
    let isBegun: () => void = () => undefined;
    this.#sending = new Promise<void>((resolve) => (isBegun = resolve));
    try {
      const made = await offer();
      if (isGivenUp()) return;
      const { api } = this.#deps;
      await ask(
        api.POST('/v1/calls/{userId}', { params: { path: { userId } }, body: { mode, offer: made } }),
      );
      if (isGivenUp()) {
        // Given up while it began.
        await this.#tellEnd(call, 'over');
        return;
      }
    } catch (thrown) {
      if (isGivenUp()) return;
      if (!(thrown instanceof ChatError)) {
        this.#become({ kind: 'none' });
        throw thrown;
      }
      this.#over(whyNot(thrown), thrown.message);
      return;
    } finally {
      isBegun();
    }
    this.#timer = setTimeout(() => void this.#giveUp(), ringsMs);
    this.#keepAlive(call);
  }

  /** Takes the call that rings. `answer` makes an answer of the offer; should it fail, it rings on. */
  async accept(answer: (offer: string) => Promise<string>): Promise<void> {
    const ringing = this.#state;
    if (ringing.kind !== 'ringing') return;
    const { call } = ringing;
    const made = await answer(this.#offer);
    if (this.#state !== ringing) return;
    const { userId } = call;
    const { api } = this.#deps;
    clearTimeout(this.#timer);
    this.#become({ kind: 'talking', call, since: Date.now() });
    this.#deps.tell({ note: 'call-taken', userId });
    const taking = ask(
      api.POST('/v1/calls/{userId}/answer', { params: { path: { userId } }, body: { answer: made } }),
    );
    // Ways to reach this end are of a call that is taken.
    this.#sending = taking.catch(() => undefined);
    try {
      await taking;
    } catch (thrown) {
      const { code, message } = toChatError(thrown);
      if (this.#current === call) this.#over(code === 'CALL_OVER' ? 'hung-up' : 'failed', message);
      return;
    }
    if (this.#current === call) this.#keepAlive(call);
  }

  /** Stops calling, declines, or hangs up. `failed`: the two ends do not find each other. */
  async end(why: 'over' | 'failed' = 'over'): Promise<void> {
    const state = this.#state;
    if (state.kind === 'over') this.#become({ kind: 'none' });
    const call = this.#current;
    if (!call) return;
    if (why === 'failed') this.#over('failed', '');
    else if (state.kind === 'talking') this.#over('hung-up', '');
    else this.#become({ kind: 'none' });
    if (state.kind === 'ringing') this.#deps.tell({ note: 'call-taken', userId: call.userId });
    await this.#tellEnd(call, why);
  }

  /** Says something to the other end, however long it takes to reach the platform. */
  signal(text: string): void {
    const call = this.#current;
    const { signal: end } = this.#end;
    if (!call) return;
    this.#sending = this.#sending.then(() => this.#signal(call, text, end));
  }

  /** Calls back with what the other end says, what it has said before among it. Returns what ends that. */
  onSignal(handler: (signal: string) => void): () => void {
    this.#onSignal = handler;
    for (const signal of this.#received.splice(0)) handler(signal);
    return () => {
      if (this.#onSignal === handler) this.#onSignal = undefined;
    };
  }

  heard({ is, from, mode, text }: CallPush): void {
    if (is === 'call') {
      // The platform lets nobody call who is in another call; what is late is told so when it is taken.
      if (this.#current || mode === undefined) return;
      this.#begin({ kind: 'ringing', call: { userId: from, mode, isMine: false } });
      this.#offer = text;
      this.#timer = setTimeout(() => this.#become({ kind: 'none' }), missedMs);
      return;
    }
    const call = this.#current;
    if (!call) return;
    const isRinging = this.#state.kind === 'ringing';
    if (from === this.#deps.userId) {
      // Another device of mine has taken or declined it.
      if (isRinging) this.#become({ kind: 'none' });
      return;
    }
    if (from !== call.userId) return;
    switch (is) {
      case 'accept':
        if (this.#state.kind !== 'calling') return;
        clearTimeout(this.#timer);
        this.#become({ kind: 'talking', call, since: Date.now() });
        this.#take(text);
        return;
      case 'candidate':
        this.#take(text);
        return;
      default:
        if (isRinging) this.#become({ kind: 'none' });
        else this.#over(is === 'reject' ? 'declined' : is === 'failed' ? 'failed' : 'hung-up', '');
    }
  }

  /** Another tab has it. */
  taken({ userId }: CallNote): void {
    if (this.#state.kind === 'ringing' && this.#current?.userId === userId) this.#become({ kind: 'none' });
  }

  wake(): void {
    this.#patience.wake();
  }

  /** Whoever goes hangs up. */
  close(): void {
    void this.end().catch(() => undefined);
    this.#become({ kind: 'none' });
  }

  get #current(): Call | undefined {
    return this.#state.kind === 'none' || this.#state.kind === 'over' ? undefined : this.#state.call;
  }

  #begin(state: CallState): AbortSignal {
    this.#stop();
    this.#end = new AbortController();
    this.#become(state);
    return this.#end.signal;
  }

  #over(why: CallEnd, detail: string): void {
    const call = this.#current;
    if (call) this.#become({ kind: 'over', call, why, detail });
  }

  #become(state: CallState): void {
    this.#state = state;
    if (!this.#current) this.#stop();
    this.#shown.changed();
  }

  #stop(): void {
    this.#end.abort();
    clearTimeout(this.#timer);
    clearInterval(this.#alive);
    this.#received = [];
    this.#offer = '';
  }

  #take(signal: string): void {
    if (this.#onSignal) this.#onSignal(signal);
    else this.#received.push(signal);
  }

  async #giveUp(): Promise<void> {
    const call = this.#current;
    if (!call) return;
    this.#over('no-answer', '');
    await this.#tellEnd(call, 'no-answer').catch(() => undefined); // the platform forgets it by itself
  }

  #keepAlive({ userId }: Call): void {
    clearInterval(this.#alive);
    const params = { path: { userId } };
    // What is not heard is said again.
    this.#alive = setInterval(
      () => void this.#deps.api.PUT('/v1/calls/{userId}/alive', { params }).catch(() => undefined),
      aliveMs,
    );
  }

  async #signal({ userId }: Call, signal: string, end: AbortSignal): Promise<void> {
    for (let failed = 0; !end.aborted; failed += 1) {
      try {
        const params = { path: { userId } };
        await ask(this.#deps.api.POST('/v1/calls/{userId}/signals', { params, body: { signal } }));
        return;
      } catch (thrown) {
        const { retryable, retryAfterMs } = toChatError(thrown);
        // Whoever has hung up says so by themselves.
        if (!retryable) return;
        await this.#patience.wait(failed, retryAfterMs, end);
      }
    }
  }

  /** One that is over already is over. */
  async #tellEnd({ userId }: Call, why: 'over' | 'no-answer' | 'failed'): Promise<void> {
    const params = { path: { userId }, query: { why } };
    // Also from a page that is about to go.
    await ask(this.#deps.api.DELETE('/v1/calls/{userId}', { params, keepalive: true })).catch(
      (thrown: unknown) => {
        const error = toChatError(thrown);
        if (error.code !== 'CALL_OVER') throw error;
      },
    );
  }
}

function busy(): ChatError {
  return new ChatError('CALLING', 'There is a call already.', { cure: 'End it first: `calls.end()`.' });
}

function whyNot({ code }: ChatError): CallEnd {
  if (code === 'BUSY') return 'busy';
  if (code === 'NOT_ONLINE') return 'not-there';
  return code === 'NO_ANSWER' ? 'failed' : 'refused';
}
