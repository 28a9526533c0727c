import { messageKinds } from '../../protocol/command.ts';
import type { Bus } from '../bus.ts';
import { highList, leftNotice, messageList, serverGroup } from '../names.ts';
import { decodeServerInfo, type ServerInfo } from '../server-info.ts';

/** A server as the registry has it. */
export interface ServerRow {
  readonly id: number;
  /**
   * `late`: its lease is over, and nobody has declared it dead yet. `dead`: the others did, in the last 11 minutes. `left`: it
   * ended in order since then.
   */
  readonly state: 'live' | 'draining' | 'late' | 'dead' | 'left';
  /** For how long it has been late, dead, or away. */
  readonly sinceMs?: number;
  /** Of one that lives: tells this life of its id from others. */
  readonly boot?: string;
  /** What it last said of itself. Absent of one that is dead or has left. */
  readonly info?: ServerInfo;
  /** Entries that wait on its lists. */
  readonly waiting: number;
}

/** All servers, the lowest id first. Those of box-im are in no registry. */
export async function readServers(bus: Bus): Promise<ServerRow[]> {
  const { dead, expired, live, notices } = await bus.registry.view(serverGroup);
  const rows = [
    ...live.map(({ boot, id, info }) => {
      const decoded = decodeServerInfo(info);
      return { id: Number(id), state: decoded?.draining ? 'draining' : 'live', boot, info: decoded } as const;
    }),
    ...expired.map(({ id, info, lateMs }) => {
      return { id: Number(id), state: 'late', sinceMs: lateMs, info: decodeServerInfo(info) } as const;
    }),
    ...dead.map(({ agoMs, id }) => {
      const state = notices?.has(leftNotice(id)) ? 'left' : 'dead';
      return { id: Number(id), state, sinceMs: agoMs, info: undefined } as const;
    }),
  ];
  const all = rows.map(async ({ info, ...row }) => {
    return { ...row, ...(info && { info }), waiting: await countWaiting(bus, row.id) };
  });
  return (await Promise.all(all)).sort((one, other) => one.id - other.id);
}

/** The lists of messages of a server. */
export function listsOf(serverId: number): string[] {
  return [...messageKinds.map((kind) => messageList(kind, serverId)), highList(serverId)];
}

async function countWaiting({ lists }: Bus, serverId: number): Promise<number> {
  const lengths = await Promise.all(listsOf(serverId).map((list) => lists.length(list)));
  return lengths.reduce((sum, length) => sum + length, 0);
}
