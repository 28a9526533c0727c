import { expect, it, vi } from 'vitest';
import { barriers, newPlace, phone, signIn } from './place.ts';

// Browsers take long to start on a machine that is busy with other tests, and a page may have to be built.
vi.setConfig({ testTimeout: 360_000 });

it('a campaign is made, tried on oneself, started, seen by who is here, and its report is read', async () => {
  const here = await newPlace();
  await here.start({ campaigns: true });
  await here.makeAdmin('ann');
  const [ann, bob] = [await signIn(here.url, 'Ann'), await signIn(here.url, 'Bob', phone)];

  await ann.goto(`${here.url}/#/admin/campaigns`);
  await ann.getByLabel('Name, which nobody else sees').fill('Spring');
  await ann.getByRole('button', { name: 'How many are they?' }).click();
  await ann.getByText(/It is for \d+ now/).waitFor();
  await ann.getByLabel('Title', { exact: true }).fill('Hello {{nickName}}');
  await ann.getByLabel('Text', { exact: true }).fill('It is spring');
  await ann.getByLabel('Where it leads').fill('https://shop.example/spring');
  await ann.getByLabel('Try a second text').check();
  await ann.getByLabel('Second title').fill('Dear {{nickName}}');
  await ann.getByLabel('Second text', { exact: true }).fill('It is spring');
  expect(await barriers(ann)).toEqual([]);
  await ann.getByRole('button', { name: 'Save the draft' }).click();
  const row = ann.getByRole('row', { name: /Spring/ });
  await row.getByText('draft').waitFor();

  await row.getByRole('button', { name: 'Send it to me' }).click();
  await ann.getByText('What became of it: delivered').waitFor();
  await ann.getByText(/(Hello|Dear) Ann: It is spring/).waitFor();

  await row.getByRole('button', { name: 'Start…' }).click();
  await ann.getByRole('dialog').getByRole('button', { name: 'Start it' }).click();
  // Bob sees it, and goes where it leads.
  await bob.getByText(/(Hello|Dear) Bob: It is spring/).waitFor();
  const [shop] = await Promise.all([
    bob.context().waitForEvent('page'),
    bob.getByRole('button', { name: 'Open', exact: true }).click(),
  ]);
  await shop.close();
  await row.getByText('done').waitFor();
  await ann.reload();
  await row
    .getByText(/1 opened/)
    .first()
    .waitFor();
  expect(await barriers(ann)).toEqual([]);
});
