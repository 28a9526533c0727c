import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { onCleanup } from './cleanup.ts';

// WebSocket spoken byte by byte, with no library between the test and the wire: for what no library would send, and to
// see what no library would show.

export const Opcode = { CONTINUATION: 0, TEXT: 1, BINARY: 2, CLOSE: 8, PING: 9, PONG: 10 } as const;

export interface FrameParts {
  readonly opcode: number;
  readonly payload?: string | Uint8Array;
  /** @default true */
  readonly fin?: boolean;
  /** The three reserved bits, 0 to 7. @default 0 */
  readonly rsv?: number;
  /** False: not masked, as no client may send it. @default four zeros */
  readonly mask?: Uint8Array | false;
  /** What the head says about the payload's length. @default the truth */
  readonly length?: number | bigint;
  /** How many bytes the length takes beyond the first. @default as few as RFC 6455 demands */
  readonly lengthBytes?: 0 | 2 | 8;
}

const noMask = Buffer.alloc(4);

/** RFC 6455, 5.2. */
export function frameBytes(parts: FrameParts): Buffer {
  const { opcode, fin = true, rsv = 0, mask = noMask } = parts;
  const payload = toBuffer(parts.payload ?? '');
  const { length = payload.length } = parts;
  const { lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8 } = parts;
  const head = Buffer.alloc(2 + lengthBytes);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (mask ? 0x80 : 0) | (lengthBytes === 0 ? Number(length) : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) head.writeUInt16BE(Number(length), 2);
  if (lengthBytes === 8) head.writeBigUInt64BE(BigInt(length), 2);
  if (!mask) return Buffer.concat([head, payload]);
  return Buffer.concat([head, mask, mask === noMask ? payload : masked(payload, mask)]);
}

function toBuffer(payload: string | Uint8Array): Buffer {
  return typeof payload === 'string' ? Buffer.from(payload, 'utf8') : Buffer.from(payload);
}

function masked(payload: Buffer, mask: Uint8Array): Buffer {
  return payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0)) as Buffer;
}

export interface HandshakeParts {
  readonly method?: string;
  readonly version?: string;
  /** @default that of the address */
  readonly target?: string;
  /** Beside or instead of the usual ones; undefined leaves one out, an array repeats it. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** RFC 6455, 1.3: the key of the example and what the server must make of it. */
const sampleKey = 'dGhlIHNhbXBsZSBub25jZQ==';
export const sampleAccept = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

/** The bytes of an upgrade request, right unless told otherwise. */
export function handshakeBytes(url: string, parts: HandshakeParts = {}): Buffer {
  const { host, pathname, search } = new URL(url);
  const { method = 'GET', version = 'HTTP/1.1', target = pathname + search, headers = {} } = parts;
  const fields: HandshakeParts['headers'] = {
    Host: host,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': sampleKey,
    ...headers,
  };
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    (value === undefined ? [] : [value].flat()).map((one) => `${name}: ${one}\r\n`),
  );
  return Buffer.from(`${method} ${target} ${version}\r\n${lines.join('')}\r\n`, 'latin1');
}

export interface OpenOptions extends HandshakeParts {
  /** One of 127.0.0.1 to 127.255.255.254 is another address to the server. */
  readonly localAddress?: string;
}

/** A connection to the address of a server; it is destroyed when the test ends. Resolves once it is there. */
export async function connectRaw(url: string, localAddress?: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({
    host: hostname,
    port: Number(port),
    allowHalfOpen: true,
    noDelay: true,
    ...(localAddress !== undefined && { localAddress }),
  });
  onCleanup(() => socket.destroy());
  await once(socket, 'connect');
  socket.on('error', () => undefined); // 'close' follows
  return socket;
}

export interface RawFrameIn {
  readonly opcode: number;
  readonly fin: boolean;
  readonly payload: Buffer;
}

export interface RawEnding {
  /** Of the server's close frame: undefined when it had none, null when there was no close frame. */
  readonly code: number | undefined | null;
  readonly reason: string;
}

