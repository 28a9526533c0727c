import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Wire } from './wires.ts';

// A device as cheap as Node allows, so that the load never costs more than what is measured: a plain socket, one read
// buffer for all of them, frames counted by their headers. RFC 6455 by hand: servers do not mask, so nothing is copied.

const readBuffer = Buffer.allocUnsafe(256 * 1024);
const headEnd = Buffer.from('\r\n\r\n');

export interface RawSocketOptions {
  readonly wire: Wire;
  readonly port: number;
  readonly user: number;
  /** A client address of its own, as one has some 28,000 ports. */
  readonly localAddress: string;
  readonly onMessages: (count: number, chunk: Buffer, start: number, end: number) => void;
  /** Told when the server ends what it should not. */
  readonly onLost: (problem: string) => void;
}

export class RawSocket {
  readonly #options: RawSocketOptions;
  readonly #socket: Socket;
  #state: 'upgrading' | 'logging-in' | 'ready' | 'closed' = 'upgrading';
  /** The beginning of a frame whose rest is still to come. */
  #rest: Buffer | undefined;
  #whenReady: (() => void) | undefined;
  readonly ready: Promise<void>;

  constructor(options: RawSocketOptions) {
    this.#options = options;
    this.ready = new Promise((resolve) => (this.#whenReady = resolve));
    const { port, localAddress } = options;
    this.#socket = connect({
      ...{ host: '127.0.0.1', port, localAddress, noDelay: true },
      onread: {
        buffer: readBuffer,
        callback: (length, buffer) => {
          this.#read(buffer as Buffer, length);
          return true;
        },
      },
    });
    this.#socket.on('connect', () => this.#askForUpgrade());
    this.#socket.on('error', (error) => this.#lost(error.message));
    this.#socket.on('close', () => this.#lost('closed'));
  }

  close(): void {
    this.#state = 'closed';
    this.#socket.destroy();
  }

  #askForUpgrade(): void {
    const { wire, user } = this.#options;
    const subProtocol = wire.subProtocol ? `Sec-WebSocket-Protocol: ${wire.subProtocol}\r\n` : '';
    this.#socket.write(
      `GET ${wire.path(user)} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n${subProtocol}\r\n`,
    );
  }

  #lost(problem: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#options.onLost(problem);
  }

  #read(buffer: Buffer, length: number): void {
    let chunk = buffer.subarray(0, length);
    if (this.#rest) chunk = Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    let at = 0;
    if (this.#state === 'upgrading') {
      at = this.#readUpgrade(chunk);
      if (at < 0) return;
    }
    at = this.#readFrames(chunk, at);
    // A copy: the buffer is everybody's.
    if (at < chunk.length) this.#rest = Buffer.from(chunk.subarray(at));
  }

  #readUpgrade(chunk: Buffer): number {
    const end = chunk.indexOf(headEnd);
    if (end < 0) {
      this.#rest = Buffer.from(chunk);
      return -1;
    }
    const status = chunk.toString('latin1', 9, 12);
    if (status !== '101') this.#lost(`upgrade answered ${status}`);
    void this.#sayHello();
    return end + headEnd.length;
  }

  async #sayHello(): Promise<void> {
    const { hello } = this.#options.wire;
    this.#state = hello ? 'logging-in' : 'ready';
    if (!hello) this.#whenReady?.();
    else this.#send(await hello(this.#options.user));
  }

  /** Returns where the first frame begins that is not all there. */
  #readFrames(chunk: Buffer, start: number): number {
    const { wire } = this.#options;
    let at = start;
    while (at + 2 <= chunk.length) {
      const short = (chunk[at + 1] ?? 0) & 0x7f;
      const bodyAt = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
      if (bodyAt > chunk.length) break;
      const length =
        short < 126
          ? short
          : short === 126
            ? chunk.readUInt16BE(at + 2)
            : Number(chunk.readBigUInt64BE(at + 2));
      const end = bodyAt + length;
      if (end > chunk.length) break;
      const opcode = (chunk[at] ?? 0) & 0x0f;
      if (opcode >= 8) this.#onControl(opcode, chunk, bodyAt, end);
      else if (this.#state === 'ready') {
        const count = wire.count(chunk, bodyAt, end);
        if (count > 0) this.#options.onMessages(count, chunk, bodyAt, end);
        else if (wire.answer !== undefined) this.#send(wire.answer);
      } else this.#onLogin(chunk.subarray(bodyAt, end));
      at = end;
    }
    return at;
  }

  #onControl(opcode: number, chunk: Buffer, start: number, end: number): void {
    if (opcode === 9) this.#socket.write(pongTo(chunk.toString('latin1', start, end)), 'latin1');
    if (opcode === 8)
      this.#lost(`closed with ${chunk.readUInt16BE(start)} ${chunk.toString('utf8', start + 2, end)}`);
  }

  #onLogin(frame: Buffer): void {
    const next = this.#options.wire.login(frame);
    if (next === 'wait') return;
    if (next !== 'ready') {
      this.#send(next.answer);
      return;
    }
    this.#state = 'ready';
    this.#whenReady?.();
  }

  #send(body: string | Buffer): void {
    const opcode = typeof body === 'string' ? 1 : 2;
    const bytes = Buffer.from(body);
    const length =
      bytes.length < 126 ? [0x80 | bytes.length] : [0xfe, bytes.length >> 8, bytes.length & 0xff];
    // Clients must mask; a mask of zeros leaves the bytes as they are.
    this.#socket.write(Buffer.concat([Buffer.from([0x80 | opcode, ...length, 0, 0, 0, 0]), bytes]));
  }
}

let lastPayload = '';
let lastPong = '';

/** In a fan-out everybody is asked the same. */
function pongTo(payload: string): string {
  if (payload !== lastPayload || lastPong === '') {
    lastPayload = payload;
    lastPong = `\x8a${String.fromCharCode(0x80 | payload.length)}\0\0\0\0${payload}`;
  }
  return lastPong;
}
