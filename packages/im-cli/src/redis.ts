import { ImError } from 'im-common';
import type { Bus } from 'im-common/bus';
import { redisOf, type RedisAccess } from 'im-common/internal/bus';

type Client = RedisAccess['client'];
type Cluster = Extract<Client, { nodes: unknown }>;
/** One server of Redis. */
export type RedisNode = Exclude<Client, Cluster>;

/** All masters: one, or those of a Cluster. */
export function mastersOf(bus: Bus): RedisNode[] {
  const { client } = accessOf(bus);
  return 'nodes' in client ? client.nodes('master') : [client];
}

function accessOf(bus: Bus): RedisAccess {
  const access = redisOf(bus);
  if (!access) throw new Error('The bus is not on Redis.');
  return access;
}

export function keyPrefixOf(bus: Bus): string {
  return accessOf(bus).keyPrefix;
}

/** What a consumer has of a list: how many entries it has taken since it began, and how many of them are not done (P-5.2). */
export async function takenOf(
  bus: Bus,
  list: string,
  consumer: string,
): Promise<{ readonly taken: number; readonly inFlight: number }> {
  const { client, keyPrefix } = accessOf(bus);
  const key = `{${keyPrefix}${list}}:inflight:${consumer}`;
  const [seq, fields] = await asked('HGET or HLEN', Promise.all([client.hget(key, 'seq'), client.hlen(key)]));
  return { taken: Number(seq ?? 0), inFlight: Math.max(0, fields - 1) };
}

const keysPerStep = 1_000;

/** The names of lists of this form, without the prefix, by a walk through all keys. */
export async function listsThatMatch(bus: Bus, form: string): Promise<string[]> {
  const { keyPrefix } = accessOf(bus);
  const pattern = keyPrefix.replace(/[\\*?[\]]/g, '\\$&') + form;
  const found = new Set<string>();
  for (const node of mastersOf(bus)) {
    let cursor = '0';
    do {
      const [next, keys] = await asked(
        'SCAN',
        node.scan(cursor, 'MATCH', pattern, 'COUNT', keysPerStep, 'TYPE', 'list'),
      );
      for (const key of keys) found.add(key.slice(keyPrefix.length));
      cursor = next;
    } while (cursor !== '0');
  }
  return [...found];
}

/** What Redis answers, or an error as of the bus. */
export async function asked<T>(command: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const code = reason.startsWith('NOPERM') ? 'BUS_REFUSED' : 'BUS_UNAVAILABLE';
    throw new ImError(code, `Redis did not carry out ${command}: ${reason}`, { cause });
  }
}
