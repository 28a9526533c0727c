import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIm, type CreateImOptions } from 'im-embedded';
import { connectDevice, makeToken, onCleanup, testRedis, type RawDevice } from 'im-test/support';
import { describe, expect, test } from 'vitest';

const secret = 'for-tests';

async function startIm(options: Partial<CreateImOptions> = {}) {
  const im = createIm({ host: '127.0.0.1', port: 0, jwtSecret: secret, ...options });
  await im.start();
  onCleanup(() => im.close());
  return im;
}

async function logIn(url: string, userId: number): Promise<RawDevice> {
  const device = await connectDevice(url);
  await device.login({ token: await makeToken({ userId, terminal: 0, secret }), devId: 1 });
  return device;
}

const overBothBuses: [string, () => Partial<CreateImOptions>][] = [
  ['in memory', () => ({})],
  [
    'on Redis',
    () => {
      const { url, prefix } = testRedis();
      return { redis: { url, keyPrefix: prefix } };
    },
  ],
];

describe.each(overBothBuses)('with the bus %s', (_, busOptions) => {
  test('a push arrives, and its results come back to listeners and to the sender', async () => {
    const im = await startIm(busOptions());
    const heard: unknown[] = [];
    im.client.on('private', (results) => {
      heard.push(...results.map(({ receiver, code }) => ({ ...receiver, code })));
    });
    const device = await logIn(im.server.url, 2);

    const sent = await im.client.sendPrivateMessage({
      sender: { id: 1, terminal: 0 },
      recvId: 2,
      data: { text: '你好' },
    });

    expect(await device.next()).toEqual({ cmd: 3, data: { text: '你好' } });
    expect(sent.queued).toEqual([{ id: '2', terminal: 0 }]);
    expect(await sent.results()).toContainEqual({ id: '2', terminal: 0, code: 0, stage: 'proved' });
    await expect.poll(() => heard).toContainEqual({ id: '2', terminal: 0, code: 0 });
  });

  test('everyone online gets a system message to everyone', async () => {
    const im = await startIm(busOptions());
    const devices = [await logIn(im.server.url, 2), await logIn(im.server.url, 3)];

    const sent = await im.client.sendSystemMessage({ recvIds: 'everyone', data: { text: 'hi' } });

    for (const device of devices) expect(await device.next()).toEqual({ cmd: 5, data: { text: 'hi' } });
    const ids = (await sent.results()).map(({ id, code }) => [id, code]);
    expect(ids.sort()).toEqual([
      ['2', 0],
      ['3', 0],
    ]);
  });

  test('close ends devices with 1012 and may be called twice', async () => {
    const im = await startIm(busOptions());
    const device = await logIn(im.server.url, 2);

    await Promise.all([im.close(), im.close()]);

    expect((await device.closed).code).toBe(1012);
  });
});

test('two processes on one Redis reach each other’s devices', async () => {
  const { url, prefix } = testRedis();
  const [here, there] = [
    await startIm({ redis: { url, keyPrefix: prefix } }),
    await startIm({ redis: { url, keyPrefix: prefix } }),
  ];
  const device = await logIn(there.server.url, 2);

  const sent = await here.client.sendPrivateMessage({
    sender: { id: 1, terminal: 0 },
    recvId: 2,
    data: { n: 1 },
  });

  expect(await device.next()).toEqual({ cmd: 3, data: { n: 1 } });
  expect(await sent.results()).toContainEqual({ id: '2', terminal: 0, code: 0, stage: 'proved' });
});

describe('mounted on an HTTP server of yours', () => {
  async function startMounted() {
    const httpServer = createServer((_, response) => response.end('mine'));
    httpServer.listen(0, '127.0.0.1');
    await once(httpServer, 'listening');
    onCleanup(() => httpServer.close());
    const im = await startIm({ httpServer });
    const { port } = httpServer.address() as AddressInfo;
    return { im, httpServer, origin: `127.0.0.1:${port}` };
  }

  test('devices come in on its port, and its own answers stay', async () => {
    const { im, origin } = await startMounted();
    const device = await logIn(`ws://${origin}/im`, 2);

    await im.client.sendSystemMessage({ recvIds: [2], data: 1 });

    expect(await device.next()).toEqual({ cmd: 5, data: 1 });
    expect(await (await fetch(`http://${origin}/`)).text()).toBe('mine');
  });

  test('upgrades on other paths are left to you', async () => {
    const { httpServer, origin } = await startMounted();
    const upgrade = once(httpServer, 'upgrade');
    httpServer.on('upgrade', (request, socket) => {
      if (request.url === '/other') socket.end('HTTP/1.1 418 Mine\r\n\r\n');
    });

    await expect(connectDevice(`ws://${origin}/other`)).rejects.toThrow('418');
    await upgrade;
  });

  test('it runs on after im is closed', async () => {
    const { im, origin } = await startMounted();

    await im.close();

    expect(await (await fetch(`http://${origin}/`)).text()).toBe('mine');
  });
});
