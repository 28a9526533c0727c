import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as NetServer,
  type Socket,
} from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { clientAddress, listenError, proxyTrust, type IsOurProxy } from 'im-common/internal/network';
import type { DeviceLink } from './link.ts';
import { Handshakes } from './handshakes.ts';
import { SseDoor } from './sse-door.ts';
import type { PostAnswer, Refusal } from '../metrics/metrics.ts';
import type { ResolvedOptions } from '../options/options.ts';
import { TcpLink } from './tcp.ts';
import { isUpgradeRequest } from './upgrade-request.ts';
import { createWebSocketUpgrader, type WebSocketUpgrader } from './websocket.ts';

/** Contract A.1: a handshake must be finished in ten seconds. */
const handshakeTimeoutMs = 10_000;

const statusOf: Readonly<Record<Exclude<Refusal, 'tls'>, string>> = {
  full: '503 Service Unavailable',
  draining: '503 Service Unavailable',
  address: '429 Too Many Requests',
  unauthenticated: '429 Too Many Requests',
  origin: '403 Forbidden',
  path: '404 Not Found',
  // RFC 6455, 4.2.2 wants the version named whenever it may be what is wrong.
  request: '400 Bad Request\r\nSec-WebSocket-Version: 13',
};

/** What Node answers to what is no HTTP, where it is not 400. */
const httpErrors: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

interface HttpParseError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
}

/** Who may come in. */
export interface Admission {
  /** Why a connection from this address must not come in now; undefined when it may. */
  refusal(remoteAddress: string): Exclude<Refusal, 'tls'> | undefined;
  /** Connections from this address that have not logged in. */
  strangersFrom(remoteAddress: string): number;
  onRefused(reason: Refusal): void;
  onPost(answer: PostAnswer): void;
  onLink(link: DeviceLink): void;
}

/** Takes connections in, on its own ports or on the upgrades of somebody else's HTTP server. */
export class Listener {
  readonly #options: ResolvedOptions;
  readonly #admission: Admission;
  readonly #upgrader: WebSocketUpgrader;
  readonly #http: HttpServer;
  readonly #isOurProxy: IsOurProxy;
  #tcp: NetServer | undefined;
  /** Under TLS, every socket: Node knows none before its handshake is done, and could not close it. */
  readonly #underTls = new Set<Socket>();
  readonly #handshakes = new Handshakes();
  /** Sockets that sent another request than an upgrade, and are about to be closed for it. */
  readonly #answered = new WeakSet<Socket>();
  readonly #sse: SseDoor | undefined;

  constructor(options: ResolvedOptions, admission: Admission) {
    this.#options = options;
    this.#admission = admission;
    const { httpServer, tls, trustProxy } = options;
    this.#isOurProxy = proxyTrust(trustProxy);
    this.#upgrader = createWebSocketUpgrader(options);
    this.#http = httpServer ?? createServer(tls, this.#answer);
    if (options.sse) this.#sse = this.#createSseDoor();
  }

