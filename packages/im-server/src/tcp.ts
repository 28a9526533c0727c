import type { Socket } from 'node:net';
import { whenTaken, type DeviceLink, type Framing, type LinkHandlers } from './device/link.ts';

/** The TCP variant (contract A.7): eight bytes of big-endian length, then UTF-8 JSON, both ways. */
const lengthSize = 8;

const tcpFraming: Framing = {
  index: 1,
  text: (body) => lengthPrefix(body.length) + body,
  // TCP has no ping that the peer's stack answers: what can be known here is that bytes were written.
  ping: undefined,
};

function lengthPrefix(length: number): string {
  const prefix = Buffer.alloc(lengthSize);
  prefix.writeBigInt64BE(BigInt(length));
  return prefix.toString('latin1');
}

export interface TcpOptions {
  readonly maxFrameBytes: number;
  readonly idleTimeoutMs: number;
}

export class TcpLink implements DeviceLink {
  readonly framing: Framing = tcpFraming;
  readonly remoteAddress: string;
  readonly idleTimeoutMs: number;
  readonly #socket: Socket;
  readonly #maxFrameBytes: number;
  #handlers: LinkHandlers | undefined;
  #received: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, options: TcpOptions) {
    this.#socket = socket;
    this.#maxFrameBytes = options.maxFrameBytes;
    this.idleTimeoutMs = options.idleTimeoutMs;
    this.remoteAddress = socket.remoteAddress ?? '';
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    socket.on('data', (chunk: Buffer) => {
      this.#onData(chunk);
    });
    socket.on('error', () => undefined); // 'close' follows
    socket.on('close', () => this.#handlers?.onGone(1006));
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  attach(handlers: LinkHandlers): void {
    this.#handlers = handlers;
  }

  write(bytes: string): void {
    if (this.#socket.writable) this.#socket.write(bytes, 'latin1');
  }

  whenTaken(taken: () => void): void {
    whenTaken(this.#socket, taken);
  }

  close(): void {
    // A peer that does not end its half would keep the socket; it had its last words.
    this.#socket.end(() => this.#socket.destroySoon());
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #onData(chunk: Buffer): void {
    // A piece of a frame is no sign of life: half a frame for ever would be a way to stay.
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= lengthSize) {
      const length = this.#received.readBigInt64BE(0);
      // Java would wait for, and allocate, whatever a hostile length says.
      if (length < 0n || length > BigInt(this.#maxFrameBytes)) {
        this.#socket.destroy();
        return;
      }
      const end = lengthSize + Number(length);
      if (this.#received.length < end) return;
      const text = this.#received.toString('utf8', lengthSize, end);
      this.#received = this.#received.subarray(end);
      this.#handlers?.onText(text);
    }
  }
}
