import { counted } from '../output/words.ts';
import type { Finding } from './finding.ts';
import type { NodeFacts } from './node-facts.ts';

const slowMs = 20;
const muchSkewMs = 2_000;
const fullAt = 0.8;
/** Of our own keys only some of each server have no end. */
const manyKeysWithoutEnd = 100_000;

/** What one Redis says of itself, judged. `isShared`: others may keep things in it. */
export function checkRedis(facts: NodeFacts, isShared: boolean): Finding[] {
  const { info, name } = facts;
  const pace = checkPace(facts);
  if (info.size === 0)
    return [
      {
        ...{
          about: 'redis',
          state: 'warn',
          what: `${name} does not let this account ask INFO: most is not known.`,
        },
        cure: 'Give the account the command INFO (ACL SETUSER … +info).',
      },
      ...pace,
    ];
  return [
    checkNode(facts),
    checkEviction(facts),
    checkMemory(facts),
    ...checkPersistence(facts),
    ...checkClients(facts),
    ...(isShared ? [] : checkKeys(facts)),
    ...pace,
  ];
}

function checkNode({ clusterState, info, name }: NodeFacts): Finding {
  const version = info.get('valkey_version') ?? info.get('redis_version') ?? '?';
  const kind = info.has('valkey_version') ? 'Valkey' : 'Redis';
  const replicas = Number(info.get('connected_slaves') ?? 0);
  const about = 'redis';
  const what = `${kind} ${version} at ${name}, ${info.get('role') ?? '?'} with ${counted(replicas, 'replica')}`;
  if (clusterState !== undefined && clusterState !== 'ok')
    return {
      ...{ about, state: 'bad', what: `${what}; its Cluster is ${clusterState}.` },
      cure: 'redis-cli --cluster check says which slots have no master.',
    };
  if (info.get('loading') === '1')
    return { about, state: 'bad', what: `${what}; it is loading its data.`, cure: 'Wait until it has.' };
  if (info.get('role') === 'slave')
    return {
      about,
      state: 'bad',
      what: `${what}: it takes no writes.`,
      cure: 'Name the master, or Sentinel.',
    };
  return { about, state: 'ok', what: `${what}.` };
}

function checkEviction({ info, name }: NodeFacts): Finding {
  const about = 'eviction';
  const policy = info.get('maxmemory_policy') ?? '?';
  const evicted = Number(info.get('evicted_keys') ?? 0);
  const cure = 'CONFIG SET maxmemory-policy noeviction, and in its file.';
  if (evicted > 0 && policy !== 'noeviction') {
    const what = `${name} has thrown away ${counted(evicted, 'key')} (${policy}): messages and routes are lost.`;
    return { about, state: 'bad', what, cure };
  }
  if (policy === 'noeviction') return { about, state: 'ok', what: `${name}: noeviction.` };
  const isLimited = Number(info.get('maxmemory') ?? 0) > 0;
  const what = `${name}: ${policy}: it throws messages and routes away when it is full.`;
  return { about, state: isLimited ? 'bad' : 'warn', what, cure };
}

function checkMemory({ info, name }: NodeFacts): Finding {
  const about = 'memory';
  const [used, most] = [Number(info.get('used_memory') ?? 0), Number(info.get('maxmemory') ?? 0)];
  if (most === 0)
    return {
      ...{
        about,
        state: 'warn',
        what: `${name} uses ${mebibytes(used)}, and has no maxmemory: the machine's ends first.`,
      },
      cure: "CONFIG SET maxmemory to some three quarters of the machine's: then BUS_FULL tells senders.",
    };
  const what = `${name} uses ${mebibytes(used)} of ${mebibytes(most)}.`;
  if (used < most * fullAt) return { about, state: 'ok', what };
  return { about, state: 'bad', what, cure: 'Raise maxmemory, or look below for what waits.' };
}

function checkPersistence({ info, name }: NodeFacts): Finding[] {
  const about = 'persistence';
  const failed = ['aof_last_write_status', 'aof_last_bgrewrite_status', 'rdb_last_bgsave_status'].filter(
    (status) => info.get(status) === 'err',
  );
  const findings: Finding[] =
    failed.length === 0
      ? []
      : [
          {
            ...{ about, state: 'bad', what: `${name} cannot write to its disk (${failed.join(', ')}).` },
            cure: "Look into its log: the disk is full, or the folder is not its own. It may refuse writes until it's mended.",
          },
        ];
  const hasLog = info.get('aof_enabled') === '1';
  const log: Finding = hasLog
    ? { about, state: 'ok', what: `${name} keeps an append-only file.` }
    : {
        ...{
          about,
          state: 'warn',
          what: `${name} keeps no append-only file: a restart loses what waits, all since its snapshot.`,
        },
        cure: 'CONFIG SET appendonly yes, and in its file; or mean it: routes and leases come back by themselves.',
      };
  return [...findings, log];
}

function checkClients({ info, name }: NodeFacts): Finding[] {
  const [clients, most] = [Number(info.get('connected_clients') ?? 0), Number(info.get('maxclients') ?? 0)];
  if (most === 0 || clients < most * fullAt) return [];
  const what = `${name} has ${clients} of ${counted(most, 'connection')}.`;
  return [
    {
      about: 'connections',
      state: 'bad',
      what,
      cure: 'CONFIG SET maxclients higher, and its limit of open files.',
    },
  ];
}

function checkKeys({ database, info, name }: NodeFacts): Finding[] {
  const [, all = '0', ending = '0'] = /keys=(\d+),expires=(\d+)/.exec(info.get(`db${database}`) ?? '') ?? [];
  const without = Number(all) - Number(ending);
  const what = `${name} has ${counted(Number(all), 'key')}, of which ${without} without an end`;
  if (without < manyKeysWithoutEnd || without < Number(all) / 2)
    return [{ about: 'keys', state: 'ok', what: `${what}.` }];
  return [
    {
      ...{ about: 'keys', state: 'warn', what: `${what}: those are hardly ours, and grow without bound.` },
      cure: 'redis-cli --bigkeys shows what they are. Give the transport a database or a Redis of its own.',
    },
  ];
}

function checkPace({ aheadMs, name, roundTripMs }: NodeFacts): Finding[] {
  const took = `${name} answers in ${roundTripMs.toFixed(1)} ms.`;
  const latency: Finding =
    roundTripMs < slowMs
      ? { about: 'latency', state: 'ok', what: took }
      : {
          about: 'latency',
          state: 'warn',
          what: took,
          cure: 'Look at its CPU, SLOWLOG GET, and the network between.',
        };
  const skew = Math.abs(aheadMs);
  const side = aheadMs > 0 ? 'ahead of' : 'behind';
  const clock: Finding =
    skew < muchSkewMs
      ? { about: 'clock', state: 'ok', what: `${name} has the time of this machine.` }
      : {
          ...{
            about: 'clock',
            state: 'warn',
            what: `The clock of ${name} is ${(skew / 1_000).toFixed(0)} s ${side} this machine's.`,
          },
          cure: 'Run NTP on all machines: tokens, revocations and expiresInMs go by their clocks.',
        };
  return [latency, clock];
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
