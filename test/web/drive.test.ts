import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newDenyingContext, onCleanup } from 'im-test/support';
import type { Page, Route } from 'playwright-core';
import sharp from 'sharp';
import { expect, it, vi } from 'vitest';
import { film } from './film.ts';
import {
  act,
  attach,
  barriers,
  conversations,
  desktop,
  entry,
  message,
  newPlace,
  openTab,
  phone,
  say,
  signIn,
} from './place.ts';
import { pdfs } from './pdfs.ts';

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

function tray(page: Page) {
  return page.getByRole('region', { name: 'Uploads' });
}

async function filesOfDisk(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'im-test-disk-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** As from the desktop: the browser reads what is there. */
async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await cdp.send('Input.dispatchDragEvent', { type, x: 900, y: 300, data });
  await cdp.detach();
}

const parts = '**/v1/uploads/*';

/** The third part of an upload never arrives, as the page is left: which byte it begins with. */
async function leaveInTheMiddle(page: Page): Promise<number> {
  let sent = 0;
  const offset = await new Promise<number>((resolve) => {
    void page.route(parts, async (route: Route) => {
      if (route.request().method() !== 'PATCH' || ++sent < 3) await route.continue();
      else resolve(Number(route.request().headers()['upload-offset']));
    });
  });
  await page.reload();
  await page.unroute(parts);
  return offset;
}

/** With which bytes parts begin from now on. */
function offsetsOf(page: Page): number[] {
  const offsets: number[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH' && request.url().includes('/v1/uploads/'))
      offsets.push(Number(request.headers()['upload-offset']));
  });
  return offsets;
}

