import { rest, type Clock, type ReadUplink } from 'im-common/internal/bus';
import {
  uplinkOf,
  UplinkRefusal,
  type Handled,
  type HandlingLimits,
  type UplinkHandler,
} from './uplink-handler.ts';

export interface HandleUplinkDeps {
  readonly handler: UplinkHandler;
  readonly limits: HandlingLimits;
  readonly clock: Clock;
  /** Aborts when nothing more is to be begun here. */
  readonly stopping: AbortSignal;
  /** Aborts when what is under way has no effect any more. */
  readonly over: AbortSignal;
  /** Calls under way; who aborts `over` aborts them. */
  readonly calls: Set<AbortController>;
  readonly onFailure: (uplink: ReadUplink, attempt: number, error: unknown) => void;
}

/** Calls the handler until it has taken the uplink, or its attempts are used up. */
export async function handleUplink(uplink: ReadUplink, deps: HandleUplinkDeps): Promise<Handled> {
  const { clock, limits, stopping, onFailure } = deps;
  for (let attempt = 1; ; attempt += 1) {
    if (stopping.aborted) return { kind: 'left' };
    try {
      return { kind: 'replied', value: await callOnce(uplink, attempt, deps) };
    } catch (error) {
      if (error instanceof UplinkRefusal) return { kind: 'refused', reason: error.message };
      if (deps.over.aborted) return { kind: 'left' };
      onFailure(uplink, attempt, error);
      const delayMs = limits.retryDelaysMs[attempt - 1];
      if (delayMs === undefined) return { kind: 'failed', error };
      await rest(clock, delayMs, stopping);
    }
  }
}

/** Ends with the handler, or at its time limit. What the handler does after that has no effect. */
async function callOnce(
  uplink: ReadUplink,
  attempt: number,
  { clock, handler, limits, calls }: HandleUplinkDeps,
): Promise<unknown> {
  const call = new AbortController();
  const { signal } = call;
  calls.add(call);
  const timer = clock.after(limits.listenerTimeoutMs, () => {
    call.abort(new Error(`The handler took longer than ${limits.listenerTimeoutMs} ms`));
  });
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      // Async, so that one that throws rejects.
      void (async () => handler(uplinkOf(uplink, { attempt, signal })))().then(resolve, reject);
    });
  } finally {
    timer.stop();
    calls.delete(call);
  }
}
