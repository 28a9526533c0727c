import { expect, it, vi } from 'vitest';
import type { Page } from 'playwright-core';
import { barriers, entry, message, newPlace, phone, say, signIn } from './place.ts';

// Browsers take long to start on a machine that is busy with other tests, and a page may have to be built.
vi.setConfig({ testTimeout: 180_000 });

async function setUp(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/#/settings/security`);
  await page.getByRole('button', { name: 'Set up encryption' }).click();
  await page.getByText('Encryption is set up on this device.').waitFor();
}

it('two people set encryption up, encrypt their conversation, compare codes, and read each other', async () => {
  const here = await newPlace();
  await here.start({ endToEnd: true });
  const [ann, bob] = [await signIn(here.url, 'Ann'), await signIn(here.url, 'Bob', phone)];
  await setUp(ann, here.url);
  await setUp(bob, here.url);
  await ann.getByRole('button', { name: 'Make a recovery key' }).click();
  await expect
    .poll(() => ann.getByLabel('Recovery key').innerText())
    .toMatch(/^([A-Z2-9]{4}-){13}[A-Z2-9]{4}$/);
  expect(await barriers(ann)).toEqual([]);

  await ann.goto(`${here.url}/#/chats`);
  await entry(ann, /^Bob/).click({ button: 'right' });
  await ann.getByRole('menuitem', { name: 'Encrypt' }).click();
  await ann.getByRole('dialog').getByRole('button', { name: 'Encrypt' }).click();
  await entry(ann, /^Bob/).getByText('End-to-end encrypted').waitFor({ state: 'attached' });
  await entry(ann, /^Bob/).click();
  await say(ann, 'the owl flies at nine');
  await bob.goto(`${here.url}/#/chats`);
  await entry(bob, /^Ann/).click();
  await message(bob, 'the owl flies at nine').waitFor();

  await entry(ann, /^Bob/).click({ button: 'right' });
  await ann.getByRole('menuitem', { name: 'Compare codes' }).click();
  await bob.getByRole('dialog').getByRole('button', { name: 'Begin' }).click();
  const pictures = (page: Page) => page.getByRole('img', { name: 'Seven pictures to compare' });
  const atAnn = await pictures(ann).innerText();
  expect(await pictures(bob).innerText()).toBe(atAnn);
  expect(await barriers(ann)).toEqual([]);
  await ann.getByRole('button', { name: 'They are the same' }).click();
  await bob.getByRole('button', { name: 'They are the same' }).click();
  await ann.getByRole('dialog').waitFor({ state: 'hidden' });
  await bob.getByRole('dialog').waitFor({ state: 'hidden' });

  // After a reload the keys are still there.
  await ann.reload();
  await message(ann, 'the owl flies at nine').waitFor();
  await say(bob, 'so it does');
  await message(ann, 'so it does').waitFor();
});
