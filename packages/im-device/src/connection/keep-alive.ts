import { now, type Timer } from './clock.ts';
import { died, survived, type Heartbeat, type HeartbeatLimits } from './heartbeat.ts';

export interface KeepAliveHost {
  readonly options: HeartbeatLimits & { readonly answerTimeoutMs: number };
  /** Outlives the connection: what one has found out about the network serves the next. */
  heartbeat: Heartbeat;
}

/** Keeps one connection alive, and finds out when nobody is at its other end. */
export interface KeepAlive {
  start(): void;
  /** Sends a heartbeat now, unless one is under way. */
  check(): void;
  sent(): void;
  heard(): void;
  /** The connection was cut: perhaps after too long a silence. */
  cut(): void;
  stop(): void;
}

/** A timer that is later than this says that we slept, and not that the server did. */
const sleptMs = 500;

/** `send` sends a heartbeat; `onSilence` is called when nobody answers it. */
export function keepAlive(host: KeepAliveHost, send: () => void, onSilence: () => void): KeepAlive {
  const { options } = host;
  let sentAt = 0;
  let heardAt = 0;
  /** The silence before the heartbeat that is not answered yet. */
  let probedMs: number | undefined;
  /** Until the next heartbeat, or the answer to the last one. */
  let timer: Timer;

  /** Due when there was silence in either direction: servers want to hear of us, and we of them. */
  const dueInMs = (): number => Math.min(sentAt, heardAt) + host.heartbeat.intervalMs - now();
  const start = (): void => {
    // There may be frames meanwhile.
    timer = setTimeout(() => (dueInMs() > 0 ? start() : check()), dueInMs());
  };
  const check = (): void => {
    if (probedMs !== undefined) return;
    clearTimeout(timer);
    probedMs = now() - Math.max(sentAt, heardAt);
    send();
    awaitAnswer(Math.min(options.answerTimeoutMs, host.heartbeat.intervalMs), true);
  };
  const awaitAnswer = (ms: number, mayHaveSlept: boolean): void => {
    const dueAt = now() + ms;
    timer = setTimeout(() => {
      // What came while we slept is read first.
      if (mayHaveSlept && now() - dueAt > sleptMs) awaitAnswer(ms, false);
      else onSilence();
    }, ms);
  };

  return {
    start,
    check,
    sent: () => (sentAt = now()),
    /** It answers any heartbeat: frames come in order. */
    heard: () => {
      heardAt = now();
      if (probedMs === undefined) return;
      clearTimeout(timer);
      host.heartbeat = survived(host.heartbeat, probedMs, options);
      probedMs = undefined;
      start();
    },
    cut: () => {
      if (probedMs !== undefined) host.heartbeat = died(host.heartbeat, probedMs, options);
    },
    stop: () => clearTimeout(timer),
  };
}
