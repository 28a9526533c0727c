import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { onCleanup, onFileCleanup } from './cleanup.ts';
import { lookUp, type Program } from './find-program.ts';
import { findProgram } from './install-programs.ts';

const whatToDo =
  'Install Chromium (on Debian: apt-get install chromium), or set CHROME_PATH to a Chrome or Chromium.';

const chromiumProgram: Program = { names: ['chromium'], packageName: 'chromium', whatToDo };

const shellProgram: Program = {
  ...{ names: ['chromium-headless-shell'], packageName: 'chromium-headless-shell' },
  whatToDo: 'Without it tests of pages run in Chromium itself, and take longer.',
  isOptional: true,
};

export const chromiumPrograms: readonly Program[] = [chromiumProgram, shellProgram];

/**
 * `page`: all that is within a page, and nothing around it. `whole`: Chromium as people have it, for what the other has not: notifications, and
 * whether a page can be installed. A visit costs a third more CPU in it.
 */
export type BrowserKind = 'page' | 'whole';

const browsers = new Map<BrowserKind, Promise<Browser>>();

/** As if somebody had just installed it: a profile of its own in the Chromium of this test file. It ends with the test. */
export async function newChromiumContext(
  options: BrowserContextOptions = {},
  kind: BrowserKind = 'page',
): Promise<BrowserContext> {
  const browser = browsers.get(kind) ?? launchForFile(kind);
  const context = await (await browser).newContext(options);
  onCleanup(() => context.close());
  return context;
}

function launchForFile(kind: BrowserKind): Promise<Browser> {
  const launching = launch(kind === 'page' ? findShell() : findChromium());
  browsers.set(kind, launching);
  onFileCleanup(async () => {
    browsers.delete(kind);
    await (await launching).close();
  });
  return launching;
}

/** Somebody's who allows nothing that pages ask for. After a reload it asks again for what others go on allowing. */
export async function newDenyingContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const profile = await mkdtemp(join(tmpdir(), 'im-test-profile-'));
  onCleanup(() => rm(profile, { recursive: true, force: true }));
  const { chromium } = await import('playwright-core');
  const context = await chromium.launchPersistentContext(profile, {
    ...{ ...options, executablePath: await findChromium(), args: [...flags, '--deny-permission-prompts'] },
  });
  onCleanup(() => context.close());
  return context;
}

/** Without a window. Whoever calls closes it. */
export function launchChromium(): Promise<Browser> {
  return launch(findChromium());
}

async function launch(path: Promise<string>): Promise<Browser> {
  // Only here: it is large, and most tests need no browser.
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: await path, args: flags });
}

const flags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic'],
  // A host that is not this one, for what browsers do only on `https:` and localhost.
  '--host-resolver-rules=MAP lan.test 127.0.0.1',
  // A microphone that beeps, and nobody who would be asked.
  ...['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  `--disable-features=${[...featuresOffByPlaywright(), ...addressBar()].join()}`,
];

/** Its list of 1.65: of a switch that is given twice the last one counts. */
function featuresOffByPlaywright(): readonly string[] {
  return [
    ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades'],
    ...['HttpsFirstBalancedModeAutoEnable', 'LensOverlay', 'MediaRouter', 'PaintHolding'],
    ...['ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect', 'OptimizationHints'],
    ...['NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch'],
  ];
}

/** What hangs from the address bar is a page of its own, read by a process of its own for each window: as dear as half of ours. */
function addressBar(): readonly string[] {
  return ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'];
}

/** Chromium itself where there is no other. */
async function findShell(): Promise<string> {
  return (await givenChromium()) ?? (await lookUp(shellProgram)) ?? findChromium();
}

async function findChromium(): Promise<string> {
  return (await givenChromium()) ?? findProgram(chromiumProgram, shellProgram);
}

async function givenChromium(): Promise<string | undefined> {
  const given = process.env['CHROME_PATH'];
  if (given === undefined || given === '') return undefined;
  await access(given, constants.X_OK).catch((cause: unknown) => {
    throw new Error(`CHROME_PATH=${given} cannot be run. ${whatToDo}`, { cause });
  });
  return given;
}
