import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { onCleanup } from 'im-test/support';
import { expect, it, onTestFinished, vi } from 'vitest';
import { film } from './film.ts';
import {
  attach,
  barriers,
  builds,
  conversations,
  desktop,
  entry,
  keepPages,
  message,
  newPlace,
  openTab,
  phone,
  say,
  signIn,
} from './place.ts';

// Browsers take long to start on a machine that is busy with other tests, and a page may have to be built.
vi.setConfig({ testTimeout: 360_000 });
const slowly = { timeout: 30_000 };

it('signs in with words for what is wrong, in Chinese as well', async () => {
  const here = await newPlace();
  await here.start();
  const page = await openTab(here.url, phone);
  await page.getByLabel('User name').fill('ann');
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Sign in as Ann' }).click();
  await conversations(page).waitFor();

  await page.goto(`${here.url}/#/settings/profile`);
  await page.getByLabel('Name that others see').fill('Anne');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved').waitFor();
  const picture = page.getByRole('button', { name: 'Change the picture' });
  const chooser = page.waitForEvent('filechooser');
  await picture.click();
  const shot = { name: 'me.png', mimeType: 'image/png', buffer: await page.screenshot() };
  await (await chooser).setFiles(shot);
  await picture.locator('img').waitFor();
  await page.goto(`${here.url}/#/settings/security`);
  await page.getByLabel('Current password', { exact: true }).fill('wrong');
  await page.getByLabel('New password', { exact: true }).fill('a sentence is good');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Current password', { exact: true }).fill('demo-1234');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText(/^Your password is changed/).waitFor();

  // Two people in one tab, without a password from then on.
  await page.goto(`${here.url}/#/chats`);
  await page.getByRole('button', { name: 'Account: Anne' }).click();
  await page.getByRole('menuitem', { name: 'Another account' }).click();
  await page.getByRole('button', { name: 'Sign in as Bob' }).click();
  await page.getByRole('button', { name: 'Account: Bob' }).click();
  await page.getByRole('menuitem', { name: 'Anne' }).click();
  await page.getByRole('button', { name: 'Account: Anne' }).waitFor();

  await page.goto(`${here.url}/#/settings/appearance`);
  await page.getByRole('radio', { name: '中文' }).check();
  await page.getByRole('heading', { name: '外观' }).waitFor();
  await page.getByRole('radio', { name: '深色' }).check();
  const theme = (): Promise<string | null> => page.locator('html').getAttribute('data-theme');
  expect(await theme()).toBe('dark');
  await page.getByRole('radio', { name: '浅色' }).check();
  expect(await theme()).toBe('light');
  await page.getByRole('radio', { name: '跟随系统' }).check();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect.poll(theme, slowly).toBe(colorScheme);
  }
  const [en, zh] = await Promise.all(
    ['en', 'zh'].map(async (name) => {
      const file = new URL(`../../packages/im-web/src/locales/${name}.json`, import.meta.url);
      return JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
    }),
  );
  const english = new Set(Object.values(en ?? {}));
  for (const text of Object.values(zh ?? {})) english.delete(text);
  for (const path of [
    ...['settings/appearance', 'settings/profile', 'settings/security', 'settings/sessions'],
    ...['settings/privacy', 'settings/blocks', 'settings/data', 'settings/notifications', 'settings'],
    ...['find', 'new-group', 'requests', 'contacts', 'chats'],
  ]) {
    await page.goto(`${here.url}/#/${path}`);
    await page.getByRole('heading').or(page.getByRole('searchbox')).first().waitFor();
    expect([path, await barriers(page)]).toEqual([path, []]);
    const shown = (await page.locator('body').innerText()).split('\n');
    expect(shown.filter((line) => english.has(line.trim()))).toEqual([]);
  }
});

