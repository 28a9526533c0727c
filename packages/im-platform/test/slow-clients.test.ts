import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onCleanup } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { call } from './support/person.ts';
import { startTestPlatform } from './support/test-platform.ts';

async function open(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined).resume();
  onCleanup(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** The head of a request, and some of its body. */
function begin(socket: Socket, path: string, method = 'POST'): void {
  socket.write(`${method} ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n`);
  socket.write('content-length: 1000\r\n\r\n{"userName":');
}

describe('clients that take their time', () => {
  it('are closed when a body does not come, at whatever path, and others are served', async () => {
    const test = await startTestPlatform({ store: 'sqlite', platform: { bodyTimeoutMs: 2_000 } });
    const ways = [
      ['/login', 'POST'],
      ['/modifyPwd', 'PUT'],
      ['/nowhere', 'POST'],
      ['/readyz', 'GET'],
    ] as const;
    const closed: Promise<unknown>[] = [];
    for (let index = 0; index < 200; index++) {
      const socket = await open(test.url);
      const [path, method] = ways[index % ways.length]!;
      closed.push(once(socket, 'close'));
      begin(socket, path, method);
    }

    const honest = await call(`${test.url}/login`, 'POST', {
      body: { terminal: 0, userName: 'ann', password: 'x' },
    });

    expect(honest.code).toBe(10001);
    await Promise.all(closed);
    expect((await fetch(`${test.url}/healthz`)).status).toBe(200);
  });

  it('have no more connections from an address than are allowed', async () => {
    const test = await startTestPlatform({ store: 'sqlite', platform: { connectionsPerAddress: 3 } });
    const sockets = [await open(test.url), await open(test.url), await open(test.url)];

    const beyond = await open(test.url);
    await once(beyond, 'close');

    sockets[0]!.destroy();
    await expect
      .poll(async () => (await fetch(`${test.url}/healthz`).catch(() => undefined))?.status)
      .toBe(200);
  });

  it('are not counted where they are proxies of ours', async () => {
    for (const trustProxy of [1, ['127.0.0.1']]) {
      const platform = { connectionsPerAddress: 1, trustProxy };
      const test = await startTestPlatform({ store: 'sqlite', platform });
      await open(test.url);
      await open(test.url);
      expect((await fetch(`${test.url}/healthz`)).status).toBe(200);
    }
  });
});
