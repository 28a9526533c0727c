import { runningMs } from 'im-common/internal/bus';

/**
 * The clock by which devices have their deadlines. After a blocked event loop timers come first: by running time nothing
 * is held against a device whose answer has arrived and was not read yet. In whole milliseconds, as the engine keeps a
 * whole number where it is used; a fraction would be an object of its own, for each connection and each look at it.
 */
export function nowMs(): number {
  return Math.trunc(runningMs());
}
