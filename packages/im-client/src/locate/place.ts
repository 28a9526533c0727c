import type { GroupView, Member, Whereabouts } from 'im-common/bus';
import { decodeServerInfo, type Feature } from 'im-common/internal/bus';

/** Where a device is. */
export interface Place {
  readonly serverId: number;
  /** False for a server that the registry never heard of: one of box-im, which has none. */
  readonly hasLease: boolean;
  /** Its lease has just run out: its users do not count as online, and what is put for them is not lost. */
  readonly isLate?: boolean;
  /** What the server says that it can do. */
  readonly features: ReadonlySet<Feature>;
  /** Of a message with an id of its own: what was said on the bus of the copy that goes there. */
  readonly claim?: string;
}

/** `moving`: it has just left a server, and is probably on its way to one. */
export type Sighting = Place | 'moving' | undefined;

export interface ServerView {
  readonly group: GroupView;
  readonly live: ReadonlyMap<number, Place>;
  readonly late: ReadonlyMap<number, Place>;
  readonly gone: ReadonlySet<number>;
  /** Users of a server that is gone may be in on another one, to which their routes go on soon (P-16.11). */
  readonly isGoneMoving: boolean;
}

/**
 * A server that is not declared dead may come back and take what is on its lists; if it does not, others look after them. Not much
 * longer than a sender waits for a result, as there may be no others.
 */
const longestLateMs = 10_000;

const noFeatures: ReadonlySet<Feature> = new Set();

export function toServerView(group: GroupView): ServerView {
  const late = group.expired.filter(({ lateMs }) => lateMs < longestLateMs);
  const live = new Map(group.live.map((member) => [Number(member.id), placeAt(member)]));
  return {
    group,
    live,
    late: new Map(late.map((member) => [Number(member.id), { ...placeAt(member), isLate: true }])),
    gone: new Set([...group.expired, ...group.dead].map(({ id }) => Number(id))),
    isGoneMoving: [...live.values()].some(({ features }) => features.has('several')),
  };
}

function placeAt({ id, info }: Member): Place {
  const features = decodeServerInfo(info)?.features ?? [];
  return {
    serverId: Number(id),
    hasLease: true,
    features: features.length === 0 ? noFeatures : new Set(features),
  };
}

/** Whose lists are worth something: those of a server that is late as well. */
export function serversThatServe({ live, late }: ServerView): Place[] {
  return [...live.values(), ...late.values()];
}

export function sightingOf(
  whereabouts: Whereabouts,
  { live, late, gone, isGoneMoving }: ServerView,
): Sighting {
  if (typeof whereabouts !== 'number') return whereabouts;
  const place = live.get(whereabouts) ?? late.get(whereabouts);
  if (place) return place;
  if (gone.has(whereabouts)) return isGoneMoving ? 'moving' : undefined;
  return { serverId: whereabouts, hasLease: false, features: noFeatures };
}

/** Where it can be said to be online. */
export function placeOf(sighting: Sighting): Place | undefined {
  return sighting === 'moving' || sighting?.isLate ? undefined : sighting;
}
