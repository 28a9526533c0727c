import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { onCleanup } from 'im-test/support';
import { WebSocketServer, type WebSocket } from 'ws';

export interface PlainServer {
  readonly url: string;
  /** What devices have sent, parsed, logins included. */
  readonly received: { readonly cmd: number; readonly data: unknown }[];
  readonly sockets: ReadonlySet<WebSocket>;
  /** Answers nothing from now on. */
  mute(): void;
  send(frame: object): void;
}

/** As much of a plain box-im server as a device sees: it answers logins with null, heartbeats, and knows nothing of ids. */
export async function startPlainServer(loginAnswer: object | null = null): Promise<PlainServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  const received: { cmd: number; data: unknown }[] = [];
  let isMute = false;
  server.on('connection', (socket) => {
    socket.on('message', (text: Buffer) => {
      const frame = JSON.parse(text.toString()) as { cmd: number; data: unknown };
      received.push(frame);
      if (!isMute && frame.cmd <= 1) {
        socket.send(JSON.stringify({ cmd: frame.cmd, data: frame.cmd === 0 ? loginAnswer : null }));
      }
    });
  });
  await once(server, 'listening');
  onCleanup(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/im`,
    received,
    sockets: server.clients,
    mute: () => (isMute = true),
    send(frame) {
      for (const socket of server.clients) socket.send(JSON.stringify(frame));
    },
  };
}
