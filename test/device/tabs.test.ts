import type { Im } from 'im-embedded';
import { leastMs } from 'im-test/support';
import { expect, test } from 'vitest';
import { push, startIm, tokenOf } from './support/devices.ts';
import { inPage, openSite, pageReached, type PageGlobals, startDevice } from './support/page.ts';

const options = { backoffBaseMs: 100, backoffCeilingMs: 1_000, share: true };

test('two tabs have one connection; when its holder closes, the other takes over within a second', async () => {
  expect(await leastMs(1_000, takeOver)).toBeLessThan(1_000);
});

async function takeOver(): Promise<number> {
  const im = await startIm();
  const site = await openSite();
  const token = await tokenOf(2);
  const [first, second] = [await site.openPage(), await site.openPage()];
  await startDevice(first, { url: im.server.url, token, ...options });
  await pageReached(first, 'online');
  await startDevice(second, { url: im.server.url, token, ...options });
  await pageReached(second, 'online');

  expect(await connections(im)).toBe(1);
  expect(await push(im, 1)).toBe('acknowledged');
  expect(await push(im, 2)).toBe('acknowledged');
  await expect.poll(() => inPage(second, ({ seen }) => seen)).toEqual([1, 2]);
  expect(await inPage(first, ({ seen }) => seen)).toEqual([1, 2]);

  const takenOver = second.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const { device } = globalThis as unknown as PageGlobals;
        device.on('state', ({ kind }) => {
          if (kind === 'online') resolve(Date.now());
        });
      }),
  );
  const closedAt = Date.now();
  await first.close();
  const tookMs = (await takenOver) - closedAt;
  expect(await push(im, 3)).toBe('acknowledged');
  expect(await inPage(second, ({ seen }) => seen)).toEqual([1, 2, 3]);
  await expect.poll(() => connections(im)).toBe(1);
  return tookMs;
}

test('a tab whose device is closed lets the next one take over, and a third one follows', async () => {
  const im = await startIm();
  const site = await openSite();
  const token = await tokenOf(2);
  const pages = [await site.openPage(), await site.openPage(), await site.openPage()] as const;
  for (const page of pages) {
    await startDevice(page, { url: im.server.url, token, ...options });
    await pageReached(page, 'online');
  }
  await pages[0].evaluate(() => (globalThis as unknown as PageGlobals).device.close());
  await expect.poll(() => push(im, 1)).toBe('acknowledged');
  for (const page of pages.slice(1)) {
    await expect.poll(() => inPage(page, ({ seen }) => seen.at(-1))).toBe(1);
  }
  expect(await connections(im)).toBe(1);
  expect(await inPage(pages[0], ({ seen }) => seen)).toEqual([]);
});

test('a kick is for all tabs: none takes the place of the one that had the connection', async () => {
  const im = await startIm();
  const site = await openSite();
  const token = await tokenOf(2);
  const [first, second] = [await site.openPage(), await site.openPage()];
  for (const page of [first, second]) {
    await startDevice(page, { url: im.server.url, token, ...options });
    await pageReached(page, 'online');
  }
  await im.client.forceLogout(2);
  await Promise.all([pageReached(first, 'kicked'), pageReached(second, 'kicked')]);
  // Whoever connects, or waits to, has the lock or stands in its queue.
  await expect.poll(() => second.evaluate(locksInUse)).toBe(0);
  expect(await inPage(first, ({ device }) => device.state.kind)).toBe('kicked');
  expect(await inPage(second, ({ device }) => device.state.kind)).toBe('kicked');
  expect(await connections(im)).toBe(0);

  await second.evaluate(() => (globalThis as unknown as PageGlobals).device.start());
  await pageReached(second, 'online');
});

test('tabs of different users do not share, and without Web Locks each tab connects by itself', async () => {
  const im = await startIm();
  const site = await openSite();
  const [first, second, third] = [await site.openPage(), await site.openPage(), await site.openPage()];
  await startDevice(first, { url: im.server.url, token: await tokenOf(2), ...options });
  await startDevice(second, { url: im.server.url, token: await tokenOf(3), ...options });
  await third.evaluate(() =>
    Object.defineProperty((globalThis as unknown as PageGlobals).navigator, 'locks', { value: undefined }),
  );
  await startDevice(third, { url: im.server.url, token: await tokenOf(2, { terminal: 1 }), ...options });
  await Promise.all([first, second, third].map((page) => pageReached(page, 'online')));
  expect(await connections(im)).toBe(3);
  expect(await push(im, 7)).toBe('acknowledged');
  expect(await inPage(first, ({ seen }) => seen)).toEqual([7]);
  expect(await inPage(second, ({ seen }) => seen)).toEqual([]);
});

/** Of this origin: held, or waited for. */
const locksInUse = `navigator.locks.query().then(({ held, pending }) => held.length + pending.length)`;

async function connections(im: Im): Promise<number> {
  return (await im.client.onlineUsers([2, 3])).length === 0 ? 0 : countOf(await im.server.metrics.text());
}

/** Of the gauge per terminal. */
function countOf(metrics: string): number {
  const lines = metrics.split('\n').filter((line) => /^im_connections\b/.test(line));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
