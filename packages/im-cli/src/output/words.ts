import { Terminal } from 'im-common';

const names = new Map<number, string>([
  [Terminal.WEB, 'web'],
  [Terminal.APP, 'app'],
  [Terminal.PC, 'pc'],
  [Terminal.UNKNOWN, 'unknown'],
]);

/** `0 web`; those of the application have their number alone. */
export function terminalWords(terminal: number): string {
  const name = names.get(terminal);
  return name === undefined ? String(terminal) : `${terminal} ${name}`;
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** In the largest unit that it has one of: `12 min`. */
export function lasting(ms: number): string {
  const [name, size] = units.find(([, least]) => ms >= least) ?? ['s', 1_000];
  return `${Math.max(0, Math.floor(ms / size))} ${name}`;
}

/** A moment by the clock, in UTC and to the second. */
export function moment(ms: number | undefined): string | undefined {
  if (ms === undefined) return undefined;
  // What others wrote may be no time at all.
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString().replace('T', ' ').slice(0, 19);
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
