import { readFile } from 'node:fs/promises';
import type { Database } from 'im-platform';
import { expect, it, vi } from 'vitest';
import { act, attach, barriers, entry, message, newPlace, phone, say, signIn } from './place.ts';

// Browsers take long to start on a machine that is busy with other tests, and a page may have to be built.
vi.setConfig({ testTimeout: 360_000 });

async function disputedPayment(sql: Database['sql']): Promise<void> {
  const { id: userId } = await sql('im_user').where({ userName: 'bob' }).first<{ id: number }>('id');
  const [id, createdTime] = ['A'.repeat(22), Date.now()];
  await sql('im_payment').insert({
    ...{ id, userId, direction: 'in', amount: 5_000, state: 'disputed', onceKey: id, asked: id, createdTime },
  });
  await sql('im_payment_dispute').insert({ paymentId: id, userId, paidAmount: 4_000, createdTime });
}

const code = 'C'.repeat(22);

async function link(sql: Database['sql']): Promise<void> {
  const { id: ownerId } = await sql('im_user').where({ userName: 'bob' }).first<{ id: number }>('id');
  const times = { createdTime: 1, changedTime: 1 };
  const thing = { ownerId, creatorId: ownerId, isFile: 0, size: 0, version: 0, ...times };
  const [root] = await sql('im_drive_node').insert({
    ...thing,
    parentId: 0,
    name: '',
    nameKey: `${ownerId}`,
  });
  const [nodeId] = await sql('im_drive_node').insert({
    ...{ ...thing, parentId: root, name: 'Watches', nameKey: 'watches' },
  });
  await sql('im_drive_share').insert({
    ...{ ownerId, nodeId, kind: 'link', subjectId: 0, level: 1, creatorId: ownerId, createdTime: 1, code },
  });
}

/** As when the database of two is away: nobody goes on with it within the hour. */
async function broadcastUnderWay(sql: Database['sql']): Promise<void> {
  const now = Date.now();
  const [broadcastId] = await sql('im_broadcast').insert({
    ...{ actorId: 1, audience: 'all', content: 'A database is away.', told: 5 },
    ...{ createdTime: now, nextAt: now + 3_600_000 },
  });
  for (const userId of [1, 2]) await sql('im_broadcast_left').insert({ broadcastId, userId, place: 'east' });
}

