import type { EventOf } from '../event.ts';
import { byTab, wasFaulty, type HistoryIndex, type MessageStory } from '../index-of.ts';
import {
  judgeTopics,
  memberKey,
  type SentToTopic,
  type Span,
  type TopicDevice,
  type TopicProblem,
} from '../topic-members.ts';
import { forgottenMs, secondFrameMs, Tally, type Finding } from './finding.ts';

/** So long after a bus has forgotten something servers tell it what they know, which may be old. */
const toldAgainMs = 3_000;
/** A server that goes on and was declared dead finds that out, and sends its devices away. */
const findsOutMs = 3_000;

/**
 * T1: who was in a topic when `add` had resolved, and connected throughout, has a message to it once; who was removed before has not;
 * who follows it and comes back has it, or is told to load the topic anew. One sender's messages to a topic come in their order.
 */
export function topicsReachTheirMembers(history: HistoryIndex): Finding {
  const tally = new Tally();
  const sent = sentToTopics(history);
  const { inside, outside } = memberships(history);
  const { checked, problems } = judgeTopics({ devices: devicesOf(history), inside, outside, sent });
  tally.checked = checked;
  for (const problem of problems) {
    if (isExcused(problem, history)) tally.excused += 1;
    else tally.violations.push(problem.what);
  }
  judgeOrder(history, tally);
  return tally;
}

/** One of which not all is known may come until then. */
const underWayMs = 20_000;

function sentToTopics({ messages }: HistoryIndex): SentToTopic[] {
  return [...messages.values()].flatMap(({ counted, sending }) => {
    if (!sending.topic) return [];
    const { name: topic, except, isKept } = sending.topic;
    const isWhole = counted?.isWhole ?? false;
    const to = counted && isWhole ? counted.at : sending.at + underWayMs;
    return [{ topic, message: sending.message, except, isKept, isWhole, from: sending.at, to }];
  });
}

function devicesOf({ messages, reloads, sessions }: HistoryIndex): TopicDevice[] {
  const given = new Map<string, Map<string, number>>();
  for (const { frames, handled, sending } of messages.values()) {
    if (!sending.topic) continue;
    for (const [address, all] of frames) {
      for (const [tab, seen] of byTab(all, sessions.get(address))) {
        const key = `${address} ${tab}`;
        const own = given.get(key) ?? new Map<string, number>();
        given.set(key, own);
        // Who acknowledges knows a repetition by its id.
        own.set(sending.message, handled.get(address)?.get(tab) ?? seen.length);
      }
    }
  }
  return Array.from(sessions).flatMap(([address, all]) => {
    return [...new Set(all.map(({ tab }) => tab))].map((tab) => {
      const own = all.filter((session) => session.tab === tab);
      return {
        address,
        userId: userOf(address),
        sessions: own,
        given: given.get(`${address} ${tab}`) ?? new Map<string, number>(),
        reloads: own.some(({ follows }) => follows) ? (reloads.get(address) ?? []) : undefined,
      };
    });
  });
}

function userOf(address: string): string {
  return address.slice(0, address.indexOf(':'));
}

/** Who was in which topic, or not, from when to when for certain: from a change that names the user to the next one, as far as the bus forgot nothing. */
function memberships({ changes, faults }: HistoryIndex): Record<'inside' | 'outside', Map<string, Span[]>> {
  const known = { inside: new Map<string, Span[]>(), outside: new Map<string, Span[]>() };
  const current = new Map<string, { readonly isIn: boolean; readonly since: number }>();
  const end = (key: string, at: number): void => {
    const now = current.get(key);
    if (!now) return;
    current.delete(key);
    const spans = known[now.isIn ? 'inside' : 'outside'];
    const span = { from: now.since, to: Math.min(at, forgottenAfter(now.since)) };
    spans.set(key, [...(spans.get(key) ?? []), span]);
  };
  const forgottenAfter = (since: number): number => {
    const later = faults.filter(({ scope, to }) => scope === 'memory' && to >= since);
    return Math.min(Infinity, ...later.map(({ from }) => from - forgottenMs));
  };
  for (const { topic, joins, leaves, from, to } of changes) {
    const isSure = to < Infinity && !wasFaulty(faults, ['memory'], from - toldAgainMs, to);
    for (const [users, isIn] of [[joins, true] as const, [leaves, false] as const]) {
      for (const user of users) {
        const key = memberKey(user, topic);
        const now = current.get(key);
        if (now?.isIn === isIn && forgottenAfter(now.since) > to) continue;
        end(key, from);
        if (isSure) current.set(key, { isIn, since: to });
      }
    }
  }
  for (const key of [...current.keys()]) end(key, Infinity);
  return known;
}

