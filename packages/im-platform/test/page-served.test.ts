import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onCleanup } from 'im-test/support';
import { expect, it } from 'vitest';
import type { PageOptions } from '../src/index.ts';
import { call } from './support/person.ts';
import { startTestPlatform } from './support/test-platform.ts';

async function start(page: PageOptions | false): Promise<string> {
  const { url } = await startTestPlatform({ store: 'sqlite', platform: { page } });
  return url;
}

async function builtPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'im-test-page-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'index.html'), '<title>chat</title>');
  return folder;
}

it('serves its page at /, and nothing else of that folder', async () => {
  const url = await start({ folder: await builtPage() });

  const answer = await fetch(url);
  expect(await answer.text()).toBe('<title>chat</title>');
  // Asked for again each time, and sent again only when it has changed.
  expect(answer.headers.get('cache-control')).toBe('public, max-age=0');
  expect(answer.headers.get('etag')).toBeTruthy();
  for (const path of ['/other.html', '/..%2fim.db'])
    expect(await call(url + path, 'GET')).toMatchObject({ status: 404, code: 404 });
});

it('counts what the page consists of towards no limit: an office is one address', async () => {
  const folder = await builtPage();
  const { url } = await startTestPlatform({
    store: 'sqlite',
    platform: { page: { folder }, requestsPerMinute: 3 },
  });
  const kinds = async (path: string) => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => fetch(`${url}${path}`)));
    return answers.map(({ status, headers }) => `${status} ${headers.get('content-type')}`);
  };
  expect(new Set(await kinds('/'))).toEqual(new Set(['200 text/html; charset=utf-8']));
  const told = await Promise.all(Array.from({ length: 5 }, () => call(`${url}/page.json`, 'GET')));
  expect(told.filter(({ code }) => code === 429)).toEqual([]);
  expect((await kinds('/v1/me')).map((kind) => kind.slice(0, 3))).toEqual([
    '401',
    '401',
    '401',
    '429',
    '429',
  ]);
});

it('gives accounts away only where it was told to', async () => {
  const folder = await builtPage();
  const ann = { userName: 'ann', nickName: 'Ann', password: 'demo-1234' };

  const told = await fetch(`${await start({ folder, demoAccounts: [ann] })}/page.json`);
  expect(await told.json()).toEqual({
    imUrl: null,
    demoAccounts: [ann],
    identityProviders: [],
    linkPreviews: false,
    drive: false,
    endToEnd: false,
    redPackets: false,
  });
  const usual = await fetch(`${await start({ folder })}/page.json`);
  expect(await usual.json()).toEqual({
    imUrl: null,
    demoAccounts: [],
    identityProviders: [],
    linkPreviews: false,
    drive: false,
    endToEnd: false,
    redPackets: false,
  });
});

it.each([false, { folder: '/nowhere' }] as const)('serves no page with %j, and works', async (page) => {
  const url = await start(page);

  expect(await call(url, 'GET')).toMatchObject({ status: 404, code: 404 });
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});
