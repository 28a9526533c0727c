import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { migrate, openDatabase } from 'im-platform';
import { freePort, newChromiumContext, onCleanup, runnable } from 'im-test/support';
import type { FrameLocator, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { Cases, NotPossible, type Case } from '../examples/customer-service/cases.ts';
import {
  databaseIn,
  scopes,
  startPlatformHere,
  type PlatformHere,
} from '../examples/customer-service/platform-here.ts';
import { isGenuine, type Headers } from '../examples/customer-service/signatures.ts';
import { sendDue } from '../examples/customer-service/transcripts.ts';
import { spawnTied, type TiedProcess } from './support/tied-process.ts';

// examples/customer-service: the rules of its desk, and visitors and agents in Chromium over deaths of it.

test('who waits longest goes to whom has fewest, and nobody gets what they have passed on', () => {
  const cases = newCases();
  const [first, second, third] = ['1', '2', '3'].map((visitor) => cases.open(visitor));
  cases.assign(['eve', 'mia']);
  expect([first, second, third].map((one) => one?.agent)).toEqual(['eve', 'mia', 'eve']);

  cases.handOver(first!.id, 'eve', undefined);
  cases.assign(['eve', 'mia']);
  expect(first?.agent).toBe('mia');
  cases.handOver(first!.id, 'mia', 'eve');
  expect([cases.of('eve'), cases.of('mia')].map((own) => own.length)).toEqual([2, 1]);
  cases.giveBack('eve');
  expect(cases.waiting()).toEqual([first, third]);
});

test('of two who claim at once one is first, and a visitor has one case', () => {
  const cases = newCases();
  const opened = cases.open('1');
  expect(cases.open('1')).toBe(opened);

  cases.claim(opened.id, 'eve');
  expect(() => cases.claim(opened.id, 'mia')).toThrow(NotPossible);
  for (const steal of [
    () => cases.closeAs('mia', opened.id),
    () => cases.handOver(opened.id, 'mia', 'mia'),
    () => cases.rate('1', 5, ''),
  ])
    expect(steal).toThrow(NotPossible);
  expect(opened).toMatchObject({ state: 'taken', agent: 'eve' });

  cases.closeAs('eve', opened.id);
  for (const stars of [0, 6, 1.5, '5', null]) expect(() => cases.rate('1', stars, '')).toThrow(NotPossible);
  cases.rate('1', 5, 'good');
  expect(() => cases.rate('1', 1, 'changed my mind')).toThrow(NotPossible);
  expect(cases.open('1').id).not.toBe(opened.id);
});

test('agents have no more than three at a time, and the queue has an end', () => {
  const cases = newCases();
  for (let visitor = 1; visitor <= 200; visitor += 1) cases.open(String(visitor));
  expect(() => cases.open('one too many')).toThrow(NotPossible);
  cases.assign(['eve']);
  expect(cases.of('eve').map(({ visitor }) => visitor)).toEqual(['1', '2', '3']);
});

test('of a case without end the question and the newest lines are kept', () => {
  const cases = newCases();
  const opened = cases.open('1');
  cases.change(opened, { conversationId: 'group:1' });
  const line = { from: 'visitor', text: 'more', at: '' };
  for (let number = 1; number <= 600; number += 1) cases.hear('group:1', { ...line, number });
  expect(opened.lines).toHaveLength(500);
  expect(opened.lines.slice(0, 2).map(({ number }) => number)).toEqual([1, 102]);
  expect([opened.lines.at(-1)?.number, opened.dropped]).toEqual([600, 100]);
});

test('a transcript that nobody takes keeps no other one waiting', async () => {
  const cases = newCases();
  const taken: string[] = [];
  for (const visitor of ['poison', 'other']) {
    const one = cases.open(visitor);
    const last = { number: 1, from: 'desk', text: 'Good-bye', at: '' };
    cases.change(one, { state: 'closed', closedAt: 0, lastNumber: 1 });
    one.lines.push(last);
  }
  const server = createServer((request, response) => {
    void textOf(request).then((body) => {
      const { visitor } = JSON.parse(body) as { visitor: string };
      if (visitor !== 'poison') taken.push(visitor);
      response.writeHead(visitor === 'poison' ? 422 : 204).end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => new Promise((resolve) => void server.close(resolve)));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  await expect(sendDue(cases, { url, secret: 's', ratingWaitMs: 0 })).rejects.toThrow('422');
  expect(taken).toEqual(['other']);
  expect(cases.all().map(({ visitor }) => visitor)).toEqual(['poison']);
});

function newCases(): Cases {
  const nothing = (): void => undefined;
  return new Cases([], { keep: nothing, changed: nothing });
}

const root = fileURLToPath(new URL('../', import.meta.url));
let folder: string;
let platform: PlatformHere;
let key: string;
let desk: Desk;

interface Desk {
  readonly url: string;
  readonly agents: Readonly<Record<string, string>>;
  /** SIGKILL, and again where it was. */
  restart(whileDead?: () => Promise<void>): Promise<void>;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'im-test-desk-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const places = { port: await freePort(), imPort: await freePort() };
  platform = await startPlatformHere({ folder, deskUrl: url, ...places });
  onCleanup(() => platform.close());
  key = await createKey(folder);
  transcripts = await startReceiver();
  desk = await startDesk(url, String(port));
}, 120_000);

async function createKey(data: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...[...runnable('packages/im-platform/src/main.ts'), 'key', 'create', '--database', databaseIn(data)],
    ...['--name', 'desk', '--scopes', scopes],
  ]);
  return stdout.trim();
}

async function startDesk(url: string, port: string): Promise<Desk> {
  const agents: Record<string, string> = {};
  const env = {
    ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], GONE_MS: '600000', RATING_WAIT_MS: '600000' },
    ...{
      IM_PLATFORM_URL: platform.url,
      IM_URL: platform.imUrl,
      IM_SERVER_KEY: key,
      TRANSCRIPT_URL: transcripts.url,
    },
    ...{ DESK_PORT: port, DESK_URL: url, DESK_FILE: join(folder, 'desk.json'), SITES: 'http://127.0.0.1:*' },
  };
  let running: TiedProcess;
  const start = async (): Promise<void> => {
    const args = runnable('examples/customer-service/desk.ts');
    running = spawnTied({ program: process.execPath, args, cwd: root, env });
    await running.printed(/The desk is open/);
    for (const [, name = '', link = ''] of running.output.matchAll(/^(\w+): (http\S+#\S+)$/gm))
      agents[name] = link;
  };
  await start();
  onCleanup(async () => {
    running.signal('SIGKILL');
    await running.ended;
  });
  return {
    url,
    agents,
    async restart(whileDead) {
      running.signal('SIGKILL');
      await running.ended;
      await whileDead?.();
      await start();
    },
  };
}

interface Transcript {
  readonly headers: Headers;
  readonly body: string;
}

let transcripts: { readonly url: string; readonly came: Transcript[] };

/** It takes nothing the first time, so all is sent again. */
async function startReceiver(): Promise<typeof transcripts> {
  const came: Transcript[] = [];
  let asked = 0;
  const server = createServer((request, response) => {
    void textOf(request).then((body) => {
      asked += 1;
      if (asked > 1) came.push({ headers: request.headers as Headers, body });
      response.writeHead(asked > 1 ? 204 : 503).end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, came };
}

/** What the desk has kept. */
async function kept(): Promise<{ readonly secret: string; readonly cases: readonly Case[] }> {
  return JSON.parse(await readFile(join(folder, 'desk.json'), 'utf8')) as never;
}

test('a visitor without an account asks, is handed over, and rates; the desk dies in the middle', async () => {
  const shop = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(
      `<!doctype html><title>Tea</title><script src="${desk.url}/widget.js" type="module"></script>`,
    );
  });
  await new Promise<void>((resolve) => void shop.listen(0, '127.0.0.1', resolve));
  onCleanup(() => shop.close());
  const page = await (await newChromiumContext()).newPage();
  await page.goto(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/`);
  await page.getByRole('button', { name: 'Ask us' }).click();
  const visitor = page.frameLocator('iframe');
  await say(visitor, 'Your message', 'Where is my tea?');
  await shows(visitor, 'You are next.');

  await desk.restart();
  const eve = await agent('eve');
  const mia = await agent('mia');
  await eve.getByLabel('Give me visitors').check();
  await shows(visitor, 'You are talking to eve.');
  await shows(eve.locator('main'), 'Where is my tea?');
  await eve.getByRole('button', { name: 'Hello, eve here. How can I help?' }).click();
  await shows(visitor, 'Hello, eve here. How can I help?');

  await desk.restart();
  await say(visitor, 'Your message', 'It was green tea.');
  await shows(eve.locator('main'), 'It was green tea.');
  await mia.getByLabel('Give me visitors').check();
  await eve.getByRole('button', { name: 'Hand over to mia' }).click();
  await shows(visitor, 'You are talking to mia.');
  await mia.reload(); // to be told of what she has, and to read it
  for (const text of ['Where is my tea?', 'Hello, eve here. How can I help?', 'It was green tea.']) {
    await shows(mia.locator('main'), text);
    expect(await mia.locator('main').getByText(text).count()).toBe(1);
  }
  await say(mia.locator('main'), 'Your answer', 'It is on its way.');
  await shows(visitor, 'It is on its way.');

  await mia.getByRole('button', { name: 'Close' }).click();
  await visitor.getByLabel('Stars').selectOption('4');
  await say(visitor, 'What was it like?', 'quick', 'Rate');
  await shows(visitor, 'Thank you! Write to ask again.');
  await expect.poll(() => transcripts.came.length).toBe(1);
  const [{ headers, body }] = transcripts.came as [Transcript];
  expect(isGenuine((await kept()).secret, headers, body)).toBe(true);
  const { agents, rating, lines } = JSON.parse(body) as Case & { agents: string[] };
  expect({ agents, rating, said: lines.map(({ from, text }) => `${from}: ${text}`) }).toEqual({
    agents: ['eve', 'mia'],
    rating: { stars: 4, words: 'quick' },
    said: [
      'visitor: Where is my tea?',
      'eve: Hello, eve here. How can I help?',
      'visitor: It was green tea.',
      'mia: It is on its way.',
      'desk: This conversation is closed. Thank you!',
    ],
  });
  expect((await kept()).cases).toEqual([]);
});

async function agent(name: string): Promise<Page> {
  const page = await (await newChromiumContext()).newPage();
  await page.goto(desk.agents[name] ?? '');
  await page.getByRole('heading', { name }).waitFor();
  return page;
}

type Place = Pick<FrameLocator, 'getByText' | 'getByLabel' | 'getByRole'>;

async function say(place: Place, label: string, text: string, button = 'Send'): Promise<void> {
  await place.getByLabel(label).fill(text);
  await place.getByRole('button', { name: button }).click();
}

async function shows(place: Place, text: string): Promise<void> {
  await place.getByText(text, { exact: true }).last().waitFor({ timeout: 60_000 });
}

test('who was told that they wait does, once, though the desk is killed while they come', async () => {
  const post = async (path: string, pass: string): Promise<Response> =>
    fetch(`${desk.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${pass}` } });
  const passes = await Promise.all(
    Array.from(
      { length: 12 },
      async () => ((await (await post('/visitors', '')).json()) as { pass: string }).pass,
    ),
  );
  const told: string[] = [];
  let killed: Promise<void> | undefined;
  const come = async (pass: string): Promise<void> => {
    const answer = await post('/case', pass).catch(() => undefined);
    if (answer?.ok) told.push(pass.split('.')[1] ?? '');
    if (told.length === 4) killed ??= desk.restart();
  };
  await Promise.all(passes.map(come));
  await killed;

  const waiting = async (): Promise<readonly Case[]> => (await kept()).cases;
  expect((await waiting()).map(({ visitor }) => visitor)).toEqual(expect.arrayContaining(told));
  // Who was not answered asks again, and so may all others.
  for (const pass of passes) expect((await post('/case', pass)).status).toBe(200);
  await expect.poll(async () => (await waiting()).every(({ conversationId }) => conversationId)).toBe(true);
  for (const what of ['visitor', 'conversationId'] as const)
    expect(new Set((await waiting()).map((one) => one[what])).size).toBe(12);
  expect(await waiting()).toHaveLength(12);

  const strangers = ['', passes[0]!.replace('visitor', 'agent'), `${passes[0]}x`, 'agent.eve.x'];
  for (const stranger of strangers) expect((await post('/case', stranger)).status).toBe(401);
});

test('one command starts all of it', async () => {
  const [PORT, IM_PORT, DESK_PORT, SHOP_PORT] = [
    ...[await freePort(), await freePort(), await freePort(), await freePort()].map(String),
  ];
  const data = join(folder, 'demo');
  await mkdir(data);
  const database = openDatabase({ url: databaseIn(data) });
  await migrate(database.sql);
  await database.close();
  await writeFile(join(data, 'key'), await createKey(data)); // as it would be after the first time
  const demo = spawnTied({
    ...{ program: process.execPath, args: runnable('examples/customer-service/demo.ts'), cwd: root },
    env: { ...process.env, DATA: data, PORT, IM_PORT, DESK_PORT, SHOP_PORT },
  });
  onCleanup(() => demo.signal('SIGKILL'));
  await demo.printed(/The desk is open/);

  const shop = await (await fetch(`http://localhost:${SHOP_PORT}/`)).text();
  const widget = /src="(\S+)"/.exec(shop)?.[1] ?? '';
  expect(await (await fetch(widget)).text()).toContain('iframe');
  demo.signal('SIGTERM');
  expect(await demo.ended).toMatchObject({ code: 0 });
});
