import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from 'im-platform';
import { startMariaDb, startRedis, type RedisServer } from 'im-test/support';
import { ChildProgram } from '../child-program.ts';
import { friendOf, makeMariaDb, tokenOf } from '../people.ts';
import { boxImFolder, startBoxIm } from '../peers/box-im.ts';
import { cpuMicroseconds, median, percentile, spread } from '../process-figures.ts';
import type { Table } from '../report/table.ts';
import type { HttpAnswer, HttpOrder } from '../senders/http-sender.ts';
import { lots } from '../small.ts';
import { benchSecret } from '../start-server.ts';
import { startIm } from '../subjects/im.ts';
import { Swarm, type Devices } from '../swarm/swarm.ts';

const users = lots(1_000);
const writers = lots(200);
const burst = lots(20_000);
const boxImBurst = lots(4_000);
const seconds = lots(10);
const roundMs = 60_000;

interface PlatformAnswer {
  readonly id: number;
  readonly error?: string;
  readonly port: number;
}

/** From HTTP through the platform, MariaDB (durable), Redis and im-server to the frame at the device. */
export async function platform(rounds: number): Promise<Table[]> {
  const redis = await startRedis();
  const mariadb = await startMariaDb();
  const swarm = new Swarm(1);
  const server = await startIm({ name: 'im', redis, proof: 'pong' });
  const { database, url: databaseUrl } = await makeMariaDb(mariadb.url, users);
  const instance = new ChildProgram<object, PlatformAnswer>('peers/platform-process.ts', [
    databaseUrl,
    redis.url,
    server.keyPrefix,
    benchSecret,
  ]);
  const sender = new ChildProgram<HttpOrder, HttpAnswer>('senders/http-sender.ts');
  try {
    const { port } = await instance.ask({});
    const devices = await swarm.open('im', 'im', server.port, users);
    const people = Array.from({ length: writers }, (_, index) => index + 1);
    const tokens = await Promise.all(people.map(tokenOf));
    const receivers = people.map((userId) => friendOf(userId, users));
    const pids = { platform: instance.pid, MariaDB: mariadb.pid, Redis: redis.pid, 'im-server': server.pid };

    const whole: Whole = { devices, database, sender, pids, tokens, receivers };
    const measure = (count: number, rate: number): Promise<number[]> =>
      measureWhole(whole, port, count, rate);

    const figures = new Map<string, number[][]>();
    const add = (name: string, round: number, measured: number[]): void => {
      // The first one is for V8 to compile in, and counts for nobody.
      if (round > 0) figures.set(name, [...(figures.get(name) ?? []), measured]);
      console.error(`${name}, round ${round}: ${measured.map(Math.round).join(' ')}`);
    };
    for (let round = 0; round <= rounds; round++) add('500/s', round, await measure(500 * seconds, 500));

    const boxIm = await startPeer({ whole, swarm, redis, mariadbUrl: mariadb.url });
    try {
      for (let round = 0; round <= rounds; round++) {
        add(`${writers} writers, as fast as they can`, round, await measure(burst, 0));
        if (boxIm) add('box-im, 200 writers', round, await again(() => boxIm.measure()));
      }
    } finally {
      await boxIm?.stop();
    }
    return [
      {
        title: 'The platform, end to end',
        note: `POST /message/private/send to the frame: ${writers} connections, one platform instance, MariaDB with a flush per commit, everything on the same two cores, the load included; medians of ${rounds} rounds.`,
        columns: [
          '',
          'messages/s',
          'answer p50 ms',
          'p99',
          'frame p50 ms',
          'p99',
          'SQL statements per message',
          ...Object.keys(pids).map((name) => `${name} µs per message`),
          'whole',
          'spread of messages/s',
          'of whole',
        ],
        rows: [...figures].map(([name, all]) => {
          const columns = (all[0] ?? []).map((_, column) => all.map((one) => one[column] ?? 0));
          const [perSecond = [], cost = []] = [columns.at(0), columns.at(-1)];
          return [name, ...columns.map(median), spread(perSecond), spread(cost)];
        }),
      },
    ];
  } finally {
    await sender.stop();
    await instance.stop();
    await database.close();
    await server.stop();
    await swarm.stop();
    await mariadb.stop();
    await redis.stop();
  }
}

