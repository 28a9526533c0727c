import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const last = availableParallelism() - 1;
const everyCore = `0-${last}`;
let areApart = false;

/**
 * From now on servers under test have the last core to themselves; the load, Redis and the devices have the others.
 * Sharing all cores, they wait for each other at the scheduler's pleasure, and figures move by a half from run to run.
 */
export function keepServersApart(): void {
  areApart = last > 0 && assign(process.pid, `0-${last - 1}`);
  if (!areApart) console.error('Servers and load share the cores: this needs two of them, and taskset.');
}

export function letAllShare(): void {
  if (areApart) assign(process.pid, everyCore);
  areApart = false;
}

/** To be called when a server has started, with all its threads. */
export function giveServerItsCore(pid: number): void {
  if (areApart) assign(pid, String(last));
}

function assign(pid: number, cores: string): boolean {
  try {
    execFileSync('taskset', ['-acp', cores, String(pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
