import { createHmac } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { migrate, openDatabase, seed, type Database } from 'im-platform';
import { freePort, newChromiumContext, onCleanup, type BrowserKind } from 'im-test/support';
import type { BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { demoPassword, startAllInOne, type AllInOne, type AllInOneOptions } from '../../all-in-one.ts';
import { bundlePage } from '../../scripts/bundle-page.ts';

export const desktop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };

/** A chat in this process that can go away and come back with what it knew. */
export interface Place {
  readonly url: string;
  start(
    more?: Pick<
      AllInOneOptions,
      | 'identityProviders'
      | 'away'
      | 'previews'
      | 'redPackets'
      | 'retention'
      | 'drive'
      | 'campaigns'
      | 'endToEnd'
    >,
  ): Promise<AllInOne>;
  /** From now on they run it; as by the command, but that their sessions go on. */
  makeAdmin(userName: string): Promise<void>;
  /** What lies in its database, changed beside it. */
  change<Made>(change: (sql: Database['sql']) => Promise<Made>): Promise<Made>;
  /** The same token, as it is when its time is over. */
  over(kind: 'access' | 'refresh', token: string): Promise<string>;
}

export async function newPlace(): Promise<Place> {
  const data = await mkdtemp(join(tmpdir(), 'im-test-web-'));
  onCleanup(() => rm(data, { recursive: true, force: true }));
  seeded ??= seededDatabase();
  await copyFile(await seeded, join(data, 'im.db'));
  const [port, imPort] = [await freePort(), await freePort()];
  const change: Place['change'] = async (how) => {
    const database = openDatabase({ url: `sqlite:${join(data, 'im.db')}` });
    try {
      return await how(database.sql);
    } finally {
      await database.close();
    }
  };
  return {
    url: `http://localhost:${port}`,
    async start(more = {}) {
      const running = await startAllInOne({
        ...{ port, imPort, host: '127.0.0.1', data, openUploads: false },
        say: () => undefined,
        ...more,
      });
      onCleanup(() => running.close());
      return running;
    },
    change,
    makeAdmin: (userName) =>
      change(async (sql) => {
        const user = await sql('im_user').where({ userName }).first<{ id: number }>('id');
        await sql('im_admin').insert({ userId: user.id, createdTime: Date.now() });
      }),
    async over(kind, token) {
      const secrets = JSON.parse(await readFile(join(data, 'secrets.json'), 'utf8')) as Record<
        string,
        string
      >;
      const [head = '', claims = ''] = token.split('.');
      const sign = (payload: string): string => {
        const signature = createHmac('sha256', secrets[`${kind}Secret`] ?? '').update(`${head}.${payload}`);
        return `${head}.${payload}.${signature.digest('base64url')}`;
      };
      // Signed as the platform does.
      expect(sign(claims)).toBe(token);
      const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
        exp: number;
        issuedAt: number;
      };
      const late = { ...said, exp: said.exp - longAgoS, issuedAt: said.issuedAt - longAgoS * 1_000 };
      return sign(Buffer.from(JSON.stringify(late)).toString('base64url'));
    },
  };
}

const longAgoS = 365 * 86_400;

/** One for all files of this process: as after a first start. */
let seeded: Promise<string> | undefined;

async function seededDatabase(): Promise<string> {
  const file = join(inject('runFolder'), `seeded-${process.pid}.db`);
  const database = openDatabase({ url: `sqlite:${file}` });
  await migrate(database.sql);
  await seed(database, { password: demoPassword });
  // All of it is to be in this one file.
  await database.sql.raw('PRAGMA wal_checkpoint(TRUNCATE)');
  await database.close();
  return file;
}

const types: Readonly<Record<string, string>> = {
  ...{ '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' },
  ...{ '.json': 'application/json', '.webmanifest': 'application/manifest+json', '.png': 'image/png' },
};

/** The page on a server that can be upgraded to another build of it, and that can go away. */
export interface Site {
  readonly url: string;
  /** Resolves when the page keeps the build that is served now, all of it, and would open with it. */
  isKept(page: Page): Promise<void>;
  upgrade(): void;
  close(): Promise<void>;
}

