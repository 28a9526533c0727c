import type { Socket } from 'node:net';
import { whenTaken, type DeviceLink, type Framing, type LinkHandlers } from './link.ts';
import type * as protobuf from './protobuf.ts';

/** The TCP variant (contract A.7): eight bytes of big-endian length, then UTF-8 JSON, both ways. */
const lengthSize = 8;
const nothing = Buffer.alloc(0);

const tcpFraming: Framing = {
  index: 1,
  text: (body) => lengthPrefix(body.length) + body,
  // TCP has no ping that the peer's stack answers: what can be known here is that bytes were written.
  ping: undefined,
  hasCloseCodes: false,
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

/** P-18.3: not 0x00, with which the length of a JSON frame begins. */
const firstByteOfProtobuf = 0x49;

type Protobuf = typeof protobuf;

export class TcpLink implements DeviceLink {
  framing: Framing = tcpFraming;
  readonly remoteAddress: string;
  readonly agent: undefined;
  readonly idleTimeoutMs: number;
  readonly #socket: Socket;
  readonly #maxFrameBytes: number;
  #handlers: LinkHandlers | undefined;
  #received: Buffer = nothing;
  #receivedLength = 0;
  /** Undefined before the first byte; false: it speaks JSON. */
  #protobuf: Protobuf | false | undefined;

  constructor(socket: Socket, options: TcpOptions) {
    this.#socket = socket;
    this.#maxFrameBytes = options.maxFrameBytes;
    this.idleTimeoutMs = options.idleTimeoutMs;
    this.remoteAddress = socket.remoteAddress ?? '';
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    socket.on('data', (chunk: Buffer) => {
      if (this.#protobuf === undefined) this.#onFirst(chunk);
      else this.#onData(chunk);
    });
    socket.on('error', () => undefined); // 'close' follows
    socket.on('close', () => this.#handlers?.onGone(1006));
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  get bytesRead(): number {
    return this.#socket.bytesRead;
  }

  attach(handlers: LinkHandlers): void {
    this.#handlers = handlers;
  }

  write(bytes: string): void {
    if (this.#socket.writable) this.#socket.write(bytes, 'latin1');
  }

  whenTaken(round: number): void {
    if (this.#handlers) whenTaken(this.#socket, this.#handlers, round);
  }

  close(): void {
    // A peer that does not end its half would keep the socket; it had its last words.
    this.#socket.end(() => this.#socket.destroySoon());
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #onFirst(chunk: Buffer): void {
    if (chunk[0] === 0) {
      this.#protobuf = false;
      this.#onData(chunk);
      return;
    }
    if (chunk[0] !== firstByteOfProtobuf) {
      this.#socket.destroy();
      return;
    }
    this.#socket.pause();
    void import('./protobuf.ts').then((protobuf) => {
      this.#protobuf = protobuf;
      this.framing = protobuf.tcpProtobufFraming;
      this.#onData(chunk);
      this.#socket.resume();
    });
  }

  #onData(chunk: Buffer): void {
    // A piece of a frame is no sign of life: half a frame for ever would be a way to stay.
    const received = this.#receivedLength === 0 ? chunk : this.#append(chunk);
    if (this.#protobuf) this.#readProtobuf(received, this.#protobuf);
    else this.#readJson(received);
  }

  #readProtobuf(received: Buffer, { fromTcp, headerSize, lengthInHeader }: Protobuf): void {
    let start = 0;
    while (received.length - start >= headerSize) {
      const length = lengthInHeader(received, start);
      if (length === undefined || length > this.#maxFrameBytes) {
        this.#socket.destroy();
        return;
      }
      const end = start + headerSize + length;
      if (received.length < end) break;
      this.#handlers?.onText(fromTcp(received, start, end));
      start = end;
    }
    this.#keep(received, start);
  }

  #readJson(received: Buffer): void {
    let start = 0;
    while (received.length - start >= lengthSize) {
      const length = received.readBigInt64BE(start);
      // Java would wait for, and allocate, whatever a hostile length says.
      if (length < 0n || length > BigInt(this.#maxFrameBytes)) {
        this.#socket.destroy();
        return;
      }
      const end = start + lengthSize + Number(length);
      if (received.length < end) break;
      this.#handlers?.onText(received.toString('utf8', start + lengthSize, end));
      start = end;
    }
    this.#keep(received, start);
  }

  /** All that was received and not read, with this behind it. */
  #append(chunk: Buffer): Buffer {
    const length = this.#receivedLength + chunk.length;
    if (length > this.#received.length) {
      // Twice as long each time, or a frame that comes byte by byte would be copied for every byte.
      const longer = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#received.length));
      this.#received.copy(longer, 0, 0, this.#receivedLength);
      this.#received = longer;
    }
    chunk.copy(this.#received, this.#receivedLength);
    this.#receivedLength = length;
    return this.#received.subarray(0, length);
  }

  #keep(received: Buffer, start: number): void {
    if (start === 0 && this.#receivedLength > 0) return; // it is where it belongs
    this.#receivedLength = received.length - start;
    // A copy, as a small piece would hold on to the whole packet.
    this.#received = this.#receivedLength === 0 ? nothing : Buffer.from(received.subarray(start));
  }
}
