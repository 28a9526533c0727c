import { expect, it, vi } from 'vitest';
import { barriers, entry, message, newPlace, phone, signIn } from './place.ts';

// Browsers take long to start on a machine that is busy with other tests, and a page may have to be built.
vi.setConfig({ testTimeout: 180_000 });
const slowly = { timeout: 30_000 };

it('somebody pays in, sends a red packet to a group, and others open it while it is looked at', async () => {
  const here = await newPlace();
  await here.start({ redPackets: true });
  const [ann, bob] = [await signIn(here.url, 'Ann'), await signIn(here.url, 'Bob', phone)];

  // Nothing is there yet, so nothing can be sent.
  await ann.goto(`${here.url}/#/settings/wallet`);
  await expect.poll(() => ann.getByRole('status').first().innerText(), slowly).toBe('0.00');
  await ann.getByLabel('Amount').fill('twelve');
  await ann.getByRole('button', { name: 'Pay in' }).click();
  await ann.getByRole('alert').filter({ hasText: 'Enter an amount' }).waitFor();
  await ann.getByLabel('Amount').fill('12.50');
  await ann.getByRole('button', { name: 'Pay in' }).click();
  await expect.poll(() => ann.getByRole('status').first().innerText(), slowly).toBe('12.50');
  await ann.getByRole('listitem').filter({ hasText: 'Paid in' }).waitFor();
  expect(await barriers(ann)).toEqual([]);

  await ann.goto(`${here.url}/#/chats`);
  await entry(ann, 'Weekend hike').click();
  await ann.getByRole('button', { name: 'Attach' }).click();
  await ann.getByRole('menuitem', { name: 'Red packet' }).click();
  const dialog = ann.getByRole('dialog');
  await dialog.getByLabel('Total amount').fill('100');
  await dialog.getByText('That is more than you have.').waitFor();
  await dialog.getByLabel('Total amount').fill('10');
  await dialog.getByLabel('Number of shares').fill('2');
  await dialog.getByLabel('Greeting').fill('Happy new year');
  expect(await barriers(ann)).toEqual([]);
  await dialog.getByRole('button', { name: 'Send 10.00' }).click();
  await dialog.waitFor({ state: 'hidden' });

  // Both see it; one opens it on a phone, the other sees how far it is.
  await entry(bob, 'Weekend hike').click();
  await message(bob, 'Happy new year')
    .getByRole('button', { name: /Happy new year/ })
    .click();
  await bob.getByRole('dialog').getByRole('button', { name: 'Open' }).click();
  const amount = bob.getByRole('dialog').getByRole('status');
  await expect.poll(() => amount.innerText(), slowly).toMatch(/^\d\.\d\d$/);
  const mine = Math.round(Number(await amount.innerText()) * 100);
  expect(await barriers(bob)).toEqual([]);
  await message(ann, 'Happy new year').getByText('1 of 2 taken').waitFor();

  await message(ann, 'Happy new year')
    .getByRole('button', { name: /Happy new year/ })
    .click();
  await ann.getByRole('dialog').getByRole('button', { name: 'Open' }).click();
  await expect
    .poll(() => ann.getByRole('dialog').getByRole('status').innerText(), slowly)
    .toBe(((1_000 - mine) / 100).toFixed(2));
  await expect.poll(() => ann.getByRole('dialog').getByRole('listitem').count(), slowly).toBe(2);
  await expect.poll(() => ann.getByRole('dialog').getByText('Luckiest').count(), slowly).toBe(1);
  // Bob has the dialog open: what others take comes by itself.
  await expect.poll(() => bob.getByRole('dialog').getByRole('listitem').count(), slowly).toBe(2);
  await bob.getByRole('dialog').getByText('2 shares, 10.00 in all').waitFor();
  expect(await barriers(ann)).toEqual([]);
  await ann.keyboard.press('Escape');
  await message(ann, 'Happy new year')
    .getByText(/^You got/)
    .waitFor();

  // It is neither taken back nor forwarded.
  const row = message(ann, 'Happy new year');
  await row.hover();
  await row.getByRole('button', { name: 'Message actions' }).click();
  const items = await ann.getByRole('menu').getByRole('menuitem').allInnerTexts();
  expect(items).not.toContain('Recall');
  expect(items).not.toContain('Forward');
  await ann.keyboard.press('Escape');

  // What is in the wallet leads to it; in Chinese as well.
  await bob.keyboard.press('Escape');
  await bob.getByRole('dialog').waitFor({ state: 'detached' });
  await bob.goto(`${here.url}/#/settings/appearance`);
  await bob.getByRole('radio', { name: '中文' }).check();
  await bob.goto(`${here.url}/#/settings/wallet`);
  await bob.getByRole('button', { name: '领取红包' }).click();
  await bob.getByRole('dialog', { name: '红包' }).getByText('手气最佳').waitFor();
  expect(await barriers(bob)).toEqual([]);
});
