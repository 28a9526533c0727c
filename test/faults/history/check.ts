import type { HistoryEvent } from './event.ts';
import { indexOf, type HistoryIndex } from './index-of.ts';
import { defaultLimits, type Finding, type Limits } from './invariants/finding.ts';
import { invariants } from './invariants/index.ts';

export interface Verdict {
  readonly isGood: boolean;
  readonly messages: number;
  readonly faults: number;
  readonly findings: ReadonlyMap<string, Finding>;
  readonly history: HistoryIndex;
  /** For people: what was injected and checked, and what does not hold. */
  readonly report: string;
}

/** Judges a history, whose events are in the order of their times. One without messages or faults proves nothing, and fails. */
export function check(events: readonly HistoryEvent[], limits: Partial<Limits> = {}): Verdict {
  const history = indexOf(events);
  const findings = new Map<string, Finding>();
  for (const [name, holds] of Object.entries(invariants)) {
    findings.set(name, holds(history, { ...defaultLimits, ...limits }));
  }
  const messages = history.messages.size;
  const faults = history.faults.length;
  const violations = [...findings.values()].reduce((sum, finding) => sum + finding.violations.length, 0);
  const isGood = violations === 0 && messages > 0 && faults > 0;
  return { isGood, messages, faults, findings, history, report: describe(history, findings) };
}

const shownViolations = 10;

function describe(history: HistoryIndex, findings: ReadonlyMap<string, Finding>): string {
  const lines = [describeSends(history), describeResults(history), describeFaults(history)];
  for (const [name, { checked, excused, violations }] of findings) {
    const ofFaults = excused > 0 ? `, ${excused} excused by a fault` : '';
    lines.push(`${violations.length === 0 ? 'ok  ' : 'FAIL'} ${name}: ${checked} checked${ofFaults}`);
    for (const violation of violations.slice(0, shownViolations)) lines.push(`       ${violation}`);
    if (violations.length > shownViolations) {
      lines.push(`       … and ${violations.length - shownViolations} more`);
    }
  }
  return lines.join('\n');
}

function describeSends({ messages }: HistoryIndex): string {
  let [sent, owed] = [0, 0];
  const failed = new Map<string, number>();
  for (const story of messages.values()) {
    if (story.sent) {
      sent += 1;
      owed += story.sent.queued.length + story.sent.offline.length;
    } else count(failed, story.failed?.code ?? 'sender died');
  }
  return `${messages.size} messages: ${sent} accepted for ${owed} receivers; not accepted: ${listed(failed)}`;
}

function describeResults({ messages }: HistoryIndex): string {
  const results = new Map<string, number>();
  for (const story of messages.values()) {
    for (const [first] of story.results.values()) if (first) count(results, first.reason ?? first.stage);
  }
  return `results: ${listed(results)}`;
}

function describeFaults({ faults }: HistoryIndex): string {
  const names = new Map<string, number>();
  for (const { name } of faults) count(names, name);
  return `${faults.length} faults: ${listed(names)}`;
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, times]) => `${times} ${name}`).join(', ') || 'none';
}