interface Whole {
  readonly devices: Devices;
  readonly database: Database;
  readonly sender: ChildProgram<HttpOrder, HttpAnswer>;
  readonly pids: Readonly<Record<'platform' | 'MariaDB' | 'Redis' | 'im-server', number>>;
  readonly tokens: readonly string[];
  readonly receivers: readonly number[];
}

async function measureWhole(
  { devices, database, sender, pids, tokens, receivers }: Whole,
  port: number,
  count: number,
  rate: number,
): Promise<number[]> {
  // The receiver, and the device of who writes, which is another terminal than the one that writes here.
  await devices.expect(2 * count);
  await devices.time(true);
  const questions = await asked(database);
  const before = Object.values(pids).map(cpuMicroseconds);
  const answer = await sender.ask({ port, tokens, receivers, count, rate });
  await devices.arrived();
  const costs = Object.values(pids).map(
    (pid, index) => (cpuMicroseconds(pid) - (before[index] ?? 0)) / count,
  );
  const perMessage = ((await asked(database)) - questions) / count;
  const http = [...answer.latencies].sort((a, b) => a - b);
  const frame = (await devices.time(false)).sort((a, b) => a - b);
  const times = [http, frame].flatMap((all) => [percentile(all, 0.5) / 1_000, percentile(all, 0.99) / 1_000]);
  const sum = costs.reduce((total, cost) => total + cost, 0);
  return [answer.perSecond, ...times, perMessage, ...costs, sum];
}

interface BesideOurs {
  readonly whole: Whole;
  readonly swarm: Swarm;
  readonly redis: RedisServer;
  readonly mariadbUrl: string;
}

interface Peer {
  measure(): Promise<number[]>;
  stop(): Promise<void>;
}

/** It may end devices and lose what was for them: then that round is done again. */
async function again(measure: () => Promise<number[]>): Promise<number[]> {
  for (let left = 3; left > 0; left--) {
    const measured = await Promise.race([measure().catch(String), sleep(roundMs, 'a minute was not enough')]);
    if (typeof measured !== 'string') return measured;
    console.error(`box-im, once more: ${measured}`);
  }
  throw new Error('box-im has not delivered everything in any of three rounds');
}

/** The same writers and devices at box-im's programs, on the same MariaDB and Redis, which take turns with ours. */
async function startPeer({ whole, swarm, redis, mariadbUrl }: BesideOurs): Promise<Peer | undefined> {
  if (boxImFolder === undefined) {
    console.error(
      'SKIPPED: box-im; IM_BENCH_BOX_IM names a checkout of it in which mvn package has been run',
    );
    return undefined;
  }
  const boxIm = await startBoxIm({ folder: boxImFolder, databaseUrl: mariadbUrl, redis, users });
  const pids = { ...whole.pids, ...boxIm.pids };
  return {
    async measure() {
      // It ends devices that have said nothing for a minute, and ours say nothing.
      const devices = await swarm.open('box-im', 'im', boxIm.webSocketPort, users);
      const measured = await measureWhole({ ...whole, devices, pids }, boxIm.port, boxImBurst, 0);
      await devices.close();
      return measured;
    },
    stop: () => boxIm.stop(),
  };
}

/** Statements that the database has been asked, ours for counting included. */
async function asked(database: Database): Promise<number> {
  const [rows] = (await database.sql.raw("show global status like 'Questions'")) as [
    { Value?: string; value?: string }[],
  ];
  return Number(rows[0]?.Value ?? rows[0]?.value);
}