it('opens without a server, and after an upgrade never as it was before', async () => {
  keepPages();
  const site = await builds();
  const page = await openTab(site.url, desktop, 'whole');
  const build = page.locator('meta[name=build]');
  await site.isKept(page);
  expect(await build.getAttribute('content')).toBe('1');
  // It can be installed; not from a profile that forgets everything, which that of a test is.
  const wire = await page.context().newCDPSession(page);
  const { installabilityErrors } = await wire.send('Page.getInstallabilityErrors');
  expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito']);

  site.upgrade();
  await page.reload();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(await build.getAttribute('content')).toBe('2');
  await site.isKept(page);

  await site.close();
  await page.reload();
  await page.getByRole('link', { name: 'Create an account' }).click();
  // A part that was not loaded before.
  await page.getByLabel('Name that others see').waitFor();
  expect(await build.getAttribute('content')).toBe('2');
  const paths = await page.evaluate<string[]>(
    `caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((one) => one.keys()))))
       .then((all) => all.flat().map(({ url }) => new URL(url).pathname))`,
  );
  expect(paths.filter((path) => !/^\/(assets\/|index\.html$)/.test(path))).toEqual([]);
});

/** A page of somebody else, with a picture; a reader's browser must not ask for either. */
async function startSite(picture: Buffer): Promise<{ readonly url: string; readonly agents: string[] }> {
  const agents: string[] = [];
  const server = createServer(({ url, headers }, response) => {
    agents.push(headers['user-agent'] ?? '');
    if (url === '/cup.png') response.setHeader('content-type', 'image/png').end(picture);
    else
      response
        .setHeader('content-type', 'text/html')
        .end('<title>All about tea</title><meta property=og:image content=cup.png>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tea`, agents };
}

/** Nothing to hear for 512 seconds, as WAV: players do not mind that there is nothing to see, and go to any place of it. */
function longSound(): Buffer {
  const [rate, seconds] = [16_000, 512];
  const bytes = Buffer.alloc(44 + rate * seconds, 128);
  bytes.write('RIFF____WAVEfmt ____', 0, 'latin1');
  bytes.write('data', 36, 'latin1');
  for (const [at, value] of [
    [4, bytes.length - 8],
    [16, 16],
    [24, rate],
    [28, rate],
    [40, bytes.length - 44],
  ] as const)
    bytes.writeUInt32LE(value, at);
  // Plain samples, one channel, a byte for each.
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ] as const)
    bytes.writeUInt16LE(value, at);
  return bytes;
}

it('shows films, pictures and what links lead to, on their way and past the end of their addresses', async () => {
  const here = await newPlace();
  await here.start({ previews: { linkPreviews: true, linkPreviewNetworks: ['loopback'] } });
  const ann = await signIn(here.url, 'Ann', phone);
  await entry(ann, /^Bob/).click();

  const site = await startSite(await ann.screenshot());
  await say(ann, `Read ${site.url} and write back`);
  const card = ann.getByRole('log').getByRole('link', { name: 'All about tea' });
  const drawn = card.locator('img');
  const heightOf = (image: unknown): number => (image as { naturalHeight: number }).naturalHeight;
  await expect.poll(() => drawn.evaluate(heightOf), slowly).toBe(320);
  expect(await card.getAttribute('href')).toBe(site.url);
  expect(await barriers(ann)).toEqual([]);
  expect(new Set(site.agents)).toEqual(new Set(['Mozilla/5.0 (compatible; im-platform link preview bot)']));

  const wire = await ann.context().newCDPSession(ann);
  await wire.send('Network.enable');
  const line = { offline: false, latency: 1, downloadThroughput: -1 };
  await wire.send('Network.emulateNetworkConditions', { ...line, uploadThroughput: 1_000 });
  const shot = { name: 'page.png', mimeType: 'image/png', buffer: await ann.screenshot() };
  await attach(ann, 'Photo', shot);
  await ann.getByRole('button', { name: 'Send' }).click();
  await ann.getByRole('button', { name: 'Cancel sending' }).waitFor();
  expect(await barriers(ann)).toEqual([]);
  await ann.getByRole('button', { name: 'Cancel sending' }).waitFor();
  await wire.send('Network.emulateNetworkConditions', { ...line, uploadThroughput: -1 });
  await attach(ann, 'File', { name: 'film.webm', mimeType: 'video/webm', buffer: await film(ann) });
  await ann.getByRole('button', { name: 'Send' }).click();
  // What is pasted and dropped is attached as well.
  await ann.evaluate(`{
    const give = (name) => {
      const data = new DataTransfer();
      data.items.add(new File(['words'], name, { type: 'text/plain' }));
      return data;
    };
    const how = { bubbles: true, cancelable: true };
    const field = document.querySelector('textarea');
    field.dispatchEvent(new ClipboardEvent('paste', { ...how, clipboardData: give('pasted.txt') }));
    field.dispatchEvent(new DragEvent('drop', { ...how, dataTransfer: give('dropped.txt') }));
  }`);
  for (const name of ['pasted.txt', 'dropped.txt']) {
    await ann.getByRole('button', { name: `Remove ${name}` }).click();
    await ann.getByRole('button', { name: `Remove ${name}` }).waitFor({ state: 'detached' });
  }
  // Nobody has to play it to see what it is about.
  const poster = `(async () => {
    const film = document.querySelector('video');
    if (!film?.poster) return 'nothing';
    const [image, canvas] = [new Image(), document.createElement('canvas')];
    image.src = film.poster;
    await image.decode();
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    const [red, green, blue] = pen.getImageData(10, 10, 1, 1).data;
    const isGreen = green > 150 && red < 60 && blue < 60;
    return [isGreen, image.naturalWidth, image.naturalHeight, film.paused, film.readyState].join();
  })()`;
  await expect.poll(() => ann.evaluate(poster), slowly).toBe('true,320,180,true,0');

  // Nor to load what lies before the place that they go to.
  const starts: number[] = [];
  ann.on('response', (answer) => {
    const [, start = '0'] = /^bytes (\d+)-/.exec(answer.headers()['content-range'] ?? '') ?? [];
    starts.push(Number(start));
  });
  const long = { name: 'long.mov', mimeType: 'video/quicktime', buffer: longSound() };
  // On a fast line all of it is there before anybody goes anywhere.
  await wire.send('Network.emulateNetworkConditions', {
    ...line,
    uploadThroughput: -1,
    downloadThroughput: long.buffer.length / 8,
  });
  await attach(ann, 'File', long);
  await ann.getByRole('button', { name: 'Send' }).click();
  const seek = `(async () => {
    const film = document.querySelector('video[src*=".mov"]');
    if (!film || film.readyState < HTMLMediaElement.HAVE_METADATA) return 'nothing';
    const isThere = new Promise((resolve) => film.addEventListener('seeked', resolve, { once: true }));
    film.currentTime = film.duration * 0.75;
    await isThere;
    return [film.duration, film.currentTime].join();
  })()`;
  await expect.poll(() => ann.evaluate(seek), slowly).toBe('512,384');
  // That it is there is told before how it came.
  await expect.poll(() => Math.max(...starts), slowly).toBeGreaterThan(long.buffer.length / 2);
  await wire.send('Network.emulateNetworkConditions', { ...line, uploadThroughput: -1 });

  // From then on it is loaded from the platform.
  const thumbnail = ann.waitForResponse(/\/files\/.*\.(png|webp)\?.*e=/);
  await ann.reload();
  expect((await thumbnail).status()).toBe(200);
  const end = Number(new URL((await thumbnail).url()).searchParams.get('e')) * 1_000;

  const later = end + 1_000;
  onTestFinished(() => void vi.useRealTimers());
  vi.useFakeTimers({ toFake: ['Date'], now: later });
  // A page that is still loading asks for a new address before anybody opens the picture.
  const ofNewAddress: number[] = [];
  ann.on('response', (answer) => {
    const url = new URL(answer.url());
    if (!url.pathname.startsWith('/files/')) return;
    if (Number(url.searchParams.get('e')) * 1_000 > end) ofNewAddress.push(answer.status());
  });
  await ann.clock.setFixedTime(later);
  // Films that are still to be loaded have addresses of before; the picture was never opened.
  const answers = new Map<string, number[]>();
  ann.on('response', (answer) => {
    const { pathname } = new URL(answer.url());
    answers.set(pathname, [...(answers.get(pathname) ?? []), answer.status()]);
  });
  await ann.getByRole('button', { name: 'Open the picture' }).click();
  const opened = ann.locator('.pswp__img:not(.pswp__img--placeholder)').first();
  await expect
    .poll(
      () => opened.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
      slowly,
    )
    .toBe(phone.width);
  await expect.poll(() => ofNewAddress, slowly).toContain(200);
  const picture = new URL((await opened.getAttribute('src')) ?? '', here.url).pathname;
  expect(answers.get(picture)).toEqual([200]);
  expect(await barriers(ann)).toEqual([]);
  await ann.goBack();
  await ann.locator('.pswp').waitFor({ state: 'detached' });
  await ann.getByRole('textbox', { name: 'Message' }).waitFor();
});

it('stays where one reads while earlier messages come above', async () => {
  const here = await newPlace();
  await here.start();
  const lines = 200;
  await writeLines(here.url, lines);
  const ann = await signIn(here.url, 'Ann');
  await entry(ann, /^Bob/).click();
  await ann.getByRole('button', { name: 'To the newest message' }).click();
  await message(ann, `line ${lines} `).waitFor();

  // Answers come so late that the top is reached before them.
  await ann.route(/\/messages\?/, async (route) => {
    await delay(1_000);
    await route.continue();
  });

  // Upwards by so much in each step, through all of it: nothing that is in view may move by anything else.
  const { first, steps, worst } = await ann.evaluate<Upwards>(`(async () => {
    const log = document.querySelector('[role=log]');
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    // As painted: what is asked before rows are measured in the same frame is seen by nobody.
    const places = () => new Promise((resolve) => {
      const observer = new IntersectionObserver((seen) => {
        observer.disconnect();
        resolve(new Map(seen.flatMap(({ target, boundingClientRect: { top, bottom } }) => {
          const line = /line \\d+/.exec(target.textContent)?.[0];
          return line && bottom > 60 && top < innerHeight ? [[line, top]] : [];
        })));
      });
      for (const one of log.querySelectorAll('article')) observer.observe(one);
    });
    // Who is nearer to the end than that is kept there, while rows are drawn and measured.
    log.scrollTop -= 200;
    await frame();
    let before = await places(), steps = 0, worst = 0;
    const until = performance.now() + 60_000;
    while (!before.has('line 1') && performance.now() < until) {
      const { scrollTop } = log;
      log.scrollTop -= 120;
      const by = Math.min(120, scrollTop);
      await frame();
      const now = await places();
      for (const [line, top] of now)
        if (before.has(line)) worst = Math.max(worst, Math.abs(top - before.get(line) - by));
      before = now;
      steps += by > 0 ? 1 : 0;
    }
    return { first: [...before.keys()][0], steps, worst };
  })()`);
  expect(first).toBe('line 1');
  expect(worst).toBeLessThanOrEqual(2);
  expect(steps).toBeGreaterThan(100);
});

interface Upwards {
  readonly first: string | undefined;
  readonly steps: number;
  /** In pixels. */
  readonly worst: number;
}

/** Ann and Bob write lines of different heights, by turns: one alone may not write so many in a minute. */
async function writeLines(url: string, count: number): Promise<void> {
  const ask = async (path: string, body: object, token = ''): Promise<Record<string, unknown>> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch(`${url}/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answer.ok).toBe(true);
    return (await answer.json()) as Record<string, unknown>;
  };
  const tokens: string[] = [];
  for (const userName of ['ann', 'bob']) {
    const signedIn = await ask('sessions', { userName, password: 'demo-1234', device: 'pc' });
    tokens.push(String(signedIn['accessToken']));
  }
  for (let line = 1; line <= count; line++) {
    const text = `line ${line} ${'and more of it '.repeat((line * 7) % 40)}`.trim();
    const body = { content: { type: 'text', text } };
    await ask('conversations/private:1:2/messages', body, tokens[line % 2]);
  }
}
