import type { IncomingMessage } from 'node:http';

/**
 * Whether a request may become a WebSocket as far as HTTP goes; `ws` looks at the rest. Node is lenient here, and a proxy
 * that reads the same bytes otherwise would take what follows for somebody else's request.
 */
export function isUpgradeRequest({ headers, httpVersion, rawHeaders }: IncomingMessage): boolean {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  // RFC 6455, 4.2.1 and RFC 9112, 3.2: HTTP/1.1, and exactly one Host.
  if (httpVersion !== '1.1' || hosts.length !== 1) return false;
  // A body would be taken for frames, or the frames for a body.
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = headers;
  if (length !== '0' || encoding !== undefined) return false;
  // `ws` reads the version as a number, and so takes "0x0d" too.
  return /^\d+$/.test(headers['sec-websocket-version'] ?? '0');
}
