import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import {
  barriers,
  entry,
  hide,
  keepPages,
  message,
  newPlace,
  notifications,
  phone,
  signIn,
} from './place.ts';

// Browsers take long to start on a machine that is busy with other tests, and a page may have to be built.
vi.setConfig({ testTimeout: 180_000 });
keepPages();
const slowly = { timeout: 30_000 };

interface Seen {
  readonly state: string;
  readonly pictures: number;
  readonly sound: number;
  /** Names the ways to the other end; another one after they were looked for anew. */
  readonly ways: string;
}

/** From now on the page keeps its connections where a test finds them. */
async function watchLines(page: Page): Promise<void> {
  await page.addInitScript(`{
    const lines = (globalThis.lines = []);
    const Original = RTCPeerConnection;
    globalThis.RTCPeerConnection = class extends Original {
      constructor(...given) {
        super(...given);
        lines.push(this);
      }
    };
  }`);
  await page.reload();
}

/** What has come from the other end so far, as WebRTC counts it. */
async function seen(page: Page): Promise<Seen> {
  return page.evaluate<Seen>(`(async () => {
    const line = globalThis.lines.at(-1);
    if (!line) return { state: 'none', pictures: 0, sound: 0, ways: '' };
    let [pictures, sound] = [0, 0];
    for (const { type, kind, framesDecoded = 0, bytesReceived = 0 } of (await line.getStats()).values()) {
      if (type !== 'inbound-rtp') continue;
      if (kind === 'video') pictures += framesDecoded;
      else sound += bytesReceived;
    }
    const ways = /ice-ufrag:(\\S+)/.exec(line.remoteDescription?.sdp ?? '')?.[1] ?? '';
    return { state: line.connectionState, pictures, sound, ways };
  })()`);
}

async function moves(
  page: Page,
  kinds: readonly ('pictures' | 'sound')[] = ['pictures', 'sound'],
): Promise<void> {
  const before = await seen(page);
  await expect
    .poll(async () => {
      const now = await seen(page);
      return now.state === 'connected' && kinds.every((kind) => now[kind] > before[kind]);
    }, slowly)
    .toBe(true);
}

/** What the other end is shown: a screen is a kind of surface. */
async function surface(page: Page): Promise<string | undefined> {
  return page.evaluate<string | undefined>(
    `globalThis.lines.at(-1).getSenders().find(({ track }) => track?.kind === 'video').track.getSettings().displaySurface`,
  );
}

/** Loses all that goes between the two ends of a call; what goes to the server arrives. */
async function cuttable(page: Page): Promise<(isCut: boolean) => Promise<void>> {
  const wire = await page.context().newCDPSession(page);
  await wire.send('Network.enable');
  return async (isCut) => {
    // Without some latency Chromium lets all packets pass.
    const plain = { offline: false, latency: 1, downloadThroughput: -1, uploadThroughput: -1 };
    await wire.send('Network.emulateNetworkConditions', { ...plain, packetLoss: isCut ? 100 : 0 });
  };
}

async function secondsIn(page: Page): Promise<number> {
  const timer = page.getByRole('timer', { name: /^In the call for/ });
  const [minutes = 0, seconds = 0] = ((await timer.textContent()) ?? '').split(':').map(Number);
  return minutes * 60 + seconds;
}

