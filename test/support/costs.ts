import { appendFileSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { afterAll, expect } from 'vitest';

/** What a test file took. CPU is that of its process, and of all that it started and that has ended. */
export interface FileCosts {
  readonly file: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** With `IM_TEST_COSTS=<file>` each test file adds its costs to that file, as a line of JSON: for `npm run costs`. */
export function noteCosts(): void {
  const target = process.env['IM_TEST_COSTS'];
  if (target === undefined) return;
  const [startedAt, cpuBefore] = [performance.now(), cpuSeconds()];
  const file = relative('', expect.getState().testPath ?? '');
  afterAll(() => {
    const seconds = (performance.now() - startedAt) / 1_000;
    const costs: FileCosts = { file, seconds, cpuSeconds: cpuSeconds() - cpuBefore };
    appendFileSync(target, `${JSON.stringify(costs)}\n`);
  });
}

/** As Linux counts it, with children. The kernel tells it in hundredths of a second. */
function cpuSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // After the name of the program, which may have spaces: state is the third field, the four times are fields 14 to 17.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / 100;
}
