import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { place } from './support/all-in-one.ts';
import { startProgram } from './support/program.ts';

// Processes take long to start on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

it('keeps its secrets to itself, and says which port is in use', async () => {
  const here = await place();
  await here.start();

  expect((await stat(join(here.data, 'secrets.json'))).mode & 0o777).toBe(0o600);
  const second = startProgram(here.args, { script: '../../start.ts' });
  expect(await second.exit).toEqual({ code: 1, signal: null });
  expect(second.stderr).toMatch(/Port \d+ .*is in use/s);
  expect(second.stderr).toContain('Usage: npm start');
});