it('two people see and hear each other, on a line that is looked for anew, and both find a record of it', async () => {
  const here = await newPlace();
  await here.start();
  const [ann, bob] = [await signIn(here.url, 'Ann'), await signIn(here.url, 'Bob', phone, 'whole')];
  await ann.clock.install();
  for (const page of [ann, bob]) await watchLines(page);
  await entry(ann, /^Bob/).click();

  await ann.getByRole('button', { name: 'Video call' }).click();
  await ann.getByText('Ringing…').waitFor();
  const rings = bob.getByRole('dialog', { name: 'Ann is calling with video' });
  await rings.waitFor();
  expect(await barriers(bob)).toEqual([]);
  await rings.getByRole('button', { name: 'Accept' }).click();
  for (const page of [ann, bob]) {
    await page.getByRole('timer', { name: /^In the call for/ }).waitFor();
    await moves(page);
  }
  expect(await barriers(ann)).toEqual([]);

  // New ways to each other, as after a cut.
  const { ways } = await seen(bob);
  await ann.evaluate('globalThis.lines.at(-1).restartIce()');
  await expect.poll(async () => (await seen(bob)).ways, slowly).not.toBe(ways);
  for (const page of [ann, bob]) await moves(page);

  await ann.getByRole('button', { name: 'Mute the microphone' }).click();
  await ann.getByRole('button', { name: 'Mute the microphone', pressed: true }).waitFor();
  await ann.getByRole('button', { name: 'Camera off' }).click();
  // Where there was a picture there is a face.
  await bob.locator('.call .picture').waitFor({ state: 'hidden' });
  await ann.getByRole('button', { name: 'Camera off', pressed: true }).click();
  await bob.locator('.call .picture').waitFor();
  await moves(bob);

  const share = ann.getByRole('button', { name: 'Share the screen' });
  await share.click();
  await ann.getByRole('button', { name: 'Share the screen', pressed: true }).waitFor();
  expect(await surface(ann)).toMatch(/./);
  await moves(bob);
  expect(await barriers(ann)).toEqual([]);
  // As by the button that the browser has for it.
  await ann.evaluate(`{
    const [screen] = document.querySelector('video.own').srcObject.getTracks();
    screen.stop();
    screen.dispatchEvent(new Event('ended'));
  }`);
  await ann.getByRole('button', { name: 'Share the screen', pressed: false }).waitFor();
  await expect.poll(() => surface(ann), slowly).toBeUndefined();
  await moves(bob);

  await bob.getByRole('button', { name: 'Hang up' }).click();
  await ann.getByText('The call is over').waitFor();
  for (const page of [ann, bob]) {
    expect((await seen(page)).state).toBe('closed');
    await page.locator('section.call').waitFor({ state: 'detached' });
  }
  await bob.goto(`${here.url}/#/chats`);
  await entry(bob, /^Ann/).click();
  for (const page of [ann, bob]) await message(page, 'Video call').waitFor();

  // Declined it rings no more, and so does one that is given up.
  await ann.getByRole('button', { name: 'Voice call' }).click();
  await bob.getByRole('dialog', { name: 'Ann is calling' }).getByRole('button', { name: 'Decline' }).click();
  await ann.getByText('Declined').waitFor();
  await ann.locator('section.call').waitFor({ state: 'detached' });
  await bob.getByRole('button', { name: 'Voice call' }).click();
  await ann.getByRole('dialog', { name: 'Bob is calling' }).waitFor();
  await bob.getByRole('button', { name: 'Hang up' }).click();
  await ann.getByRole('dialog', { name: 'Bob is calling' }).waitFor({ state: 'detached' });

  // A short cut is told, heals, and the call goes on.
  const cut = await cuttable(ann);
  await cut(false);
  await ann.getByRole('button', { name: 'Voice call' }).click();
  await bob.getByRole('dialog', { name: 'Ann is calling' }).getByRole('button', { name: 'Accept' }).click();
  for (const page of [ann, bob]) await moves(page, ['sound']);
  const before = await secondsIn(ann);
  await cut(true);
  for (const page of [ann, bob]) await page.getByText('Connection lost, trying again…').waitFor();
  await cut(false);
  for (const page of [ann, bob]) await moves(page, ['sound']);
  // The other end is seen to be away after some seconds only.
  expect(await secondsIn(ann)).toBeGreaterThan(before + 1);
  await ann.getByRole('button', { name: 'Hang up' }).click();
  await bob.getByText('The call is over').waitFor();
  for (const page of [ann, bob]) await page.locator('section.call').waitFor({ state: 'detached' });

  // Who looks at something else is told that it rings, and what has become of it.
  await bob.context().grantPermissions(['notifications']);
  await bob.goto(`${here.url}/#/settings/notifications`);
  await bob.getByRole('switch', { name: /^Notify me/ }).check();
  await bob.goBack();
  await hide(bob, true);
  await ann.getByRole('button', { name: 'Voice call' }).click();
  await expect.poll(() => notifications(bob), slowly).toEqual(['Ann is calling: ']);
  await ann.clock.fastForward(45_000);
  await ann.getByText('No answer').first().waitFor();
  await bob.getByRole('dialog', { name: 'Ann is calling' }).waitFor({ state: 'detached' });
  await expect.poll(() => notifications(bob), slowly).toEqual(['Ann: Voice call · No answer']);
  await hide(bob, false);
  await expect.poll(() => notifications(bob), slowly).toEqual([]);
  for (const page of [ann, bob]) await message(page, 'No answer').waitFor();
});
