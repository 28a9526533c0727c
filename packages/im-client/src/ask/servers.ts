import type { GroupView } from 'im-common/bus';
import { decodeServerInfo, type ServerInfo } from 'im-common/internal/bus';

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
