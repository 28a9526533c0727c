import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runnable } from './support/program-files.ts';

// What `npm run` has answers `--help`, and what it does not know, with one line.

const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> };
/** They build packages, whatever is asked, or are started with arguments of others. */
const others = ['build', 'start', 'db:migrate', 'db:rollback', 'db:seed'];
const own = Object.entries(scripts).flatMap(([name, command]) => {
  const file = / (\S+\.ts)$/.exec(command)?.[1];
  return file === undefined || others.includes(name) ? [] : [{ name, file }];
});

test('every command reads its arguments by what all of them share', async () => {
  expect(own.length).toBeGreaterThan(20);
  for (const { name, file } of own)
    expect(await readFile(file, 'utf8'), file).toMatch(new RegExp(`ownArguments\\(\\{\\s*name: '${name}'`));
});

test('help is one line, an unknown option is one line with code 2', () => {
  const run = (argument: string): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [...runnable('scripts/repeat-tests.ts'), argument], { encoding: 'utf8' });

  const help = run('--help');
  expect(help.stdout).toBe('Usage: npm run repeat -- [files] [--times 20] [--add …] [--commit …]\n');
  expect([help.status, help.stderr]).toEqual([0, '']);
  const wrong = run('--time');
  expect(wrong.stderr).toMatch(/^Unknown option '--time'. Usage: npm run repeat -- .*\n$/);
  expect([wrong.status, wrong.stdout]).toEqual([2, '']);
});