function isExcused(
  { device, during, message }: TopicProblem,
  { faults, messages, sessions }: HistoryIndex,
): boolean {
  const { from, to } = during;
  const count = device.given.get(message.message) ?? 0;
  if (count > 1) {
    const seen = messages.get(message.message)?.frames.get(device.address) ?? [];
    const tabs = byTab(seen, sessions.get(device.address)).values();
    return [...tabs].every((own) => {
      return own.every((frame, index) => {
        const before = own[index - 1];
        return !before || mayComeAgain(before, frame, faults);
      });
    });
  }
  // What must not come, whatever happens.
  if (count === 1) return false;
  const covering = sessions
    .get(device.address)
    ?.filter((session) => session.from <= to && session.to >= from);
  return (
    wasFaulty(faults, ['memory'], from - forgottenMs, to) ||
    wasFaulty(faults, ['devices'], from - secondFrameMs, to, (fault) =>
      fault.addresses.has(device.address),
    ) ||
    wasFaulty(faults, ['server'], from - findsOutMs, to, ({ target }) =>
      (covering ?? []).some(({ server }) => server === target),
    ) ||
    // Between numbering a message and putting it its sender may stop for too long.
    (device.reloads !== undefined && wasFaulty(faults, ['service'], from - findsOutMs, to))
  );
}

/** The same as I3 says of other messages. */
function mayComeAgain(
  before: EventOf<'frame'>,
  again: EventOf<'frame'>,
  faults: HistoryIndex['faults'],
): boolean {
  const since = before.at - secondFrameMs;
  if (wasFaulty(faults, ['memory'], since, again.at)) return true;
  return before.connection !== again.connection && wasFaulty(faults, ['server', 'bus'], since, again.at);
}

interface Placed {
  readonly at: number;
  readonly story: MessageStory;
}

/** On a connection that was there before all of them, one sender's messages to one topic. */
function judgeOrder({ messages, sessions, faults }: HistoryIndex, tally: Tally): void {
  const conversations = new Map<string, Placed[]>();
  for (const story of messages.values()) {
    const { by, topic, at: sentAt, isHigh } = story.sending;
    if (!topic) continue;
    for (const [address, [first]] of story.frames) {
      if (!first || first.isGivenLater || (first.attempt ?? 1) > 1) continue;
      const { at, connection } = first;
      const session = sessions.get(address)?.find((candidate) => candidate.connection === connection);
      if (!session || session.from > sentAt) continue;
      const key = `${by} to ${topic.name}${isHigh ? ', high' : ''}: ${address} ${connection}`;
      const frames = conversations.get(key);
      if (frames) frames.push({ at, story });
      else conversations.set(key, [{ at, story }]);
    }
  }
  for (const [key, frames] of conversations) {
    let last = -1;
    for (const { at, story } of frames.sort((a, b) => a.at - b.at)) {
      tally.checked += 1;
      const { message, order } = story.sending;
      if (order > last) last = order;
      else if (wasFaulty(faults, ['memory'], at - secondFrameMs, at)) tally.excused += 1;
      else tally.violations.push(`${key}: ${message} came after a later one`);
    }
  }
}
