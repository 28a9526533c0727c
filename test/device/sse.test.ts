import type { Device, DeviceOptions, Unreachable } from 'im-device';
import { orSse, overSse } from 'im-device/sse';
import { freePort } from 'im-test/support';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { makeDevice, online, push, reached, startIm, statesOf, tokenOf } from './support/devices.ts';
import { inPage, openSite, pageReached, startDevice } from './support/page.ts';
import { startRefusingProxy } from './support/refusing-proxy.ts';

// P-19.7: a device in a network that lets no WebSocket through.

/** One whose application takes what comes. */
function taking(options: Partial<DeviceOptions>): Device {
  const device = makeDevice(options);
  device.on('message', () => undefined);
  return device;
}

function portOf({ server }: { readonly server: { readonly url: string } }): number {
  return Number(new URL(server.url).port);
}

test.each(['refuses', 'hangs'] as const)('where a network %s, it goes on by SSE', async (how) => {
  const im = await startIm({ sse: true });
  const proxy = await startRefusingProxy(portOf(im), how);
  const device = await online(
    taking({ url: proxy.url, WebSocket: orSse(WebSocket, { webSocketWithinMs: 300 }) }),
  );
  expect(await push(im, 1)).toBe('acknowledged');
  expect(proxy.upgrades).toBe(1);

  // It knows the network now.
  proxy.cut();
  await reached(device, 'waiting');
  await reached(device, 'online');
  expect(await push(im, 2)).toBe('acknowledged');
  expect(proxy.upgrades).toBe(1);
});

test('where WebSockets come through, they are what it takes, and asks for again after a while', async () => {
  const im = await startIm({ sse: true });
  const proxy = await startRefusingProxy(portOf(im), 'refuses');
  const device = await online(
    taking({ url: proxy.url, WebSocket: orSse(WebSocket, { retryWebSocketMs: 1 }) }),
  );
  proxy.cut();
  await reached(device, 'waiting');
  await reached(device, 'online');
  expect(proxy.upgrades).toBe(2);

  await online(taking({ url: im.server.url, WebSocket: orSse(WebSocket) }));
  expect(await im.server.metrics.text()).not.toContain('im_sse_posts_total{answer="taken"} 0\n');
});

test('a server without it, or none at all, is unreachable as it is without SSE', async () => {
  const im = await startIm();
  const proxy = await startRefusingProxy(portOf(im), 'refuses');
  const nobody = `ws://127.0.0.1:${await freePort()}/im`;
  for (const [url, WebSocketClass, expected] of [
    [proxy.url, orSse(WebSocket), { problem: 'refused', status: 403 }],
    [proxy.url, overSse(), { problem: 'refused', status: 426 }],
    [nobody, orSse(WebSocket), { problem: 'nobody' }],
    [nobody, overSse(), { problem: 'nobody' }],
  ] as const) {
    const device = makeDevice({ url, WebSocket: WebSocketClass });
    const told = new Promise<Unreachable>((resolve) => device.on('unreachable', resolve));
    device.start();
    expect(await told).toMatchObject(expected);
    await device.close();
  }
});

test('it finds out that nobody is there any more, renews its token, and is put out with the reason', async () => {
  const im = await startIm({ sse: true });
  let tokens = 0;
  const device = taking({
    ...{ url: im.server.url, WebSocket: overSse(), heartbeatFloorMs: 1_000, answerTimeoutMs: 10_000 },
    token: () => {
      tokens += 1;
      return tokenOf(2, { expiresInS: 2 });
    },
  });
  const states = statesOf(device);
  await online(device);
  // Beyond the end of its first token, with heartbeats in between.
  await expect.poll(() => tokens).toBe(3);
  expect(await push(im, 1)).toBe('acknowledged');
  expect(states.map(({ kind }) => kind)).toEqual(['connecting', 'online']);

  await im.client.forceLogout(2);
  expect(await reached(device, 'kicked')).toMatchObject({ why: 'ended' });
});

test('a page behind a proxy without WebSockets gets what is sent, in order', async () => {
  const im = await startIm({ sse: true });
  const proxy = await startRefusingProxy(portOf(im), 'refuses');
  const page = await (await openSite()).openPage();
  await startDevice(page, { url: proxy.url, token: await tokenOf(2), orSse: true, chance: 0.1 });
  await pageReached(page, 'online');
  for (let n = 1; n <= 20; n++) expect(await push(im, n)).toBe('acknowledged');
  proxy.cut();
  await pageReached(page, 'waiting');
  await pageReached(page, 'online');
  expect(await push(im, 21)).toBe('acknowledged');
  expect(await inPage(page, ({ seen }) => seen)).toEqual(Array.from({ length: 21 }, (_, n) => n + 1));
  expect(proxy.upgrades).toBe(1);
});
