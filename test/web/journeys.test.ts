import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import {
  act,
  barriers,
  conversations,
  desktop,
  entry,
  hide,
  keepPages,
  message,
  newPlace,
  notifications,
  phone,
  register,
  say,
  signIn,
} from './place.ts';

// Browsers take long to start on a machine that is busy with other tests, and a page may have to be built.
vi.setConfig({ testTimeout: 360_000 });
const slowly = { timeout: 30_000 };

/** What sounds from now on to its end, and what becomes of the browser's audio then. */
async function listen(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(`{
    globalThis.heard = [];
    // What rang just before is long ago: a burst rings once.
    const now = performance.now.bind(performance);
    performance.now = () => now() + 10_000;
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (at) {
      this.addEventListener('ended', () => heard.push(this.context));
      start.call(this, at);
    };
  }`);
  return () => page.evaluate<string>(`heard.length + ' notes, ' + heard[0]?.state`);
}

it('brings strangers together, says who is there, and lets one go with all that was said', async () => {
  const here = await newPlace();
  await here.start();
  const [dora, emil] = [await register(here.url, 'Dora'), await register(here.url, 'Emil', phone)];

  await dora.getByRole('link', { name: 'Find people' }).click();
  await dora.getByRole('searchbox', { name: 'Name or user name' }).fill('emil');
  await dora.getByRole('main').getByRole('link', { name: 'Emil' }).click();
  await dora.getByRole('textbox', { name: /Say who you are/ }).fill('It is me.');
  await dora.getByRole('button', { name: 'Ask to be friends' }).click();
  await dora.getByText('Waiting for an answer').waitFor();

  await emil.getByRole('link', { name: 'Contacts, 1' }).click();
  await emil.getByRole('link', { name: 'Requests' }).click();
  await emil.getByText('It is me.', { exact: true }).waitFor();
  expect(await barriers(emil)).toEqual([]);
  await emil.getByRole('button', { name: 'Accept' }).click();

  await dora.getByRole('link', { name: 'Message' }).click();
  await say(dora, 'Hello <img src=x onerror=alert(1)> https://example.com/a，好');
  await emil.goto(`${here.url}/#/chats`);
  await entry(emil, /^Dora .*unread/).click();
  await message(emil, 'Hello <img src=x').waitFor();
  expect(await message(emil, 'Hello').getByRole('link').getAttribute('href')).toBe('https://example.com/a');
  await message(dora, 'Hello').getByRole('img', { name: 'Read' }).waitFor();

  const header = dora.getByRole('main').locator('header');
  await header.getByText('online').waitFor();
  await emil.getByRole('textbox', { name: 'Message' }).fill('How are');
  await header.getByText('typing…').waitFor();
  await entry(dora, /^Emil .*typing…/).waitFor();
  await say(emil, 'How are you?');
  await message(dora, 'How are you?').waitFor();
  await header.getByText('online').waitFor();
  expect(await barriers(dora)).toEqual([]);
  expect(await barriers(emil)).toEqual([]);

  // Who is blocked hears why nothing goes out, and may try again when that is over.
  await emil.getByRole('button', { name: /^Dora/ }).click();
  await emil.getByRole('button', { name: 'Block' }).click();
  expect(await barriers(emil)).toEqual([]);
  await emil.getByRole('dialog').getByRole('button', { name: 'Block' }).click();
  await emil.getByRole('button', { name: 'Unblock' }).waitFor();
  await say(dora, 'Still there?');
  await dora.getByText('Not sent: This user has blocked you.').waitFor();
  await entry(dora, /^Emil .*Not sent/).waitFor();
  expect(await barriers(dora)).toEqual([]);
  await emil.goto(`${here.url}/#/settings/blocks`);
  await emil.getByRole('button', { name: 'Unblock' }).click();
  await emil.getByText('You have blocked nobody.').waitFor();
  await dora.getByRole('button', { name: 'Try again' }).click();
  await emil.goto(`${here.url}/#/chats`);
  await entry(emil, /^Dora/).click();
  await message(emil, 'Still there?').waitFor();

  // Back leads to the list, and not out of the page.
  await emil.goBack();
  await conversations(emil).waitFor();

  await dora.goto(`${here.url}/#/contacts`);
  await dora.getByRole('link', { name: /^Emil online/ }).waitFor();
  expect(await barriers(dora)).toEqual([]);
  await emil.context().close();
  await dora.getByRole('link', { name: /^Emil last seen just now/ }).waitFor();

  await dora.goto(`${here.url}/#/settings/data`);
  const saved = dora.waitForEvent('download');
  await dora.getByRole('button', { name: 'Download', exact: true }).click();
  expect(await readFile(await (await saved).path(), 'utf8')).toContain('Hello <img src=x');
  await dora.getByRole('button', { name: 'Delete my account…' }).click();
  await dora.getByLabel('Password', { exact: true }).fill('not it');
  await dora.getByRole('button', { name: 'Delete it for good' }).click();
  await dora.getByRole('alert').waitFor();
  expect(await barriers(dora)).toEqual([]);
  await dora.getByLabel('Password', { exact: true }).fill('a sentence is good');
  await dora.getByRole('button', { name: 'Delete it for good' }).click();
  await dora.getByText('Your account is deleted.').waitFor();
});

