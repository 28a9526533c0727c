import type { Server, Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { networkOf, proxyTrust, type TrustProxy } from 'im-common/internal/network';

/** For `http.createServer`: what a client may take its time for before we know which route it wants. */
export const patience = {
  headersTimeout: 10_000,
  /** Of a whole request: as long as an upload may take, and a little more. Other bodies have `bodyTimeoutMs`. */
  requestTimeout: 620_000,
  /** How often those two are looked at. */
  connectionsCheckingInterval: 2_000,
} as const;

/** Closes connections on which a body comes too slowly, answered already or not; uploads have limits of their own. */
export function limitBodies(app: FastifyInstance, bodyTimeoutMs: number): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { raw } = request;
    const hasBody =
      Number(raw.headers['content-length'] ?? 0) > 0 || raw.headers['transfer-encoding'] !== undefined;
    if (hasBody && request.routeOptions.config.mayTakeLong !== true) {
      const timer = setTimeout(() => raw.socket.destroy(), bodyTimeoutMs);
      const isOver = (): void => clearTimeout(timer);
      raw.once('end', isOver);
      raw.socket.once('close', isOver);
      raw.once('end', () => raw.socket.removeListener('close', isOver));
    }
    done();
  });
}

/**
 * Closes connections of an address that has too many. Proxies of ours have as many as they like: known by their networks,
 * or everybody where only their number is known.
 */
export function limitConnections(
  server: Server,
  { perAddress, trust }: { readonly perAddress: number; readonly trust: TrustProxy },
): void {
  if (trust === true || typeof trust === 'number') return;
  const isOurProxy = proxyTrust(trust);
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const { remoteAddress = '' } = socket;
    if (isOurProxy(remoteAddress, 0)) return;
    const network = networkOf(remoteAddress);
    const count = (open.get(network) ?? 0) + 1;
    if (count > perAddress) {
      socket.destroy();
      return;
    }
    open.set(network, count);
    socket.once('close', () => {
      const left = (open.get(network) ?? 1) - 1;
      if (left > 0) open.set(network, left);
      else open.delete(network);
    });
  });
}
