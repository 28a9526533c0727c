import { expect, it, vi } from 'vitest';
import { act, attach, barriers, entry, message, newPlace, phone, say, signIn } from './place.ts';

// Browsers take long to start on a machine that is busy with other tests, and a page may have to be built.
vi.setConfig({ testTimeout: 360_000 });

it('lets an admin handle a report, read the story of a message, take a file down and ban, and nobody else', async () => {
  const here = await newPlace();
  await here.start();
  await here.makeAdmin('ann');
  const [ann, bob] = [await signIn(here.url, 'Ann'), await signIn(here.url, 'Bob', phone)];
  await entry(ann, /^Bob/).click();
  await entry(bob, /^Ann/).click();
  await say(bob, 'Buy my watches');
  await attach(bob, 'File', { name: 'watches.txt', mimeType: 'text/plain', buffer: Buffer.from('cheap') });
  await bob.getByRole('button', { name: 'Send' }).click();
  await message(ann, 'watches.txt').waitFor();
  await act(ann, 'Buy my watches', 'Report');
  await ann.getByRole('radio', { name: 'Spam' }).check();
  await ann.getByRole('button', { name: 'Send the report' }).click();

  // Who is none is not offered it, and refused what they ask for.
  await bob.goto(`${here.url}/#/settings`);
  await bob.getByRole('button', { name: 'Sign out' }).waitFor();
  expect(await bob.getByRole('link', { name: 'Administration' }).count()).toBe(0);
  await bob.goto(`${here.url}/#/admin/users`);
  await bob.getByRole('alert').waitFor();
  await bob.goto(`${here.url}/#/chats`);
  await entry(bob, /^Ann/).click();

  await ann.goto(`${here.url}/#/settings`);
  await ann.getByRole('link', { name: 'Administration' }).click();
  await ann.getByRole('link', { name: 'Reports' }).click();
  await ann.getByRole('cell', { name: /Spam/ }).waitFor();
  expect(await barriers(ann)).toEqual([]);
  await ann.getByRole('link', { name: 'Story' }).click();
  await ann.getByText('Pushed; all results were there').waitFor();
  await ann.getByText('Buy my watches').waitFor();
  expect(await barriers(ann)).toEqual([]);
  await ann.getByRole('link', { name: 'Reports' }).click();
  await ann.getByRole('button', { name: 'Close it' }).click();
  await ann.getByText('Nothing here.').waitFor();

  await ann.getByRole('link', { name: 'Files', exact: true }).click();
  await ann.getByRole('button', { name: 'Take down watches.txt' }).click();
  await ann.getByRole('dialog').getByRole('textbox').fill('not allowed');
  expect(await barriers(ann)).toEqual([]);
  await ann.getByRole('dialog').getByRole('button', { name: 'Take down' }).click();
  await ann.getByText('watches.txt is taken down.').waitFor();
  await message(bob, 'watches.txt').getByRole('link').click();
  await bob.getByText('This file was taken down by who runs this platform.').waitFor();

  await ann.getByRole('link', { name: 'Users', exact: true }).click();
  await ann.getByRole('searchbox').fill('bob');
  await ann.getByRole('button', { name: 'Find' }).click();
  await ann.getByRole('cell').getByRole('link', { name: 'Bob' }).click();
  await ann.getByRole('button', { name: 'Ban…' }).click();
  await ann.getByRole('dialog').getByRole('textbox').fill('watches');
  await ann.getByRole('dialog').getByRole('button', { name: 'Ban' }).click();
  await ann.getByText('Bob is banned.').waitFor();
  await ann.getByText('Banned: watches').waitFor();
  expect(await barriers(ann)).toEqual([]);
  await bob.getByRole('button', { name: 'Sign in', exact: true }).waitFor();

  await ann.getByRole('link', { name: 'Audit trail' }).click();
  const deeds = ['adminBanUser', 'adminTakeDownFile', 'adminCloseReport', 'adminGetMessage'];
  for (const deed of deeds) await ann.getByRole('cell', { name: deed }).first().waitFor();
  await ann.setViewportSize(phone);
  await ann.goto(`${here.url}/#/admin/broadcast`);
  await ann.getByLabel('What is to be said').fill('Hello');
  await ann.getByText('As it will be seen').waitFor();
  for (const part of ['users', 'groups', 'words', 'servers', 'limits', 'trail', 'broadcast']) {
    await ann.goto(`${here.url}/#/admin/${part}`);
    await ann.getByRole('heading').first().waitFor();
    expect([part, await barriers(ann)]).toEqual([part, []]);
  }
});
