import { wasFaulty, type HistoryIndex } from '../index-of.ts';
import { forgottenMs, Tally, type Finding } from './finding.ts';

/** The lease of an instance that was cut off, and two looks of the others. */
const heardAgainMs = 12_000;

/**
 * T2: what a device said, and was told that it is stored, comes to a handler in the device's order, and once unless an
 * instance of the service died over it. Of what a bus has forgotten nobody knows.
 */
export function uplinksAreHeard({ stored, heard, faults, endsAt }: HistoryIndex): Finding {
  const tally = new Tally();
  const latest = new Map<string, { order: number; at: number }>();
  const hasForgotten = (from: number, to: number): boolean =>
    wasFaulty(faults, ['memory'], from - forgottenMs, to);
  for (const { address, order, at } of stored) {
    tally.checked += 1;
    const hearings = heard.get(`${address}/${order}`) ?? [];
    const what = `what ${address} said as its number ${order}`;
    const [first] = hearings;
    const last = hearings.at(-1);
    if (!first || !last) {
      if (hasForgotten(at, endsAt)) tally.excused += 1;
      else tally.violations.push(`${what} was stored, and no handler heard it`);
      continue;
    }
    if (hearings.length > 1) {
      const isExcused =
        wasFaulty(faults, ['service'], first.at - heardAgainMs, last.at) || hasForgotten(first.at, last.at);
      if (isExcused) tally.excused += 1;
      else tally.violations.push(`${what} was heard ${hearings.length} times`);
    }
    // In the order of the numbers: a device says one thing after the other.
    const before = latest.get(address);
    if (before && first.at < before.at && !hasForgotten(at, first.at)) {
      tally.violations.push(`${what} was heard before its number ${before.order}`);
    }
    latest.set(address, { order, at: first.at });
  }
  return tally;
}