/** The client's end of a WebSocket that was opened by hand. It answers nothing by itself, no ping and no close. */
export class RawWebSocket {
  readonly socket: Socket;
  /** All that came, close frame included. */
  readonly frames: RawFrameIn[] = [];
  /** Resolves when the server has ended the connection. */
  readonly ended: Promise<RawEnding>;
  #received: Buffer = Buffer.alloc(0);
  #onNews: (() => void)[] = [];
  #isOver = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.#isOver = true;
        this.#tell();
        socket.end();
        resolve(this.#ending());
      };
      socket.once('end', end);
      socket.once('close', end);
    });
  }

  /** Rejects with the answer when the server does not switch to WebSocket. */
  static async open(url: string, options: OpenOptions = {}): Promise<RawWebSocket> {
    const socket = await connectRaw(url, options.localAddress);
    const opened = RawWebSocket.upgrade(socket);
    socket.write(handshakeBytes(url, options));
    return opened;
  }

  /** Reads the answer to a handshake, and what follows as frames. */
  static upgrade(socket: Socket): Promise<RawWebSocket> {
    const wire = new RawWebSocket(socket);
    let head = Buffer.alloc(0);
    return new Promise((resolve, reject) => {
      const readHead = (chunk: Buffer): void => {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        socket.off('data', readHead);
        if (!head.toString('latin1').startsWith('HTTP/1.1 101 ')) {
          reject(new Error(`No upgrade: ${head.toString('latin1')}`));
          return;
        }
        socket.on('data', (more: Buffer) => wire.#receive(more));
        wire.#receive(head.subarray(end + 4));
        resolve(wire);
      };
      socket.on('data', readHead);
      void wire.ended.then(() => reject(new Error(`Ended before an upgrade: ${head.toString('latin1')}`)));
    });
  }

  /** The server has ended the connection. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Resolves with the server's close frame as soon as it is there, or at an end without one. */
  async closing(): Promise<RawEnding> {
    const isClose = (): true | undefined =>
      this.frames.some(({ opcode }) => opcode === Opcode.CLOSE) || undefined;
    await this.until('the close', isClose).catch((error: unknown) => {
      if (!this.#isOver) throw error;
    });
    return this.#ending();
  }

  /** Sends bytes as they are; with `chop` in pieces of so many, each in a packet of its own. */
  async write(bytes: Uint8Array, chop = 0): Promise<void> {
    if (chop === 0) {
      this.socket.write(bytes);
      return;
    }
    for (let at = 0; at < bytes.length && this.socket.writable; at += chop) {
      this.socket.write(bytes.subarray(at, at + chop));
      await setImmediate();
    }
  }

  send(parts: FrameParts): void {
    this.socket.write(frameBytes(parts));
  }

  text(text: string): void {
    this.send({ opcode: Opcode.TEXT, payload: text });
  }

  /** Resolves when `check` gives something else than undefined; rejects at the end of the connection or of the time. */
  until<T>(what: string, check: () => T | undefined, timeoutMs = 60_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        this.#onNews = this.#onNews.filter((other) => other !== look);
      };
      const look = (): void => {
        const found = check();
        if (found === undefined && !this.#isOver) return;
        stop();
        if (found !== undefined) resolve(found);
        else
          reject(new Error(`The connection ended before ${what}; it showed ${this.describe().join(', ')}`));
      };
      const timer = setTimeout(() => {
        stop();
        reject(
          new Error(`Waited ${timeoutMs} ms in vain for ${what}; there is ${this.describe().join(', ')}`),
        );
      }, timeoutMs);
      this.#onNews.push(look);
      look();
    });
  }

  /** All that came, in words such as `pong:abc`, `text:…` and `close:1002`. */
  describe(): string[] {
    return this.frames.map(describeFrame);
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    for (let frame = this.#takeFrame(); frame; frame = this.#takeFrame()) this.frames.push(frame);
    this.#tell();
  }

  #tell(): void {
    for (const look of this.#onNews) look();
  }

  #takeFrame(): RawFrameIn | undefined {
    const bytes = this.#received;
    const first = bytes[0];
    const second = bytes[1];
    if (first === undefined || second === undefined) return undefined;
    const lengthBytes = second === 126 ? 2 : second === 127 ? 8 : 0;
    const start = 2 + lengthBytes;
    if (bytes.length < start) return undefined;
    const length =
      lengthBytes === 0
        ? second
        : lengthBytes === 2
          ? bytes.readUInt16BE(2)
          : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < start + length) return undefined;
    this.#received = bytes.subarray(start + length);
    return {
      opcode: first & 0x7f, // with the reserved bits, which nobody may set here
      fin: first > 0x7f,
      payload: bytes.subarray(start, start + length),
    };
  }

  #ending(): RawEnding {
    const close = this.frames.find(({ opcode }) => opcode === Opcode.CLOSE);
    if (!close) return { code: null, reason: '' };
    const { payload } = close;
    return {
      code: payload.length < 2 ? undefined : payload.readUInt16BE(0),
      reason: payload.toString('utf8', 2),
    };
  }
}

const names = new Map<number, string>(
  Object.entries(Opcode).map(([name, opcode]) => [opcode, name.toLowerCase()]),
);

function describeFrame({ opcode, fin, payload }: RawFrameIn): string {
  const name = `${names.get(opcode) ?? `opcode ${opcode}`}${fin ? '' : ' (not the last)'}`;
  if (opcode !== Opcode.CLOSE) return `${name}:${payload.toString('latin1')}`;
  return `${name}:${payload.length < 2 ? '' : payload.readUInt16BE(0)}`;
}

/** Sends bytes and resolves with all that comes until the server ends the connection, or is silent for `quietMs`. */
export async function exchange(
  url: string,
  bytes: Uint8Array,
  { quietMs = 5_000, chop = 0 }: { readonly quietMs?: number; readonly chop?: number } = {},
): Promise<{ readonly answer: string; readonly ended: boolean }> {
  const socket = await connectRaw(url);
  let answer = '';
  const over = new Promise<boolean>((resolve) => {
    let quiet = setTimeout(resolve, quietMs, false);
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
      clearTimeout(quiet);
      quiet = setTimeout(resolve, quietMs, false);
    });
    const end = (): void => {
      clearTimeout(quiet);
      resolve(true);
    };
    socket.once('end', end);
    socket.once('close', end);
  });
  for (let at = 0; at < bytes.length && socket.writable; at += chop || bytes.length) {
    socket.write(bytes.subarray(at, at + (chop || bytes.length)));
    if (chop > 0) await setImmediate();
  }
  const ended = await over;
  socket.destroy();
  return { answer, ended };
}
