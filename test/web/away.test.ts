import type { Page } from 'playwright-core';
import { beforeAll, expect, it, vi } from 'vitest';
import { attach, barriers, entry, keepPages, message, newPlace, say, signIn, type Place } from './place.ts';

// Browsers take long to start on a machine that is busy with other tests, and a page may have to be built.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });
keepPages();
const slowly = { timeout: 30_000 };
const dayMs = 86_400_000;

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

const key = 'im-web:account:ann';

async function tokensOf(page: Page): Promise<Tokens> {
  return page.evaluate<Tokens>(`JSON.parse(localStorage.getItem('${key}')).tokens`);
}

/** Time passes for what the page has kept. */
async function age(page: Page, place: Place, ...kinds: readonly ('access' | 'refresh')[]): Promise<void> {
  const tokens = await tokensOf(page);
  const aged: Record<string, string> = {};
  for (const kind of kinds) aged[`${kind}Token`] = await place.over(kind, tokens[`${kind}Token`]);
  await page.evaluate(`{
    const account = JSON.parse(localStorage.getItem('${key}'));
    Object.assign(account.tokens, ${JSON.stringify(aged)});
    localStorage.setItem('${key}', JSON.stringify(account));
  }`);
}

/** What the newest messages say, in their order. */
async function newest(page: Page, count: number): Promise<string[]> {
  const rows = await page.getByRole('log').getByRole('article').all();
  const labels = await Promise.all(rows.slice(-count).map((row) => row.getAttribute('aria-label')));
  return labels.map((label) => (label ?? '').replace(/^.*?, \d\d:\d\d: /, ''));
}

let here: Place;
// They look at what they say to each other.
let ann: Page;
let bob: Page;
beforeAll(async () => {
  here = await newPlace();
  await here.start();
  [ann, bob] = [await signIn(here.url, 'Ann'), await signIn(here.url, 'Bob')];
  await entry(ann, /^Bob/).click();
  await entry(bob, /^Ann/).click();
  await message(ann, 'Are you coming on Saturday?').waitFor();
});

it('goes on with a token that is over, and keeps what was written when the session has ended', async () => {
  await age(ann, here, 'access');
  const over = await tokensOf(ann);
  const seen: string[] = [];
  ann.on('framenavigated', (frame) => seen.push(frame.url()));
  await ann.reload();
  await say(ann, 'Back from lunch');
  await message(bob, 'Back from lunch').waitFor();
  await say(bob, 'So am I');
  await message(ann, 'So am I').waitFor();
  expect((await tokensOf(ann)).accessToken).not.toBe(over.accessToken);
  expect(seen.filter((url) => url.includes('login'))).toEqual([]);

  const network = ann.context();
  // Whichever of two tabs finds out, both say it.
  const second = await network.newPage();
  await second.goto(here.url);
  await second.getByRole('button', { name: /Ann$/ }).click();
  await entry(second, /^Bob/).waitFor();
  await network.setOffline(true);
  await say(ann, 'Written before it ended');
  await entry(ann, /^Weekend hike/).click();
  await ann.getByRole('textbox', { name: 'Message' }).fill('Half a thought');
  await entry(ann, /^Bob/).click();
  await entry(ann, /^Weekend hike .*Draft: Half a thought/).waitFor();
  await age(ann, here, 'access', 'refresh');
  await network.setOffline(false);
  for (const page of [ann, second]) await page.getByText('Your session has ended.').waitFor();
  await second.close();
  // Only the password is asked for.
  expect(await ann.getByLabel('User name').inputValue()).toBe('ann');
  await expect.poll(() => ann.evaluate('document.activeElement.type')).toBe('password');
  expect(await barriers(ann)).toEqual([]);
  expect(await message(bob, 'Written before it ended').count()).toBe(0);
  await ann.reload();
  await ann.getByRole('button', { name: 'Sign in as Ann' }).click();
  await message(bob, 'Written before it ended').waitFor();
  await entry(ann, /^Weekend hike .*Draft: Half a thought/).waitFor();
});

it('sits out ten minutes without a network: what was written goes out in its order', async () => {
  await ann.clock.install();
  await ann.reload();
  await entry(ann, /^Bob/).click();
  await message(ann, 'Are you coming on Saturday?').waitFor();

  const network = ann.context();
  await network.setOffline(true);
  for (const number of ['One', 'Two', 'Three']) await say(bob, `${number} while you were away`);
  await say(ann, 'First of mine');
  await attach(ann, 'Photo', { name: 'a.png', mimeType: 'image/png', buffer: await bob.screenshot() });
  await ann.getByRole('button', { name: 'Remove a.png' }).waitFor();
  expect(await barriers(ann)).toEqual([]);
  await ann.getByRole('button', { name: 'Send' }).click();
  await say(ann, 'Third of mine');
  for (let minute = 0; minute < 10; minute += 1) await ann.clock.fastForward(60_000);
  await ann.getByText("You're offline. Messages will go out when you're back.").first().waitFor();
  for (const text of ['First of mine', 'Third of mine'])
    await message(ann, text).getByRole('img', { name: 'Sending' }).waitFor();
  expect(await message(ann, 'while you were away').count()).toBe(0);
  expect(await barriers(ann)).toEqual([]);
  await network.setOffline(false);
  await ann.getByText('Back online. 3 messages sent.').waitFor();
  for (const page of [ann, bob])
    await expect
      .poll(() => newest(page, 6), slowly)
      .toEqual([
        ...['One while you were away', 'Two while you were away', 'Three while you were away'],
        ...['First of mine', 'Photo', 'Third of mine'],
      ]);

  const when = entry(ann, /^Bob/).locator('time');
  const noon = new Date((await when.getAttribute('datetime')) ?? '').setHours(12);
  const on = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat('en', options).format(noon);
  for (const [days, shown] of [
    [1, 'Yesterday'],
    [3, on({ weekday: 'short' })],
    [8, on({ month: 'short', day: 'numeric' })],
  ] as const) {
    await ann.clock.setSystemTime(noon + days * dayMs);
    await ann.clock.fastForward(60_000);
    await expect.poll(() => when.textContent(), slowly).toBe(shown);
  }
});
