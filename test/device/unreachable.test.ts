import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Unreachable } from 'im-device';
import { connectDevice, freePort, onCleanup, selfSigned } from 'im-test/support';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { makeDevice, startIm } from './support/devices.ts';

// Each of these was "cannot-connect" and no more, whatever was wrong.

test('says what an HTTP server answered instead of a WebSocket: a wrong path, a foreign page, no room', async () => {
  const im = await startIm({ allowedOrigins: ['https://chat.example.com'] });
  const full = await startIm({ maxConnections: 1 });
  await connectDevice(full.server.url);
  class FromElsewhere extends WebSocket {
    constructor(url: string) {
      super(url, { origin: 'https://elsewhere.example.com' });
    }
  }

  expect(await whyNot({ url: im.server.url.replace(/\/im$/, '/ws') })).toMatchObject({
    problem: 'refused',
    status: 404,
    detail: expect.stringContaining('404') as string,
  });
  expect(await whyNot({ url: im.server.url, WebSocket: FromElsewhere })).toMatchObject({ status: 403 });
  expect(await whyNot({ url: full.server.url })).toMatchObject({ problem: 'refused', status: 503 });
});

test('says that TLS met plain text, and the server counts it, both ways', async () => {
  const [plain, secure] = [await startIm(), await startIm({ tls: await selfSigned() })];

  expect(await whyNot({ url: plain.server.url.replace('ws:', 'wss:') })).toMatchObject({ problem: 'tls' });
  expect(await whyNot({ url: secure.server.url.replace('wss:', 'ws:') })).toMatchObject({
    problem: 'hung-up',
  });
  expect(await whyNot({ url: secure.server.url })).toMatchObject({
    problem: 'tls', // nobody has signed the certificate
    detail: expect.stringContaining('self-signed') as string,
  });

  for (const { server } of [plain, secure])
    expect(await server.metrics.text()).toMatch(/im_refused_connections_total\{reason="tls"\} [12]/);
});

test('says that nobody listens, or that nobody answers in time', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  onCleanup(() => silent.close());
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;

  expect(await whyNot({ url: `ws://127.0.0.1:${await freePort()}/im` })).toMatchObject({ problem: 'nobody' });
  expect(await whyNot({ url: `ws://127.0.0.1:${port}/im`, connectTimeoutMs: 100 })).toMatchObject({
    problem: 'timeout',
  });
});

test('says that it does not know where the platform does not tell, as browsers', async () => {
  class Browser extends EventTarget {
    constructor() {
      super();
      setTimeout(() => {
        this.dispatchEvent(new Event('error'));
        this.dispatchEvent(Object.assign(new Event('close'), { code: 1006, reason: '' }));
      });
    }
    send(): void {}
    close(): void {}
  }
  const url = 'ws://127.0.0.1:1/im';

  expect(await whyNot({ url, WebSocket: Browser })).toEqual({ url, problem: 'unknown', detail: '' });
});

/** What the device says of its first attempt. */
async function whyNot(options: Parameters<typeof makeDevice>[0]): Promise<Unreachable> {
  const device = makeDevice(options);
  const told = new Promise<Unreachable>((resolve) => void device.on('unreachable', resolve));
  device.start();
  const unreachable = await told;
  await device.close();
  return unreachable;
}