it('lets a group answer, react, name, pin, edit and find, and its owner let people in', async () => {
  const here = await newPlace();
  await here.start();
  const [ann, bob, eve] = [
    await signIn(here.url, 'Ann'),
    await signIn(here.url, 'Bob', phone),
    await signIn(here.url, 'Eve'),
  ];
  for (const page of [ann, bob]) await entry(page, /^Weekend hike/).click();

  await ann.getByRole('button', { name: 'Details', exact: true }).click();
  await ann.getByLabel('Who may come in by a link').selectOption('Who is let in by an admin');
  await ann.getByRole('button', { name: 'New link' }).click();
  const link = (await ann.getByText('/#/join/').textContent()) ?? '';
  expect(await barriers(ann)).toEqual([]);
  await eve.goto(link);
  await eve.getByRole('heading', { name: 'Weekend hike' }).waitFor();
  await eve.getByRole('textbox', { name: /Say who you are/ }).fill('I bake.');
  expect(await barriers(eve)).toEqual([]);
  await eve.getByRole('button', { name: 'Ask to join' }).click();
  await ann.getByText('Eve asks to join Weekend hike.').waitFor();
  await ann.getByText('I bake.', { exact: true }).waitFor();
  await ann.getByRole('button', { name: 'Let in' }).click();
  await eve.getByRole('link', { name: 'Open the group' }).click();
  await ann.getByRole('button', { name: 'Revoke the link' }).click();
  await ann.getByText('Nobody can use this link any more.').waitFor();

  await ann.getByRole('button', { name: 'Edit the group' }).click();
  const settings = ann.getByRole('dialog', { name: 'Edit the group' });
  await settings.getByLabel('Notice').fill('Sunday, 10:00');
  expect(await barriers(ann)).toEqual([]);
  await settings.getByRole('button', { name: 'Save' }).click();
  await ann.getByText('Sunday, 10:00', { exact: true }).waitFor();
  await ann.getByRole('button', { name: 'Add people' }).click();
  await ann.getByRole('dialog', { name: 'Add people' }).waitFor();
  expect(await barriers(ann)).toEqual([]);
  await ann.keyboard.press('Escape');

  await ann.getByRole('button', { name: /^Bob/ }).click();
  await ann.getByRole('menuitem', { name: 'Make admin' }).click();
  await ann.getByRole('button', { name: /^Bob.*Admin$/ }).waitFor();

  await say(ann, 'Welcome, both.');
  for (const page of [bob, eve]) await message(page, 'Welcome, both.').waitFor();
  await ann.getByRole('button', { name: /^Bob/ }).click();
  await ann.getByRole('menuitem', { name: 'Mute for an hour' }).click();
  await bob.getByText(/^You are muted here until/).waitFor();

  await act(eve, 'Welcome, both.', '👍');
  await message(ann, 'Welcome, both.').getByRole('button', { name: '👍 1', exact: true }).click();
  await message(bob, 'Welcome, both.').getByRole('button', { name: '👍 2', exact: true }).waitFor();
  await act(ann, 'Welcome, both.', 'Who has reacted');
  await expect
    .poll(() => ann.getByRole('dialog').getByRole('listitem').allTextContents(), slowly)
    .toEqual(expect.arrayContaining([expect.stringContaining('You'), expect.stringContaining('Eve')]));
  expect(await barriers(ann)).toEqual([]);
  await ann.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

  await act(eve, 'Welcome, both.', 'Reply');
  await eve.getByText('Reply to Ann').waitFor();
  const field = eve.getByRole('textbox', { name: 'Message' });
  await field.fill('Thanks @bo');
  await eve.getByRole('option', { name: 'Bob', selected: true }).waitFor();
  expect(await barriers(eve)).toEqual([]);
  await field.press('Enter');
  await field.press('Enter');
  const answer = message(bob, 'Thanks @Bob');
  await answer.locator('.mention.me', { hasText: '@Bob' }).waitFor();
  await answer.getByRole('button', { name: 'In answer to Ann Welcome, both.' }).waitFor();

  await ann.getByRole('textbox', { name: 'Message' }).press('ArrowUp');
  await ann.getByText('Edit the message').waitFor();
  await ann.getByRole('textbox', { name: 'Message' }).fill('Welcome, you two.');
  await ann.keyboard.press('Enter');
  // What answers it says what it says now.
  await answer.getByRole('button', { name: 'In answer to Ann Welcome, you two.' }).click();
  await message(bob, 'Welcome, you two.').first().getByRole('button', { name: 'edited' }).click();
  await bob.getByRole('dialog', { name: 'What it said before' }).getByText('Welcome, both.').waitFor();
  expect(await barriers(bob)).toEqual([]);
  await bob.goBack();

  await message(ann, 'Welcome, you two.').first().getByRole('link', { name: 'Sent' }).click();
  const panel = ann.getByRole('complementary').filter({ hasText: 'Who has read it' });
  await panel.getByText('Not yet · 2').waitFor();
  expect(await barriers(ann)).toEqual([]);

  await act(ann, 'Welcome, you two.', 'Pin');
  await bob.getByRole('region', { name: 'Pinned messages' }).getByText('Welcome, you two.').click();
  await bob.getByRole('link', { name: 'All pinned messages' }).click();
  await bob.getByRole('link', { name: /Welcome, you two/ }).click();
  await message(bob, 'Welcome, you two.').first().waitFor();
  await act(eve, 'Thanks @Bob', 'Delete for me');
  expect(await barriers(eve)).toEqual([]);
  await eve.getByRole('button', { name: 'Delete', exact: true }).click();
  await message(eve, 'Thanks @Bob').waitFor({ state: 'detached' });
  expect(await answer.count()).toBe(1);

  await eve.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await act(eve, 'Welcome, you two.', 'Copy');
  await eve.getByText('Copied').waitFor();
  expect(await eve.evaluate('navigator.clipboard.readText()')).toBe('Welcome, you two.');
  for (const [item, told] of [
    ['Mark as unread', 'unread'],
    ['Mute', 'muted'],
    ['Pin', 'pinned'],
  ] as const) {
    await entry(eve, /^Book club/).click({ button: 'right' });
    await eve.getByRole('menuitem', { name: item, exact: true }).click();
    await entry(eve, new RegExp(`^Book club .*${told}`)).waitFor();
  }
  expect(await conversations(eve).getByRole('link').first().textContent()).toMatch(/Book club/);
  await entry(eve, /^Book club/).click({ button: 'right' });
  await eve.getByRole('menuitem', { name: 'Hide' }).click();
  await entry(eve, /^Book club/).waitFor({ state: 'detached' });

  const search = ann.getByRole('searchbox', { name: /^Search/ });
  await search.fill('bob');
  const results = ann.getByRole('region', { name: 'Search results' });
  await results.getByRole('link', { name: /Thanks @Bob/ }).waitFor();
  await results.getByRole('link', { name: /^Bob/ }).first().waitFor();
  await search.fill('nobody said this');
  await results.getByText(/^Nothing found/).waitFor();
  await search.fill('welcome');
  expect(await barriers(ann)).toEqual([]);
  await results.getByRole('link', { name: /Welcome, you two/ }).click();
  await ann
    .getByRole('article', { name: /Welcome, you two/ })
    .first()
    .waitFor();
  await ann.keyboard.press('Control+/');
  await ann.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  expect(await barriers(ann)).toEqual([]);
  await ann.keyboard.press('Escape');
  await ann.getByRole('button', { name: 'Emoji', exact: true }).click();
  await ann.getByRole('dialog', { name: 'Emoji' }).getByRole('button', { name: '👍' }).first().waitFor();
  expect(await barriers(ann)).toEqual([]);
  await ann.keyboard.press('Escape');

  await ann.getByRole('button', { name: 'Details', exact: true }).click();
  await ann.getByRole('button', { name: /^Bob.*Admin$/ }).click();
  await ann.getByRole('menuitem', { name: 'Hand the group over' }).click();
  expect(await barriers(ann)).toEqual([]);
  await ann.getByRole('dialog').getByRole('button', { name: 'Hand the group over' }).click();
  await ann.getByRole('button', { name: /^Bob.*Owner$/ }).waitFor();
  await ann.getByRole('button', { name: 'Leave the group' }).waitFor();
  await bob.getByRole('button', { name: /Details$/ }).click();
  await bob.getByRole('button', { name: 'Dissolve the group' }).click();
  expect(await barriers(bob)).toEqual([]);
  await bob.getByRole('dialog').getByRole('button', { name: 'Dissolve the group' }).click();
  await conversations(bob).waitFor();
  await ann.getByText("'Bob' dissolved the group.").last().waitFor();
  expect(await ann.getByRole('textbox', { name: 'Message' }).count()).toBe(0);
});