it('uploads folders with all that is in them, and goes on after a reload at the byte where it was', async () => {
  const here = await newPlace();
  await here.start({ drive: true });
  const ann = await signIn(here.url, 'Ann');
  await ann.getByRole('link', { name: 'Drive' }).click();
  await ann.getByText('This folder is empty.').waitFor();
  const disk = await filesOfDisk({
    ...{
      'film.bin': Buffer.alloc(3_000_000, 'film'),
      'dropped.bin': Buffer.alloc(2_000_000, 'drop'),
      'asked.bin': Buffer.alloc(2_000_000, 'ask'),
      ...Object.fromEntries(
        ['changed.bin', 'moved.bin', 'torn.bin'].map((name) => [name, Buffer.alloc(2_000_000, name)]),
      ),
      'other.bin': 'not the film',
    },
    ...{ 'Trip/day 1/a.txt': 'a', 'Trip/day 1/A.txt': 'A', 'Trip/b\\c.txt': 'b', 'Trip/notes.txt': 'n' },
  });
  await mkdir(join(disk, 'Trip/empty'));

  const chooser = ann.waitForEvent('filechooser');
  await ann.getByRole('button', { name: 'Upload files' }).click();
  const left = leaveInTheMiddle(ann);
  await (await chooser).setFiles(join(disk, 'film.bin'));
  const offset = await left;
  expect(offset).toBeGreaterThan(0);
  await tray(ann).getByText('cut off', { exact: true }).waitFor();
  expect(await barriers(ann)).toEqual([]);
  const again = async (name: string): Promise<void> => {
    const choosing = ann.waitForEvent('filechooser');
    await tray(ann).getByRole('button', { name: 'Choose the files again' }).click();
    await (await choosing).setFiles(join(disk, name));
  };
  await again('other.bin');
  await ann.getByText('None of these is a file that was cut off').waitFor();
  const offsets = offsetsOf(ann);
  await again('film.bin');
  await tray(ann).getByText('done').waitFor();
  expect(offsets[0]).toBe(offset);
  await line(ann, 'film.bin').getByText('3.0 MB').waitFor();
  await tray(ann).getByRole('button', { name: 'Close the list of uploads' }).click();

  // Of what was dropped the browser keeps where it is: nobody has to choose it again.
  offsets.length = 0;
  const leaving = leaveInTheMiddle(ann);
  await drop(ann, [join(disk, 'dropped.bin')]);
  const from = await leaving;
  await tray(ann).getByText('done').waitFor();
  expect(offsets.filter((one) => one === from)).toHaveLength(2);
  expect(offsets.filter((one) => one === 0)).toHaveLength(1);
  await tray(ann).getByRole('button', { name: 'Close the list of uploads' }).click();

  // When the last of its tabs was closed the browser wants to be asked; here it answers at once.
  await ann.addInitScript(`FileSystemFileHandle.prototype.queryPermission = async () => 'prompt'`);
  offsets.length = 0;
  const leavingAgain = leaveInTheMiddle(ann);
  await drop(ann, [join(disk, 'asked.bin')]);
  const asked = await leavingAgain;
  await tray(ann).getByText('cut off', { exact: true }).waitFor();
  expect(await barriers(ann)).toEqual([]);
  await tray(ann).getByRole('button', { name: 'Go on' }).click();
  await tray(ann).getByText('done').waitFor();
  expect(offsets.filter((one) => one === asked)).toHaveLength(2);
  expect(offsets.filter((one) => one === 0)).toHaveLength(1);
  await line(ann, 'asked.bin').getByText('2.0 MB').waitFor();
  await tray(ann).getByRole('button', { name: 'Close the list of uploads' }).click();

  // Nobody answers the browser; then one file is not what it was, and one not where it was: each is said, with what to do.
  const leavingBoth = leaveInTheMiddle(ann);
  await drop(
    ann,
    ['changed.bin', 'moved.bin'].map((name) => join(disk, name)),
  );
  await leavingBoth;
  await tray(ann).getByText('cut off', { exact: true }).nth(1).waitFor();
  await appendFile(join(disk, 'changed.bin'), 'more');
  await mkdir(join(disk, 'elsewhere'));
  await rename(join(disk, 'moved.bin'), join(disk, 'elsewhere/moved.bin'));
  await ann.evaluate(`{
    const { prototype } = FileSystemFileHandle;
    const { requestPermission } = prototype;
    prototype.requestPermission = async () => {
      prototype.requestPermission = requestPermission;
      return 'prompt';
    };
  }`);
  await tray(ann).getByRole('button', { name: 'Go on' }).click();
  await tray(ann).getByText('nobody allowed it').waitFor();
  expect(await barriers(ann)).toEqual([]);
  await tray(ann).getByRole('button', { name: 'Go on' }).click();
  await tray(ann).getByText('It is not where it was.').waitFor();
  await tray(ann).getByText('failed: it was changed since.').waitFor();
  expect(await tray(ann).getByRole('button', { name: 'Go on' }).count()).toBe(0);
  expect(await barriers(ann)).toEqual([]);
  await tray(ann).getByRole('button', { name: 'Try again' }).click();
  await again('elsewhere/moved.bin');
  await tray(ann).getByText('2 of 2, 100 %').waitFor();
  await line(ann, 'changed.bin').getByText('2.0 MB').waitFor();
  await tray(ann).getByRole('button', { name: 'Close the list of uploads' }).click();

  // One that is changed while it goes.
  await ann.route(parts, async (route) => {
    await appendFile(join(disk, 'torn.bin'), 'more');
    await route.abort();
  });
  await drop(ann, [join(disk, 'torn.bin')]);
  await tray(ann).getByText('failed: it was changed, moved or removed meanwhile.').waitFor();
  await ann.unroute(parts);
  await tray(ann).getByRole('button', { name: 'Try again' }).click();
  await tray(ann).getByRole('button', { name: 'Go on' }).click();
  await tray(ann).getByText('failed: it was changed since.').waitFor();
  await tray(ann).getByRole('button', { name: 'Try again' }).click();
  await tray(ann).getByText('done').waitFor();
  await tray(ann).getByRole('button', { name: 'Close the list of uploads' }).click();

  await drop(ann, [join(disk, 'Trip')]);
  await tray(ann).getByText('4 of 4, 100 %').waitFor();
  // Names that are one name to a drive are no versions of each other; one that it does not take is another one.
  await tray(ann)
    .getByText(/kept as a \(2\).txt/i)
    .waitFor();
  await tray(ann).getByText('kept as b_c.txt').waitFor();
  await line(ann, 'Trip').getByRole('button').first().click();
  await line(ann, 'day 1').waitFor();
  await line(ann, 'empty').waitFor();
  await line(ann, 'b_c.txt').waitFor();
  await tray(ann).getByRole('button', { name: 'Close the list of uploads' }).click();

  // Of a film its uploader's browser draws a picture, of a PDF the first page; what takes too long, or is none, has no picture, and is there all the same.
  const shown = { ...pdfs, 'green.webm': await film(ann) };
  const shownOfDisk = await filesOfDisk(shown);
  await drop(
    ann,
    Object.keys(shown).map((name) => join(shownOfDisk, name)),
  );
  await tray(ann).getByText('6 of 6, 100 %').waitFor();
  await tray(ann).getByRole('button', { name: 'Close the list of uploads' }).click();
  for (const name of ['torn.pdf', 'endless.pdf'])
    expect(await line(ann, name).locator('img').count()).toBe(0);
  const colourOf = async (name: string): Promise<{ r: number; g: number; b: number }> => {
    const picture = await line(ann, name).locator('img').getAttribute('src');
    const thumbnail = sharp(Buffer.from(await (await fetch(picture ?? '')).arrayBuffer()));
    return (await thumbnail.stats()).dominant;
  };
  const [red, green] = [await colourOf('red.pdf'), await colourOf('green.webm')];
  expect(red.r - red.g - red.b).toBeGreaterThan(150);
  expect(green.g - green.r - green.b).toBeGreaterThan(150);

  // Once more: folders are there, files are versions; what has the name of a folder is refused, and said.
  await ann.getByRole('link', { name: 'My drive' }).first().click();
  const trip = await filesOfDisk({ 'Trip/day 1': 'no folder', 'Trip/notes.txt': 'new' });
  const choosing = ann.waitForEvent('filechooser');
  await ann.getByRole('button', { name: 'Upload a folder' }).click();
  await (await choosing).setFiles(join(trip, 'Trip'));
  await tray(ann).getByText('version 2 of what was there').waitFor();
  await tray(ann)
    .getByText(/^\s*failed: /)
    .waitFor();
  await tray(ann).getByRole('button', { name: 'Cancel day 1' }).click();
  await tray(ann).getByText('failed').waitFor({ state: 'detached' });
});

