// `npm run screens`: pictures of the main screens of im-web, both sizes, light and dark, to look at.
// `npm run screens -- --docs` renews those that READMEs show, docs/screens.
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { ownArguments } from '../own-arguments.ts';
import { startAllInOne } from '../../all-in-one.ts';
import { launchChromium } from '../../test/support/chromium.ts';
import { furnish } from './furnish.ts';

const { values, positionals } = ownArguments({
  name: 'screens',
  takes: 'folder, part of a name',
  options: { docs: { type: 'boolean', default: false } },
});
const [folder = join(tmpdir(), 'im-web-screens'), only] = positionals;
const inDocs = [
  '03-group-d-light.png',
  '05-private-d-dark.png',
  '02-chats-p-light.png',
  '05-private-p-dark.png',
  '03-group-p-light.png',
  '01-sign-in-p-dark.png',
];

const sizes = { d: { width: 1280, height: 800 }, p: { width: 390, height: 844 } } as const;
const themes = ['light', 'dark'] as const;

async function shoot(
  browser: Browser,
  url: string,
  size: keyof typeof sizes,
  theme: (typeof themes)[number],
): Promise<void> {
  const isPhone = size === 'p';
  const context = await browser.newContext({
    viewport: sizes[size],
    colorScheme: theme,
    ...(isPhone && { hasTouch: true, isMobile: true, deviceScaleFactor: 2 }),
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`${size} ${theme}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      console.error(`${size} ${theme}: ${message.text()}`);
  });
  const take = async (name: string): Promise<void> => {
    if (only !== undefined && !name.includes(only)) return;
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(folder, `${name}-${size}-${theme}.png`) });
  };
  await page.goto(url);
  await page.getByRole('button', { name: 'Sign in as Ann' }).waitFor();
  await take('01-sign-in');
  await page.getByRole('button', { name: 'Sign in as Ann' }).click();
  await page.getByRole('navigation', { name: 'Conversations' }).getByRole('link').first().waitFor();
  await take('02-chats');
  await open(page, 'Weekend hike');
  await take('03-group');
  await page
    .getByRole('button', { name: /Details$/ })
    .first()
    .click();
  await page.getByRole('heading', { name: 'Members' }).waitFor();
  await take('04-group-info');
  await page.goto(`${url}/#/chats`);
  await open(page, 'Bob');
  await take('05-private');
  if (!isPhone) {
    await page.getByRole('button', { name: 'Emoji' }).click();
    await page.getByRole('dialog', { name: 'Emoji' }).getByRole('button').nth(60).waitFor();
    await take('06-emoji');
    await page.keyboard.press('Escape');
    await page.getByRole('log').getByRole('article').last().locator('.bubble').click({ button: 'right' });
    await take('07-menu');
    await page.keyboard.press('Escape');
  }
  for (const [name, path] of [
    ['08-contacts', 'contacts'],
    ['09-requests', 'requests'],
    ['10-find', 'find'],
    ['11-settings', 'settings'],
    ['12-profile', 'settings/profile'],
    ['13-appearance', 'settings/appearance'],
    ['14-new-group', 'new-group'],
    ['15-sessions', 'settings/sessions'],
    ['16-data', 'settings/data'],
    ['17-notifications', 'settings/notifications'],
  ] as const) {
    await page.goto(`${url}/#/${path}`);
    await page.waitForTimeout(300);
    if (name === '10-find') {
      await page.getByRole('searchbox', { name: 'Name or user name' }).fill('b');
      await page.waitForTimeout(600);
    }
    await take(name);
  }
  await context.close();
}

async function open(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name }).click();
  await page.getByRole('log').getByRole('article').first().waitFor();
}

await mkdir(folder, { recursive: true });
const data = await mkdtemp(join(tmpdir(), 'im-web-screens-'));
const running = await startAllInOne({
  ...{ port: 0, imPort: 0, host: '127.0.0.1', data, openUploads: false },
  say: (what) => console.log(what),
});
const browser = await launchChromium();
try {
  await furnish(browser, running);
  for (const size of ['d', 'p'] as const)
    for (const theme of themes) await shoot(browser, running.url, size, theme);
} finally {
  await browser.close();
  await running.close();
  await rm(data, { recursive: true });
}
if (values.docs) for (const name of inDocs) await copyFile(join(folder, name), join('docs/screens', name));
console.log(folder);
