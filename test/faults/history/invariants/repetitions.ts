import type { EventOf } from '../event.ts';
import { wasFaulty, type HistoryIndex, type MessageStory } from '../index-of.ts';
import { secondFrameMs, Tally, type Finding } from './finding.ts';
import { isOutOfOrder } from './results.ts';

/** I3: no device sees what was not sent to it; no application takes a message twice; no frame comes twice without cause. */
export function nothingTwiceNothingUnsent(history: HistoryIndex): Finding {
  const tally = new Tally();
  for (const stray of history.strays) {
    if (stray.type === 'frame')
      tally.violations.push(`${stray.address} got ${stray.message}, which nobody sent`);
  }
  for (const story of history.messages.values()) {
    const { sending, failed, frames, handled } = story;
    for (const [address, seen] of frames) {
      tally.checked += 1;
      const what = `${address} got ${sending.message}`;
      if (failed?.isUnknown === false) {
        tally.violations.push(`${what}, whose sender was told ${failed.code}, and that nothing was put`);
      }
      if (!sending.to.includes(address)) tally.violations.push(`${what}, which was not for it`);
      for (const [index, again] of seen.entries()) {
        const before = seen[index - 1];
        if (!before) continue;
        const problem = whyNotAgain(story, before, again, history);
        if (problem === undefined) tally.excused += 1;
        else tally.violations.push(`${what} ${seen.length} times${problem}`);
      }
    }
    for (const [address, times] of handled) {
      if (times > 1)
        tally.violations.push(`the application of ${address} took ${sending.message} ${times} times`);
    }
  }
  return tally;
}

/** What is wrong with a frame that comes once more; undefined when it was promised that it may. */
function whyNotAgain(
  { sending, results }: MessageStory,
  before: EventOf<'frame'>,
  again: EventOf<'frame'>,
  { faults, sessions }: HistoryIndex,
): string | undefined {
  const { address } = again;
  if (wasFaulty(faults, ['memory'], before.at - secondFrameMs, again.at)) return undefined;
  // Who acknowledges can tell.
  if (again.attempt === 1) return ', and the second time without a mark';
  const isElsewhere = before.connection !== again.connection;
  const wasHandedOn = results.get(address)?.some(isOutOfOrder) ?? false;
  // Only a bus that has forgotten what was taken makes a server take it again.
  if (!isElsewhere && !wasHandedOn) return '';
  // What was not proved when its connection ended is kept, or goes after its device at once.
  const hasEnded = sessions
    .get(address)
    ?.some(({ connection, to }) => connection === before.connection && to <= again.at);
  const wasKept = wasHandedOn || results.get(address)?.[0]?.reason === 'KEPT';
  if (sending.isKept && isElsewhere && hasEnded && wasKept) return undefined;
  // What a dead server had is handed on by its survivor. What is kept may have waited for its device since a death long before.
  const since = sending.isKept && wasKept ? sending.at : before.at - secondFrameMs;
  return wasFaulty(faults, ['server', 'bus'], since, again.at) ? undefined : '';
}
