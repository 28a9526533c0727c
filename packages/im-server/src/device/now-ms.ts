import { runningMs } from 'im-common/internal/bus';

/**
 * The clock by which devices have their deadlines. After a blocked event loop timers come first: by running time nothing
 * is held against a device whose answer has arrived and was not read yet. In whole milliseconds: see engine.ts
 * on numbers.
 */
export function nowMs(): number {
  return Math.trunc(runningMs());
}
