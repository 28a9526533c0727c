import type { EventOf, FaultScope, HistoryEvent } from './event.ts';

/** One message, from its send to all that was seen of it. */
export interface MessageStory {
  readonly sending: EventOf<'sending'>;
  sent?: EventOf<'sent'>;
  failed?: EventOf<'send-failed'>;
  /** By address. */
  readonly results: Map<string, EventOf<'result'>[]>;
  readonly frames: Map<string, EventOf<'frame'>[]>;
  readonly handled: Map<string, number>;
}

/** One login of a device, from its answer to its end. */
export interface Session {
  readonly address: string;
  readonly connection: number;
  readonly server: string;
  readonly from: number;
  to: number;
}

export interface FaultSpan {
  readonly name: string;
  readonly scope: FaultScope;
  readonly target: string | undefined;
  readonly addresses: ReadonlySet<string>;
  readonly from: number;
  to: number;
}

/** A history, by what is asked of it. */
export interface HistoryIndex {
  readonly messages: ReadonlyMap<string, MessageStory>;
  /** Frames and results of messages that nobody sent. */
  readonly strays: readonly (EventOf<'frame'> | EventOf<'result'>)[];
  readonly sessions: ReadonlyMap<string, Session[]>;
  readonly presence: readonly EventOf<'presence'>[];
  /** Presence events, as services were told them. */
  readonly told: readonly EventOf<'told'>[];
  /** What devices said, as they were told that it is stored; and the calls of handlers with it, by `address/order`. */
  readonly stored: readonly EventOf<'stored'>[];
  readonly heard: ReadonlyMap<string, readonly EventOf<'heard'>[]>;
  /** By `message address`. */
  readonly keptEnds: ReadonlyMap<string, readonly EventOf<'kept-end'>[]>;
  readonly faults: readonly FaultSpan[];
  readonly newMastersAt: readonly number[];
  readonly leftovers: readonly EventOf<'leftovers'>[];
  readonly baselineEndsAt: number;
  /** When all faults were long over, and at the end. */
  readonly settledAt: readonly number[];
  readonly endsAt: number;
}

interface Draft {
  readonly messages: Map<string, MessageStory>;
  readonly strays: (EventOf<'frame'> | EventOf<'result'>)[];
  readonly sessions: Map<string, Session[]>;
  readonly presence: EventOf<'presence'>[];
  readonly told: EventOf<'told'>[];
  readonly stored: EventOf<'stored'>[];
  readonly heard: Map<string, EventOf<'heard'>[]>;
  readonly keptEnds: Map<string, EventOf<'kept-end'>[]>;
  readonly faults: Map<number, FaultSpan>;
  readonly newMastersAt: number[];
  readonly leftovers: EventOf<'leftovers'>[];
  readonly settledAt: number[];
  baselineEndsAt: number;
}

/** Events must be in the order of their times. */
export function indexOf(events: readonly HistoryEvent[]): HistoryIndex {
  const draft: Draft = {
    messages: new Map(),
    strays: [],
    sessions: new Map(),
    presence: [],
    told: [],
    stored: [],
    heard: new Map(),
    keptEnds: new Map(),
    faults: new Map(),
    settledAt: [],
    newMastersAt: [],
    leftovers: [],
    baselineEndsAt: Infinity,
  };
  // Sends first: a frame may be written down in the same microsecond as its send, by another process.
  for (const event of events)
    if (event.type === 'sending') draft.messages.set(event.message, startStory(event));
  for (const event of events) add(draft, event);
  return { ...draft, faults: [...draft.faults.values()], endsAt: events.at(-1)?.at ?? 0 };
}

function startStory(sending: EventOf<'sending'>): MessageStory {
  return { sending, results: new Map(), frames: new Map(), handled: new Map() };
}

function add(draft: Draft, event: HistoryEvent): void {
  switch (event.type) {
    case 'sent':
    case 'send-failed':
      addOutcome(draft, event);
      return;
    case 'result':
    case 'frame':
      addSeen(draft, event);
      return;
    case 'handled': {
      const handled = draft.messages.get(event.message)?.handled;
      handled?.set(event.address, (handled.get(event.address) ?? 0) + 1);
      return;
    }
    case 'login':
      push(draft.sessions, event.address, { ...event, from: event.at, to: Infinity });
      return;
    case 'closed':
      endSession(draft, event);
      return;
    case 'presence':
      draft.presence.push(event);
      return;
    case 'told':
      draft.told.push(event);
      return;
    case 'stored':
      draft.stored.push(event);
      return;
    case 'kept-end':
      push(draft.keptEnds, `${event.message} ${event.address}`, event);
      return;
    case 'heard':
      push(draft.heard, `${event.address}/${event.order}`, event);
      return;
    case 'fault':
      addFault(draft, event);
      return;
    case 'leftovers':
      draft.leftovers.push(event);
      return;
    case 'phase':
      if (event.phase === 'faults') draft.baselineEndsAt = event.at;
      if (event.phase === 'settled' || event.phase === 'end') draft.settledAt.push(event.at);
      if (event.phase === 'new master') draft.newMastersAt.push(event.at);
      return;
    case 'sending':
    case 'process':
  }
}

function addOutcome(draft: Draft, event: EventOf<'sent'> | EventOf<'send-failed'>): void {
  const story = draft.messages.get(event.message);
  if (!story) return;
  if (event.type === 'sent') story.sent = event;
  else story.failed = event;
}

function addSeen(draft: Draft, event: EventOf<'frame'> | EventOf<'result'>): void {
  const story = draft.messages.get(event.message);
  if (!story) draft.strays.push(event);
  else if (event.type === 'frame') push(story.frames, event.address, event);
  else push(story.results, event.address, event);
}

function endSession(draft: Draft, { address, connection, at }: EventOf<'closed'>): void {
  const session = draft.sessions.get(address)?.find((candidate) => candidate.connection === connection);
  if (session) session.to = at;
}

function addFault(draft: Draft, event: EventOf<'fault'>): void {
  const { id, phase, name, scope, target, addresses = [], at } = event;
  if (phase === 'begin') {
    const span = { name, scope, target, addresses: new Set(addresses), from: at, to: Infinity };
    draft.faults.set(id, span);
    return;
  }
  const span = draft.faults.get(id);
  if (span) span.to = at;
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const items = map.get(key);
  if (items) items.push(item);
  else map.set(key, [item]);
}

/** Whether a fault of one of these scopes went on at some time from `from` to `to`. */
export function wasFaulty(
  faults: readonly FaultSpan[],
  scopes: readonly FaultScope[],
  from: number,
  to: number,
  concerns: (fault: FaultSpan) => boolean = () => true,
): boolean {
  return faults.some(
    (fault) => fault.from <= to && fault.to >= from && scopes.includes(fault.scope) && concerns(fault),
  );
}
