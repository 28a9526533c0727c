import { runningMs } from './running-clock.ts';

/** What tells the time and waits. Tests of those who use us bring one of their own. */
export interface Clock {
  /** Milliseconds that never go back. */
  now(): number;
  /** Calls back after so long, unless it is stopped before. */
  after(ms: number, call: () => void): Timer;
}

export interface Timer {
  stop(): void;
  /** It need not keep the process alive. */
  unref(): void;
}

export const realClock: Clock = {
  now: runningMs,
  after(ms, call) {
    const timeout = setTimeout(call, ms);
    return { stop: () => clearTimeout(timeout), unref: () => void timeout.unref() };
  },
};

/** Resolves after so long, or when the signal aborts. */
export function rest(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      timer.stop();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.after(ms, end);
    signal.addEventListener('abort', end);
  });
}
