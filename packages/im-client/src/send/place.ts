import type { GroupView, Whereabouts } from 'im-common/bus';

/** Where a device is. `hasLease` is false for a server that the registry never heard of: one of box-im, which has none. */
export interface Place {
  readonly serverId: number;
  readonly hasLease: boolean;
}

export interface ServerView {
  readonly group: GroupView;
  readonly live: ReadonlyMap<number, Place>;
  readonly gone: ReadonlySet<number>;
}

export function toServerView(group: GroupView): ServerView {
  return {
    group,
    live: new Map(group.live.map(({ id }) => [Number(id), { serverId: Number(id), hasLease: true }])),
    gone: new Set([...group.expired, ...group.dead].map(({ id }) => Number(id))),
  };
}

export function placeOf(serverId: Whereabouts, { live, gone }: ServerView): Place | undefined {
  if (typeof serverId !== 'number') return undefined;
  return live.get(serverId) ?? (gone.has(serverId) ? undefined : { serverId, hasLease: false });
}
