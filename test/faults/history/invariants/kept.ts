import { wasFaulty, type HistoryIndex, type Session } from '../index-of.ts';
import { forgottenMs, Tally, type Finding, type Limits } from './finding.ts';

/**
 * T3: what was kept is delivered, or its end says why not, and soon after its device is there; it ends once, unless somebody died over
 * the first end. What a bus has forgotten before, nobody knows.
 */
export function keptMessagesEnd(history: HistoryIndex, { keptEndMs }: Limits): Finding {
  const tally = new Tally();
  const { messages, keptEnds, faults, sessions, endsAt } = history;
  for (const { sending, frames, results } of messages.values()) {
    for (const [address, [result]] of results) {
      if (result?.reason !== 'KEPT') continue;
      tally.checked += 1;
      const what = `${address}: ${sending.message}`;
      const ends = keptEnds.get(`${sending.message} ${address}`) ?? [];
      const [end] = ends;
      if (!end) {
        const dueAt = keptUntil(sessions.get(address) ?? [], result.at, keptEndMs) ?? endsAt;
        if (wasFaulty(faults, ['memory'], sending.at - forgottenMs, dueAt)) tally.excused += 1;
        else tally.violations.push(`${what} was kept, and nobody was told of its end`);
        continue;
      }
      if (end.reason === undefined && !frames.has(address)) {
        tally.violations.push(`${what} was said to be delivered, and never came`);
      }
      if (ends.length === 1) continue;
      // Whoever tells of it dies or is cut off before it is forgotten.
      const isExcused = ends.slice(0, -1).every(({ at }) => {
        return wasFaulty(faults, ['server', 'service', 'bus', 'memory'], at - keptEndMs, at + keptEndMs);
      });
      if (isExcused) tally.excused += 1;
      else tally.violations.push(`${what} ended ${ends.length} times`);
    }
  }
  return tally;
}

/** When the device of an address had been there for so long, after something was kept for it. */
function keptUntil(own: readonly Session[], keptAt: number, lastsMs: number): number | undefined {
  const long = own.find(({ from, to }) => to - Math.max(from, keptAt) >= lastsMs);
  return long && Math.max(long.from, keptAt) + lastsMs;
}
