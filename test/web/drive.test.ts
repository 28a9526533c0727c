import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { act, attach, barriers, entry, message, newPlace, openTab, phone, say, signIn } from './place.ts';

// Browsers take long to start on a machine that is busy with other tests, and a page may have to be built.
vi.setConfig({ testTimeout: 360_000 });

function line(page: Page, name: string) {
  return page
    .getByRole('list', { name: 'Files and folders' })
    .getByRole('listitem')
    .filter({ hasText: name });
}

async function choose(page: Page, name: string, item: string): Promise<void> {
  await line(page, name)
    .getByRole('button', { name: `Actions: ${name}` })
    .click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

async function upload(page: Page, name: string, text: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Upload files' }).click();
  await (await chooser).setFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
}

it('has folders and files of one’s own, shares them live, gives them back, and takes and gives what chats show', async () => {
  const here = await newPlace();
  await here.start({ drive: true });
  const [ann, bob] = [await signIn(here.url, 'Ann'), await signIn(here.url, 'Bob', phone)];
  await ann.context().grantPermissions(['clipboard-read', 'clipboard-write']);

  await ann.getByRole('link', { name: 'Drive' }).click();
  await ann.getByText('This folder is empty.').waitFor();
  expect(await barriers(ann)).toEqual([]);
  await ann.getByRole('button', { name: 'New folder' }).click();
  await ann.getByRole('dialog').getByLabel('Name').fill('Plans');
  await ann.keyboard.press('Enter');
  await line(ann, 'Plans').waitFor();
  await line(ann, 'Plans').getByRole('button').first().click();
  await ann.getByRole('navigation', { name: 'Where you are' }).getByText('My drive').waitFor();
  await upload(ann, 'budget.txt', 'one');
  await line(ann, 'budget.txt').waitFor();
  await ann.getByText('done').waitFor();
  await ann.getByRole('button', { name: 'Close the list of uploads' }).click();

  // The same name again is a version, which is gone back to.
  await upload(ann, 'budget.txt', 'second');
  await line(ann, 'budget.txt').getByText('6 B').waitFor();
  await choose(ann, 'budget.txt', 'Versions');
  await ann.getByRole('button', { name: 'Restore: Version 1' }).click();
  await ann.getByText('Version 3').waitFor();
  expect(await barriers(ann)).toEqual([]);
  await ann.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await line(ann, 'budget.txt').getByText('3 B').waitFor();

  await ann.goto(`${here.url}/#/drive`);
  await choose(ann, 'Plans', 'Share');
  await ann.getByLabel('Share with').selectOption('Bob');
  await ann.getByLabel('What they may').selectOption('Edit');
  await ann.getByRole('button', { name: 'Add' }).click();
  await ann.getByRole('button', { name: 'End the share: Bob' }).waitFor();
  await ann.getByText('Make a link').first().click();
  await ann.getByLabel(/^Password/).fill('open sesame');
  await ann.getByRole('button', { name: 'Make a link' }).click();
  await ann.getByText('Link for everybody who has it').waitFor();
  expect(await barriers(ann)).toEqual([]);
  const link = await ann.evaluate<string>('navigator.clipboard.readText()');
  await ann.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await line(ann, 'Plans').getByRole('button').first().click();
  await line(ann, 'budget.txt').waitFor();

  // What Bob does is seen by Ann as he does it.
  await bob.getByRole('link', { name: 'Drive' }).click();
  await bob.getByRole('link', { name: 'Shared with me' }).click();
  await line(bob, 'Plans').getByRole('button').first().click();
  await line(bob, 'budget.txt').waitFor();
  await upload(bob, 'of bob.txt', 'hi');
  await line(ann, 'of bob.txt').waitFor();
  await choose(bob, 'of bob.txt', 'Rename');
  await bob.getByRole('dialog').getByLabel('Name').fill('minutes.txt');
  await bob.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await line(ann, 'minutes.txt').waitFor();
  expect(await barriers(bob)).toEqual([]);

  await choose(ann, 'minutes.txt', 'Move');
  await ann.getByRole('dialog').getByRole('button', { name: 'My drive' }).click();
  await ann.getByRole('dialog').getByRole('button', { name: 'Move here' }).click();
  await line(ann, 'minutes.txt').waitFor({ state: 'detached' });
  await line(bob, 'minutes.txt').waitFor({ state: 'detached' });
  await ann.getByRole('searchbox').fill('MINUTES');
  await ann.getByRole('searchbox').press('Enter');
  await choose(ann, 'minutes.txt', 'Move to trash');
  await ann.getByRole('link', { name: 'Trash' }).click();
  await choose(ann, 'minutes.txt', 'Restore');
  await ann.getByText('Nothing here.').waitFor();

  // From the drive into a chat, and from a chat into the drive.
  await ann.getByRole('link', { name: 'My drive' }).click();
  await choose(ann, 'minutes.txt', 'Send in a chat');
  await ann.getByRole('dialog').getByRole('button', { name: /^Bob/ }).click();
  await ann.getByText('minutes.txt is sent to Bob.').waitFor();
  await bob.goto(`${here.url}/#/chats`);
  await entry(bob, /^Ann/).click();
  await message(bob, 'minutes.txt').waitFor();
  await say(bob, 'Thanks');
  await attach(bob, 'File', { name: 'answer.txt', mimeType: 'text/plain', buffer: Buffer.from('yes') });
  await bob.getByRole('button', { name: 'Send' }).click();
  await ann.getByRole('link', { name: 'Chats' }).click();
  await entry(ann, /^Bob/).click();
  await act(ann, 'answer.txt', 'Keep in my drive');
  await ann.getByRole('dialog').getByRole('button', { name: 'Plans' }).click();
  await ann.getByRole('dialog').getByRole('button', { name: 'Keep here' }).click();
  await ann.getByText('answer.txt is in your drive.').waitFor();

  // Whoever has the link needs no account, and no script.
  const guest = await openTab(link);
  await guest.getByLabel('Password').fill('open sesame');
  await guest.getByRole('button', { name: 'Open' }).click();
  await guest.getByText('answer.txt').waitFor();
  expect(await barriers(guest)).toEqual([]);
  const download = guest.waitForEvent('download');
  await guest.getByRole('button', { name: 'Download all (zip)' }).click();
  expect((await download).suggestedFilename()).toBe('Plans.zip');
});
