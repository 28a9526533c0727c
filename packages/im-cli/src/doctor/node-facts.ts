import { asked, type RedisNode } from '../redis.ts';

/** What one Redis says of itself. */
export interface NodeFacts {
  /** Host and port. */
  readonly name: string;
  readonly database: number;
  /** `INFO` by its names; empty when the account may not ask. */
  readonly info: ReadonlyMap<string, string>;
  /** Undefined when it is no Cluster. */
  readonly clusterState: string | undefined;
  /** How far its clock is ahead of ours, and how exactly that is known. */
  readonly aheadMs: number;
  readonly roundTripMs: number;
}

const pings = 5;

export async function readFacts(node: RedisNode): Promise<NodeFacts> {
  const { db = 0 } = node.options;
  // An account may be forbidden to ask.
  const info = parseInfo(await node.info().catch(() => ''));
  const clusterState =
    info.get('cluster_enabled') === '1'
      ? parseInfo(await node.cluster('INFO').then(String, () => '')).get('cluster_state')
      : undefined;
  const looks = [];
  for (let look = 0; look < pings; look += 1) looks.push(await lookAtClock(node));
  // Behind Sentinel the options do not say who it is; and those of a Cluster connect with the first command.
  const { remoteAddress = '?', remotePort = 0 } = node.stream;
  // The quickest answer says most.
  const [best] = looks.sort((one, other) => one.roundTripMs - other.roundTripMs);
  const median = looks[Math.floor(pings / 2)];
  return {
    ...{ name: `${remoteAddress}:${remotePort}`, database: db, info, clusterState },
    ...{ aheadMs: best?.aheadMs ?? 0, roundTripMs: median?.roundTripMs ?? 0 },
  };
}

async function lookAtClock(node: RedisNode): Promise<Pick<NodeFacts, 'aheadMs' | 'roundTripMs'>> {
  const [before, started] = [Date.now(), performance.now()];
  const [seconds, microseconds] = await asked('TIME', node.time());
  const roundTripMs = performance.now() - started;
  const itsTime = Number(seconds) * 1_000 + Number(microseconds) / 1_000;
  return { aheadMs: itsTime - (before + roundTripMs / 2), roundTripMs };
}

/** What INFO answers, by its names. */
export function parseInfo(text: string): Map<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':') && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.replace(/:.*/s, ''), line.replace(/^[^:]*:/, '')]));
}
