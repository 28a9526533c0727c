// Whether one can search a built site without a network: in Chromium, which gets the files of the site and nothing else.
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Route } from 'playwright-core';
import { launchChromium } from 'im-test/support';

const origin = 'http://site.test';

interface Searched {
  /** Titles of what was found. */
  readonly found: readonly string[];
  /** What the page asked elsewhere, and what it threw. */
  readonly problems: readonly string[];
}

export async function searchIn(folder: string, base: string, words: string): Promise<Searched> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(`the page threw ${error.message}`));
    await page.route('**', async (route) => {
      const why = await answer(route, folder, base);
      if (why !== undefined) problems.push(why);
    });
    await page.goto(`${origin}${base}`);
    await page.getByRole('button', { name: 'Search' }).first().click();
    await page.locator('.search-input').fill(words);
    await page.locator('.result').first().waitFor();
    return { found: await page.locator('.result').allInnerTexts(), problems };
  } finally {
    await browser.close();
  }
}

/** Resolves with why there is none. */
async function answer(route: Route, folder: string, base: string): Promise<string | undefined> {
  const { origin: asked, pathname } = new URL(route.request().url());
  if (asked !== origin) {
    await route.abort();
    return `${asked}${pathname} is not of the site`;
  }
  const path = decodeURIComponent(pathname.slice(base.length)).replace(/(^|\/)$/, '$1index.html');
  try {
    await route.fulfill({
      body: await readFile(join(folder, path)),
      contentType: types[extname(path)] ?? 'text/plain',
    });
    return undefined;
  } catch {
    await route.fulfill({ status: 404 });
    return `${path} is not there`;
  }
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
