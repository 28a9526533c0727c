import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onCleanup } from 'im-test/support';

export interface RefusingProxy {
  readonly url: string;
  /** WebSockets that were asked for. */
  readonly upgrades: number;
  /** Drops what is open, without a goodbye. */
  cut(): void;
}

/** An HTTP proxy as networks have them: requests come through, WebSockets are refused, or hang. It ends with the test. */
export async function startRefusingProxy(
  targetPort: number,
  how: 'refuses' | 'hangs',
): Promise<RefusingProxy> {
  let upgrades = 0;
  const server = createServer((request, response) => {
    const { headers, method, url: path } = request;
    const onward = ask({ port: targetPort, host: '127.0.0.1', method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  server.on('upgrade', (_request, socket) => {
    upgrades += 1;
    socket.on('error', () => undefined);
    if (how === 'refuses') socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onCleanup(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/im`,
    get upgrades() {
      return upgrades;
    },
    cut: () => {
      server.closeAllConnections();
    },
  };
}
