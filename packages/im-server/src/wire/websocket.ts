import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { Logger } from 'im-common';
import { rateLimited } from '../metrics/rate-limited-logger.ts';
import type { Wire } from '../options/options.ts';
import { rememberingLast } from './engine.ts';
import { ForeignWire } from './foreign-wire.ts';
import { whenTaken, type DeviceLink, type Framing, type LinkHandlers } from './link.ts';
import type * as protobufModule from './protobuf.ts';
import { readShortFramesFirst, type ShortFrames } from './short-frames.ts';
import { headOf, opcode, webSocketPing } from './websocket-frames.ts';

/**
 * The only file that knows `ws`. What devices send is read by `ws`, but for what `short-frames.ts` takes before it; what they
 * get is framed here and written straight to the socket as one latin1 string. Why: a server's frames are not masked, so a
 * frame is the same for every receiver and several can go in one write; through `ws.send` each would be built and written
 * again (measured: about a third dearer).
 */
const webSocketFraming: Framing = {
  index: 0,
  hasCloseCodes: true,
  text: (body) => headOfText(body.length) + body,
  ping: webSocketPing,
};

/** P-18.1. */
const binaryProtocol = 'im.protobuf';
/** Loaded when the first device asks for it. */
let protobuf: typeof protobufModule | undefined;

const protobufFraming: Framing = {
  ...webSocketFraming,
  index: 2,
  text: (body) => {
    const frame = protobuf?.toProtobuf(body) ?? '';
    return headOf(opcode.binary, frame.length) + frame;
  },
};

/** What connections of one kind have in common. */
interface Kind {
  readonly framing: Framing;
  readonly idleTimeoutMs: number;
}

const headOfText = rememberingLast((length) => headOf(opcode.text, length));

/** After those of our own wires, of which TCP has two. */
const firstForeignIndex = 4;

/** Characters. */
const longestAgent = 256;

export interface WebSocketOptions {
  readonly maxFrameBytes: number;
  readonly idleTimeoutMs: number;
  /** With rules for sessions, what devices call themselves is kept. */
  readonly sessions?: string | undefined;
  readonly wires: readonly Wire[];
  readonly logger: Logger;
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
  const logger = rateLimited(options.logger);
  const wires = new Map(
    options.wires.map((wire, at) => [wire.protocol, new ForeignWire(wire, firstForeignIndex + at, logger)]),
  );
  // A variable, because the types of ws do not know closeTimeout yet.
  const serverOptions = {
    WebSocket: DeviceWebSocket,
    noServer: true,
    clientTracking: false,
    // Contract A.1: no compression. It also costs memory per connection and opens the door to bombs.
    perMessageDeflate: false,
    // Contract A.1: no sub-protocol; `ws` would choose the first one offered. P-18.1, P-18.4: but one that is known.
    handleProtocols: (offered: Set<string>) =>
      [...offered].find((name) => name === binaryProtocol || wires.has(name)) ?? false,
    maxPayload: options.maxFrameBytes,
    // P-4.5: each piece is an object of its own, which costs far more than the bytes in it.
    maxFragments: 1_024,
    maxBufferedChunks: 2_048,
    // For a peer that keeps the wire after the close frames: until then it counts as online. 30 s by default.
    closeTimeout: 2_000,
  };
  const server = new WebSocketServer(serverOptions);
  const { idleTimeoutMs } = options;
  const plain: Kind = { framing: webSocketFraming, idleTimeoutMs };
  const kinds = new Map<string, Kind>([[binaryProtocol, { framing: protobufFraming, idleTimeoutMs }]]);
  for (const [protocol, framing] of wires) kinds.set(protocol, { framing, idleTimeoutMs });
  return {
    upgrade(request, socket, head, remoteAddress, accept) {
      const upgrade = (): void =>
        server.handleUpgrade(request, socket, head, (ws) => {
          ws.open(request.socket, remoteAddress, kinds.get(ws.protocol) ?? plain);
          if (options.sessions !== undefined)
            ws.agent = request.headers['user-agent']?.slice(0, longestAgent);
          accept(ws);
        });
      if (protobuf || !asksForProtobuf(request)) {
        upgrade();
        return;
      }
      void import('./protobuf.ts').then((loaded) => {
        protobuf = loaded;
        upgrade();
      });
    },
    close() {
      server.close();
    },
  };
}

