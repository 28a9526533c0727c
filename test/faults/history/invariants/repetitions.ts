import type { EventOf } from '../event.ts';
import { byTab, wasFaulty, type FaultSpan, type HistoryIndex, type MessageStory } from '../index-of.ts';
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
      // Whom a topic reaches is for T1 to judge.
      if (!sending.topic && !sending.to.includes(address))
        tally.violations.push(`${what}, which was not for it`);
      // Several devices of an address have it once each.
      for (const own of byTab(seen, history.sessions.get(address)).values()) {
        for (const [index, again] of own.entries()) {
          const before = own[index - 1];
          if (!before) continue;
          const problem = whyNotAgain(story, before, again, history);
          if (problem === undefined) tally.excused += 1;
          else tally.violations.push(`${what} ${own.length} times${problem}`);
        }
      }
    }
    for (const [address, tabs] of handled) {
      for (const times of tabs.values()) {
        if (times > 1)
          tally.violations.push(`the application of ${address} took ${sending.message} ${times} times`);
      }
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
  if (again.attempt === 1 && !sending.topic) return ', and the second time without a mark';
  const isElsewhere = before.connection !== again.connection;
  if (sending.topic) {
    // Who comes back to a topic may be given what it has, and knows it by its id.
    const isFine =
      isElsewhere &&
      (again.isGivenLater || wasFaulty(faults, ['server', 'bus'], before.at - secondFrameMs, again.at));
    return isFine ? undefined : '';
  }
  const wasHandedOn = results.get(address)?.some(isOutOfOrder) ?? false;
  // Only a bus that has forgotten what was taken makes a server take it again.
  if (!isElsewhere && !wasHandedOn) {
    return sending.isKept && mayBeOnTwoLists(sending.at, before, again, faults) ? undefined : '';
  }
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

/** Who takes over from a dead server and dies before it has forgotten what it handed on leaves it on the lists of both. */
function mayBeOnTwoLists(
  from: number,
  before: EventOf<'frame'>,
  again: EventOf<'frame'>,
  faults: readonly FaultSpan[],
): boolean {
  const dead = faults.filter((fault) => wasFaulty([fault], ['server'], from, again.at));
  return dead.length > 1 && (before.attempt ?? 0) > 1 && (again.attempt ?? 0) > 1;
}
