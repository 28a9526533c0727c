import type { Round } from '../measure.ts';
import { median } from '../process-figures.ts';

/** A row of medians, with the spread of what matters most. */
export function toRow(name: string, rounds: readonly Round[]): [string, ...(number | string)[]] {
  const costs = rounds.map(({ cpuUs }) => cpuUs);
  const bus = rounds.flatMap(({ busUs }) => (busUs === undefined ? [] : [busUs]));
  return [
    name,
    median(costs),
    `${Math.min(...costs).toFixed(1)}–${Math.max(...costs).toFixed(1)}`,
    median(rounds.map(({ perSecond }) => perSecond)),
    bus.length > 0 ? median(bus) : '–',
  ];
}

export const costColumns = ['', 'server µs per delivery', 'spread', 'deliveries/s', 'Redis µs'] as const;
