import { readFile } from 'node:fs/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import {
  act,
  barriers,
  builds,
  conversations,
  entry,
  hide,
  message,
  newPlace,
  notifications,
  openTab,
  phone,
  register,
  say,
  signIn,
} from './place.ts';

// Browsers take long to start on a machine that is busy with other tests, and a page may have to be built.
vi.setConfig({ testTimeout: 180_000 });
const slowly = { timeout: 30_000 };

it('brings strangers together: request, text, picture, voice, and a group of three', async () => {
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

  const picture = await dora.screenshot();
  const chooser = dora.waitForEvent('filechooser');
  await dora.getByRole('button', { name: 'Attach' }).click();
  await dora.getByRole('menuitem', { name: 'Photo' }).click();
  await (await chooser).setFiles({ name: 'page.png', mimeType: 'image/png', buffer: picture });
  await dora.getByRole('button', { name: 'Send' }).click();
  await message(dora, '')
    .getByRole('img', { name: /Sent|Delivered|Read/ })
    .last()
    .waitFor();
  await emil.getByRole('button', { name: 'Open the picture' }).click();
  await emil.locator('.pswp img').first().waitFor();
  await emil.goBack();
  await emil.locator('.pswp').waitFor({ state: 'detached' });

  await dora.getByRole('button', { name: 'Record a voice message' }).click();
  await dora.getByRole('timer', { name: 'Recording, 0:01' }).waitFor();
  await dora.getByRole('button', { name: 'Finish and send' }).click();
  await emil.getByRole('button', { name: 'Play' }).click();
  await emil.getByRole('button', { name: /^Speed/ }).waitFor();
  expect(await barriers(dora)).toEqual([]);
  expect(await barriers(emil)).toEqual([]);

  // Back leads to the list, and not out of the page.
  await emil.goBack();
  await conversations(emil).waitFor();

  await dora.getByRole('link', { name: 'Contacts' }).click();
  await dora.getByRole('link', { name: 'New group' }).click();
  await dora.getByRole('textbox', { name: 'Name of the group' }).fill('Three of us');
  await dora.getByRole('checkbox', { name: 'Emil' }).check();
  await dora.getByRole('button', { name: 'Create group' }).click();

  await dora.getByRole('button', { name: 'Details', exact: true }).click();
  await dora.getByLabel('Who may come in by a link').selectOption('Who is let in by an admin');
  await dora.getByRole('button', { name: 'New link' }).click();
  const link = (await dora.getByText('/#/join/').textContent()) ?? '';
  expect(await barriers(dora)).toEqual([]);
  const ann = await signIn(here.url, 'Ann');
  await ann.goto(link);
  await ann.getByRole('heading', { name: 'Three of us' }).waitFor();
  await ann.getByRole('textbox', { name: /Say who you are/ }).fill('I bake.');
  expect(await barriers(ann)).toEqual([]);
  await ann.getByRole('button', { name: 'Ask to join' }).click();
  await dora.getByText('Ann asks to join Three of us.').waitFor();
  await dora.getByText('I bake.', { exact: true }).waitFor();
  await dora.getByRole('button', { name: 'Let in' }).click();
  await ann.getByRole('link', { name: 'Open the group' }).click();
  await dora.getByRole('button', { name: 'Revoke the link' }).click();
  await dora.getByText('Nobody can use this link any more.').waitFor();
  await say(dora, 'Welcome, both.');
  for (const page of [ann, emil]) {
    await page.goto(`${here.url}/#/chats`);
    await entry(page, /^Three of us/).click();
    await message(page, 'Welcome, both.').waitFor();
  }
  await dora.getByRole('button', { name: /^Emil/ }).click();
  await dora.getByRole('menuitem', { name: 'Mute for an hour' }).click();
  await emil.getByText(/^You are muted here until/).waitFor();

  await act(ann, 'Welcome, both.', '👍');
  await message(dora, 'Welcome, both.').getByRole('button', { name: '👍 1', exact: true }).click();
  await message(emil, 'Welcome, both.').getByRole('button', { name: '👍 2', exact: true }).waitFor();
  await act(dora, 'Welcome, both.', 'Who has reacted');
  await expect
    .poll(() => dora.getByRole('dialog').getByRole('listitem').allTextContents(), slowly)
    .toEqual(expect.arrayContaining([expect.stringContaining('You'), expect.stringContaining('Ann')]));
  await dora.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

  await act(ann, 'Welcome, both.', 'Reply');
  await ann.getByText('Reply to Dora').waitFor();
  const field = ann.getByRole('textbox', { name: 'Message' });
  await field.fill('Thanks @em');
  await ann.getByRole('option', { name: 'Emil', selected: true }).waitFor();
  expect(await barriers(ann)).toEqual([]);
  await field.press('Enter');
  await field.press('Enter');
  const answer = message(emil, 'Thanks @Emil');
  await answer.locator('.mention.me', { hasText: '@Emil' }).waitFor();
  await answer.getByRole('button', { name: 'In answer to Dora Welcome, both.' }).waitFor();

  await dora.getByRole('textbox', { name: 'Message' }).press('ArrowUp');
  await dora.getByText('Edit the message').waitFor();
  await dora.getByRole('textbox', { name: 'Message' }).fill('Welcome, you two.');
  await dora.keyboard.press('Enter');
  // What answers it says what it says now.
  await answer.getByRole('button', { name: 'In answer to Dora Welcome, you two.' }).click();
  await message(emil, 'Welcome, you two.').first().getByRole('button', { name: 'edited' }).click();
  await emil.getByRole('dialog', { name: 'What it said before' }).getByText('Welcome, both.').waitFor();
  expect(await barriers(emil)).toEqual([]);
  await emil.goBack();

  await act(dora, 'Welcome, you two.', 'Pin');
  await emil.getByRole('region', { name: 'Pinned messages' }).getByText('Welcome, you two.').click();
  await emil.getByRole('link', { name: 'All pinned messages' }).click();
  await emil.getByRole('link', { name: /Welcome, you two/ }).click();
  await message(emil, 'Welcome, you two.').first().waitFor();
  await act(ann, 'Thanks @Emil', 'Delete for me');
  await ann.getByRole('button', { name: 'Delete', exact: true }).click();
  await message(ann, 'Thanks @Emil').waitFor({ state: 'detached' });
  expect(await answer.count()).toBe(1);

  const search = dora.getByRole('searchbox', { name: /^Search/ });
  await search.fill('emil');
  const results = dora.getByRole('region', { name: 'Search results' });
  await results.getByRole('link', { name: /Thanks @Emil/ }).waitFor();
  await results.getByRole('link', { name: /^Emil/ }).first().waitFor();
  await search.fill('nobody said this');
  await results.getByText(/^Nothing found/).waitFor();
  await search.fill('welcome');
  expect(await barriers(dora)).toEqual([]);
  await results.getByRole('link', { name: /Welcome, you two/ }).click();
  await dora
    .getByRole('article', { name: /Welcome, you two/ })
    .first()
    .waitFor();
  expect(await barriers(dora)).toEqual([]);
  expect(await barriers(emil)).toEqual([]);

  await dora.goto(`${here.url}/#/contacts`);
  await dora.getByRole('link', { name: /^Emil online/ }).waitFor();
  expect(await barriers(dora)).toEqual([]);
  await emil.context().close();
  await dora.getByRole('link', { name: /^Emil last seen just now/ }).waitFor();

  await dora.goto(`${here.url}/#/settings/data`);
  const saved = dora.waitForEvent('download');
  await dora.getByRole('button', { name: 'Download', exact: true }).click();
  expect(await readFile(await (await saved).path(), 'utf8')).toContain('Welcome, you two.');
  await dora.getByRole('button', { name: 'Delete my account…' }).click();
  await dora.getByLabel('Password', { exact: true }).fill('not it');
  await dora.getByRole('button', { name: 'Delete it for good' }).click();
  await dora.getByRole('alert').waitFor();
  expect(await barriers(dora)).toEqual([]);
  await dora.getByLabel('Password', { exact: true }).fill('a sentence is good');
  await dora.getByRole('button', { name: 'Delete it for good' }).click();
  await dora.getByText('Your account is deleted.').waitFor();
});

