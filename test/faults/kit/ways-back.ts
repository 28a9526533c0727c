import { clock } from '../history/recorder.ts';
import { monitorRedis } from './redis-monitor.ts';

/** From the moment when a server wrote that a device is on its way, to the moment when another one wrote that it has it. */
export interface WayBack {
  readonly from: number;
  to: number;
}

const command = /^\+(\d+\.\d+) \[[^\]]*\] "SET" "\{?im:user:server_id:(\d+:\d+)(\}[^"]*moving)?"/;

/**
 * Watches Redis write down who is on the way, by its own clock: a crowd of devices in one process may be late in seeing that
 * it was sent away, and would take itself for punctual.
 */
export class WaysBack {
  /** By address. */
  readonly all: Map<string, WayBack[]> = new Map();

  static async watch(redisPort: number, onEnd: (stop: () => void) => void): Promise<WaysBack> {
    const ways = new WaysBack();
    const wallToClock = clock() - Date.now();
    onEnd(await monitorRedis(redisPort, (line) => ways.#see(line, wallToClock)));
    return ways;
  }

  /** How long the device was on its way, at most, of the times that touch a span. */
  longest(address: string, from: number, to: number): number {
    const touching = (this.all.get(address) ?? []).filter((way) => way.from <= to && way.to >= from);
    return Math.max(0, ...touching.map((way) => way.to - way.from));
  }

  /** Of all that came to an end. */
  durations(): number[] {
    return [...this.all.values()].flat().flatMap(({ from, to }) => (to < Infinity ? [to - from] : []));
  }

  #see(line: string, wallToClock: number): void {
    const [, seconds, address = '', isMark] = command.exec(line) ?? [];
    if (seconds === undefined) return;
    const at = Number(seconds) * 1_000 + wallToClock;
    const ways = this.all.get(address) ?? [];
    this.all.set(address, ways);
    const last = ways.at(-1);
    if (isMark !== undefined) ways.push({ from: at, to: Infinity });
    else if (last?.to === Infinity) last.to = at;
  }
}
