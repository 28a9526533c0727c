import { beforeAll, expect, it, vi } from 'vitest';
import type { BrowserContext, Page } from 'playwright-core';
import {
  act,
  attach,
  barriers,
  conversations,
  desktop,
  entry,
  message,
  newPlace,
  openTab,
  phone,
  say,
  signIn,
  type Place,
} from './place.ts';

// Browsers take long to start on a machine that is busy with other tests, and a page may have to be built.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let here: Place;
/** Somebody has keys. */
let ann: Page;
beforeAll(async () => {
  here = await newPlace();
  await here.start({ endToEnd: true });
  ann = await signIn(here.url, 'Ann');
  await setUp(ann);
});

const isSetUp = 'Encryption is set up on this device.';

/** A page that has just signed in may still be on its way to another place. */
async function openSecurity(page: Page): Promise<void> {
  const heading = page.getByRole('heading', { name: 'End-to-end encryption' });
  do await page.goto(`${here.url}/#/settings/security`);
  while (!(await heading.waitFor({ timeout: 5_000 }).then(yes, no)));
}

const [yes, no] = [() => true, () => false];

/** `shown`: what there is to read then. */
async function setUp(page: Page, shown = isSetUp): Promise<void> {
  await openSecurity(page);
  await page.getByRole('button', { name: 'Set up encryption' }).click();
  await page.getByText(shown).waitFor();
}

async function makeRecoveryKey(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Make a recovery key' }).click();
  const key = page.getByLabel('Recovery key');
  await expect.poll(() => key.innerText()).toMatch(/^([A-Z2-9]{4}-){13}[A-Z2-9]{4}$/);
  const made = await key.innerText();
  // It counts for nothing before.
  await page.getByRole('button', { name: 'I have written it down' }).click();
  await key.waitFor({ state: 'detached' });
  return made;
}

async function encrypt(page: Page, name: RegExp): Promise<void> {
  await page.goto(`${here.url}/#/chats`);
  await entry(page, name).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Encrypt' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Encrypt' }).click();
  await entry(page, name).getByText('End-to-end encrypted').waitFor({ state: 'attached' });
  await entry(page, name).click();
}

/** Who was asked begins; both see the same, and say so. */
async function compare(asking: Page, asked: Page): Promise<void> {
  await asked.getByRole('dialog').getByRole('button', { name: 'Begin' }).click();
  const pictures = (page: Page) => page.getByRole('img', { name: 'Seven pictures to compare' });
  expect(await pictures(asked).innerText()).toBe(await pictures(asking).innerText());
  expect(await barriers(asking)).toEqual([]);
  await asking.getByRole('button', { name: 'They are the same' }).click();
  await asked.getByRole('button', { name: 'They are the same' }).click();
  for (const page of [asking, asked]) await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

/**
 * What somebody does is the last of a page: its process ends when the platform has stored a message and nobody has heard the answer, or before
 * it is stored. Says who comes after it in the same browser.
 */
async function dieIn(page: Page, when: 'asked' | 'stored', last: () => Promise<void>): Promise<Page> {
  const context = page.context();
  const session = await context.newCDPSession(page);
  const isThere = new Promise<void>((resolve) => {
    void page.route(/\/v1\/conversations\/[^/]+\/messages$/, async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      if (when === 'stored') await route.fetch();
      resolve();
    });
  });
  await last();
  await isThere;
  const isOver = page.waitForEvent('crash');
  // Nobody is left to answer that.
  void session.send('Page.crash').catch(() => undefined);
  await isOver;
  await page.close();
  return anotherTab(context);
}

/** Of Ann's, in the same browser. */
async function anotherTab(browser: BrowserContext): Promise<Page> {
  const next = await openTab(here.url, desktop, browser);
  await next.getByRole('button', { name: 'Ann', exact: true }).click();
  await conversations(next).waitFor();
  return next;
}