it('keeps the order of haste, says who uses it elsewhere, and comes back with the server', async () => {
  const here = await newPlace();
  const before = await here.start();
  const [ann, bob] = [await signIn(here.url, 'Ann'), await signIn(here.url, 'Bob')];
  await expect.poll(() => ann.title(), slowly).toBe('(2) im');
  await entry(ann, /^Bob/).click();
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
  await say(ann, 'Wake up');
  await expect.poll(() => notifications(bob), slowly).toEqual(['Ann: Wake up']);
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

it('signs in with words for what is wrong, in Chinese as well', async () => {
  const here = await newPlace();
  await here.start();
  const page = await openTab(here.url, phone);
  await page.getByLabel('User name').fill('ann');
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Sign in as Ann' }).click();
  await conversations(page).waitFor();

  await page.goto(`${here.url}/#/settings/appearance`);
  await page.getByRole('radio', { name: '中文' }).check();
  await page.getByRole('heading', { name: '外观' }).waitFor();
  await page.getByRole('radio', { name: '深色' }).check();
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  expect(await barriers(page)).toEqual([]);
});

it('opens without a server, and after an upgrade never as it was before', async () => {
  const site = await builds();
  const page = await openTab(site.url);
  const build = page.locator('meta[name=build]');
  const kept = (): Promise<unknown> =>
    page.evaluate(
      `caches.keys().then((names) => names.filter((name) => name.endsWith('${site.last}')).length)`,
    );
  await expect.poll(kept, slowly).toBe(1);
  expect(await build.getAttribute('content')).toBe('1');

  await site.upgrade();
  await page.reload();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(await build.getAttribute('content')).toBe('2');
  await expect.poll(kept, slowly).toBe(1);

  await site.close();
  await page.reload();
  await page.getByRole('link', { name: 'Create an account' }).click();
  // A part that was not loaded before.
  await page.getByLabel('Name that others see').waitFor();
  expect(await build.getAttribute('content')).toBe('2');
  const paths = await page.evaluate<string[]>(
    `caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((one) => one.keys()))))
       .then((all) => all.flat().map(({ url }) => new URL(url).pathname))`,
  );
  expect(paths.filter((path) => !/^\/(assets\/|index\.html$)/.test(path))).toEqual([]);
});

it('shows pictures on a page that is open past the end of their addresses', async () => {
  const here = await newPlace();
  await here.start();
  const ann = await signIn(here.url, 'Ann');
  await entry(ann, /^Bob/).click();
  const chooser = ann.waitForEvent('filechooser');
  await ann.getByRole('button', { name: 'Attach' }).click();
  await ann.getByRole('menuitem', { name: 'Photo' }).click();
  const picture = { name: 'page.png', mimeType: 'image/png', buffer: await ann.screenshot() };
  await (await chooser).setFiles(picture);
  const sent = ann.waitForResponse((answer) => answer.status() === 201 && answer.url().endsWith('/messages'));
  await ann.getByRole('button', { name: 'Send' }).click();
  await sent;
  // From then on it is loaded from the platform.
  const thumbnail = ann.waitForResponse(/\/files\/.*e=/);
  await ann.reload();
  expect((await thumbnail).status()).toBe(200);
  const end = Number(new URL((await thumbnail).url()).searchParams.get('e')) * 1_000;

  const later = end + 1_000;
  onTestFinished(() => void vi.useRealTimers());
  vi.useFakeTimers({ toFake: ['Date'], now: later });
  await ann.clock.setFixedTime(later);
  const statuses: number[] = [];
  ann.on('response', (answer) => {
    if (answer.url().includes('/files/')) statuses.push(answer.status());
  });
  await ann.getByRole('button', { name: 'Open the picture' }).click();
  const opened = ann.locator('.pswp__img:not(.pswp__img--placeholder)').first();
  await expect
    .poll(
      () => opened.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
      slowly,
    )
    .toBe(1280);
  expect(statuses).not.toContain(403);
  expect(statuses).toContain(200);
});
