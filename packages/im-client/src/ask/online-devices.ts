import type { Bus } from 'im-common/bus';
import { decodeServerInfo, serverGroup } from 'im-common/internal/bus';

/** A device that is online. */
export interface OnlineDevice {
  readonly userId: string;
  readonly terminal: number;
  readonly server: number;
}

type Deps = Pick<Bus, 'presence' | 'registry' | 'sessions'>;

/**
 * All that is online, in pages of some hundred: what is there from the beginning to the end, and some of the rest; one may
 * come twice. From the tables of the servers, where all keep one; otherwise by a walk through all routes.
 */
export async function* onlineDevices(bus: Deps): AsyncGenerator<OnlineDevice[], void, undefined> {
  const servers = await look(bus);
  if (!servers.haveTables) {
    for await (const page of bus.presence.routes()) {
      const online = page.filter(({ serverId }) => !servers.gone.has(serverId));
      yield online.map(({ address: { id, terminal }, serverId }) => ({
        userId: id,
        terminal,
        server: serverId,
      }));
    }
    return;
  }
  for (const server of servers.live) {
    for await (const page of bus.sessions.table(server)) {
      yield page.map(({ address: { id, terminal } }) => ({ userId: id, terminal, server }));
    }
  }
}

export async function countOnline(bus: Deps): Promise<number> {
  const servers = await look(bus);
  if (servers.haveTables && !servers.haveSeveral) {
    const counts = await bus.sessions.count(servers.live);
    return counts.reduce((sum, count) => sum + count, 0);
  }
  // A page may come twice, and who has several sessions is in more than one.
  const seen = new Set<string>();
  for await (const page of onlineDevices(bus)) {
    for (const { terminal, userId } of page) seen.add(`${userId}:${terminal}`);
  }
  return seen.size;
}

interface Servers {
  readonly live: readonly number[];
  /** Their routes do not count. */
  readonly gone: ReadonlySet<number>;
  /** Each that is alive has all its sessions in a table. Servers of box-im never do, and are not seen here. */
  readonly haveTables: boolean;
  /** Users may have several sessions on a terminal. */
  readonly haveSeveral: boolean;
}

async function look({ registry }: Deps): Promise<Servers> {
  const { dead, expired, live } = await registry.view(serverGroup);
  return {
    live: live.map(({ id }) => Number(id)),
    gone: new Set([...expired, ...dead].map(({ id }) => Number(id))),
    haveSeveral: live.some(({ info }) => decodeServerInfo(info)?.features.includes('several') === true),
    haveTables: live.length > 0 && live.every(({ info }) => decodeServerInfo(info)?.hasTable === true),
  };
}
