import type { DeviceAddress } from '../address.ts';
import type { ShownToken } from './revocation.ts';

/** One device's time on one server, from its login to its end. Its id is never used again. */
export interface Session extends SessionDetails {
  readonly id: string;
  readonly address: DeviceAddress;
  readonly serverId: number;
}

/** What is known of a device. */
export interface SessionDetails {
  /** When it logged in, in epoch milliseconds of its server. */
  readonly since: number;
  /** When its server last heard of it, as of the last time that it was written: at the login and with each refresh. */
  readonly heardAt: number;
  readonly devId?: string | undefined;
  readonly from?: string | undefined;
  /** What the client calls itself: `User-Agent` of the WebSocket's request. */
  readonly agent?: string | undefined;
}

/**
 * How things stood at an address right after something happened there. Of two the one with the higher number is the newer,
 * whichever server wrote it.
 */
export interface Standing {
  readonly number: number;
  /** Sessions that are open at the address. */
  readonly open: number;
}

/** Who may be logged in at an address. */
export interface SessionRule {
  /** More than so many are not open at once: the oldest have to go. */
  readonly most: number;
  /** Instead of the oldest it is the newcomer who has to stay out. */
  readonly refusesNewcomers: boolean;
  /** Ids of sessions that do not count: their server is dead. */
  readonly without?: readonly string[];
}

export type SessionBound =
  | {
      readonly status: 'bound';
      /** Where the route pointed before. */
      readonly before: number | undefined;
      readonly standing: Standing;
      /** Sessions whose place was taken. Where several may be in they are there until they are ended, though they do not count. */
      readonly displaced: readonly Session[];
      /** Other servers with sessions that stay in. */
      readonly others: readonly number[];
      /** Messages wait for the address: what is kept later finds the route. */
      readonly hasKept: boolean;
    }
  | { readonly status: 'revoked' }
  | { readonly status: 'refused'; readonly holders: readonly Session[] };

export interface RefreshedSession {
  /** The server that has the route now, and does not know of this session; or of the newest, when as many newer ones are in as may be. */
  readonly foreign?: number;
  /** It was not there any more, and was written again: of several it is the newest now. */
  readonly standing?: Standing;
  /** The same as of a login. */
  readonly others?: readonly number[];
}

/** A session to be written again. */
export interface SessionToRefresh extends Session {
  /** As of {@link SessionRule}. @default 1 */
  readonly most?: number;
}

/** A session in the table of its server. */
export interface TableRow extends Pick<Session, 'id' | 'address' | 'since'> {
  readonly standing: Standing;
}

/** `undefined` as a row: the session has ended. */
export type TableChange = readonly [id: string, row: Omit<TableRow, 'id'> | undefined];

/**
 * Sessions beside the routes: written by servers that keep them, in the same step as the route. And a table for each
 * server of those that it has, so that they can be told of, counted, and ended when the server is dead.
 */
export interface Sessions {
  /** As {@link Presence.bind}, for one session more at its address. */
  bind(session: Session, rule: SessionRule, token?: ShownToken): Promise<SessionBound>;

  /**
   * Ends sessions. A route that points at their server goes on to that of the newest session that is left, or goes as with
   * {@link Presence.unbind}. Answers with how things stand, each time under a new number.
   */
  unbind(sessions: readonly EndedSession[], graceMs?: number): Promise<Standing[]>;

  /** As {@link Presence.refresh}: in the order of the sessions. */
  refresh(sessions: readonly SessionToRefresh[]): Promise<RefreshedSession[]>;

  /** The sessions at each address, in the order in which they began; those of dead servers may be among them. */
  list(addresses: readonly DeviceAddress[]): Promise<Session[][]>;

  /** Changes the table of a server. */
  record(serverId: number, changes: readonly TableChange[]): Promise<void>;

  /** The table of a server, a page at a time: what is there from the beginning to the end, and some of the rest; one may come twice. */
  table(serverId: number): AsyncIterable<readonly TableRow[]>;

  /** How many sessions each table has. */
  count(serverIds: readonly number[]): Promise<number[]>;
}

export type EndedSession = Pick<Session, 'id' | 'address' | 'serverId'>;

/** A session is let go when it was not written again for so long; as a route is. */
export const sessionTtlMs = 600_000;

/** After the last session has ended its number is remembered for so long, should clocks differ. */
export const numberKeptMs = 60_000;

/** Each once, without one's own. */
export function otherServers(all: readonly number[], own: number): number[] {
  return [...new Set(all)].filter((id) => id !== own);
}

export function detailsOf({ since, heardAt, devId, from, agent }: SessionDetails): SessionDetails {
  return { since, heardAt, devId, from, agent };
}

/** What a table has of a session: `{user}:{terminal} {number} {open} {since}`. */
export function encodeRow({ address, since, standing }: Omit<TableRow, 'id'>): string {
  return `${address.id}:${address.terminal} ${standing.number} ${standing.open} ${since}`;
}

const rowText = /^([^: ]+):(-?\d{1,9}) (\d{1,16}) (\d{1,9}) (\d{1,16})$/;

export function decodeRow(id: string, text: string): TableRow | undefined {
  const [, user = '', terminal, number, open, since] = rowText.exec(text) ?? [];
  if (user === '') return undefined;
  return {
    id,
    address: { id: user, terminal: Number(terminal) },
    since: Number(since),
    standing: { number: Number(number), open: Number(open) },
  };
}
