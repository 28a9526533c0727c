// What a search in a drive of many names costs: `npx tsx --conditions=im-source bench/drive-search.ts [names] [rounds]`, after `npm run build`. Ann has
// so many, Bob a hundredth of them; their searches take turns. SQLite, and a MariaDB of its own. Then in the page, in Chromium, on SQLite.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createMemoryBus } from 'im-common/bus';
import { createPlatform, migrate, openDatabase, seed, type Database, type Platform } from 'im-platform';
import { createApiClient, unwrap, type ApiClient, type ApiTokens } from 'im-platform/client';
import { launchChromium, startMariaDb } from 'im-test/support';
import { bundlePage } from '../scripts/bundle-page.ts';
import { median } from './process-figures.ts';

const [names, rounds] = [Number(process.argv[2] ?? 100_000), Number(process.argv[3] ?? 15)];
const [perFolder, rowsAtOnce, atOnce] = [1_000, 500, 20];
const password = 'only-for-this-bench';
const folder = await mkdtemp(join(tmpdir(), 'im-bench-'));
const words = [
  'Budget',
  'holiday',
  'Übersicht',
  '会议记录',
  'invoice',
  'photo',
  'draft',
  'Reisekosten',
  'plan',
];

/** What is looked for. */
const asked: Readonly<Record<string, string>> = {
  'in the last name only': 'needle',
  'in none': 'nowhere',
  'in every name': '2026',
  'a letter': 'e',
  'signs of patterns': '%_'.repeat(50),
  'a hundred letters': 'a'.repeat(100),
};

/** Names as people give them, in folders; the last one has the needle. */
async function fill({ sql }: Database, ownerId: number, count: number): Promise<void> {
  const row = (parentId: number, name: string, isFile: number) => ({
    ...{ ownerId, parentId, name, nameKey: name.toLowerCase(), isFile, size: isFile, version: 0 },
    ...{ creatorId: ownerId, createdTime: 1, changedTime: 1 },
  });
  const [root = 0] = await sql('im_drive_node').insert({ ...row(0, '', 0), nameKey: String(ownerId) });
  let parent = root;
  for (let first = 0; first < count; first += rowsAtOnce) {
    if (first % perFolder === 0)
      [parent = 0] = await sql('im_drive_node').insert(row(root, `Folder ${first}`, 0));
    const rows = Array.from({ length: Math.min(rowsAtOnce, count - first) }, (_, index) => {
      const number = first + index;
      const word = (by: number): string => words[Math.floor(number / by) % words.length] ?? '';
      const end = number === count - 1 ? ' needle' : '';
      return row(parent, `${word(1)} ${word(9)} 2026-${number}${end}.pdf`, 1);
    });
    await sql('im_drive_node').insert(rows);
  }
}

async function start(database: string, page: false | object): Promise<Platform> {
  const opened = openDatabase({ url: database });
  await migrate(opened.sql);
  await seed(opened, { password });
  await fill(opened, 1, names);
  await fill(opened, 2, Math.ceil(names / 100));
  await opened.close();
  const bus = createMemoryBus();
  await bus.start();
  const secret = (): string => randomBytes(32).toString('base64');
  const platform = createPlatform({
    ...{ database, bus, host: '127.0.0.1', port: 0, filesDir: join(folder, 'files'), drive: true },
    ...{ accessSecret: secret(), refreshSecret: secret(), page },
    ...{ requestsPerMinute: 1_000_000, searchesPerMinute: 1_000_000 },
  });
  await platform.start();
  return platform;
}

async function signIn(url: string, userName: string): Promise<ApiClient> {
  let tokens: ApiTokens | undefined;
  const api = createApiClient({ url, tokens: { read: () => tokens, write: (fresh) => (tokens = fresh) } });
  tokens = await unwrap(api.POST('/v1/sessions', { body: { userName, password, device: 'web' } }));
  return api;
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/** Until all is found, or fifty of it. */
async function search(api: ApiClient, query: string): Promise<number> {
  let [found, pages] = [0, 0];
  for (let cursor: string | undefined; ;) {
    const given = { query, ...(cursor !== undefined && { cursor }) };
    const page = await unwrap(api.GET('/v1/drive/search', { params: { query: given } }));
    [found, pages] = [found + page.items.length, pages + 1];
    if (page.nextCursor === null || found >= 50) return pages;
    cursor = page.nextCursor;
  }
}

const ms = (values: readonly number[]): string =>
  `${median(values).toFixed(1)} (to ${Math.max(...values).toFixed(1)})`;

async function measure(name: string, { url }: Platform): Promise<void> {
  const [ann, bob] = [await signIn(url, 'ann'), await signIn(url, 'bob')];
  console.log(
    `${name}: ms of a search of ${names} names, of ${Math.ceil(names / 100)}, and how many times as many`,
  );
  for (const [what, query] of Object.entries(asked)) {
    const [many, few]: [number[], number[]] = [[], []];
    let pages = 0;
    for (let round = 0; round < rounds; round++) {
      many.push(await msOf(async () => (pages = await search(ann, query))));
      few.push(await msOf(() => search(bob, query)));
    }
    const times = (median(many) / median(few)).toFixed(1);
    console.log(`  ${what}: ${ms(many)}, ${ms(few)}, ${times}; ${pages} requests`);
  }
  // How long nothing else is done in this process meanwhile.
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const took = await msOf(() => Promise.all(Array.from({ length: atOnce }, () => search(ann, 'nowhere'))));
  delays.disable();
  console.log(
    `  ${atOnce} at once: ${took.toFixed(0)} ms; nothing else is done for ${(delays.max / 1e6).toFixed(0)} ms of it at most`,
  );
}

/** From the key to the first line that is shown. */
async function inPage({ url }: Platform): Promise<void> {
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(url.replace('127.0.0.1', 'localhost'));
  await page.getByRole('button', { name: 'Sign in as Ann' }).click();
  await page.getByRole('link', { name: 'Drive' }).click();
  await page.getByText('Folder 0').waitFor();
  for (const query of ['needle', '2026']) {
    const took: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await page.getByRole('searchbox').fill('folder 99');
      await page.getByRole('searchbox').press('Enter');
      await page.getByRole('listitem').filter({ hasText: 'Folder 99' }).first().waitFor();
      await page.getByRole('searchbox').fill(query);
      took.push(
        await page.evaluate<number>(
          `new Promise((resolve) => {
            const from = performance.now();
            const seen = () => [...document.querySelectorAll('li')].some((line) => line.textContent.includes('${query}'));
            new MutationObserver((_, observer) => {
              if (!seen()) return;
              observer.disconnect();
              requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from)));
            }).observe(document.body, { childList: true, subtree: true });
            document.querySelector('form[role=search]').requestSubmit();
          })`,
        ),
      );
    }
    console.log(`  in the page, “${query}”: ${ms(took)} ms until it is shown`);
  }
  await browser.close();
}

const page = {
  folder: await bundlePage(() => console.log('building the page')),
  demoAccounts: [{ userName: 'ann', nickName: 'Ann', password }],
};
const sqlite = await start(`sqlite:${join(folder, 'im.db')}`, page);
await measure('SQLite', sqlite);
await inPage(sqlite);
await sqlite.close();
const mariadb = await startMariaDb();
const root = openDatabase({ url: `${mariadb.url}mysql` });
await root.sql.raw('create database bench');
await root.close();
const other = await start(`${mariadb.url}bench`, false);
await measure('MariaDB', other);
await other.close();
await mariadb.stop();
await rm(folder, { recursive: true, force: true });
