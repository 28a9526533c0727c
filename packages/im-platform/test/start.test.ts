import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { place } from './support/all-in-one.ts';
import { startProgram } from './support/program.ts';

// Processes take long to start on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

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
  expect((await here.upload()).code).toBe(400);
  expect((await here.upload(await here.logIn())).data).toContain(`${here.url}/`);

  const rights = await rightsOfOthers(here.data);
  expect(Object.keys(rights)).toEqual(
    expect.arrayContaining(['im.db', 'im.db-wal', 'im.db-shm', 'secrets.json']),
  );
  expect(Object.keys(rights).filter((name) => /^files.*\.txt$/.test(name))).toHaveLength(1);
  const open = Object.entries(rights).filter(([, mode]) => mode !== 0);
  expect(open).toEqual([]);

  expect(running.stdout).toMatch(
    /^Loading…\nPreparing the database in .*…\n(Building the page…\n)?Starting /,
  );
  expect(running.stdout).not.toContain('Other machines');
  const second = startProgram(here.args, { script: '../../start.ts' });
  expect(await second.exit).toEqual({ code: 1, signal: null });
  expect(second.stderr).toMatch(/port \d+ .*is in use/i);
  expect(second.stderr).toContain('Usage: npm start');
});