export async function builds(): Promise<Site> {
  const folder = await bundlePage();
  const [page = '', worker = ''] = await Promise.all(
    ['index.html', 'sw.js'].map((file) => readFile(join(folder, file), 'utf8')),
  );
  const name = /[0-9a-f]{16}(?=["'`])/.exec(worker)?.[0] ?? '';
  let number = 1;
  // From one request to the next, as where builds are put in place at once.
  const marked = new Map<string, () => string>([
    ['/sw.js', () => worker.replaceAll(name, String(number).repeat(16))],
    ['/index.html', () => page.replace('<head>', `<head><meta name="build" content="${number}">`)],
  ]);
  const server = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : (request.url ?? '');
    const give = (bytes: string | Buffer): void =>
      void response.setHeader('content-type', types[extname(path)] ?? 'text/plain').end(bytes);
    const made = marked.get(path);
    if (made) give(made());
    else readFile(join(folder, path)).then(give, () => response.writeHead(404).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  onCleanup(close);
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async isKept(tab) {
      // A cache has its name before it has its files, and a worker is there before it is the one that opens the page.
      const isKept = `(async () => {
        const { installing, waiting, active } = (await navigator.serviceWorker.getRegistration()) ?? {};
        if (installing || waiting || active?.state !== 'activated') return false;
        const names = (await caches.keys()).filter((name) => name.endsWith('${String(number).repeat(16)}'));
        const pages = names.map((name) => caches.open(name).then((one) => one.match('index.html')));
        return (await Promise.all(pages)).some((page) => page !== undefined);
      })()`;
      await expect.poll(() => tab.evaluate<boolean>(isKept), { timeout: 30_000 }).toBe(true);
    },
    upgrade() {
      number = 2;
    },
    close,
  };
}

/** As when somebody looks at another tab, and comes back. */
export async function hide(page: Page, isHidden: boolean): Promise<void> {
  const state = isHidden ? 'hidden' : 'visible';
  await page.evaluate(`{
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' });
    document.dispatchEvent(new Event('visibilitychange'));
  }`);
}

/** What the system shows of it. */
export function notifications(page: Page): Promise<unknown> {
  return page.evaluate(
    `navigator.serviceWorker.ready.then((worker) => worker.getNotifications())
       .then((all) => all.map(({ title, body }) => title + ': ' + body))`,
  );
}

let isKept = false;

/**
 * From now on browsers keep the page with its worker, in this test or file, as those of people do: for what they do without a network or
 * in the background. To all others it would be a process and a hundred requests more for each browser.
 */
export function keepPages(): void {
  isKept = true;
  onCleanup(() => {
    isKept = false;
  });
}

/** Somebody's tab, in a browser of its own if none is given. Whatever the page throws, or the browser refuses it, fails the test. */
export async function openTab(
  url: string,
  viewport: typeof desktop = desktop,
  browser: BrowserContext | BrowserKind = 'page',
): Promise<Page> {
  const context = typeof browser === 'string' ? await newBrowser(viewport, browser) : browser;
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|\[Vue warn\]/.test(message.text())) problems.push(message.text());
  });
  onCleanup(() => expect(problems).toEqual([]));
  await page.goto(url);
  return page;
}

function newBrowser(viewport: typeof desktop, kind: BrowserKind): Promise<BrowserContext> {
  const isPhone = viewport === phone;
  const options: BrowserContextOptions = {
    ...{ viewport, serviceWorkers: isKept ? 'allow' : 'block' },
    ...(isPhone && { hasTouch: true, isMobile: true }),
  };
  return newChromiumContext(options, kind);
}

/** `kind`: `whole` for who is notified. */
export async function signIn(
  url: string,
  name: string,
  viewport: typeof desktop = desktop,
  kind: BrowserKind = 'page',
): Promise<Page> {
  const page = await openTab(url, viewport, kind);
  await page.getByRole('button', { name: `Sign in as ${name}` }).click();
  await conversations(page).waitFor();
  return page;
}

export async function register(url: string, name: string, viewport: typeof desktop = desktop): Promise<Page> {
  const page = await openTab(`${url}/#/register`, viewport);
  await page.getByLabel('User name').fill(name.toLowerCase());
  await page.getByLabel('Name that others see').fill(name);
  await page.getByLabel('Password', { exact: true }).fill('a sentence is good');
  await page.getByRole('button', { name: 'Create an account' }).click();
  await conversations(page).waitFor();
  return page;
}

export function conversations(page: Page): Locator {
  return page.getByRole('navigation', { name: 'Conversations' });
}

/** A line of the list. */
export function entry(page: Page, name: string | RegExp): Locator {
  return conversations(page).getByRole('link', { name });
}

export function message(page: Page, text: string | RegExp): Locator {
  return page.getByRole('log').getByRole('article').filter({ hasText: text });
}

export async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

/** Attaches a file to what is written next, by `item` of the menu. */
export async function attach(page: Page, item: 'Photo' | 'File', file: GivenFile): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Attach' }).click();
  await page.getByRole('menuitem', { name: item }).click();
  await (await chooser).setFiles(file);
}

/** Chooses what is done with a message. */
export async function act(page: Page, text: string, item: string): Promise<void> {
  const row = message(page, text).first();
  await row.hover();
  await row.getByRole('button', { name: 'Message actions' }).click();
  await page
    .getByRole('menu')
    .getByRole(/^\p{L}/u.test(item) ? 'menuitem' : 'menuitemcheckbox', { name: item })
    .click();
}

interface GivenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

let axe: Promise<string> | undefined;

/** What axe finds that keeps people out; of colours in both themes. */
export async function barriers(page: Page): Promise<string[]> {
  axe ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  if (!(await page.evaluate<boolean>(`'axe' in globalThis`))) await page.evaluate(await axe);
  // Colours that are on their way are none.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const violations = await page.evaluate<Violation[]>(`(async () => {
    const { dataset } = document.documentElement;
    const { theme } = dataset;
    const find = async (options) => (await axe.run({ ...options, resultTypes: ['violations'] })).violations;
    const found = await find({});
    dataset.theme = theme === 'dark' ? 'light' : 'dark';
    const other = await find({ runOnly: ['color-contrast'] });
    dataset.theme = theme;
    // At once as well: what is drawn later would fade to it.
    document.body.offsetHeight;
    return [...found, ...other];
  })()`);
  await page.emulateMedia({ reducedMotion: null });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`);
}
