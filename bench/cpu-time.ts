import { readFileSync } from 'node:fs';

/** CPU time that a process has used, user and system, in microseconds, as Linux counts it (10 ms steps). */
export function cpuMicroseconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return ticks * 10_000;
}
