import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { whenTaken, type DeviceLink, type Framing, type LinkHandlers } from './device/link.ts';

/**
 * The only file that knows `ws`. What devices send is read by `ws`; what they get is framed here and written straight to
 * the socket as one latin1 string. Why: a server's frames are not masked, so a frame is the same for every receiver and
 * several can go in one write; through `ws.send` each would be built and written again (measured: about a third dearer).
 */
const firstByteOfText = '\x81';
const firstByteOfPing = '\x89';

const webSocketFraming: Framing = {
  index: 0,
  text: (body) => headOfText(body.length) + body,
  ping: (payload) => firstByteOfPing + lengthBytes(payload.length) + payload,
};

let lastLength = 0;
let lastHead = '';

function headOfText(length: number): string {
  if (length !== lastLength || lastHead === '') {
    lastLength = length;
    lastHead = firstByteOfText + lengthBytes(length);
  }
  return lastHead;
}

/** RFC 6455, 5.2: one length byte, or 126 and two, or 127 and eight. */
function lengthBytes(length: number): string {
  if (length < 126) return String.fromCharCode(length);
  if (length < 65_536) return String.fromCharCode(126, length >> 8, length & 0xff);
  return String.fromCharCode(
    127,
    0,
    0,
    0,
    0,
    (length >>> 24) & 0xff,
    (length >>> 16) & 0xff,
    (length >>> 8) & 0xff,
    length & 0xff,
  );
}

export interface WebSocketOptions {
  readonly maxFrameBytes: number;
  readonly idleTimeoutMs: number;
}

export interface WebSocketUpgrader {
  /** Turns an upgrade request into a link, or answers it with 400 when it is no proper WebSocket request. */
  upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    remoteAddress: string,
    accept: (link: DeviceLink) => void,
  ): void;
  close(): void;
}

export function createWebSocketUpgrader(options: WebSocketOptions): WebSocketUpgrader {
  // A variable, because the types of ws do not know closeTimeout yet.
  const serverOptions = {
    noServer: true,
    clientTracking: false,
    // Contract A.1: no compression. It also costs memory per connection and opens the door to bombs.
    perMessageDeflate: false,
    // Contract A.1: no sub-protocol; `ws` would choose the first one offered.
    handleProtocols: () => false as const,
    maxPayload: options.maxFrameBytes,
    // P-4.5: each piece is an object of its own, which costs far more than the bytes in it.
    maxFragments: 1_024,
    maxBufferedChunks: 2_048,
    // For a peer that keeps the wire after the close frames: until then it counts as online. 30 s by default.
    closeTimeout: 2_000,
  };
  const server = new WebSocketServer(serverOptions);
  return {
    upgrade(request, socket, head, remoteAddress, accept) {
      server.handleUpgrade(request, socket, head, (ws) => {
        accept(new WebSocketLink(ws, request.socket, remoteAddress, options.idleTimeoutMs));
      });
    },
    close() {
      server.close();
    },
  };
}

const linkOf = Symbol('link');

/** `ws` calls its listeners with itself as `this`; the link hangs on it so that listeners are not made per connection. */
interface LinkedWebSocket extends WebSocket {
  [linkOf]: WebSocketLink;
}

class WebSocketLink implements DeviceLink {
  readonly framing = webSocketFraming;
  readonly remoteAddress: string;
  readonly idleTimeoutMs: number;
  readonly #ws: WebSocket;
  readonly #socket: Socket;
  #handlers: LinkHandlers | undefined;

  constructor(ws: WebSocket, socket: Socket, remoteAddress: string, idleTimeoutMs: number) {
    this.#ws = ws;
    this.#socket = socket;
    this.remoteAddress = remoteAddress;
    this.idleTimeoutMs = idleTimeoutMs;
    (ws as LinkedWebSocket)[linkOf] = this;
    ws.on('message', onMessage);
    ws.on('pong', onPong);
    ws.on('ping', onPing);
    ws.on('close', onClose);
    // A broken frame or a reset: 'close' follows with the code that says so.
    ws.on('error', onError);
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  get bytesRead(): number {
    return this.#socket.bytesRead;
  }

  get handlers(): LinkHandlers | undefined {
    return this.#handlers;
  }

  attach(handlers: LinkHandlers): void {
    this.#handlers = handlers;
  }

  write(bytes: string): void {
    // After a close frame nothing may follow (RFC 6455, 5.5.1).
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#socket.write(bytes, 'latin1');
  }

  whenTaken(taken: () => void): void {
    if (this.#ws.readyState === this.#ws.OPEN) whenTaken(this.#socket, taken);
  }

  close(code: number, reason: string): void {
    this.#ws.close(code, reason);
  }

  destroy(): void {
    this.#ws.terminate();
  }
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  const { handlers } = (this as LinkedWebSocket)[linkOf];
  // Contract A.1: binary frames are ignored. They still show that somebody is there.
  if (isBinary) handlers?.onSignOfLife();
  // `ws` has checked the UTF-8, and gives one Buffer as its binaryType is the default.
  else handlers?.onText((data as Buffer).toString('utf8'));
}

function onPong(this: WebSocket, payload: Buffer): void {
  (this as LinkedWebSocket)[linkOf].handlers?.onPong(payload.toString('latin1'));
}

function onPing(this: WebSocket): void {
  (this as LinkedWebSocket)[linkOf].handlers?.onSignOfLife();
}

function onClose(this: WebSocket, code: number): void {
  (this as LinkedWebSocket)[linkOf].handlers?.onGone(code);
}

function onError(): void {
  // See the constructor.
}
