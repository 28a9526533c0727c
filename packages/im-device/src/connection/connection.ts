import { CloseCode, Command, commandOfKind, messageKinds } from 'im-common';
import type { DeviceMessage, KickedWhy, WaitReason } from '../events.ts';
import { died, survived, type Heartbeat } from './heartbeat.ts';
import { Acknowledgements } from './acknowledgements.ts';
import type { ResolvedOptions } from '../options.ts';
import type { WebSocketLike } from '../platform.ts';
import type { Ending } from './ending.ts';
import { claimsOf } from './token-claims.ts';
import { readProblem, type Unreachable } from './unreachable.ts';

/** A message as it came: what the application gets, before anybody says what `data` is. */
export type Received = DeviceMessage;

/** What a connection needs of the device around it. */
export interface ConnectionHost {
  readonly options: ResolvedOptions;
  /** What parts of the device add to the data of a login. */
  readonly login: object;
  /** Outlives the connection: what one has found out about the network serves the next. */
  heartbeat: Heartbeat;
  /** A fresh token, or undefined when none is to be had now. */
  refreshToken(): Promise<string | undefined>;
  onOnline(connection: Connection): void;
  onMessage(connection: Connection, message: Received): void;
  /** Something else that a server says, for a part of the device that knows it. */
  onOther(cmd: number, data: unknown): void;
  onUnreachable(unreachable: Unreachable): void;
}

/** Servers let a device send 50 frames in a second; acknowledgements take at most half of that. */
const ackGapMs = 40;
/** How long a polite goodbye may take. */
const goodbyeMs = 1_000;
/** Any code that says no goodbye would do (P-4.6). */
const comingBack = 4000;
/** A timer that is later than this says that we slept, and not that the server did. */
const sleptMs = 500;
/** With less time left a fresh token would come too late. */
const shortestRenewalMs = 100;
const longestTimerMs = 2 ** 31 - 1;

type Phase = 'connecting' | 'logging-in' | 'online' | 'leaving' | 'gone';

/** One socket's life: open, log in, stay alive, end. Ends once and for all; the next attempt is another connection. */
export class Connection {
  readonly ended: Promise<Ending>;
  readonly url: string;
  /** Tells this connection from others. */
  readonly key: symbol = Symbol('connection');
  /** The server wants to know what the application took. */
  acknowledges = false;
  /** What the server can do beside messages. */
  features: readonly string[] = [];

  readonly #socket: WebSocketLike;
  readonly #host: ConnectionHost;
  readonly #acknowledgements = new Acknowledgements();
  #token: string;
  #phase: Phase = 'connecting';
  #end: (ending: Ending) => void = () => undefined;
  #onlineSince = 0;
  #kickedBy: string | undefined;
  #kickedWhy: KickedWhy;
  #problem: Omit<Unreachable, 'url'> | undefined;

  /** Ends the connection unless something happens before. */
  #deadline: Timer;
  #beat: Timer;
  #renewal: Timer;
  #acking: Timer;

  #sentAt = 0;
  #heardAt = 0;
  #ackedAt = 0;
  /** The silence before the heartbeat that is not answered yet. */
  #probedMs: number | undefined;

