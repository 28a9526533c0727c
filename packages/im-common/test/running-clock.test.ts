import { expect, onTestFinished, test, vi } from 'vitest';
import { runningMs } from '../src/bus/running-clock.ts';

test('the running clock goes on where a test fakes the clock, and after', () => {
  const before = runningMs();
  onTestFinished(() => void vi.useRealTimers());

  vi.useFakeTimers({ toFake: ['performance'] });
  expect(runningMs()).toBeGreaterThanOrEqual(before);

  vi.useRealTimers();
  expect(runningMs()).toBeGreaterThanOrEqual(before);
});
