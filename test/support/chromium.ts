import { access, constants } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { onCleanup } from './cleanup.ts';
import type { Program } from './find-program.ts';
import { findProgram } from './install-programs.ts';

const whatToDo =
  'Install Chromium (on Debian: apt-get install chromium), or set CHROME_PATH to a Chrome or Chromium.';

export const chromiumProgram: Program = { names: ['chromium'], packageName: 'chromium', whatToDo };

/** A Chromium without a window; it ends with the test. */
export async function launchChromium(): Promise<Browser> {
  // Only here: it is large, and most tests need no browser.
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
  onCleanup(() => browser.close());
  return browser;
}

async function findChromium(): Promise<string> {
  const given = process.env['CHROME_PATH'];
  if (given !== undefined && given !== '') {
    await access(given, constants.X_OK).catch((cause: unknown) => {
      throw new Error(`CHROME_PATH=${given} cannot be run. ${whatToDo}`, { cause });
    });
    return given;
  }
  return findProgram(chromiumProgram);
}