it('says what to do when the browser may not read again what was cut off', async () => {
  const here = await newPlace();
  await here.start({ drive: true });
  const denying = await newDenyingContext({ viewport: desktop, serviceWorkers: 'block' });
  const ann = await openTab(here.url, desktop, denying);
  await ann.getByRole('button', { name: 'Sign in as Ann' }).click();
  await conversations(ann).waitFor();
  await ann.getByRole('link', { name: 'Drive' }).click();
  await ann.getByText('This folder is empty.').waitFor();
  const disk = await filesOfDisk({ 'film.bin': Buffer.alloc(2_000_000, 'film') });
  const left = leaveInTheMiddle(ann);
  await drop(ann, [join(disk, 'film.bin')]);
  await left;
  // One question it may leave without an answer.
  const told = async (): Promise<string | null> => {
    await tray(ann).getByRole('button', { name: 'Go on' }).click();
    return tray(ann).getByRole('alert').textContent();
  };
  await expect.poll(told, { timeout: 60_000 }).toMatch(/^This browser does not let the page read the files/);
  const choosing = ann.waitForEvent('filechooser');
  await tray(ann).getByRole('button', { name: 'Choose the files again' }).click();
  await (await choosing).setFiles(join(disk, 'film.bin'));
  await tray(ann).getByText('done').waitFor();
});

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