it('lets an admin handle a report, read the story of a message, take a file down, end a link, ban, decide a payment, archive, export and erase, and nobody else', async () => {
  const here = await newPlace();
  await here.start({ drive: true, redPackets: true });
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
  await ann.getByText('Buy my watches', { exact: true }).waitFor();
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

  // Whoever has the link has it no longer, and it is not told.
  await here.change(link);
  const linked = `${here.url}/drive/link/${code}`;
  expect((await fetch(linked)).status).toBe(200);
  await ann.getByRole('link', { name: 'Drive shares' }).click();
  await ann.getByRole('cell', { name: 'Whoever has the link' }).waitFor();
  expect(await ann.content()).not.toContain(code);
  expect(await barriers(ann)).toEqual([]);
  await ann.getByRole('button', { name: 'End the share of Watches' }).click();
  await ann.getByRole('dialog').getByRole('textbox').fill('not allowed');
  await ann.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
  await ann.getByText('The share is ended.').waitFor();
  await ann.getByText('Nothing here.').waitFor();
  expect((await fetch(linked)).status).toBe(404);

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

  // A payment of which the provider says two things.
  await here.change(disputedPayment);
  await ann.getByRole('link', { name: 'Wallets and payments' }).click();
  await ann.getByText('The provider says 40.00 was paid.').waitFor();
  expect(await barriers(ann)).toEqual([]);
  await ann.getByRole('button', { name: 'Book…' }).click();
  await ann.getByRole('dialog').getByRole('textbox').fill('on the statement');
  await ann.getByRole('dialog').getByRole('button', { name: 'Book' }).click();
  await ann.getByText('It is booked.').waitFor();
  await ann.getByText('Nothing here.').waitFor();
  await ann.getByRole('link', { name: 'Users', exact: true }).click();
  await ann.getByRole('searchbox').fill('bob');
  await ann.getByRole('button', { name: 'Find' }).click();
  await ann.getByRole('cell').getByRole('link', { name: 'Bob' }).click();
  await ann.getByRole('link', { name: 'Wallet', exact: true }).click();
  await ann.getByRole('definition').filter({ hasText: '40.00' }).waitFor();
  await ann.getByRole('cell', { name: /Paid in/ }).waitFor();
  expect(await barriers(ann)).toEqual([]);

  await ann.getByRole('link', { name: 'Audit trail' }).click();
  const deeds = [
    'adminDecidePayment',
    'adminBanUser',
    'adminTakeDownFile',
    'adminEndDriveShare',
    'adminCloseReport',
    'adminGetMessage',
  ];
  for (const deed of deeds) await ann.getByRole('cell', { name: deed }).first().waitFor();

  // What is kept of somebody, and what is not any more.
  const loaded = async (what: () => Promise<void>): Promise<string> => {
    const [file] = await Promise.all([ann.waitForEvent('download'), what()]);
    return readFile(await file.path(), 'utf8');
  };
  const bobs = await here.change(async (sql) => {
    // Long ago, so that it is archived.
    await sql('im_private_message').update({ sendTime: Date.UTC(2020, 9, 5) });
    await sql('im_report').update({ isClosed: 1 });
    return sql('im_user').where({ userName: 'bob' }).first<{ id: number }>('id');
  });
  await ann.getByRole('link', { name: 'Archives', exact: true }).click();
  await ann.getByLabel('Months before').fill('2020-11');
  await ann.getByRole('button', { name: 'Archive…' }).click();
  await ann.getByRole('dialog').getByRole('button', { name: 'Archive them' }).click();
  const file = ann.getByRole('button', { name: /^Download 2020-10/ });
  await file.waitFor();
  await ann
    .getByRole('row', { name: /Archive what is before 2020-11/ })
    .getByText('done')
    .waitFor();
  expect(await barriers(ann)).toEqual([]);
  expect(await loaded(() => file.click())).toContain('Buy my watches');
  await ann.getByRole('button', { name: /^Bring back 2020-10/ }).click();
  await ann.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click();
  await ann.getByRole('cell', { name: 'brought back' }).waitFor();

  await ann.getByRole('link', { name: 'Exports', exact: true }).click();
  await ann.getByLabel('Id of the user').fill(String(bobs.id));
  const ask = () => ann.getByRole('button', { name: 'Export', exact: true }).click();
  expect(JSON.parse(await loaded(ask))).toMatchObject({ profile: { userName: 'bob' } });
  await ann.getByRole('cell', { name: `user:${bobs.id}` }).waitFor();
  expect(await barriers(ann)).toEqual([]);

  await ann.getByRole('link', { name: 'Erasures', exact: true }).click();
  await ann.getByLabel('Id of the user').fill(String(bobs.id));
  await ann.getByRole('button', { name: 'Erase…' }).click();
  await ann.getByRole('dialog').getByRole('button', { name: 'Erase for good' }).click();
  const receipt = ann.getByRole('button', { name: 'Save the receipt' });
  await receipt.waitFor();
  expect(await barriers(ann)).toEqual([]);
  expect(JSON.parse(await loaded(() => receipt.click()))).toMatchObject({ state: 'done' });

  await ann.getByRole('link', { name: 'Audit trail' }).click();
  for (const deed of ['adminRunArchives', 'adminReadArchive', 'adminExportUser', 'adminEraseUser']) {
    await ann.getByLabel('Action').fill(deed);
    await ann.getByRole('button', { name: 'Filter' }).click();
    await ann.getByRole('cell', { name: deed }).first().waitFor();
  }
  await here.change(broadcastUnderWay);
  await ann.setViewportSize(phone);
  await ann.goto(`${here.url}/#/admin/broadcast`);
  await ann.getByText('2 get it when their database answers again').waitFor();
  await ann.getByLabel('What is to be said').fill('Hello');
  await ann.getByText('As it will be seen').waitFor();
  const seen = ['users', 'groups', 'words', 'servers', 'limits', 'trail', 'broadcast'];
  for (const part of [...seen, 'shares', 'erasures', 'exports', 'archives']) {
    await ann.goto(`${here.url}/#/admin/${part}`);
    await ann.getByRole('heading').first().waitFor();
    expect([part, await barriers(ann)]).toEqual([part, []]);
  }
});
