import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, onCleanup } from 'im-test/support';
import type { Locator } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { spawnTied } from '../support/tied-process.ts';
import { attach, entry, keepPages, message, openTab, phone } from './place.ts';

// Browsers take long to start on a machine that is busy with other tests, and a page may have to be built.
vi.setConfig({ testTimeout: 180_000 });
keepPages();

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** What a newcomer does; all of it by what is to be read on the page. */
let [clicks, characters] = [0, 0];

async function press(what: Locator): Promise<void> {
  clicks += 1;
  await what.click();
}

async function type(field: Locator, text: string): Promise<void> {
  characters += text.length;
  await field.fill(text);
}

it('`npm start`, two tabs: two people talk with text, picture and voice, and are three in a group', async () => {
  const data = await mkdtemp(join(tmpdir(), 'im-test-newcomer-'));
  const begunAt = performance.now();
  const past = (): string => `${((performance.now() - begunAt) / 1_000).toFixed(1)} s`;
  const [port, imPort] = [await freePort(), await freePort()].map(String);
  const program = spawnTied({
    ...{ program: 'npm', cwd: repository, folderToRemove: data },
    args: ['start', '--', '--port', String(port), '--im-port', String(imPort), '--data', data],
  });
  onCleanup(async () => {
    program.signal('SIGTERM');
    await program.ended;
    await rm(data, { recursive: true, force: true });
  });
  await program.printed(/Ctrl-C ends/);
  const started = past();
  // Where it says that one goes.
  const url = /Open (http:\S+) in two tabs/.exec(program.output)?.[1] ?? '';

  const ann = await openTab(url);
  const bob = await openTab(url, undefined, ann.context());
  await press(ann.getByRole('button', { name: 'Sign in as Ann' }));
  // The other tab sees that she is here, and still is nobody.
  await bob.getByRole('button', { name: 'Ann', exact: true }).waitFor();
  await press(bob.getByRole('button', { name: 'Sign in as Bob' }));

  await press(entry(ann, /^Bob/));
  await type(ann.getByRole('textbox', { name: 'Message' }), 'Hello Bob!');
  await ann.keyboard.press('Enter');
  await press(entry(bob, /^Ann .*unread/));
  await message(bob, 'Hello Bob!').waitFor();
  await type(bob.getByRole('textbox', { name: 'Message' }), 'Hello Ann!');
  await bob.keyboard.press('Enter');
  await message(ann, 'Hello Ann!').waitFor();

  await attach(ann, 'Photo', { name: 'page.png', mimeType: 'image/png', buffer: await bob.screenshot() });
  clicks += 3; // the menu, its line, and the file in the dialog of the system
  await press(ann.getByRole('button', { name: 'Send' }));
  await press(bob.getByRole('button', { name: 'Open the picture' }));
  await bob.locator('.pswp img').first().waitFor();
  await bob.keyboard.press('Escape');
  await bob.locator('.pswp').waitFor({ state: 'detached' });

  const sounds: string[] = [];
  ann.on('request', (request) => {
    if (/\.(webm|m4a|ogg)\?/.test(request.url())) sounds.push(request.url());
  });
  await press(bob.getByRole('button', { name: 'Record a voice message' }));
  await bob.getByRole('timer', { name: 'Recording, 0:01' }).waitFor();
  await press(bob.getByRole('button', { name: 'Finish and send' }));
  // How loud it is stands in the message: nobody has to load it to see that.
  await ann.getByRole('button', { name: 'Play' }).waitFor();
  const heights = await ann.evaluate<string[]>(
    "Array.from(document.querySelectorAll('.bars i'), ({ style }) => style.height)",
  );
  expect(heights).toHaveLength(40);
  expect(new Set(heights).size).toBeGreaterThan(1);
  expect(sounds).toEqual([]);
  await press(ann.getByRole('button', { name: 'Play' }));
  await ann.getByRole('button', { name: /^Speed/ }).waitFor();
  const talked = `${past()}, ${clicks} clicks and ${characters} characters`;

  // A third one comes by a link.
  await press(ann.getByRole('button', { name: 'New conversation' }));
  await press(ann.getByRole('menuitem', { name: 'New group' }));
  await type(ann.getByRole('textbox', { name: 'Name of the group' }), 'Three of us');
  await press(ann.getByRole('checkbox', { name: 'Bob' }));
  await press(ann.getByRole('button', { name: 'Create group' }));
  await press(ann.getByRole('button', { name: 'Details', exact: true }));
  await ann.getByLabel('Who may come in by a link').selectOption('Everybody who has it');
  clicks += 2;
  await press(ann.getByRole('button', { name: 'New link' }));
  const link = (await ann.getByText('/#/join/').textContent()) ?? '';

  const dora = await openTab(link, phone);
  await press(dora.getByRole('link', { name: 'Create an account' }));
  await type(dora.getByLabel('User name'), 'dora');
  await type(dora.getByLabel('Name that others see'), 'Dora');
  await type(dora.getByLabel('Password', { exact: true }), 'a sentence is good');
  await press(dora.getByRole('button', { name: 'Create an account' }));
  // She is where the link leads.
  await press(dora.getByRole('button', { name: 'Join the group' }));
  await type(dora.getByRole('textbox', { name: 'Message' }), 'Here I am.');
  await press(dora.getByRole('button', { name: 'Send' }));
  await message(ann, 'Here I am.').waitFor();
  await press(entry(bob, /^Three of us .*unread/));
  await message(bob, 'Here I am.').waitFor();
  await type(bob.getByRole('textbox', { name: 'Message' }), 'Welcome, Dora.');
  await bob.keyboard.press('Enter');
  for (const page of [ann, dora]) await message(page, 'Welcome, Dora.').waitFor();
  console.log(
    `Ready after ${started}; two people had talked after ${talked}; three after ${past()}, ${clicks} clicks and ${characters} characters`,
  );
});
