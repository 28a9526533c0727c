import { wasFaulty, type FaultSpan, type HistoryIndex } from '../index-of.ts';
import { Tally, type Finding } from './finding.ts';

const fewestSamples = 200;
/** Percentiles of a shared machine move this much by themselves. */
const noiseMs = 300;
/** A machine that is this slow without any fault is busy with something else, and shows nothing. */
const tooBusyMs = 50;

/** I9: while single devices are in trouble, the p99 of the others stays within twice what it was before. */
export function othersKeepTheirPace({ messages, faults, baselineEndsAt }: HistoryIndex): Finding {
  const tally = new Tally();
  const before: number[] = [];
  const during: number[] = [];
  for (const { sending, frames } of messages.values()) {
    for (const [address, [first]] of frames) {
      if (!first) continue;
      const tookMs = first.at - sending.at;
      if (first.at < baselineEndsAt) before.push(tookMs);
      else if (isBesideTrouble(faults, address, sending.at, first.at)) during.push(tookMs);
    }
  }
  if (before.length < fewestSamples || during.length < fewestSamples) return tally;
  const [p99Before, p99During] = [p99(before), p99(during)];
  if (p99Before > tooBusyMs) {
    tally.excused = during.length;
    return tally;
  }
  tally.checked = during.length;
  if (p99During > Math.max(2 * p99Before, p99Before + noiseMs)) {
    tally.violations.push(`the others' p99 went from ${p99Before.toFixed(1)} to ${p99During.toFixed(1)} ms`);
  }
  return tally;
}

function isBesideTrouble(faults: readonly FaultSpan[], address: string, from: number, to: number): boolean {
  const isDirect = wasFaulty(faults, ['devices'], from, to, (fault) => fault.addresses.has(address));
  // A machine that was just kicked takes a moment to be itself again.
  const isMixed = wasFaulty(faults, ['bus', 'memory', 'server', 'service'], from - 5_000, to);
  return !isDirect && !isMixed && wasFaulty(faults, ['devices'], from, to);
}

function p99(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? 0;
}
