import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A connection to a port of this machine that is so far away, each way. Cheaper than a proxy: no sockets more, no copies. */
export function connectFromAfar(port: number, wayMs: number): Socket {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  // Timers of one duration keep their order.
  const later = (what: () => void): void => void setTimeout(what, wayMs);
  const afar = new Duplex({
    // Nobody here sends more than its turn.
    read: () => undefined,
    write(bytes, _, done) {
      later(() => socket.write(bytes as Buffer));
      done();
    },
    final(done) {
      later(() => socket.end());
      done();
    },
    destroy(error, done) {
      later(() => socket.destroy());
      done(error);
    },
  });
  socket.on('data', (bytes) => later(() => afar.push(bytes)));
  socket.on('end', () => later(() => afar.push(null)));
  socket.on('error', (error) => later(() => afar.destroy(error)));
  socket.on('close', () => later(() => afar.destroy()));
  // All of a socket that http and ws ask for.
  return Object.defineProperty(afar, 'localPort', { get: () => socket.localPort }) as unknown as Socket;
}