  /** Where devices connect; only after `start`. */
  get port(): number {
    return portOf(this.#http);
  }

  get tcpPort(): number | undefined {
    return this.#tcp && portOf(this.#tcp);
  }

  async start(): Promise<void> {
    const { host, httpServer, port, tcpPort, tls } = this.#options;
    this.#http.on('upgrade', this.#onUpgrade);
    if (!httpServer) {
      if (tls) this.#http.on('tlsClientError', this.#onTlsError);
      else this.#http.on('clientError', this.#onHttpError);
      if (tls) this.#http.on('connection', this.#onTlsSocket);
      this.#http.on('connection', this.#onSocket);
      await listen(this.#http, port, host);
    }
    if (tcpPort === undefined) return;
    this.#tcp = tls
      ? createTlsServer({ ...tls, handshakeTimeout: handshakeTimeoutMs }, this.#onTcp)
      : createTcpServer(this.#onTcp);
    if (tls) this.#tcp.on('connection', this.#onTlsSocket);
    try {
      await listen(this.#tcp, tcpPort, host);
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  /** A request of a device, which is answered here. False: it is somebody else's. */
  takeRequest(request: IncomingMessage, response: ServerResponse): boolean {
    if (!this.#sse) return false;
    if (this.#sse.has(request.socket)) {
      request.socket.destroy();
      return true;
    }
    return pathOf(request) === this.#options.path && this.#sse.take(request, response);
  }

  /** Takes nobody in any more. Connections that are in stay; a foreign HTTP server is left running. */
  stop(): void {
    // What devices with a stream have to say comes by connections of its own; nobody else is let in (P-1.2).
    if (!this.#options.httpServer && !this.#sse?.hasStreams) this.#http.close();
    this.#tcp?.close();
  }

  /** Lets go of everything. */
  close(): void {
    this.stop();
    // Those that have not finished their handshake; Node would no longer time them out.
    if (!this.#options.httpServer) this.#http.close().closeAllConnections();
    for (const socket of this.#underTls) socket.destroy();
    this.#http.off('upgrade', this.#onUpgrade);
    this.#upgrader.close();
    this.#sse?.close();
  }

  #createSseDoor(): SseDoor {
    return new SseDoor({
      options: this.#options,
      addressOf: (request) => this.#addressOf(request),
      refusal: (request) => {
        const reason = this.#admission.refusal(this.#addressOf(request)) ?? this.#refusalOfOrigin(request);
        if (!reason) return undefined;
        this.#admission.onRefused(reason);
        return Number.parseInt(statusOf[reason], 10);
      },
      onLink: (link) => {
        this.#admission.onLink(link);
      },
      onPost: (answer) => {
        this.#admission.onPost(answer);
      },
      endHandshake: (socket) => this.#handshakes.end(socket),
      beginHandshake: (socket) => {
        this.#handshakes.begin(socket);
      },
    });
  }

  readonly #answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (this.takeRequest(request, response)) return;
    this.#answered.add(request.socket);
    response.writeHead(426, { 'content-type': 'text/plain', connection: 'close', upgrade: 'websocket' });
    response.end('This is an im-server. Connect with a WebSocket.\n');
  };

  /**
   * With this listener Node leaves the answer to us; it is the one that Node would give, and none to a request that has
   * its answer and goes on with nonsense.
   */
  readonly #onHttpError = (error: HttpParseError, socket: Duplex): void => {
    // The first bytes of TLS: a handshake record of version 3.
    if (error.rawPacket?.[0] === 0x16 && error.rawPacket[1] === 3) this.#admission.onRefused('tls');
    const isAnswered = 'bytesWritten' in socket && socket.bytesWritten !== 0;
    if (!isAnswered && socket.writable && error.code !== 'ECONNRESET') {
      const status = httpErrors[error.code ?? ''] ?? '400 Bad Request';
      socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    }
    socket.destroy(error);
  };

  readonly #onTlsError = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'ERR_SSL_HTTP_REQUEST') this.#admission.onRefused('tls');
  };

  readonly #onTlsSocket = (socket: Socket): void => {
    this.#underTls.add(socket);
    socket.once('close', () => this.#underTls.delete(socket));
  };

  readonly #onSocket = (socket: Socket): void => {
    const { remoteAddress = '' } = socket;
    // It bounds its own handshakes.
    if (this.#isOurProxy(remoteAddress, 0)) return;
    const strangers = this.#handshakes.from(remoteAddress) + this.#admission.strangersFrom(remoteAddress);
    if (strangers < this.#options.maxUnauthenticatedPerAddress) {
      this.#handshakes.begin(socket);
      return;
    }
    // Without an answer: it would have to wait for the peer to read it.
    this.#admission.onRefused('unauthenticated');
    socket.destroy();
  };

  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    this.#handshakes.end(request.socket);
    // It was told that its connection closes; what it had sent behind that request is not looked at.
    if (this.#answered.has(request.socket) || this.#sse?.has(request.socket)) {
      socket.destroy();
      return;
    }
    if (pathOf(request) !== this.#options.path) {
      // Somebody else's HTTP server may have other WebSockets.
      if (!this.#options.httpServer) this.#refuse(socket, 'path');
      return;
    }
    const remoteAddress = this.#addressOf(request);
    const reason = this.#admission.refusal(remoteAddress) ?? this.#refusalOfRequest(request);
    if (reason) this.#refuse(socket, reason);
    else
      this.#upgrader.upgrade(request, socket, head, remoteAddress, (link) => {
        this.#admission.onLink(link);
      });
  };

  readonly #onTcp = (socket: Socket): void => {
    const reason = this.#admission.refusal(socket.remoteAddress ?? '');
    if (!reason) {
      this.#admission.onLink(
        new TcpLink(socket, { ...this.#options, idleTimeoutMs: this.#options.tcpIdleTimeoutMs }),
      );
      return;
    }
    this.#admission.onRefused(reason);
    socket.destroy();
  };

  #addressOf({ headers, socket }: IncomingMessage): string {
    const forwardedFor = headers['x-forwarded-for'];
    return clientAddress(
      socket.remoteAddress ?? '',
      Array.isArray(forwardedFor) ? forwardedFor.join() : forwardedFor,
      this.#isOurProxy,
    );
  }

  #refusalOfRequest(request: IncomingMessage): 'request' | 'origin' | undefined {
    return isUpgradeRequest(request) ? this.#refusalOfOrigin(request) : 'request';
  }

  /** Exactly equal, as the list says: `https://example.com.evil.org` starts with a good one. */
  #refusalOfOrigin({ headers }: IncomingMessage): 'origin' | undefined {
    const { allowedOrigins } = this.#options;
    // Version 8 of the protocol, which `ws` takes too, had a name of its own for it.
    const origin = headers.origin ?? headers['sec-websocket-origin'];
    if (!allowedOrigins || origin === undefined) return undefined;
    return allowedOrigins.includes(String(origin)) ? undefined : 'origin';
  }

  #refuse(socket: Duplex, reason: keyof typeof statusOf): void {
    this.#admission.onRefused(reason);
    socket.on('error', () => undefined); // the peer may be gone already
    // Node leaves an upgraded socket half open: a peer that does not close its half would keep it.
    socket.once('finish', () => socket.destroy());
    socket.end(`HTTP/1.1 ${statusOf[reason]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }
}

function createServer(tls: ResolvedOptions['tls'], answer: RequestListener): HttpServer {
  const timeouts = {
    headersTimeout: handshakeTimeoutMs,
    requestTimeout: handshakeTimeoutMs,
    connectionsCheckingInterval: 1_000, // 30 s by default, which would be the real timeout
  };
  const server = tls
    ? createHttpsServer({ ...tls, ...timeouts, handshakeTimeout: handshakeTimeoutMs }, answer)
    : createHttpServer(timeouts, answer);
  // With an Expect header, too: Node would answer those itself, and go on with the connection.
  return server.on('checkContinue', answer).on('checkExpectation', answer);
}

async function listen(server: NetServer, port: number, host: string): Promise<void> {
  try {
    server.listen({ port, host });
    await once(server, 'listening');
  } catch (cause) {
    throw listenError(cause, 'port', host, port);
  }
}

/** Undefined for what is no path, such as `//`, which the URL parser throws at. */
function pathOf({ url = '/' }: IncomingMessage): string | undefined {
  const base = 'http://localhost';
  return URL.canParse(url, base) ? new URL(url, base).pathname : undefined;
}

function portOf(server: NetServer): number {
  return (server.address() as AddressInfo | null)?.port ?? 0;
}
