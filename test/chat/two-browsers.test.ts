import { expect, test } from 'vitest';
import { runCuts } from './cuts.ts';

test(
  'two browsers write and change messages through cuts and reloads: the same on both, nothing lost, nothing twice',
  { timeout: 240_000 },
  async () => {
    const report = await runCuts({ seconds: 3, seed: 11, restarts: 1 });

    expect(report.problems).toEqual([]);
    expect(report.written).toBeGreaterThan(5);
    expect(report.reloads).toBeGreaterThan(0);
    expect(report.cuts).toBeGreaterThan(1);
    expect(report.restarts).toBe(1);
    expect(report.changes).toBeGreaterThan(5);
  },
);