it('two people encrypt their conversation, compare codes, and read each other, also when a page dies in between', async () => {
  const bob = await signIn(here.url, 'Bob', phone);
  await setUp(bob);
  expect(await barriers(ann)).toEqual([]);
  await makeRecoveryKey(ann);

  await encrypt(ann, /^Bob/);
  await say(ann, 'the owl flies at nine');
  await bob.goto(`${here.url}/#/chats`);
  await entry(bob, /^Ann/).click();
  await message(bob, 'the owl flies at nine').waitFor();

  await entry(ann, /^Bob/).click({ button: 'right' });
  // Nobody's keys have changed.
  expect(await ann.getByRole('menuitem', { name: 'The new keys are fine' }).count()).toBe(0);
  await ann.getByRole('menuitem', { name: 'Compare codes' }).click();
  await compare(ann, bob);

  // After a reload the keys are still there.
  await ann.reload();
  await message(ann, 'the owl flies at nine').waitFor();
  await say(bob, 'so it does');
  await message(ann, 'so it does').waitFor();

  // What was wrong is written over.
  await ann.getByRole('textbox', { name: 'Message' }).press('ArrowUp');
  await ann.getByText('Edit the message').waitFor();
  await ann.getByRole('textbox', { name: 'Message' }).fill('the owl flies at ten');
  await ann.keyboard.press('Enter');
  for (const page of [ann, bob]) await message(page, 'the owl flies at ten').waitFor();
  expect(await message(bob, 'the owl flies at nine').count()).toBe(0);

  // Her page dies in the middle of what she says, and goes on where it was.
  ann = await dieIn(ann, 'stored', () => say(ann, 'it is I'));
  await entry(ann, /^Bob/).click();
  for (const page of [ann, bob]) await message(page, 'it is I').waitFor();
  ann = await dieIn(ann, 'asked', () => say(ann, 'and it is late'));
  await entry(ann, /^Bob/).click();
  await message(bob, 'and it is late').waitFor();
  const second = await anotherTab(ann.context());
  await say(ann, 'so late');
  for (const page of [ann, bob]) {
    await message(page, 'so late').waitFor();
    const said = await page.getByRole('log').getByRole('article').allInnerTexts();
    const last = said.slice(said.findIndex((text) => text.includes('it is I')));
    expect(last.map((text) => /it is I|and it is late|so late/.exec(text)?.[0])).toEqual([
      ...['it is I', 'and it is late', 'so late'],
    ]);
  }
  // What is no longer there is noticed, as what comes after it claims it. Who held it back cannot be known.
  await act(ann, 'and it is late', 'Delete for me');
  await ann.getByRole('button', { name: 'Delete', exact: true }).click();
  await ann.getByRole('note').getByText('1 message before this one is not here').waitFor();
  expect(await bob.getByText('before this one is not here').count()).toBe(0);
  // A tab that was there before she said that goes on when the one that had the keys is closed.
  await ann.close();
  ann = second;
  await entry(ann, /^Bob/).click();
  await message(ann, 'so late').waitFor();
  await say(ann, 'late indeed');
  await message(bob, 'late indeed').waitFor();
  // With the keys that it had, as the same device.
  await message(ann, 'the owl flies at ten').waitFor();
  await openSecurity(ann);
  await ann.getByText(isSetUp).waitFor();
  const devices = ann.getByRole('region', { name: 'Devices with keys of mine' });
  await expect.poll(() => devices.getByRole('listitem').count()).toBe(1);
});