  constructor(url: string, token: string, host: ConnectionHost) {
    const { connectTimeoutMs, WebSocket } = host.options;
    this.url = url;
    this.#token = token;
    this.#host = host;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.#socket = new WebSocket(url);
    this.#socket.addEventListener('open', () => this.#onOpen());
    this.#socket.addEventListener('message', ({ data }) => this.#onFrame(data));
    this.#socket.addEventListener('close', ({ code = 1006, reason = '' }) => {
      this.#gone(this.#phase === 'connecting' ? 'cannot-connect' : undefined, code, reason);
    });
    // 'close' follows; without a listener `ws` would throw.
    this.#socket.addEventListener('error', (event) => (this.#problem ??= readProblem(event)));
    this.#deadline = setTimeout(() => {
      this.#problem = { problem: 'timeout', detail: `nothing within ${connectTimeoutMs} ms` };
      this.#drop('cannot-connect');
    }, connectTimeoutMs);
  }

  /** The application has processed the next message, or refused it. */
  processed(taken: boolean): void {
    if (!this.acknowledges || this.#phase !== 'online') return;
    this.#acknowledgements.processed(taken);
    this.#planAcknowledgement();
  }

  /** Says something that is no acknowledgement. False when the device is not logged in. */
  say(cmd: number, data: unknown): boolean {
    if (this.#phase !== 'online') return false;
    this.#send(cmd, data);
    return true;
  }

  /** Finds out now whether anybody is there. */
  check(): void {
    if (this.#phase === 'online' && this.#probedMs === undefined) this.#sendHeartbeat();
  }

  /** Says goodbye; `ended` resolves when the socket is gone. */
  leave(code: number): void {
    if (this.#phase === 'gone' || this.#phase === 'leaving') return;
    if (this.#phase === 'online') this.#acknowledge();
    this.#phase = 'leaving';
    this.#clearTimers();
    this.#deadline = setTimeout(() => this.#drop('closed'), goodbyeMs);
    this.#socket.close(code);
  }

  #onOpen(): void {
    if (this.#phase !== 'connecting') return;
    this.#phase = 'logging-in';
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#drop('no-answer'), this.#host.options.loginTimeoutMs);
    this.#logIn();
  }

  #logIn(): void {
    const { devId, terminal } = this.#host.options;
    this.#send(Command.LOGIN, { accessToken: this.#token, devId, ack: true, terminal, ...this.#host.login });
  }

  #onFrame(text: unknown): void {
    const frame = decode(text);
    if (!frame || this.#phase === 'leaving' || this.#phase === 'gone') return;
    this.#onLife();
    switch (frame.cmd) {
      case Command.LOGIN:
        this.#onLogin(frame.data);
        break;
      case Command.FORCE_LOGOUT:
        this.#kickedBy = String(frame.data);
        if (frame.why === 'elsewhere' || frame.why === 'ended') this.#kickedWhy = frame.why;
        this.leave(CloseCode.KICKED);
        break;
      default:
        this.#onMessage(frame);
    }
  }

  #onMessage({ attempt, cmd, data, id, kept }: Frame): void {
    const kind = messageKinds.find((kind) => commandOfKind[kind] === cmd);
    if (!kind) {
      this.#host.onOther(cmd, data);
      return;
    }
    this.#host.onMessage(this, {
      kind,
      data,
      id: typeof id === 'string' ? id : undefined,
      attempt: typeof attempt === 'number' ? attempt : 1,
      kept: kept === true,
    });
  }

  #onLogin(data: unknown): void {
    const { ack, expiresAt, features } = (data ?? {}) as Record<string, unknown>;
    this.#planRenewal(typeof expiresAt === 'number' ? expiresAt : claimsOf(this.#token).expiresAt);
    if (this.#phase === 'online') return;
    clearTimeout(this.#deadline);
    this.acknowledges = ack === true;
    if (Array.isArray(features)) this.features = features as string[];
    this.#phase = 'online';
    this.#onlineSince = now();
    this.#planHeartbeat();
    this.#host.onOnline(this);
  }

  #send(cmd: number, data: unknown): void {
    this.#sentAt = now();
    this.#socket.send(JSON.stringify({ cmd, data }));
  }

  /** At once when nothing was acknowledged lately; else together with what else comes. */
  #planAcknowledgement(): void {
    this.#acking ??= setTimeout(() => this.#acknowledge(), this.#ackedAt + ackGapMs - now());
  }

  #acknowledge(): void {
    clearTimeout(this.#acking);
    this.#acking = undefined;
    const data = this.#acknowledgements.take();
    if (!data) return;
    this.#ackedAt = now();
    this.#send(Command.ACK, data);
    if (this.#acknowledgements.hasMore) this.#planAcknowledgement();
  }

  // Staying alive.

  /** Due when there was silence in either direction: servers want to hear of us, and we of them. */
  #planHeartbeat(): void {
    const dueAt = Math.min(this.#sentAt, this.#heardAt) + this.#host.heartbeat.intervalMs;
    this.#beat = setTimeout(() => {
      // There were frames meanwhile.
      if (now() < Math.min(this.#sentAt, this.#heardAt) + this.#host.heartbeat.intervalMs)
        this.#planHeartbeat();
      else this.#sendHeartbeat();
    }, dueAt - now());
  }

  #sendHeartbeat(): void {
    const { heartbeat, options } = this.#host;
    clearTimeout(this.#beat);
    this.#probedMs = now() - Math.max(this.#sentAt, this.#heardAt);
    this.#send(Command.HEART_BEAT, {});
    this.#awaitAnswer(Math.min(options.answerTimeoutMs, heartbeat.intervalMs), true);
  }

  #awaitAnswer(ms: number, mayHaveSlept: boolean): void {
    const dueAt = now() + ms;
    this.#deadline = setTimeout(() => {
      // What came while we slept is read first.
      if (mayHaveSlept && now() - dueAt > sleptMs) this.#awaitAnswer(ms, false);
      else this.#drop('no-answer');
    }, ms);
  }

  /** Something was heard, which answers any heartbeat: frames come in order. */
  #onLife(): void {
    this.#heardAt = now();
    if (this.#probedMs === undefined) return;
    clearTimeout(this.#deadline);
    this.#host.heartbeat = survived(this.#host.heartbeat, this.#probedMs, this.#host.options);
    this.#probedMs = undefined;
    this.#planHeartbeat();
  }

  // A token has an end, a connection need not.

  #planRenewal(expiresAt: number | undefined, hasFailed = false): void {
    clearTimeout(this.#renewal);
    const { refreshLeadMs, token } = this.#host.options;
    const leftMs = (expiresAt ?? 0) - Date.now();
    // No end; or it has ended by our clock, but not by the server's, and only the server's counts.
    if (leftMs < shortestRenewalMs || typeof token === 'string') return;
    const waitMs = hasFailed ? leftMs / 3 : Math.max((leftMs * 2) / 3, leftMs - refreshLeadMs);
    this.#renewal = setTimeout(
      () => {
        if (waitMs > longestTimerMs) this.#planRenewal(expiresAt);
        else void this.#renew(expiresAt);
      },
      Math.min(waitMs, longestTimerMs),
    );
  }

  async #renew(expiresAt: number | undefined): Promise<void> {
    const token = await this.#host.refreshToken();
    if (this.#phase !== 'online') return;
    if (token === undefined) {
      this.#planRenewal(expiresAt, true);
      return;
    }
    this.#token = token;
    this.#logIn();
  }

  // The end.

  /** No goodbye: it will be back (P-4.6), should it be heard at all. */
  #drop(why: WaitReason): void {
    this.#socket.close(comingBack);
    this.#socket.terminate?.();
    this.#gone(why, 1006, '');
  }

  #gone(reason: WaitReason | undefined, code: number, text: string): void {
    if (this.#phase === 'gone') return;
    if (reason === 'cannot-connect') {
      this.#host.onUnreachable({ url: this.url, ...(this.#problem ?? { problem: 'unknown', detail: '' }) });
    }
    if (this.#probedMs !== undefined && code === 1006) {
      this.#host.heartbeat = died(this.#host.heartbeat, this.#probedMs, this.#host.options);
    }
    const wasLoggingIn = this.#phase === 'logging-in' && code === 1006;
    this.#phase = 'gone';
    this.#clearTimers();
    this.#end({
      why: reason ?? (wasLoggingIn ? 'login-failed' : 'closed'),
      code,
      text,
      onlineMs: this.#onlineSince === 0 ? 0 : now() - this.#onlineSince,
      kickedBy: this.#kickedBy,
      kickedWhy: this.#kickedWhy,
    });
  }

  #clearTimers(): void {
    for (const timer of [this.#deadline, this.#beat, this.#renewal, this.#acking]) clearTimeout(timer);
  }
}

type Timer = ReturnType<typeof setTimeout> | undefined;

function now(): number {
  return performance.now();
}

interface Frame {
  readonly cmd: number;
  readonly data?: unknown;
  readonly id?: unknown;
  readonly attempt?: unknown;
  readonly kept?: unknown;
  readonly why?: unknown;
}

/** Reads a frame; undefined for what is none. Further keys are for later versions. */
function decode(text: unknown): Frame | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const frame = JSON.parse(text) as Partial<Frame> | null;
    return typeof frame?.cmd === 'number' ? { ...frame, cmd: frame.cmd } : undefined;
  } catch {
    return undefined;
  }
}
