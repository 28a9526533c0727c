import { CloseCode, Command, commandOfKind, messageKinds } from 'im-common';
import type { DeviceMessage, KickedWhy, WaitReason } from '../events.ts';
import type { ResolvedOptions } from '../options.ts';
import type { WebSocketLike } from '../platform.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { now, type Timer } from './clock.ts';
import type { Ending } from './ending.ts';
import { decode, type Frame } from './frame.ts';
import { keepAlive, type KeepAlive, type KeepAliveHost } from './keep-alive.ts';
import { claimsOf } from './token-claims.ts';
import { renewBefore, type RenewalHost } from './token-renewal.ts';
import { readProblem, type Unreachable } from './unreachable.ts';

/** What a connection needs of the device around it. */
export interface ConnectionHost extends KeepAliveHost, RenewalHost {
  readonly options: ResolvedOptions;
  /** What parts of the device add to the data of a login. */
  readonly login: object;
  onOnline(connection: Connection): void;
  /** A message as it came, before anybody says what `data` is. */
  onMessage(message: DeviceMessage, connection: Connection): void;
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
  readonly #keepAlive: KeepAlive;
  #endRenewal: () => void = () => undefined;
  #acking: Timer;
  #ackedAt = 0;

  constructor(url: string, token: string, host: ConnectionHost) {
    const { connectTimeoutMs, WebSocket } = host.options;
    this.url = url;
    this.#token = token;
    this.#host = host;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.#keepAlive = keepAlive(
      host,
      () => this.#send(Command.HEART_BEAT, {}),
      () => this.#drop('no-answer'),
    );
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

  /** Says something that is no acknowledgement, if the device is logged in. */
  say(cmd: number, data: unknown): void {
    if (this.#phase === 'online') this.#send(cmd, data);
  }

  /** Finds out now whether anybody is there. */
  check(): void {
    if (this.#phase === 'online') this.#keepAlive.check();
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
    this.#keepAlive.heard();
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
    const message: DeviceMessage = {
      kind,
      data,
      id: typeof id === 'string' ? id : undefined,
      attempt: typeof attempt === 'number' ? attempt : 1,
      kept: kept === true,
    };
    this.#host.onMessage(message, this);
  }

  #onLogin(data: unknown): void {
    const { ack, expiresAt, features } = (data ?? {}) as Record<string, unknown>;
    this.#renew(typeof expiresAt === 'number' ? expiresAt : claimsOf(this.#token).expiresAt);
    if (this.#phase === 'online') return;
    clearTimeout(this.#deadline);
    this.acknowledges = ack === true;
    if (Array.isArray(features)) this.features = features as string[];
    this.#phase = 'online';
    this.#onlineSince = now();
    this.#keepAlive.start();
    this.#host.onOnline(this);
  }

  #send(cmd: number, data: unknown): void {
    this.#keepAlive.sent();
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

  #renew(expiresAt: number | undefined): void {
    this.#endRenewal();
    this.#endRenewal = renewBefore(expiresAt, this.#host, (token) => {
      this.#token = token;
      this.#logIn();
    });
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
    if (code === 1006) this.#keepAlive.cut();
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
    clearTimeout(this.#deadline);
    clearTimeout(this.#acking);
    this.#keepAlive.stop();
    this.#endRenewal();
  }
}
