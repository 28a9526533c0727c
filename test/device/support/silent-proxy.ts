import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onCleanup } from 'im-test/support';

export interface SilentProxy {
  readonly port: number;
  /** Open connections through it. */
  readonly count: number;
  /** Nothing comes through any more, either way, and nobody is told; new connections are taken and kept waiting. */
  silence(): void;
  /** What waited comes through. */
  resume(): void;
  /** Drops what is open, without a goodbye. */
  cut(): void;
}

/** A TCP proxy on loopback, to stand for a network that loses things. It ends with the test. */
export async function startSilentProxy(targetPort: number): Promise<SilentProxy> {
  const sockets = new Set<Socket>();
  let isSilent = false;
  const server = createServer({ pauseOnConnect: true }, (near) => {
    const far = connect(targetPort, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('data', (bytes) => other.write(bytes));
      socket.on('error', () => undefined); // 'close' follows
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      if (isSilent) socket.pause();
      else socket.resume();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  onCleanup(() => {
    server.close();
    cut();
  });
  return {
    port: (server.address() as AddressInfo).port,
    get count() {
      return sockets.size / 2;
    },
    silence() {
      isSilent = true;
      for (const socket of sockets) socket.pause();
    },
    resume() {
      isSilent = false;
      for (const socket of sockets) socket.resume();
    },
    cut,
  };
}
