import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** An HTTP server and what closes it: Fastify's app is one. */
export interface HttpApp {
  readonly server: Server;
  close(): PromiseLike<unknown>;
}

export interface EndTimes {
  /** How long what comes is still answered. */
  readonly drainMs?: number;
  /** How long requests that are under way may hold up the end. */
  readonly longestMs: number;
}

const closeIdleMs = 50;

/** Prepares the end of an app that does not listen yet: what comes is answered for a while, then what is under way, and that not for ever. */
export function endingOf(app: HttpApp): (times: EndTimes) => Promise<void> {
  const { server } = app;
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  // An answer that had begun before leaves its connection open for the next request, which never comes.
  // One on which nothing ever came, as browsers open in advance, Node does not count among the idle ones.
  const closeIdle = (): void => {
    server.closeIdleConnections();
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  };
  return async ({ drainMs = 0, longestMs }) => {
    if (server.listening) await sleep(drainMs);
    const timer = setTimeout(() => server.closeAllConnections(), longestMs);
    const idle = setInterval(closeIdle, closeIdleMs);
    try {
      await app.close();
    } finally {
      clearInterval(idle);
      clearTimeout(timer);
    }
  };
}
