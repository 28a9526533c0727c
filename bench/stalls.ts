// What the machine itself adds to every latency: the gaps that a program sees which does nothing but read the clock, on
// each core for ten seconds. Run: npm run stalls -w im-bench, with nothing else running.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const seconds = 10;
/** Shorter ones are interrupts. */
const shortestMs = 0.05;

const core = process.argv[2];
if (core === undefined) {
  const itself = [process.execPath, ...process.execArgv, fileURLToPath(import.meta.url)];
  for (let each = 0; each < availableParallelism(); each += 1)
    spawn('taskset', ['-c', String(each), ...itself, String(each)], { stdio: 'inherit' });
} else {
  const gaps = gapsUntil(performance.now() + seconds * 1_000).sort((a, b) => b - a);
  const lost = gaps.reduce((sum, gap) => sum + gap, 0) / (seconds * 10);
  const over = (ms: number): number => gaps.filter((gap) => gap > ms).length;
  console.log(
    `core ${core}: ${lost.toFixed(1)} % of its time lost in ${gaps.length} gaps; ${over(0.5)} over 0.5 ms, ` +
      `${over(2)} over 2 ms, the longest ${(gaps[0] ?? 0).toFixed(1)} ms`,
  );
}

function gapsUntil(end: number): number[] {
  const gaps: number[] = [];
  for (let last = performance.now(); last < end;) {
    const now = performance.now();
    if (now - last > shortestMs) gaps.push(now - last);
    last = now;
  }
  return gaps;
}
