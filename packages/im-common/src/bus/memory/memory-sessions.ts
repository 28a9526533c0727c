import { addressKey, type DeviceAddress } from '../../address.ts';
import type { ShownToken } from '../revocation.ts';
import {
  numberKeptMs,
  otherServers,
  sessionTtlMs,
  type EndedSession,
  type RefreshedSession,
  type Session,
  type SessionBound,
  type SessionToRefresh,
  type SessionRule,
  type Sessions,
  type Standing,
  type TableChange,
  type TableRow,
} from '../sessions.ts';
import type { Calls } from './calls.ts';
import { ExpiringMap } from './expiring-map.ts';
import type { MemoryPresence } from './memory-presence.ts';

interface Place {
  /** The last number that was given out here. */
  number: number;
  readonly sessions: ExpiringMap<Session>;
}

export class MemorySessions implements Sessions {
  readonly #calls: Calls;
  readonly #now: () => number;
  readonly #presence: MemoryPresence;
  readonly #places: ExpiringMap<Place>;
  readonly #tables = new Map<number, Map<string, TableRow>>();

  constructor(calls: Calls, now: () => number, presence: MemoryPresence) {
    this.#calls = calls;
    this.#now = now;
    this.#presence = presence;
    this.#places = new ExpiringMap(now);
  }

  bind(session: Session, rule: SessionRule, token: ShownToken = {}): Promise<SessionBound> {
    return this.#calls.answer((): SessionBound => {
      const { address } = session;
      if (this.#presence.isRevoked(address, token)) return { status: 'revoked' };
      const place = this.#place(address);
      const open = sessionsOf(place, session.id);
      const goes = ({ devId, id }: Session): boolean =>
        rule.without?.includes(id) === true || (devId !== undefined && devId === session.devId);
      const gone = open.filter(goes);
      const stay = open.filter((other) => !goes(other));
      if (rule.refusesNewcomers && stay.length >= rule.most) return { status: 'refused', holders: stay };
      while (stay.length >= rule.most) gone.push(...stay.splice(0, 1));
      // Of several they are there until their servers have closed them.
      if (rule.most === 1) for (const { id } of gone) place.sessions.delete(id);
      place.sessions.set(session.id, session, sessionTtlMs);
      const before = this.#presence.find(address);
      this.#presence.point(address, session.serverId);
      const { hasKept } = this.#presence.findBeside(address);
      const others = serversOf(stay, session.serverId);
      return {
        status: 'bound',
        before,
        standing: { ...this.#next(address, place), open: stay.length + 1 },
        displaced: gone,
        others,
        hasKept,
      };
    });
  }

  unbind(sessions: readonly EndedSession[], graceMs = 0): Promise<Standing[]> {
    return this.#calls.answer(() =>
      sessions.map(({ address, id, serverId }) => {
        const place = this.#place(address);
        place.sessions.delete(id);
        const newest = sessionsOf(place, id).at(-1);
        if (!newest) {
          this.#presence.unbindNow(address, serverId, graceMs);
        } else if ((this.#presence.find(address) ?? serverId) === serverId) {
          this.#presence.point(address, newest.serverId);
        }
        return this.#next(address, place);
      }),
    );
  }

  refresh(sessions: readonly SessionToRefresh[]): Promise<RefreshedSession[]> {
    return this.#calls.answer(() =>
      sessions.map((session): RefreshedSession => {
        const { address, id, most = 1, serverId } = session;
        const place = this.#place(address);
        const isThere = place.sessions.get(id) !== undefined;
        const others = sessionsOf(place, id);
        const holder = this.#presence.find(address);
        const isShared = others.some((other) => other.serverId === holder);
        const hasPlace = isThere || others.length < most;
        const isAllowed =
          holder === undefined || (holder === serverId && (hasPlace || most === 1)) || (isShared && hasPlace);
        if (!isAllowed) return { foreign: holder };
        const all = sessionsOf(place);
        const newer = isThere ? all.slice(all.findIndex((other) => other.id === id) + 1) : [];
        const last = newer.at(-1);
        if (most > 1 && last && newer.length >= most) return { foreign: last.serverId };
        place.sessions.set(id, session, sessionTtlMs);
        if (isThere) {
          this.#presence.point(address, holder ?? sessionsOf(place).at(-1)?.serverId ?? serverId);
          this.#keep(address, place);
          return {};
        }
        this.#presence.point(address, serverId);
        return { standing: this.#next(address, place), others: serversOf(others, serverId) };
      }),
    );
  }

  list(addresses: readonly DeviceAddress[]): Promise<Session[][]> {
    return this.#calls.answer(() =>
      addresses.map(({ id, terminal }) => {
        const place = this.#places.get(addressKey(id, terminal));
        return place ? sessionsOf(place) : [];
      }),
    );
  }

  record(serverId: number, changes: readonly TableChange[]): Promise<void> {
    return this.#calls.answer(() => {
      const table = this.#tables.get(serverId) ?? new Map<string, TableRow>();
      for (const [id, row] of changes) {
        if (row) table.set(id, { ...row, id });
        else table.delete(id);
      }
      if (table.size > 0) this.#tables.set(serverId, table);
      else this.#tables.delete(serverId);
    });
  }

  async *table(serverId: number): AsyncGenerator<readonly TableRow[]> {
    yield await this.#calls.answer(() => [...(this.#tables.get(serverId)?.values() ?? [])]);
  }

  count(serverIds: readonly number[]): Promise<number[]> {
    return this.#calls.answer(() => serverIds.map((id) => this.#tables.get(id)?.size ?? 0));
  }

  #place({ id, terminal }: DeviceAddress): Place {
    const known = this.#places.get(addressKey(id, terminal));
    return known ?? { number: 0, sessions: new ExpiringMap(this.#now) };
  }

  #next(address: DeviceAddress, place: Place): Standing {
    place.number = Math.max(Date.now(), place.number + 1);
    this.#keep(address, place);
    return { number: place.number, open: sessionsOf(place).length };
  }

  #keep({ id, terminal }: DeviceAddress, place: Place): void {
    const isEmpty = sessionsOf(place).length === 0;
    this.#places.set(addressKey(id, terminal), place, isEmpty ? numberKeptMs : sessionTtlMs);
  }
}

/** In the order in which they began. */
function sessionsOf({ sessions }: Place, id?: string): Session[] {
  return Array.from(sessions, ([, session]) => session).filter((session) => session.id !== id);
}

function serversOf(sessions: readonly Session[], own: number): number[] {
  return otherServers(
    sessions.map(({ serverId }) => serverId),
    own,
  );
}
