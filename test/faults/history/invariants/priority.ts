import { wasFaulty, type HistoryIndex } from '../index-of.ts';
import { Tally, type Finding, type Limits } from './finding.ts';
import { isOutOfOrder } from './results.ts';

/** How much later than others one of high priority may come that was sent before them. */
const aheadMs = 500;

/**
 * T4: one of high priority is not held up: nothing that was sent after it was put comes to its connection long before it. And nothing is handed over
 * after its end.
 */
export function highGoesAhead({ messages, faults }: HistoryIndex, { slackMs }: Limits): Finding {
  const tally = new Tally();
  const others = new Map<
    string,
    { readonly at: number; readonly sentAt: number; readonly message: string }[]
  >();
  for (const { sending, frames } of messages.values()) {
    if (sending.isHigh) continue;
    for (const seen of frames.values()) {
      for (const { address, at, connection } of seen) {
        const key = `${address} ${connection}`;
        const frame = { at, sentAt: sending.at, message: sending.message };
        const own = others.get(key);
        if (own) own.push(frame);
        else others.set(key, [frame]);
      }
    }
  }
  for (const { sending, sent, frames, results } of messages.values()) {
    for (const [address, [first]] of frames) {
      if (!first || !sent) continue;
      const { at, connection } = first;
      const wasHeld =
        wasFaulty(faults, ['server', 'bus', 'memory'], sending.at - 5_000, at) ||
        wasFaulty(faults, ['devices'], sending.at - 5_000, at, (fault) => fault.addresses.has(address));
      const what = `${sending.message} to ${address}`;
      if (sending.expiresInMs !== undefined) {
        tally.checked += 1;
        const lateMs = at - sent.at - sending.expiresInMs;
        if (lateMs > slackMs && !wasHeld)
          tally.violations.push(`${what} came ${Math.round(lateMs)} ms after its end`);
        else if (lateMs > slackMs) tally.excused += 1;
      }
      if (!sending.isHigh) continue;
      tally.checked += 1;
      const isAhead = (results.get(address) ?? []).every(
        (result) => result.reason !== 'KEPT' && !isOutOfOrder(result),
      );
      const overtaker = others
        .get(`${address} ${connection}`)
        ?.find((other) => other.sentAt > sent.at && other.at < at - aheadMs);
      if (!overtaker) continue;
      if (!isAhead || wasHeld) tally.excused += 1;
      else
        tally.violations.push(
          `${what}, of high priority, came after ${overtaker.message}, which was sent later`,
        );
    }
  }
  return tally;
}
