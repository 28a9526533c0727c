import type { EventOf } from './event.ts';
import { wasFaulty, type FaultSpan, type HistoryIndex, type MessageStory, type Session } from './index-of.ts';

export interface Limits {
  /** From the resolved send to its result. */
  readonly resultDeadlineMs: number;
  /** How much later than promised something may be seen, on a machine with more to do than this. */
  readonly slackMs: number;
  readonly presenceMs: number;
  /** Until a service has heard of it, also where its server died. */
  readonly presenceEventMs: number;
  /** Until what was kept has its end, where its device is connected. */
  readonly keptEndMs: number;
  /** How long two connections of one address may overlap: the second to converge, and the grace of the kicked. */
  readonly overlapMs: number;
}

export const defaultLimits: Limits = {
  resultDeadlineMs: 10_000,
  slackMs: 2_000,
  presenceMs: 3_000,
  presenceEventMs: 5_000,
  keptEndMs: 15_000,
  overlapMs: 1_500,
};

/** How much later than others one of high priority may come that was sent before them. */
const aheadMs = 500;

/** How many things an invariant was asked about, how many an open fault excused, and where it did not hold. */
export interface Finding {
  readonly checked: number;
  readonly excused: number;
  readonly violations: readonly string[];
}

class Tally implements Finding {
  checked = 0;
  excused = 0;
  readonly violations: string[] = [];
}

/**
 * I1: each (message, receiver) of a send that resolved has one final result at a listener, in time. When the sending
 * instance was killed or taken for dead, or the listening one died over the result: at least one; when Redis lost its
 * memory as well there is nobody left who knows of the message.
 */
export function everySendHasOneResult(history: HistoryIndex, limits: Limits): Finding {
  const tally = new Tally();
  for (const story of history.messages.values()) {
    if (story.sent) judgeSent(story, story.sent, history, limits, tally);
    else judgeUnresolved(story, tally);
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
    if (second && !senderWasHurt && !wasFaulty(faults, ['service'], first.at - 10_000, second.at)) {
      tally.violations.push(`${what} has ${results.length} results: ${results.map(describe).join(', ')}`);
    } else if (second) tally.excused += 1;
  }
}

