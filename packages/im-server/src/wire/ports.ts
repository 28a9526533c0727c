import { once } from 'node:events';
import { createServer as createPlainHttp, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer as createHttps } from 'node:https';
import {
  createServer as createPlainTcp,
  type AddressInfo,
  type Server as NetServer,
  type Socket,
} from 'node:net';
import { createServer as createTls } from 'node:tls';
import { listenError } from 'im-common/internal/network';
import type { ResolvedOptions } from '../options/options.ts';

type Tls = ResolvedOptions['tls'];

/** Contract A.1: a handshake must be finished in ten seconds. */
const handshakeTimeoutMs = 10_000;

export function createHttpServer(tls: Tls, answer: RequestListener): HttpServer {
  const timeouts = {
    headersTimeout: handshakeTimeoutMs,
    requestTimeout: handshakeTimeoutMs,
    connectionsCheckingInterval: 1_000, // 30 s by default, which would be the real timeout
  };
  const server = tls
    ? createHttps({ ...tls, ...timeouts, handshakeTimeout: handshakeTimeoutMs }, answer)
    : createPlainHttp(timeouts, answer);
  // With an Expect header, too: Node would answer those itself, and go on with the connection.
  return server.on('checkContinue', answer).on('checkExpectation', answer);
}

export function createTcpServer(tls: Tls, onSocket: (socket: Socket) => void): NetServer {
  return tls
    ? createTls({ ...tls, handshakeTimeout: handshakeTimeoutMs }, onSocket)
    : createPlainTcp(onSocket);
}

export async function listen(server: NetServer, port: number, host: string): Promise<void> {
  try {
    server.listen({ port, host });
    await once(server, 'listening');
  } catch (cause) {
    throw listenError(cause, 'port', host, port);
  }
}

export function portOf(server: NetServer): number {
  return (server.address() as AddressInfo | null)?.port ?? 0;
}