it('a small group reads words and pictures; who cannot is named; new devices are known by the key or by codes', async () => {
  const cleo = await signIn(here.url, 'Cleo');
  await setUp(cleo);
  const recoveryKey = await makeRecoveryKey(cleo);
  await encrypt(cleo, /^Book club/);
  const missing = cleo.getByText('cannot read what is said here: they have not set up encryption.');
  await expect.poll(() => missing.innerText()).toContain('Eve');
  await say(cleo, 'chapter ten is a lie');
  await message(cleo, 'chapter ten is a lie').waitFor();

  const eve = await signIn(here.url, 'Eve', phone);
  await setUp(eve);
  await expect.poll(async () => (await missing.allInnerTexts()).join()).not.toContain('Eve');
  await say(cleo, 'and so is eleven');
  await eve.goto(`${here.url}/#/chats`);
  await entry(eve, /^Book club/).click();
  await message(eve, 'and so is eleven').waitFor();
  await message(eve, 'This device has no key for this message.').waitFor();
  // Out of one encrypted conversation into another one.
  await ann.goto(`${here.url}/#/chats`);
  await entry(ann, /^Bob/).click();
  await act(ann, 'so it does', 'Forward');
  const whereTo = ann.getByRole('dialog', { name: /^Forward/ });
  await whereTo.getByRole('searchbox').fill('book');
  await ann.keyboard.press('Enter');
  await whereTo.getByRole('checkbox', { name: 'Book club', checked: true }).waitFor();
  await whereTo.getByRole('button', { name: 'Forward', exact: true }).click();
  for (const page of [cleo, eve]) await message(page, 'so it does').waitFor();
  const picture = await cleo.screenshot();
  await attach(cleo, 'Photo', { name: 'shelf.png', mimeType: 'image/png', buffer: picture });
  await cleo.getByRole('button', { name: 'Send' }).click();
  // The preview came with the message; the picture is opened when somebody wants it.
  const preview = eve.getByRole('log').getByRole('button', { name: 'Open the picture' });
  await expect
    .poll(() => preview.getByRole('img').getAttribute('src'))
    .toMatch(/^data:image\/(webp|png);base64,/);
  await preview.click();
  const opened = eve.getByRole('log').locator('img[src^="blob:"]');
  await expect
    .poll(() => opened.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
    .toBe(1280);

  // A new device reads what was said before with the recovery key.
  const second = await signIn(here.url, 'Cleo');
  await setUp(second, 'Your other devices do not know this one yet');
  await second.getByLabel('Recovery key').fill(recoveryKey);
  await second.getByRole('button', { name: 'Use the recovery key' }).click();
  await second.getByText(isSetUp).first().waitFor();
  await second.goto(`${here.url}/#/chats`);
  await entry(second, /^Book club/).click();
  await message(second, 'chapter ten is a lie').waitFor();

  // Another one is confirmed by one that is there, and removed again.
  const other = await signIn(here.url, 'Eve');
  await setUp(other, 'Your other devices do not know this one yet');
  await other.getByRole('button', { name: 'Compare codes with another device' }).click();
  await compare(other, eve);
  await other.getByText(isSetUp).first().waitFor();
  const devices = other.getByRole('region', { name: 'Devices with keys of mine' });
  await expect.poll(() => devices.getByRole('listitem').count()).toBe(2);
  await expect.poll(() => devices.getByText('Confirmed').count()).toBe(2);
  await devices
    .getByText(/^Since /)
    .first()
    .waitFor();
  expect(await barriers(other)).toEqual([]);
  await devices.getByRole('button', { name: /^Remove / }).click();
  await other.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect.poll(() => devices.getByRole('listitem').count()).toBe(1);
});

it('new keys of somebody stop what is sent to them until codes were compared again', async () => {
  const bob = await signIn(here.url, 'Bob');
  // The platform says that he has none: so these are others than Ann knows, who has compared codes with him.
  let hasKeys = false;
  bob.on('request', (request) => (hasKeys ||= request.url().endsWith('/v1/encryption/identity')));
  await bob.route('**/v1/encryption/keys/query', (route) =>
    hasKeys ? route.continue() : route.fulfill({ json: { devices: [], identities: [], signatures: [] } }),
  );
  // And takes the one in the place of the other.
  await bob.route('**/v1/encryption/identity', (route) => {
    const { keys } = route.request().postDataJSON() as { keys: string };
    return route.continue({ postData: JSON.stringify({ keys }) });
  });
  await setUp(bob);
  await ann.goto(`${here.url}/#/chats`);
  await entry(ann, /^Bob/).click();
  const notice = ann.getByRole('alert').filter({ hasText: 'Bob has new keys.' });
  await notice.waitFor();
  expect(await barriers(ann)).toEqual([]);
  await say(ann, 'who is that?');
  const failure = ann.getByRole('alert').filter({ hasText: 'Not sent' });
  await failure.waitFor();

  await notice.getByRole('button', { name: 'Compare codes' }).click();
  await compare(ann, bob);
  await notice.waitFor({ state: 'detached' });
  await failure.getByRole('button', { name: 'Try again' }).click();
  await bob.goto(`${here.url}/#/chats`);
  await entry(bob, /^Ann/).click();
  await message(bob, 'who is that?').waitFor();
});
