import { newChromiumContext, onCleanup } from 'im-test/support';
import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { place } from './support/all-in-one.ts';

// Browsers and processes take long to start on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

/** Somebody's tab. Whatever the page throws, or the browser refuses it, fails the test. */
async function signIn(url: string, name: string): Promise<Page> {
  const page = await (await newChromiumContext()).newPage();
  page.setDefaultTimeout(30_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) problems.push(message.text());
  });
  onCleanup(() => expect(problems).toEqual([]));
  await page.goto(url);
  await page.getByRole('button', { name, exact: true }).click();
  await page.getByRole('navigation').waitFor();
  return page;
}

/** An entry of the list: a friend or a group. */
function entry(page: Page, name: string): ReturnType<Page['locator']> {
  return page.getByRole('navigation').getByRole('button').filter({ hasText: name });
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox').fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

function message(page: Page, text: string): ReturnType<Page['locator']> {
  return page.getByRole('list', { name: 'Messages' }).getByRole('listitem').filter({ hasText: text });
}

it('lets two tabs write to each other: unread, read, recalled, as text and nothing else', async () => {
  const here = await place();
  await here.start();
  const [ann, bob] = [await signIn(here.url, 'Ann'), await signIn(here.url, 'Bob')];

  await entry(bob, 'Ann').click();
  await message(bob, 'The bread turned out well this time.').waitFor();
  await say(bob, 'Hello <img src=x onerror=alert(1)>');

  await entry(ann, 'Hello <img').getByLabel('2 unread').waitFor();
  expect(await ann.title()).toBe('(3) im');
  expect(await ann.getByRole('status').textContent()).toBe('Bob: Hello <img src=x onerror=alert(1)>');
  await entry(ann, 'Bob').click();
  await message(ann, 'Hello <img src=x').waitFor();
  await message(bob, 'Hello').getByText('✓ read').waitFor();
  expect(await ann.title()).toBe('(1) im');

  await message(bob, 'Hello').hover();
  await bob.getByRole('button', { name: 'Recall' }).click();
  await message(ann, 'Bob recalled a message').waitFor();
  await message(bob, 'You recalled a message').waitFor();
  expect(await message(ann, 'Hello').count()).toBe(0);

  await entry(ann, 'Weekend hike').click();
  await say(ann, 'Nine it is.');
  await entry(bob, 'Weekend hike').getByLabel('1 unread').waitFor();
  await entry(bob, 'Weekend hike').click();
  await message(bob, 'Nine it is.').waitFor();

  const inHaste = Array.from({ length: 30 }, (_, index) => `${index} in haste`);
  // Faster than anybody types, so that the requests would be under way together.
  await ann.evaluate(`{
    const field = document.querySelector('textarea');
    for (const text of ${JSON.stringify(inHaste)}) {
      field.value = text;
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', cancelable: true }));
    }
  }`);
  for (const page of [ann, bob]) {
    await expect.poll(() => message(page, ' in haste').count(), { timeout: 30_000 }).toBe(30);
    await expect.poll(() => message(page, 'not sent').count()).toBe(0);
    const texts = await message(page, ' in haste').allTextContents();
    expect(texts.map((text) => /\d+ in haste/.exec(text)?.[0])).toEqual(inHaste);
  }
});

it('stays out when it is opened elsewhere, until it is told to come back', async () => {
  const here = await place();
  await here.start();
  const first = await signIn(here.url, 'Ann');
  const second = await signIn(here.url, 'Ann');

  await first.getByRole('dialog', { name: 'Signed in elsewhere' }).waitFor();
  expect(await first.getByText('Trying to connect again').isVisible()).toBe(false);
  await first.getByRole('button', { name: 'Use it here' }).click();

  await second.getByRole('dialog', { name: 'Signed in elsewhere' }).waitFor();
  expect(await first.getByRole('dialog').count()).toBe(0);
});

it('says that it is offline while the server is, and comes back by itself with what was missed', async () => {
  const here = await place();
  const before = await here.start();
  const [ann, bob] = [await signIn(here.url, 'Ann'), await signIn(here.url, 'Bob')];
  await entry(ann, 'Bob').click();
  await entry(bob, 'Ann').click();

  before.signal('SIGINT');
  expect(await before.exit).toEqual({ code: 0, signal: null });
  await ann.getByText('Trying to connect again').waitFor();
  await say(ann, 'Are you there?');
  await ann.getByRole('button', { name: 'Not sent. Try again' }).waitFor();

  await here.start();
  await ann.getByText('Trying to connect again').waitFor({ state: 'hidden' });
  await ann.getByRole('button', { name: 'Not sent. Try again' }).click();
  await message(bob, 'Are you there?').waitFor();
  expect(await message(ann, 'Are you there?').count()).toBe(1);
  // Signed in still: the secrets were kept.
  await ann.reload();
  await entry(ann, 'Are you there?').waitFor();
});