function asksForProtobuf({ headers }: IncomingMessage): boolean {
  return headers['sec-websocket-protocol']?.includes(binaryProtocol) ?? false;
}

/**
 * A connection as `ws` knows it, and as the rest of the server does. `ws` tells it what happens by `emit`; listeners would
 * cost each connection a table of them.
 */
class DeviceWebSocket extends WebSocket implements DeviceLink, ShortFrames {
  remoteAddress = '';
  /** Made when it is set, as few connections have it. */
  declare agent: string | undefined;
  #socket: Socket | undefined;
  #handlers: LinkHandlers | undefined;
  #kind: Kind | undefined;

  get framing(): Framing {
    return this.#kind?.framing ?? webSocketFraming;
  }

  get idleTimeoutMs(): number {
    return this.#kind?.idleTimeoutMs ?? 0;
  }

  get bufferedBytes(): number {
    return this.#socket?.writableLength ?? 0;
  }

  get bytesRead(): number {
    return this.#socket?.bytesRead ?? 0;
  }

  /** Once, when the handshake is done. */
  open(socket: Socket, remoteAddress: string, kind: Kind): void {
    this.#socket = socket;
    this.#kind = kind;
    this.remoteAddress = remoteAddress;
    if (kind.framing === webSocketFraming) readShortFramesFirst(Reflect.get(this, '_receiver'), this);
  }

  attach(handlers: LinkHandlers): void {
    this.#handlers = handlers;
  }

  write(bytes: string): void {
    // After a close frame nothing may follow (RFC 6455, 5.5.1).
    if (this.readyState === WebSocket.OPEN) this.#socket?.write(bytes, 'latin1');
  }

  whenTaken(round: number): void {
    if (this.readyState !== WebSocket.OPEN || !this.#socket || !this.#handlers) return;
    whenTaken(this.#socket, this.#handlers, round);
  }

  destroy(): void {
    this.terminate();
  }

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    const [first, second] = args;
    switch (event) {
      case 'message':
        this.#onMessage(first as Buffer, second === true);
        return true;
      case 'pong':
        this.onShortPong((first as Buffer).toString('latin1'));
        return true;
      case 'ping':
        this.#handlers?.onSignOfLife();
        return true;
      case 'close':
        this.#handlers?.onGone(first as number);
        return true;
      case 'error':
        // A broken frame or a reset: 'close' follows with the code that says so.
        return true;
      default:
        return super.emit(event, ...args);
    }
  }

  onShortPong(payload: string): void {
    this.#handlers?.onPong(payload);
  }

  onShortText(text: string): void {
    this.#handlers?.onText(text);
  }

  /** `ws` has checked the UTF-8, and gives one Buffer as its binaryType is the default. */
  #onMessage(data: Buffer, isBinary: boolean): void {
    const { framing } = this;
    if (framing instanceof ForeignWire) {
      this.#onForeign(framing, data, isBinary);
      return;
    }
    const isProtobuf = framing === protobufFraming;
    // Contract A.1: binary frames are ignored. They still show that somebody is there. P-18.1: there text frames are.
    if (isBinary !== isProtobuf) this.#handlers?.onSignOfLife();
    else this.#handlers?.onText(isProtobuf ? (protobuf?.fromProtobuf(data) ?? '') : data.toString('utf8'));
  }

  #onForeign(wire: ForeignWire, data: Buffer, isBinary: boolean): void {
    if (isBinary !== wire.isBinary || this.readyState !== WebSocket.OPEN) {
      this.#handlers?.onSignOfLife();
      return;
    }
    const text = wire.read(data);
    if (text === undefined) this.close(wire.closeCode, wire.closeReason);
    else this.#handlers?.onText(text);
  }
}
