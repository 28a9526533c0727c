import type { EventOf } from '../event.ts';
import { wasFaulty, type FaultSpan, type HistoryIndex, type MessageStory } from '../index-of.ts';
import { Tally, type Finding, type Limits } from './finding.ts';

/**
 * I1: each (message, receiver) of a send that resolved has one final result at a listener, in time. When the sending
 * instance was killed or taken for dead, or the listening one died over the result: at least one; when Redis lost its
 * memory as well there is nobody left who knows of the message.
 */
export function everySendHasOneResult(history: HistoryIndex, limits: Limits): Finding {
  const tally = new Tally();
  for (const story of history.messages.values()) {
    if (story.sent) judgeSent(story, story.sent, history, limits, tally);
    else judgeUnresolved(story, history, tally);
  }
  for (const stray of history.strays) {
    if (stray.type === 'result') tally.violations.push(`a result for ${stray.message}, which nobody sent`);
  }
  return tally;
}

function judgeSent(
  story: MessageStory,
  sent: EventOf<'sent'>,
  { faults }: HistoryIndex,
  { resultDeadlineMs, slackMs }: Limits,
  tally: Tally,
): void {
  const { by, message } = story.sending;
  const dueAt = sent.at + resultDeadlineMs + slackMs;
  const owed = new Set([...sent.queued, ...sent.offline]);
  for (const address of story.results.keys()) {
    if (!owed.has(address))
      tally.violations.push(`a result of ${message} for ${address}, who was no receiver`);
  }
  const mine = (fault: FaultSpan): boolean => fault.target === by;
  const senderWasHurt = wasFaulty(faults, ['service'], story.sending.at - 1_000, dueAt, mine);
  for (const address of owed) {
    tally.checked += 1;
    const results = story.results.get(address) ?? [];
    const [first, second] = results;
    const what = `${message} to ${address}`;
    if (!first) {
      const isForgotten = senderWasHurt && wasFaulty(faults, ['memory'], sent.at - 1_000, dueAt);
      if (isForgotten) tally.excused += 1;
      else tally.violations.push(`${what} has no result`);
      continue;
    }
    if (first.at > dueAt && !senderWasHurt) {
      tally.violations.push(`${what} has its result ${Math.round(first.at - sent.at)} ms after the send`);
    }
    if (second && !senderWasHurt && !wasFaulty(faults, ['service'], first.at - takenForDeadMs, second.at)) {
      tally.violations.push(`${what} has ${results.length} results: ${results.map(describe).join(', ')}`);
    } else if (second) tally.excused += 1;
  }
}

/** So long after it was hurt an instance may still be found dead. */
const takenForDeadMs = 10_000;

/** A send that rejected, or whose process died over it, owes nothing; what there is must still be there once. */
function judgeUnresolved(
  { sending, failed, results }: MessageStory,
  { faults }: HistoryIndex,
  tally: Tally,
): void {
  if (!failed) return;
  for (const [address, seen] of results) {
    tally.checked += 1;
    if (!failed.isUnknown) tally.violations.push(`${sending.message} was not put and has a result`);
    const [first, second] = seen;
    if (!first || !second) continue;
    // As of one that resolved: its instance, or the one that heard the first, was taken for dead.
    if (wasFaulty(faults, ['service'], first.at - takenForDeadMs, second.at)) tally.excused += 1;
    else tally.violations.push(`${sending.message} to ${address} rejected and has ${seen.length} results`);
  }
}

function describe({ code, stage, reason, attempt, by }: EventOf<'result'>): string {
  return `${code} ${stage} ${reason ?? ''} attempt ${attempt} at ${by}`;
}

/** I2: a success is true. */
export function successIsTrue({ messages }: HistoryIndex): Finding {
  const tally = new Tally();
  for (const { sending, results, frames, handled } of messages.values()) {
    for (const [address, seen] of results) {
      for (const { code, stage, at } of seen) {
        if (code !== 0) continue;
        tally.checked += 1;
        const what = `${sending.message} to ${address} is ${stage}`;
        const frame = frames.get(address)?.[0];
        if (stage === 'queued') tally.violations.push(`${what}, which is no success`);
        else if (stage === 'written') continue;
        else if (!frame) tally.violations.push(`${what}, and the device never saw it`);
        else if (frame.at > at) tally.violations.push(`${what} ${frame.at - at} ms before the device saw it`);
        else if (stage === 'acknowledged' && !handled.has(address)) {
          tally.violations.push(`${what}, and the application never took it`);
        }
      }
    }
  }
  return tally;
}

/** It was handed on, or took so long on its way that its sender gave it up. */
export function isOutOfOrder({ attempt, reason }: EventOf<'result'>): boolean {
  return attempt > 1 || reason === 'EXPIRED';
}
