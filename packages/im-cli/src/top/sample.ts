import type { Bus } from 'im-common/bus';
import { listsOf, readServers, type ServerRow } from 'im-common/internal/bus';
import { parseInfo } from '../doctor/node-facts.ts';
import { asked, mastersOf, takenOf } from '../redis.ts';

/** How things are at a moment. */
export interface Sample {
  readonly atMs: number;
  readonly servers: readonly ServerSample[];
  /** Commands of all clients in the last second, and bytes, of all masters. */
  readonly commandsPerSecond: number;
  readonly usedBytes: number;
}

export interface ServerSample extends Pick<ServerRow, 'id' | 'state' | 'waiting'> {
  readonly connections: number;
  /** Entries that it has taken since it began. */
  readonly taken: number;
  /** Taken, and not done yet. */
  readonly inFlight: number;
}

export async function takeSample(bus: Bus): Promise<Sample> {
  const rows = (await readServers(bus)).filter(({ boot }) => boot !== undefined);
  const [servers, infos] = await Promise.all([
    Promise.all(rows.map((row) => sampleOf(bus, row))),
    Promise.all(mastersOf(bus).map(async (node) => parseInfo(await asked('INFO', node.info())))),
  ]);
  const sum = (name: string): number => infos.reduce((all, info) => all + Number(info.get(name) ?? 0), 0);
  return {
    atMs: performance.now(),
    servers,
    commandsPerSecond: sum('instantaneous_ops_per_sec'),
    usedBytes: sum('used_memory'),
  };
}

async function sampleOf(bus: Bus, { boot = '', id, info, state, waiting }: ServerRow): Promise<ServerSample> {
  const all = await Promise.all(listsOf(id).map((list) => takenOf(bus, list, boot)));
  const taken = all.reduce((sum, one) => sum + one.taken, 0);
  const inFlight = all.reduce((sum, one) => sum + one.inFlight, 0);
  return { id, state, connections: info?.connections ?? 0, waiting, inFlight, taken };
}

/** What happened between two samples, in a second. */
export interface Rates {
  readonly servers: readonly (Omit<ServerSample, 'taken'> & { readonly takenPerSecond: number })[];
  readonly commandsPerSecond: number;
  readonly usedBytes: number;
}

/** Who takes most comes first. Of a server that was not there before nothing is known yet. */
export function ratesOf(before: Sample, { atMs, commandsPerSecond, servers, usedBytes }: Sample): Rates {
  const seconds = (atMs - before.atMs) / 1_000;
  const former = new Map(before.servers.map(({ id, taken }) => [id, taken]));
  const rows = servers.map(({ taken, ...server }) => {
    const since = taken - (former.get(server.id) ?? taken);
    return { ...server, takenPerSecond: Math.round(since / seconds) };
  });
  rows.sort((one, other) => other.takenPerSecond - one.takenPerSecond || one.id - other.id);
  return { servers: rows, commandsPerSecond, usedBytes };
}
