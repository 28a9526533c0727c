// The real ones, also where a test fakes the clock: it would go back, for all that the process does later.
import { performance } from 'node:perf_hooks';
import { setInterval } from 'node:timers';

const tickMs = 100;
/** What a tick may count: the rest of a longer one the process was stopped, or its event loop blocked. */
const mostPerTickMs = 200;

let counted = 0;
let tickedAt = performance.now();
let ticking: NodeJS.Timeout | undefined;

/**
 * Milliseconds that never go back, like `performance.now()`, but of the time only that in which this process could act. It
 * is for deadlines that somebody in this process has to meet, or whose answer this process has to read: a process that was
 * stopped, or blocked by a long piece of work, finds timers due before it has looked at what came in meanwhile.
 *
 * Not for what others decide by a clock of theirs, such as a lease on Redis.
 */
export function runningMs(): number {
  ticking ??= setInterval(tick, tickMs).unref();
  return counted + sinceTick();
}

function tick(): void {
  counted += sinceTick();
  tickedAt = performance.now();
}

function sinceTick(): number {
  return Math.min(performance.now() - tickedAt, mostPerTickMs);
}
