import type { Figures } from '../measure.ts';
import { median, spread } from '../process-figures.ts';
import type { Table } from './table.ts';

const headings: Readonly<Record<keyof Figures, string>> = {
  server: 'server',
  redis: 'Redis',
  sender: 'sender',
  whole: 'whole',
  perSecond: 'messages/s',
  p50: 'p50 ms',
  p99: 'p99 ms',
  p999: 'p99.9 ms',
};

const costs = ['server', 'redis', 'sender', 'whole'] as const;

/** Medians, with the spread of what matters most. */
export function costTable(
  title: string,
  note: string,
  rounds: ReadonlyMap<string, readonly Figures[]>,
  more: readonly (keyof Figures)[] = ['perSecond'],
): Table {
  return {
    title,
    note: `${note} CPU of every process in µs per message at a device.`,
    columns: ['', ...[...costs, ...more].map((figure) => headings[figure]), 'spread of whole'],
    rows: [...rounds].map(([name, all]) => [
      name,
      ...[...costs, ...more].map((figure) => median(all.map((one) => one[figure]))),
      spread(all.map(({ whole }) => whole)),
    ]),
  };
}
