import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { place, type Place } from './support/all-in-one.ts';
import { startProgram } from './support/program.ts';

// Processes take long to start on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

interface Answer<Data> {
  readonly code: number;
  readonly data: Data;
}

async function post<Data>(url: string, body: string | FormData, accessToken = ''): Promise<Answer<Data>> {
  const type: Record<string, string> = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
  const response = await fetch(url, { method: 'POST', headers: { ...type, accessToken }, body });
  return (await response.json()) as Answer<Data>;
}

async function logIn({ url }: Place): Promise<string> {
  const body = JSON.stringify({ terminal: 0, userName: 'ann', password: 'demo-1234' });
  return (await post<{ accessToken: string }>(`${url}/login`, body)).data.accessToken;
}

function upload({ url }: Place, accessToken?: string): Promise<Answer<string>> {
  const form = new FormData();
  form.set('file', new Blob(['hello']), 'hello.txt');
  return post(`${url}/file/upload`, form, accessToken);
}

/** What others than the owner may do to what is in a folder and below it. */
async function rightsOfOthers(folder: string): Promise<Record<string, number>> {
  const names = await readdir(folder, { recursive: true });
  const rights = names.map(async (name) => [name, (await stat(join(folder, name))).mode & 0o077] as const);
  return Object.fromEntries(await Promise.all(rights));
}

it('keeps everything to its owner, says what it does, and which port is in use', async () => {
  const here = await place();
  // As it was made before.
  await mkdir(join(here.data, 'files'), { mode: 0o755 });
  await writeFile(join(here.data, 'im.db'), '', { mode: 0o644 });
  const running = await here.start();
  expect((await upload(here)).code).toBe(400);
  expect((await upload(here, await logIn(here))).data).toContain(`${here.url}/`);

  const rights = await rightsOfOthers(here.data);
  expect(Object.keys(rights)).toEqual(
    expect.arrayContaining(['im.db', 'im.db-wal', 'im.db-shm', 'secrets.json']),
  );
  expect(Object.keys(rights).filter((name) => /^files.*\.txt$/.test(name))).toHaveLength(1);
  // The page is what everybody gets.
  const open = Object.entries(rights).filter(([name, mode]) => mode !== 0 && !name.startsWith('page'));
  expect(open).toEqual([]);

  expect(running.stdout).toMatch(/^Loading…\nPreparing the database in .*…\nBuilding the page…\nStarting /);
  expect(running.stdout).not.toContain('Other machines');
  const second = startProgram(here.args, { script: '../../start.ts' });
  expect(await second.exit).toEqual({ code: 1, signal: null });
  expect(second.stderr).toMatch(/Port \d+ .*is in use/s);
  expect(second.stderr).toContain('Usage: npm start');
});

it('warns when other machines reach it', async () => {
  const here = await place();
  const running = await here.start('--host', '0.0.0.0');

  await running.line(/^Say where they find this one: --public-url http:\/\/\S+:\d+$/);
  expect(running.stdout).toContain('Other machines reach this (--host 0.0.0.0)');
  expect(running.stdout).toContain('their password is public');
});

it('gives others the addresses that it is told, and takes uploads without a token when it is told', async () => {
  const here = await place();
  await here.start('--public-url', 'https://chat.example.com', '--open-uploads');

  const page = (await (await fetch(`${here.url}/page.json`)).json()) as { imUrl: string };
  expect(page.imUrl).toBe(`wss://chat.example.com:${here.imPort}/im`);
  expect((await upload(here)).data).toMatch(/^https:\/\/chat\.example\.com\//);
});
