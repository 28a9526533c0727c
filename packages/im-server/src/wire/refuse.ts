import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Refusal } from '../metrics/metrics.ts';
import { isUpgradeRequest } from './upgrade-request.ts';

type HttpRefusal = Exclude<Refusal, 'tls'>;

const statusLines: Readonly<Record<HttpRefusal, string>> = {
  full: '503 Service Unavailable',
  draining: '503 Service Unavailable',
  address: '429 Too Many Requests',
  unauthenticated: '429 Too Many Requests',
  origin: '403 Forbidden',
  path: '404 Not Found',
  // RFC 6455, 4.2.2 wants the version named whenever it may be what is wrong.
  request: '400 Bad Request\r\nSec-WebSocket-Version: 13',
};

/** As HTTP says it. */
export function statusOf(reason: HttpRefusal): number {
  return Number.parseInt(statusLines[reason], 10);
}

/** Answers a request to upgrade, and closes its connection. */
export function refuse(socket: Duplex, reason: HttpRefusal): void {
  socket.on('error', () => undefined); // the peer may be gone already
  // Node leaves an upgraded socket half open: a peer that does not close its half would keep it.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${statusLines[reason]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

export function refusalOfRequest(
  request: IncomingMessage,
  allowedOrigins: readonly string[] | undefined,
): 'request' | 'origin' | undefined {
  return isUpgradeRequest(request) ? refusalOfOrigin(request, allowedOrigins) : 'request';
}

/** Exactly equal, as the list says: `https://example.com.evil.org` starts with a good one. */
export function refusalOfOrigin(
  { headers }: IncomingMessage,
  allowedOrigins: readonly string[] | undefined,
): 'origin' | undefined {
  // Version 8 of the protocol, which `ws` takes too, had a name of its own for it.
  const origin = headers.origin ?? headers['sec-websocket-origin'];
  if (!allowedOrigins || origin === undefined) return undefined;
  return allowedOrigins.includes(String(origin)) ? undefined : 'origin';
}

/** What Node answers to what is no HTTP, where it is not 400. */
const httpErrors: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

export interface HttpParseError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
}

/**
 * What is no HTTP gets the answer that Node would give, and none follows to a request that has its answer and goes on with
 * nonsense.
 */
export function refuseNonsense(error: HttpParseError, socket: Duplex): void {
  const isAnswered = 'bytesWritten' in socket && socket.bytesWritten !== 0;
  if (!isAnswered && socket.writable && error.code !== 'ECONNRESET') {
    const status = httpErrors[error.code ?? ''] ?? '400 Bad Request';
    socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
  }
  socket.destroy(error);
}

/** The first bytes of TLS: a handshake record of version 3. */
export function isTls({ rawPacket }: HttpParseError): boolean {
  return rawPacket?.[0] === 0x16 && rawPacket[1] === 3;
}
