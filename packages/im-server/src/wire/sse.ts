import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { toByteText } from 'im-common/internal/bus';
import { whenTaken, type DeviceLink, type Framing, type LinkHandlers } from './link.ts';

// P-19: frames down as server-sent events, in an answer that stays open. What the device says comes by further requests, which
// `sse-door.ts` reads. The answer ends with its connection, so that a frame is the same for every receiver.

const sseFraming: Framing = {
  index: 4,
  text: (body) => eventOf(body),
  // Comments keep proxies awake, and nobody answers them.
  ping: undefined,
  hasCloseCodes: true,
};

/** P-19.2: line breaks are only between the tokens of JSON; there an event has several lines. */
function eventOf(data: string, name?: string): string {
  const lines = /[\r\n]/.test(data) ? data.replaceAll(/\r\n?|\n/g, '\ndata: ') : data;
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${lines}\n\n`;
}

/** What a device sends with one request, its lines already frames. */
export interface Post {
  readonly number: number;
  readonly frames: readonly string[];
  readonly bytes: number;
  /** It says goodbye with this code (P-19.4). */
  readonly close: number | undefined;
}

export interface SseLinkOptions {
  readonly remoteAddress: string;
  readonly agent: string | undefined;
  readonly idleTimeoutMs: number;
  readonly onGone: (link: SseLink) => void;
}

export class SseLink implements DeviceLink {
  /** Whoever knows it speaks for the device. */
  readonly id: string = randomBytes(18).toString('base64url');
  readonly framing: Framing = sseFraming;
  readonly remoteAddress: string;
  readonly agent: string | undefined;
  readonly idleTimeoutMs: number;
  bytesRead = 0;
  /** Over which its requests come now. */
  upSocket: Socket | undefined;
  readonly #socket: Socket;
  readonly #onGone: (link: SseLink) => void;
  #handlers: LinkHandlers | undefined;
  #lastPost = 0;
  #isEnded = false;
  #isGone = false;

  constructor(socket: Socket, { remoteAddress, agent, idleTimeoutMs, onGone }: SseLinkOptions) {
    this.#socket = socket;
    this.remoteAddress = remoteAddress;
    this.agent = agent;
    this.idleTimeoutMs = idleTimeoutMs;
    this.#onGone = onGone;
    socket.setNoDelay(true);
    socket.on('error', () => undefined); // 'close' follows
    socket.once('close', () => this.#gone(1006));
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  attach(handlers: LinkHandlers): void {
    this.#handlers = handlers;
  }

  write(bytes: string): void {
    if (!this.#isEnded && this.#socket.writable) this.#socket.write(bytes, 'latin1');
  }

  whenTaken(round: number): void {
    if (this.#handlers && !this.#isEnded) whenTaken(this.#socket, this.#handlers, round);
  }

  close(code: number, reason: string): void {
    if (this.#isEnded) return;
    this.write(eventOf(toByteText(JSON.stringify({ code, reason })), 'close'));
    this.#isEnded = true;
    // A peer that does not end its half would keep the socket; it had its last words.
    this.#socket.end(() => this.#socket.destroySoon());
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** The head of the answer, and by which id the device is to speak. */
  open(head: string): void {
    this.#socket.write(head + eventOf(JSON.stringify({ stream: this.id }), 'open'), 'latin1');
  }

  /** A proxy that sees nothing for long would hang up. */
  beat(): void {
    if (this.bufferedBytes === 0) this.write(':\n\n');
  }

  /** What the device says. False: something that came before it is missing. */
  receive({ number, frames, bytes, close }: Post): boolean {
    if (number > this.#lastPost + 1) return false;
    this.bytesRead += bytes;
    // A repetition of one whose answer was lost.
    if (number <= this.#lastPost) {
      this.#handlers?.onSignOfLife();
      return true;
    }
    this.#lastPost = number;
    this.hear(frames);
    if (close !== undefined) {
      this.close(close, '');
      this.#gone(close);
    }
    return true;
  }

  hear(frames: readonly string[]): void {
    if (frames.length === 0) this.#handlers?.onSignOfLife();
    for (const frame of frames) this.#handlers?.onText(frame);
  }

  #gone(code: number): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#isEnded = true;
    this.#onGone(this);
    this.#handlers?.onGone(code);
  }
}
