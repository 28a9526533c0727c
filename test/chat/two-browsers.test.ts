import { expect, test } from 'vitest';
import { runCuts } from './cuts.ts';

test(
  'two browsers write through cuts and reloads: the same order on both, nothing lost, nothing twice',
  { timeout: 120_000 },
  async () => {
    const report = await runCuts({ seconds: 4, seed: 11, restarts: 1 });

    expect(report.problems).toEqual([]);
    expect(report.written).toBeGreaterThan(10);
    expect(report.reloads).toBeGreaterThan(0);
    expect(report.cuts).toBeGreaterThan(2);
    expect(report.restarts).toBe(1);
  },
);
