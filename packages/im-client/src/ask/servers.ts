import type { GroupView } from 'im-common/bus';
import { decodeServerInfo, type ServerInfo } from 'im-common/internal/bus';
import { milliseconds, type Kinds } from 'im-common/internal/checks';

/** A push server that is alive, as it last said of itself. */
export interface ServerStatus extends Pick<ServerInfo, 'address' | 'connections' | 'draining'> {
  readonly id: number;
  /** What it can do that servers before it could not, by name: `topics`, `uplink`, … */
  readonly features: readonly string[];
}

export function serversOf({ live }: GroupView): ServerStatus[] {
  return live.flatMap(({ id, info }) => {
    const server = decodeServerInfo(info);
    if (!server) return [];
    const { address, connections, draining, features } = server;
    return [{ id: Number(id), address, connections, draining, features }];
  });
}

/** The one with the fewest connections among those that take new ones. */
export function leastLoaded(servers: readonly ServerStatus[]): ServerStatus | undefined {
  let best: ServerStatus | undefined;
  for (const server of servers) {
    if (!server.draining && (!best || server.connections < best.connections)) best = server;
  }
  return best;
}

/** Where devices may connect, the best place first, and how long they may rely on it. im-device's `locate` takes it as it is. */
export interface Where {
  readonly urls: readonly string[];
  readonly ttlMs: number;
}

export interface WhereOptions {
  /** For how long a device need not ask again. Servers that are new or drain are known so much later. @default 10_000 */
  readonly ttlMs?: number | undefined;
}

export const whereKinds: Kinds<WhereOptions> = { ttlMs: milliseconds(1) };

const mostUrls = 3;
const usualTtlMs = 10_000;

/**
 * Of two servers chosen by chance the one with fewer connections, and others to go on to. The one with the fewest of all
 * would get everybody who asks within the second in which its count is not renewed (P-17.9).
 */
export function whereToConnect(
  servers: readonly ServerStatus[],
  { ttlMs = usualTtlMs }: WhereOptions,
  random: () => number = Math.random,
): Where {
  const open = servers.filter(({ draining }) => !draining);
  const byChance = open
    .map((server) => ({ server, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ server }) => server);
  const [one, other, ...rest] = byChance;
  const pair = [one, other].filter((server) => server !== undefined);
  const better = pair.sort((a, b) => a.connections - b.connections);
  return { urls: [...better, ...rest].slice(0, mostUrls).map(({ address }) => address), ttlMs };
}
