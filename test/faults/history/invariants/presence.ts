import type { EventOf } from '../event.ts';
import { wasFaulty, type HistoryIndex, type Session } from '../index-of.ts';
import { onItsWayMs, Tally, type Finding, type Limits } from './finding.ts';

/**
 * I5: what a service is told agrees with the connections that were there, unchanged, for the three seconds before. A login counts
 * when its route is written, which is before its device hears of it, if it ever does.
 */
export function presenceIsTrue(
  { presence, sessions, logins, faults }: HistoryIndex,
  { presenceMs }: Limits,
): Finding {
  const tally = new Tally();
  for (const { address, isOnline, askedAt, at } of presence) {
    const from = askedAt - presenceMs;
    const own = sessions.get(address) ?? [];
    const covers = own.find((session) => session.from <= from && session.to >= at + onItsWayMs);
    const touches = [...own, ...(logins.get(address) ?? [])].some((span) => {
      return span.from <= at + onItsWayMs && span.to >= from;
    });
    if (!covers && touches) continue; // it changed too lately to be judged
    const isExcused =
      wasFaulty(faults, ['bus', 'memory'], from, at) ||
      wasFaulty(faults, ['devices'], from, at, (fault) => fault.addresses.has(address)) ||
      wasFaulty(faults, ['server'], from, at, (fault) => fault.target === covers?.server) ||
      isOtherSessionLost(own, faults, from, at);
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

/** Where several may be in, the route of an address goes on to another one's server only when the others have found that its own is dead. */
function isOtherSessionLost(
  own: readonly Session[],
  faults: HistoryIndex['faults'],
  from: number,
  at: number,
): boolean {
  const since = from - deathFoundMs;
  return wasFaulty(faults, ['server'], since, at, ({ target }) => {
    return own.some((session) => session.tab > 0 && session.server === target && session.to >= since);
  });
}

const deathFoundMs = 5_000;

/**
 * T5: the events that a service was told, the newest of each address by number, give the connections that are there, once
 * all is healed, and nobody at the end.
 */
export function presenceEventsAreTrue(
  { told, sessions, logins, settledAt }: HistoryIndex,
  { presenceEventMs }: Limits,
): Finding {
  const tally = new Tally();
  for (const at of settledAt) {
    const online = replay(told, at);
    for (const [address, own] of sessions) {
      const from = at - presenceEventMs;
      const covers = own.some((session) => session.from <= from && session.to >= at);
      const touches = [...own, ...(logins.get(address) ?? [])].some(
        (span) => span.from <= at && span.to >= from,
      );
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

/** I6: at most one live connection per address, or per device where several may be in, once things have settled. */
export function oneConnectionEach(
  { sessions, faults, endsAt }: HistoryIndex,
  { overlapMs }: Limits,
): Finding {
  const tally = new Tally();
  for (const [address, own] of sessions) {
    const sorted = [...own].sort((a, b) => a.from - b.from);
    for (const [index, session] of sorted.entries()) {
      tally.checked += 1;
      const rival = sorted.slice(index + 1).find((later) => {
        return later.tab === session.tab && overlap(session, later, endsAt) > overlapMs;
      });
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
