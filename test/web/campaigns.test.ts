import { expect, it, vi } from 'vitest';
import { barriers, newPlace, phone, signIn } from './place.ts';

// Browsers take long to start on a machine that is busy with other tests, and a page may have to be built.
vi.setConfig({ testTimeout: 360_000 });

it('a campaign in two languages with two texts is tried, scheduled, paused, goes on, is seen and opened, and its report is true', async () => {
  const here = await newPlace();
  await here.start({ campaigns: true });
  await here.makeAdmin('ann');
  const ids = await here.change(async (sql) => {
    const rows = await sql('im_user')
      .whereIn('userName', ['ann', 'bob'])
      .orderBy('userName')
      .select<{ id: number }[]>('id');
    const [anns = 0, bobs = 0] = rows.map(({ id }) => id);
    await sql('im_user_attribute').insert({ userId: bobs, name: 'language', value: 'zh' });
    return [anns, bobs] as const;
  });
  const [ann, bob] = [await signIn(here.url, 'Ann'), await signIn(here.url, 'Bob', phone)];

  await ann.goto(`${here.url}/#/admin/campaigns`);
  await ann.getByText('{{attribute|else}} what your back end says of them.').waitFor();
  await ann.getByLabel('Name, which nobody else sees').fill('Spring');
  await ann.getByLabel('To whom').selectOption('some');
  const upload = (text: string) =>
    ann
      .getByLabel('Upload a list…')
      .setInputFiles({ name: 'winners.txt', mimeType: 'text/plain', buffer: Buffer.from(text) });
  await upload('1, two');
  await ann.getByText('“two” is no id of a user.').waitFor();
  await upload(`1\r\n${'x'.repeat(9_999)}`);
  await ann.getByText(`“${'x'.repeat(40)}” is no id of a user.`).waitFor();
  await upload(`\ufeff${ids.join('\r\n')}\r\n`);
  await ann.getByText('2 ids are in the list.').waitFor();
  await ann.getByRole('button', { name: 'How many are they?' }).click();
  await ann.getByText('It is for 2 now').waitFor();
  await ann.getByLabel('Another language, as zh').fill('zh');
  await ann.getByRole('button', { name: 'Add the language' }).click();
  await ann.getByRole('button', { name: 'Add a text to compare' }).click();
  for (const [name, hello] of [
    ['A', 'Hello'],
    ['B', 'Dear'],
  ] as const)
    for (const [language, text] of [
      ['en', 'It is spring'],
      ['zh', '春天来了'],
    ] as const) {
      const group = ann.getByRole('group', { name: `${name}, ${language}` });
      await group.getByLabel('Title').fill(`${hello} {{nickName}}`);
      await group.getByLabel('Text').fill(text);
    }
  await ann.getByLabel('Where it leads').fill('https://shop.example/spring');
  await ann.getByRole('combobox', { name: 'When', exact: true }).selectOption('at');
  // As the field has it, by the clock of the browser, which is that of this machine.
  const soon = new Date(Date.now() + 3_600_000);
  const local = new Date(soon.getTime() - soon.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  await ann.getByLabel('Date and time, of yours').fill(local);
  await ann.getByLabel('At most so many campaigns').fill('3');
  await ann.getByLabel('In so many days').fill('7');
  expect(await barriers(ann)).toEqual([]);
  await ann.getByRole('button', { name: 'Save the draft' }).click();
  const row = ann.getByRole('row', { name: /Spring/ });
  await row.getByText('draft').waitFor();

  await row.getByRole('button', { name: 'Send a test…' }).click();
  const dialog = ann.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Text' }).selectOption('B');
  await dialog.getByRole('button', { name: 'Send the test' }).click();
  await dialog.getByText(/delivered/).waitFor();
  expect(await barriers(ann)).toEqual([]);
  await ann.keyboard.press('Escape');
  await ann.getByText('Dear Ann: It is spring').waitFor();

  await row.getByRole('button', { name: 'Start…' }).click();
  await ann.getByRole('dialog').getByRole('button', { name: 'Start it' }).click();
  await row.getByText('planned', { exact: true }).waitFor();
  await row.getByRole('button', { name: 'Pause' }).click();
  await row.getByText('paused').waitFor();
  // As if the hour had passed.
  await here.change((sql) => sql('im_campaign').update({ planAt: 1, plan: sql.raw(alreadyDue) }));
  await row.getByRole('button', { name: 'Go on' }).click();
  // Bob sees it in his language, and goes where it leads.
  await bob.getByText(/(Hello|Dear) Bob: 春天来了/).waitFor();
  const [shop] = await Promise.all([
    bob.context().waitForEvent('page'),
    bob.getByRole('button', { name: 'Open', exact: true }).click(),
  ]);
  await shop.close();
  await row.getByText('done').waitFor();
  await ann.reload();
  await row
    .getByText(/2 of 2 sent, 2 delivered, 1 opened/)
    .first()
    .waitFor();
  expect(await barriers(ann)).toEqual([]);

  // Another one waits for the clocks of some, and is stopped before.
  await ann.getByLabel('Name, which nobody else sees').fill('Evening');
  await ann.getByLabel('To whom').selectOption('some');
  await ann.getByLabel('Attributes, one a line').fill('language: zh, zh-TW\ncity Paris');
  await ann.getByRole('button', { name: 'How many are they?' }).click();
  await ann.getByText('“city Paris”').waitFor();
  await ann.getByLabel('Attributes, one a line').fill('language: zh, zh-TW\nlanguage: ja');
  await ann.getByRole('button', { name: 'How many are they?' }).click();
  await ann.getByText('It is for 1 now').waitFor();
  await ann.getByLabel('Here within days').fill('30');
  const only = ann.getByRole('group', { name: 'A, en' });
  await only.getByLabel('Title').fill('Good evening');
  await only.getByLabel('Text').fill('Sleep well');
  await ann.getByRole('combobox', { name: 'When', exact: true }).selectOption('local');
  await ann.getByLabel('Date', { exact: true }).fill('2099-05-01');
  await ann.getByLabel('Time', { exact: true }).fill('19:30');
  await ann.getByLabel('Nobody is told from').fill('22:00');
  await ann.getByLabel('Until').fill('07:00');
  await ann.getByRole('button', { name: 'Save the draft' }).click();
  const evening = ann.getByRole('row', { name: /Evening/ });
  await evening.getByText('draft').waitFor();
  expect(
    await here.change(async (sql) => {
      const row = await sql('im_campaign').where({ name: 'Evening' }).first<{ plan: string }>('plan');
      return JSON.parse(row.plan) as unknown;
    }),
  ).toMatchObject({
    segment: { attributes: { language: ['zh', 'zh-TW', 'ja'] }, seenWithinDays: 30 },
    schedule: { localDate: '2099-05-01', localTime: '19:30' },
    // As minutes of the day.
    quietHours: { from: 22 * 60, to: 7 * 60 },
  });
  await evening.getByRole('button', { name: 'Start…' }).click();
  await ann.getByRole('dialog').getByRole('button', { name: 'Start it' }).click();
  await evening.getByRole('button', { name: 'Stop…' }).click();
  await ann.getByRole('dialog').getByRole('button', { name: 'Stop it' }).click();
  await evening.getByText('stopped').waitFor();
  expect(await evening.getByRole('button').allTextContents()).not.toContain('Go on');
});

/** Its schedule, an hour ago. */
const alreadyDue = `json_set(plan, '$.schedule.at', ${Date.now() - 3_600_000})`;