/** A send that rejected, or whose process died over it, owes nothing; what there is must still be there once. */
function judgeUnresolved({ sending, failed, results }: MessageStory, tally: Tally): void {
  if (!failed) return;
  for (const [address, seen] of results) {
    tally.checked += 1;
    if (!failed.isUnknown) tally.violations.push(`${sending.message} was not put and has a result`);
    if (seen.length > 1)
      tally.violations.push(`${sending.message} to ${address} rejected and has ${seen.length} results`);
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

/** A dead server may have written what its survivor hands on: so long after it was hurt the second frame may come. */
const secondFrameMs = 15_000;

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

/** The device learns of its login, and of its end, a little later than the bus does. */
const onItsWayMs = 500;

/** It was handed on, or took so long on its way that its sender gave it up. */
function isOutOfOrder({ attempt, reason }: EventOf<'result'>): boolean {
  return attempt > 1 || reason === 'EXPIRED';
}

/** I5: what a service is told agrees with the connections that were there, unchanged, for the three seconds before. */
export function presenceIsTrue(
  { presence, sessions, faults }: HistoryIndex,
  { presenceMs }: Limits,
): Finding {
  const tally = new Tally();
  for (const { address, isOnline, askedAt, at } of presence) {
    const from = askedAt - presenceMs;
    const own = sessions.get(address) ?? [];
    const covers = own.find((session) => session.from <= from && session.to >= at + onItsWayMs);
    const touches = own.some((session) => session.from <= at + onItsWayMs && session.to >= from);
    if (!covers && touches) continue; // it changed too lately to be judged
    const isExcused =
      wasFaulty(faults, ['bus', 'memory'], from, at) ||
      wasFaulty(faults, ['devices'], from, at, (fault) => fault.addresses.has(address)) ||
      wasFaulty(faults, ['server'], from, at, (fault) => fault.target === covers?.server);
    tally.checked += 1;
    if (isExcused) tally.excused += 1;
    else if (isOnline !== Boolean(covers)) {
      tally.violations.push(
        `${address} was told ${isOnline ? 'online' : 'offline'} at ${Math.round(at)}, and was not`,
      );
    }
  }
  return tally;
}

/**
 * T5: the events that a service was told, the newest of each address by number, give the connections that are there, once
 * all is healed, and nobody at the end.
 */
export function presenceEventsAreTrue(
  { told, sessions, settledAt }: HistoryIndex,
  { presenceEventMs }: Limits,
): Finding {
  const tally = new Tally();
  for (const at of settledAt) {
    const online = replay(told, at);
    for (const [address, own] of sessions) {
      const from = at - presenceEventMs;
      const covers = own.some((session) => session.from <= from && session.to >= at);
      const touches = own.some((session) => session.from <= at && session.to >= from);
      if (touches && !covers) continue; // it changed too lately to be judged
      tally.checked += 1;
      if ((online.get(address) ?? false) !== covers)
        tally.violations.push(
          `${address} is ${covers ? 'online' : 'offline'} at ${Math.round(at)}, and the events say not`,
        );
    }
  }
  return tally;
}

/** Who is online at a moment, as far as the events say. */
function replay(told: HistoryIndex['told'], until: number): ReadonlyMap<string, boolean> {
  const newest = new Map<string, EventOf<'told'>>();
  for (const event of told) {
    if (event.at > until) break;
    if (event.address === undefined) newest.clear();
    else if ((newest.get(event.address)?.number ?? 0) < (event.number ?? 0)) newest.set(event.address, event);
  }
  return new Map([...newest].map(([address, { isOnline = false }]) => [address, isOnline]));
}

/** What a bus forgets may be from a while before it did. */
const forgottenMs = 2_000;

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

/** When the device of an address had been there for so long, after something was kept for it. */
function keptUntil(own: readonly Session[], keptAt: number, lastsMs: number): number | undefined {
  const long = own.find(({ from, to }) => to - Math.max(from, keptAt) >= lastsMs);
  return long && Math.max(long.from, keptAt) + lastsMs;
}

/** The lease of an instance that was cut off, and two looks of the others. */
const heardAgainMs = 12_000;

/** I6: at most one live connection per address, once things have settled. */
export function oneConnectionEach(
  { sessions, faults, endsAt }: HistoryIndex,
  { overlapMs }: Limits,
): Finding {
  const tally = new Tally();
  for (const [address, own] of sessions) {
    const sorted = [...own].sort((a, b) => a.from - b.from);
    for (const [index, session] of sorted.entries()) {
      tally.checked += 1;
      const rival = sorted.slice(index + 1).find((later) => overlap(session, later, endsAt) > overlapMs);
      if (!rival) continue;
      const from = rival.from;
      const to = Math.min(session.to, rival.to);
      const isExcused =
        wasFaulty(faults, ['bus', 'memory', 'server'], from - overlapMs, to) ||
        wasFaulty(faults, ['devices'], from - overlapMs, to, (fault) => fault.addresses.has(address));
      if (isExcused) tally.excused += 1;
      else
        tally.violations.push(
          `${address} had two connections for ${Math.round(overlap(session, rival, endsAt))} ms`,
        );
    }
  }
  return tally;
}

function overlap(a: Session, b: Session, endsAt: number): number {
  return Math.min(a.to, b.to, endsAt) - Math.max(a.from, b.from);
}

/** What may be left in Redis when servers and services have gone in order: all of it has an end of its own. */
const expectedKeys = [
  /^im:max_server_id$/,
  /^\{im:(max_server_id|service:[^}]+)\}:(dead|ended:.+)$/,
  /^\{im:(message|result):.+\}:(turn:.+|closed)$/,
  /^\{im:user:force_logout:.+\}:(turn:.+|closed)$/,
  /^im:lock:/,
  // When what was kept would have ended: each goes then.
  /^\{im:kept\}:(due|claimed)$/,
  // Outboxes for two days, replies for two minutes, who owned what for a week.
  /^\{im:uplink:[^}]+\}:(outboxes:.+|reply:.+|epoch|instances|owners)$/,
  // Numbers of addresses, for a minute; what was told, for an hour.
  /^\{im:user:server_id:.+\}:sessions$/,
  /^(\{im:presence:.+\}:turn:.+|\{im:max_server_id\}:notices)$/,
];

/** I7: nothing is left that nobody expects. */
export function nothingIsLeft({ leftovers, faults }: HistoryIndex): Finding {
  const tally = new Tally();
  // A bus that forgot that a result was settled has it put back when its consumer leaves.
  const hasForgotten = faults.some(({ scope }) => scope === 'memory');
  for (const { keys, others } of leftovers) {
    tally.checked += keys.length + 1;
    for (const key of keys) {
      if (expectedKeys.some((pattern) => pattern.test(key))) continue;
      if (hasForgotten && key.startsWith('im:result:')) tally.excused += 1;
      else tally.violations.push(`Redis still has ${key}`);
    }
    tally.violations.push(...others);
  }
  return tally;
}

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
