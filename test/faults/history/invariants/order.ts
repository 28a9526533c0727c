import { wasFaulty, type HistoryIndex } from '../index-of.ts';
import { secondFrameMs, Tally, type Finding } from './finding.ts';
import { isOutOfOrder } from './results.ts';

/** One frame of a conversation. */
interface Placed {
  readonly at: number;
  readonly order: number;
  readonly message: string;
  readonly sentAt: number;
  /** Since when its sender knows that it was kept. */
  readonly keptAt: number | undefined;
  /** It was kept by others than its sender, when younger ones may have been on their way. */
  readonly isKeptLate: boolean;
  /** As of the frame. */
  readonly attempt: number | undefined;
  readonly isExcused: boolean;
}

/**
 * I4: one sender's messages of one kind come to a connection in the order in which they were sent, except those that
 * were handed on, whose results say so. (Whatever did not come at all has a result that says so: I1 and I2.) One that was kept by others
 * than its sender comes before what was sent when its sender knew that, and before younger ones that were kept for the same login.
 */
export function ordersAreKept({ messages, faults, sessions }: HistoryIndex): Finding {
  const tally = new Tally();
  const conversations = new Map<string, { readonly since: number; readonly frames: Placed[] }>();
  for (const { sending, sent, frames, results } of messages.values()) {
    for (const [address, seen] of frames) {
      // What several devices get comes over several servers.
      if (sessions.get(address)?.some(({ tab }) => tab > 0)) continue;
      const [result] = results.get(address) ?? [];
      const keptAt = result?.reason === 'KEPT' ? result.at : undefined;
      const isKeptLate = keptAt !== undefined && sent?.offline.includes(address) === false;
      const wasHandedOn = results.get(address)?.some(isOutOfOrder) ?? true;
      seen.forEach(({ at, attempt, connection }, index) => {
        // What is kept waits with its like, and a later one of high priority goes before it.
        const lane = sending.isHigh ? `high ${keptAt === undefined ? '' : 'kept'}` : '';
        const key = `${sending.by} ${sending.kind} ${lane} ${address} ${connection}`;
        const { message, order, at: sentAt } = sending;
        const isExcused = wasHandedOn || !sent || index > 0;
        const frame = { at, order, message, sentAt, keptAt, isKeptLate, attempt, isExcused };
        const conversation = conversations.get(key);
        if (conversation) conversation.frames.push(frame);
        else {
          const session = sessions.get(address)?.find((candidate) => candidate.connection === connection);
          conversations.set(key, { since: session?.from ?? -Infinity, frames: [frame] });
        }
      });
    }
  }
  for (const [key, { frames, since }] of conversations) {
    const before: Placed[] = [];
    let last = -1;
    for (const frame of frames.sort((a, b) => a.at - b.at)) {
      const { at, isExcused, isKeptLate, message, order } = frame;
      tally.checked += 1;
      const isInOrder = isKeptLate ? !before.some((other) => isOvertaken(frame, other, since)) : order > last;
      before.push(frame);
      if (isExcused) tally.excused += 1;
      else if (isInOrder) last = Math.max(last, isKeptLate ? -1 : order);
      else if (wasFaulty(faults, ['memory'], at - secondFrameMs, at)) tally.excused += 1;
      else tally.violations.push(`${key}: ${message} came after a later one`);
    }
  }
  return tally;
}

/** A younger one came first that has to come after one that was kept late. */
function isOvertaken(
  { attempt, keptAt = Infinity, order }: Placed,
  other: Placed,
  loggedInAt: number,
): boolean {
  if (other.order < order || other.isExcused) return false;
  // The application has to know that it comes late.
  if (attempt === 1) return true;
  return other.sentAt > keptAt || Math.max(keptAt, other.keptAt ?? Infinity) <= loggedInAt;
}
