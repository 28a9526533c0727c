import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis } from 'im-test/support';
import { startSubject, type SubjectName } from '../arena.ts';
import { mostConnections } from '../descriptors.ts';
import { cpuMicroseconds, median, residentKb, spread } from '../process-figures.ts';
import type { Table } from '../report/table.ts';
import { lots } from '../small.ts';
import { programBefore } from '../start-server.ts';
import type { OwnRedis, Subject } from '../subjects/subject.ts';
import { Swarm } from '../swarm/swarm.ts';

const compared: readonly SubjectName[] = [
  ...(programBefore === undefined ? [] : (['im before'] as const)),
  ...(['im', 'bare ws', 'Socket.IO + Redis', 'Centrifugo', 'nats-server', 'mosquitto'] as const),
];
const connections = lots(4_000);
/** Others are connected at the same counts. */
const many = [lots(5_000), mostConnections];
const comparedAtMany: readonly SubjectName[] = ['im', 'bare ws', 'Socket.IO + Redis'];

interface Figures {
  readonly connectUs: number;
  readonly redisUs: number;
  /** When all were logged in just now. */
  readonly fullKb: number;
}

/** Processes with devices on them, and what they were before. */
interface Crowd extends Figures {
  /** Resident memory per connection, now. */
  readonly residentKb: () => number;
}

/**
 * So long V8 may take to notice that nothing happens and to give back what the logins left behind. It does so twenty
 * seconds after a crowd that then says nothing, and after a hundred at the latest: pings are something.
 */
const idleMs = lots(130_000);

/** What a login costs, and what it leaves behind at once. */
export async function logins(rounds: number): Promise<Table[]> {
  const all = new Map<SubjectName, Figures[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const name of compared) {
      const figures = await inPlace((place) => connect(place, name, connections)).catch((error: unknown) => {
        console.error(`SKIPPED in this round: ${name}: ${String(error)}`);
      });
      if (figures) all.set(name, [...(all.get(name) ?? []), figures]);
    }
  }
  return [
    {
      title: 'Connections',
      note: `${connections} logged-in connections on a fresh process, just now; medians of ${rounds} rounds. Only ours checks a token.`,
      columns: ['', 'resident KB per connection', 'CPU µs per connect and login', 'its spread', 'Redis µs'],
      rows: [...all].map(([name, rows]) => [
        name,
        median(rows.map((row) => row.fullKb)),
        median(rows.map((row) => row.connectUs)),
        spread(rows.map((row) => row.connectUs)),
        median(rows.map((row) => row.redisUs)),
      ]),
    },
  ];
}

/** The same, and what is left of it when thousands have been idle for a while. */
export async function connectionCost(rounds: number): Promise<Table[]> {
  const tables = await logins(rounds);
  const growth: Table['rows'][number][] = [];
  for (const count of many) {
    growth.push(...(await becomeIdle(comparedAtMany.map((name) => ({ name, count, servers: 1 })))));
  }
  growth.push(...(await becomeIdle([{ name: 'im', count: mostConnections, servers: 2 }])));
  return [
    ...tables,
    {
      title: 'Many connections',
      note: `Fresh processes for each row, one round only. Resident memory per connection when the last one has logged in, and ${idleMs / 1_000} s later.`,
      columns: ['', 'KB, idle', 'KB, just logged in', 'CPU µs per connect and login', 'Redis µs'],
      rows: growth,
    },
  ];
}

/** Connects one crowd after the other, and then lets all of them be idle at the same time. */
async function becomeIdle(
  crowds: readonly { readonly name: SubjectName; readonly count: number; readonly servers: number }[],
): Promise<Table['rows'][number][]> {
  return inPlace(async (place) => {
    const connected: (Crowd & { readonly title: string })[] = [];
    for (const { name, count, servers } of crowds) {
      const total = (count * servers).toLocaleString('en');
      const title = `${name}, ${total}${servers === 1 ? '' : ' on two processes'}`;
      connected.push({ title, ...(await connect(place, name, count, servers)) });
    }
    await sleep(idleMs);
    return connected.map(({ title, residentKb: kb, fullKb, connectUs, redisUs }) => [
      title,
      kb(),
      fullKb,
      connectUs,
      redisUs,
    ]);
  });
}

/** Where servers and devices are until they end. */
interface Place {
  readonly redis: OwnRedis;
  readonly subjects: Subject[];
  readonly swarms: Swarm[];
}

async function inPlace<T>(run: (place: Place) => Promise<T>): Promise<T> {
  const redis = await startRedis();
  const place: Place = { redis, subjects: [], swarms: [] };
  try {
    return await run(place);
  } finally {
    await Promise.all(place.swarms.map((swarm) => swarm.stop()));
    await Promise.all(place.subjects.map((subject) => subject.stop()));
    await redis.stop();
  }
}

/** `count` connections on each of so many fresh servers. */
async function connect(place: Place, name: SubjectName, count: number, servers = 1): Promise<Crowd> {
  const subjects: Subject[] = [];
  for (let server = 0; server < servers; server += 1) {
    const subject = await startSubject(name, place.redis);
    subjects.push(subject);
    place.subjects.push(subject);
  }
  const swarm = Swarm.for(count * servers);
  place.swarms.push(swarm);
  const perConnection = (figure: (pid: number) => number): number =>
    subjects.reduce((sum, { pid }) => sum + figure(pid), 0) / (count * servers);
  await sleep(1_000);
  const ofRedis = (): number => cpuMicroseconds(place.redis.pid) / (count * servers);
  const [kb, cpuUs, redisBefore] = [perConnection(residentKb), perConnection(cpuMicroseconds), ofRedis()];
  for (const { wire, port } of subjects) await swarm.open(name, wire, port, count);
  await sleep(500);
  const connectUs = perConnection(cpuMicroseconds) - cpuUs;
  const redisUs = ofRedis() - redisBefore;
  await sleep(2_500);
  const resident = (): number => perConnection(residentKb) - kb;
  return { connectUs, redisUs, fullKb: resident(), residentKb: resident };
}