it('keeps the order of haste, says who uses it elsewhere, and comes back with the server', async () => {
  keepPages();
  const here = await newPlace();
  const before = await here.start();
  const [ann, bob] = [await signIn(here.url, 'Ann'), await signIn(here.url, 'Bob', desktop, 'whole')];
  await expect.poll(() => ann.title(), slowly).toBe('(2) im');
  await entry(ann, /^Bob/).click();
  await ann.getByRole('log').getByText('1 unread message', { exact: true }).waitFor();
  await entry(bob, /^Ann/).click();
  await message(bob, 'Are you coming on Saturday?').waitFor();
  await expect.poll(() => ann.title(), slowly).toBe('(1) im');

  const inHaste = Array.from({ length: 30 }, (_, index) => `${index} in haste`);
  // Faster than anybody types, so that the requests would be under way together.
  await ann.getByRole('textbox', { name: 'Message' }).waitFor();
  await ann.evaluate(`{
    const field = document.querySelector('textarea');
    for (const text of ${JSON.stringify(inHaste)}) {
      field.value = text;
      field.dispatchEvent(new Event('input'));
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', cancelable: true }));
    }
    // Half a word of an input method is not sent.
    field.value = 'ni';
    field.dispatchEvent(new Event('input'));
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, cancelable: true }));
  }`);
  for (const page of [ann, bob]) {
    await message(page, '29 in haste').waitFor();
    // Only what is near the screen is drawn.
    await expect
      .poll(
        async () =>
          (await message(page, ' in haste').allTextContents()).map((text) => /\d+ in haste/.exec(text)?.[0]),
        slowly,
      )
      .toEqual(expect.arrayContaining(inHaste.slice(-8)));
    const texts = (await message(page, ' in haste').allTextContents()).map((text) =>
      Number(/\d+/.exec(text)?.[0]),
    );
    expect(texts).toEqual(texts.toSorted((one, other) => one - other));
  }
  await message(ann, '29 in haste').getByRole('img', { name: 'Read' }).waitFor();

  // Who reads further up stays there, and hears of what is new.
  await bob.getByRole('log').hover();
  await bob.mouse.wheel(0, -10_000);
  await bob.getByRole('button', { name: 'To the newest message' }).waitFor();
  await say(ann, 'Down here');
  await bob.getByRole('button', { name: '1 new message, go there' }).click();
  await message(ann, 'Down here').getByRole('img', { name: 'Read' }).waitFor();

  await ann.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  await before.close();
  await ann
    .getByText(/^Can't reach the server/)
    .first()
    .waitFor();
  await say(ann, 'Are you there?');
  await message(ann, 'Are you there?').getByRole('img', { name: 'Sending' }).waitFor();
  // Without a server the page opens all the same, with what it knows and what waits.
  await ann.reload();
  await message(ann, '29 in haste').waitFor();
  await say(ann, 'Hello?');
  await message(ann, 'Hello?').getByRole('img', { name: 'Sending' }).waitFor();
  await here.start();
  await message(bob, 'Hello?').waitFor();
  const late = await message(bob, /Are you there|Hello/).allTextContents();
  expect(late.map((text) => /Are you there|Hello/.exec(text)?.[0])).toEqual(['Are you there', 'Hello']);
  await message(ann, 'Are you there?').getByRole('img', { name: 'Read' }).waitFor();
  expect(await message(ann, 'Are you there?').count()).toBe(1);

  await message(ann, 'Are you there?').hover();
  await message(ann, 'Are you there?').getByRole('button', { name: 'Message actions' }).click();
  await ann.getByRole('menuitem', { name: 'Recall' }).click();
  await message(bob, 'Ann recalled a message').waitFor();
  await message(ann, 'You recalled a message').waitFor();

  // Several at once, by keyboard and mouse.
  await act(ann, '28 in haste', 'Select');
  const selection = ann.getByRole('group', { name: 'Selected messages' });
  await selection.getByText('1 selected').waitFor();
  await ann.keyboard.press('Space');
  await selection.getByText('0 selected').waitFor();
  await ann.keyboard.press('x');
  await message(ann, '29 in haste').click();
  await selection.getByText('2 selected').waitFor();
  expect(await barriers(ann)).toEqual([]);
  await selection.getByRole('button', { name: 'Forward' }).click();
  const whereTo = ann.getByRole('dialog', { name: 'Forward 2 messages' });
  await whereTo.getByRole('searchbox').fill('weekend');
  await ann.keyboard.press('Enter');
  await whereTo.getByText('To Weekend hike').waitFor();
  await whereTo.getByRole('checkbox', { name: 'Weekend hike', checked: true }).waitFor();
  expect(await barriers(ann)).toEqual([]);
  await whereTo.getByRole('button', { name: 'Forward', exact: true }).click();
  await ann.getByText('Forwarded to Weekend hike.').waitFor();
  await selection.waitFor({ state: 'detached' });
  await entry(bob, /^Weekend hike/).click();
  await message(bob, '28 in haste').getByText('Forwarded from Ann').waitFor();
  expect((await message(bob, ' in haste').allTextContents()).map((text) => /\d+/.exec(text)?.[0])).toEqual([
    '28',
    '29',
  ]);
  await entry(bob, /^Ann/).click();

  await bob.context().grantPermissions(['notifications']);
  await bob.goto(`${here.url}/#/settings/notifications`);
  await bob.getByRole('switch', { name: /^Notify me/ }).check();
  expect(await barriers(bob)).toEqual([]);
  await bob.goBack();
  await hide(bob, true);
  const heard = await listen(bob);
  await say(ann, 'Wake up');
  await expect.poll(() => notifications(bob), slowly).toEqual(['Ann: Wake up']);
  await expect.poll(heard, slowly).toBe('2 notes, suspended');
  await hide(bob, false);
  await expect.poll(() => notifications(bob), slowly).toEqual([]);

  await message(bob, '29 in haste').hover();
  await message(bob, '29 in haste').getByRole('button', { name: 'Message actions' }).click();
  await bob.getByRole('menuitem', { name: 'Report…' }).click();
  await bob.getByRole('radio', { name: 'Spam' }).check();
  expect(await barriers(bob)).toEqual([]);
  await bob.getByRole('button', { name: 'Send the report' }).click();
  await bob.getByText('Reported. Thank you.').waitFor();

  const second = await signIn(here.url, 'Ann');
  await ann.getByRole('dialog', { name: 'Signed in elsewhere' }).waitFor();
  await ann.getByRole('button', { name: 'Use it here' }).click();
  await second.getByRole('dialog', { name: 'Signed in elsewhere' }).waitFor();
  expect(await ann.getByRole('dialog').count()).toBe(0);
  // Signed in still.
  await ann.reload();
  await entry(ann, /^Bob/).waitFor();
  await ann.goto(`${here.url}/#/settings/sessions`);
  await ann.getByText('This browser', { exact: true }).waitFor();
  expect(await barriers(ann)).toEqual([]);
  await ann.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await ann.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere else' }).click();
  await ann.getByText('You are signed in nowhere else.').waitFor();
  await second.getByRole('button', { name: 'Use it here' }).click();
  await second.getByText('Your session has ended.').waitFor();
});
