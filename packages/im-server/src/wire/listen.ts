import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Server as NetServer, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { clientAddress, proxyTrust, type IsOurProxy } from 'im-common/internal/network';
import type { PostAnswer, Refusal } from '../metrics/metrics.ts';
import type { ResolvedOptions } from '../options/options.ts';
import { Handshakes } from './handshakes.ts';
import type { DeviceLink } from './link.ts';
import { createHttpServer, createTcpServer, listen, portOf } from './ports.ts';
import {
  isTls,
  refusalOfOrigin,
  refusalOfRequest,
  refuse,
  refuseNonsense,
  statusOf,
  type HttpParseError,
} from './refuse.ts';
import { SseDoor } from './sse-door.ts';
import { TcpLink } from './tcp.ts';
import { pathOf } from './urls.ts';
import { createWebSocketUpgrader, type WebSocketUpgrader } from './websocket.ts';

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
    this.#http = httpServer ?? createHttpServer(tls, this.#answer);
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
    this.#tcp = createTcpServer(tls, this.#onTcp);
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
        const reason =
          this.#admission.refusal(this.#addressOf(request)) ??
          refusalOfOrigin(request, this.#options.allowedOrigins);
        if (!reason) return undefined;
        this.#admission.onRefused(reason);
        return statusOf(reason);
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

  /** With this listener Node leaves the answer to us. */
  readonly #onHttpError = (error: HttpParseError, socket: Duplex): void => {
    if (isTls(error)) this.#admission.onRefused('tls');
    refuseNonsense(error, socket);
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
    const reason =
      this.#admission.refusal(remoteAddress) ?? refusalOfRequest(request, this.#options.allowedOrigins);
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

  #refuse(socket: Duplex, reason: Exclude<Refusal, 'tls'>): void {
    this.#admission.onRefused(reason);
    refuse(socket, reason);
  }
}
