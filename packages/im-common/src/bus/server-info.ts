import type { GroupView } from './bus.ts';

/** What a server publishes beside its lease, for those who pick a server for their devices. */
export interface ServerInfo {
  /** Where devices connect, e.g. `ws://10.0.0.5:8878/im`. */
  readonly address: string;
  readonly connections: number;
  /** It shuts down: send no new devices there. */
  readonly draining: boolean;
  readonly startedAt: number;
  /** What it can do that servers before it could not. A client that needs a feature asks only servers that name it. */
  readonly features: readonly Feature[];
  /** All its sessions are in its table on the bus. */
  readonly hasTable?: boolean | undefined;
}

/** What servers learned after their first version (PROTOCOL.md, P-5.11). */
export type Feature =
  'topics' | 'uplink' | 'requests' | 'keep' | 'sessions' | 'several' | 'high' | 'drain' | 'trace';

/** Whether a server that lives names a feature. */
export function hasFeature({ live }: Pick<GroupView, 'live'>, serverId: number, feature: Feature): boolean {
  const info = live.find(({ id }) => id === String(serverId))?.info;
  return info !== undefined && decodeServerInfo(info)?.features.includes(feature) === true;
}

export function encodeServerInfo(info: ServerInfo): string {
  return JSON.stringify(info);
}

/** Reads what {@link encodeServerInfo} wrote; undefined for anything else. */
export function decodeServerInfo(text: string): ServerInfo | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { address, connections, draining, startedAt, features, hasTable } = value as Record<string, unknown>;
  if (typeof address !== 'string' || typeof connections !== 'number') return undefined;
  return {
    address,
    connections,
    draining: draining === true,
    startedAt: typeof startedAt === 'number' ? startedAt : 0,
    // Of newer servers some that are not known here; nobody asks for those.
    features: Array.isArray(features) ? (features as Feature[]) : [],
    ...(hasTable === true && { hasTable }),
  };
}
