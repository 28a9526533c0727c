import type { EventOf, FaultScope, HistoryEvent } from './event.ts';

/** One message, from its send to all that was seen of it. */
export interface MessageStory {
  readonly sending: EventOf<'sending'>;
  sent?: EventOf<'sent'>;
  failed?: EventOf<'send-failed'>;
  /** Of a message to a topic. */
  counted?: EventOf<'counted'>;
  /** By address. */
  readonly results: Map<string, EventOf<'result'>[]>;
  readonly frames: Map<string, EventOf<'frame'>[]>;
  /** By address and tab: how often the application took it. */
  readonly handled: Map<string, Map<number, number>>;
}

/** One login of a device, from its answer to its end. */
export interface Session {
  readonly address: string;
  readonly connection: number;
  readonly server: string;
  readonly from: number;
  to: number;
  readonly follows: boolean;
  /** 0 where only one device may be in. */
  readonly tab: number;
}

/** A change of a topic, from the call until it resolved, if it did. */
export interface ChangeSpan {
  readonly topic: string;
  readonly joins: readonly string[];
  readonly leaves: readonly string[];
  readonly from: number;
  to: number;
}

/** A login, from its token to its answer, or to the end of its connection. */
export interface LoginSpan {
  readonly connection: number;
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
  /** By address. */
  readonly logins: ReadonlyMap<string, readonly LoginSpan[]>;
  readonly presence: readonly EventOf<'presence'>[];
  /** Presence events, as services were told them. */
  readonly told: readonly EventOf<'told'>[];
  /** What devices said, as they were told that it is stored; and the calls of handlers with it, by `address/order`. */
  readonly stored: readonly EventOf<'stored'>[];
  readonly heard: ReadonlyMap<string, readonly EventOf<'heard'>[]>;
  /** By `message address`. */
  readonly keptEnds: ReadonlyMap<string, readonly EventOf<'kept-end'>[]>;
  /** In the order in which they began. */
  readonly changes: readonly ChangeSpan[];
  /** By address. */
  readonly reloads: ReadonlyMap<string, readonly EventOf<'reload'>[]>;
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
  readonly logins: Map<string, LoginSpan[]>;
  readonly presence: EventOf<'presence'>[];
  readonly told: EventOf<'told'>[];
  readonly stored: EventOf<'stored'>[];
  readonly heard: Map<string, EventOf<'heard'>[]>;
  readonly keptEnds: Map<string, EventOf<'kept-end'>[]>;
  readonly changes: Map<string, ChangeSpan>;
  readonly reloads: Map<string, EventOf<'reload'>[]>;
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
    logins: new Map(),
    presence: [],
    told: [],
    stored: [],
    heard: new Map(),
    keptEnds: new Map(),
    changes: new Map(),
    reloads: new Map(),
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
  const [faults, changes] = [[...draft.faults.values()], [...draft.changes.values()]];
  return { ...draft, faults, changes, endsAt: events.at(-1)?.at ?? 0 };
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
    case 'counted': {
      const story = draft.messages.get(event.message);
      if (story) story.counted = event;
      return;
    }
    case 'changing':
      draft.changes.set(event.change, { ...event, from: event.at, to: Infinity });
      return;
    case 'changed': {
      const change = draft.changes.get(event.change);
      if (change) change.to = event.at;
      return;
    }
    case 'reload':
      push(draft.reloads, event.address, event);
      return;
    case 'result':
    case 'frame':
      addSeen(draft, event);
      return;
    case 'handled': {
      const { address, message, tab = 0 } = event;
      const handled = draft.messages.get(message)?.handled;
      const times = handled?.get(address) ?? new Map<number, number>();
      handled?.set(address, times.set(tab, (times.get(tab) ?? 0) + 1));
      return;
    }
    case 'knocked':
      push(draft.logins, event.address, { connection: event.connection, from: event.at, to: Infinity });
      return;
    case 'turned-away':
      endLogin(draft, event);
      return;
    case 'login':
      endLogin(draft, event);
      push(draft.sessions, event.address, {
        ...event,
        from: event.at,
        to: Infinity,
        follows: event.follows ?? false,
        tab: event.tab ?? 0,
      });
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

function endLogin(draft: Draft, { address, connection, at }: EventOf<'login' | 'turned-away'>): void {
  const login = draft.logins.get(address)?.find((candidate) => candidate.connection === connection);
  if (login) login.to = at;
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

/** What came to the devices of an address, of each of them by itself. */
export function byTab<T extends { readonly connection: number }>(
  seen: readonly T[],
  sessions: readonly Session[] = [],
): Map<number, T[]> {
  const tabs = new Map<number, T[]>();
  for (const one of seen) {
    const tab = sessions.find(({ connection }) => connection === one.connection)?.tab ?? 0;
    const own = tabs.get(tab);
    if (own) own.push(one);
    else tabs.set(tab, [one]);
  }
  return tabs;
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
