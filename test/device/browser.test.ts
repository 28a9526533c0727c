import { expect, test } from 'vitest';
import { push, startIm, tokenOf } from './support/devices.ts';
import { inPage, openSite, pageReached, startDevice } from './support/page.ts';
import { startSilentProxy } from './support/silent-proxy.ts';

/** So long that only an event of the browser can end a wait. */
const forEver = { backoffBaseMs: 600_000, backoffCeilingMs: 600_000, chance: 0.9 };

test('a page without network says so, and is back at once when the network is', async () => {
  const im = await startIm();
  const proxy = await startSilentProxy(Number(new URL(im.server.url).port));
  const page = await (await openSite()).openPage();
  const url = `ws://127.0.0.1:${proxy.port}/im`;
  await startDevice(page, { url, token: await tokenOf(2), ...forEver });
  await pageReached(page, 'online');
  await page.context().setOffline(true);
  proxy.cut();
  await pageReached(page, 'offline');
  await page.context().setOffline(false);
  await pageReached(page, 'online');
  expect(await push(im, 1)).toBe('acknowledged');
});

test('a page that is looked at again does not go on waiting', async () => {
  const im = await startIm();
  const proxy = await startSilentProxy(Number(new URL(im.server.url).port));
  const page = await (await openSite()).openPage();
  const url = `ws://127.0.0.1:${proxy.port}/im`;
  await startDevice(page, { url, token: await tokenOf(2), ...forEver });
  await pageReached(page, 'online');
  proxy.cut();
  await pageReached(page, 'waiting');
  await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
  await pageReached(page, 'online');
});

test('a page that is looked at again finds out at once that its connection is half-open', async () => {
  const im = await startIm();
  const proxy = await startSilentProxy(Number(new URL(im.server.url).port));
  const page = await (await openSite()).openPage();
  const url = `ws://127.0.0.1:${proxy.port}/im`;
  await startDevice(page, { url, token: await tokenOf(2), ...forEver, answerTimeoutMs: 300 });
  await pageReached(page, 'online');
  proxy.silence();
  await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
  await pageReached(page, 'waiting');
  expect(await inPage(page, ({ states }) => states.at(-1))).toMatchObject({ reason: 'no-answer' });
});
