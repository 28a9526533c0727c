import type { Database } from 'im-platform';
import { startMariaDb, startRedis, type RedisServer } from 'im-test/support';
import { ChildProgram } from '../child-program.ts';
import { friendOf, makeMariaDb, tokenOf } from '../people.ts';
import { boxImFolder, startBoxIm } from '../peers/box-im.ts';
import { cpuMicroseconds, median, percentile } from '../process-figures.ts';
import type { Table } from '../report/table.ts';
import type { HttpAnswer, HttpOrder } from '../senders/http-sender.ts';
import { benchSecret } from '../start-server.ts';
import { startIm } from '../subjects/im.ts';
import { Swarm, type Devices } from '../swarm/swarm.ts';

const users = 1_000;
const writers = 200;
const burst = 20_000;
const boxImBurst = 4_000;
const seconds = 10;

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

    const rows: Table['rows'][number][] = [];
    const add = (name: string, figures: readonly number[][]): void => {
      const columns = (figures[0] ?? []).map((_, column) =>
        median(figures.map((figure) => figure[column] ?? 0)),
      );
      rows.push([name, ...columns]);
    };
    for (const [name, count, rate] of [
      ['500/s', 500 * seconds, 500],
      [`${writers} writers, as fast as they can`, burst, 0],
    ] as const) {
      const figures: number[][] = [];
      for (let round = 0; round <= rounds; round++) {
        const measured = await measure(count, rate);
        if (round > 0) figures.push(measured);
      }
      add(name, figures);
    }
    if (boxImFolder === undefined)
      console.error(
        'SKIPPED: box-im; IM_BENCH_BOX_IM names a checkout of it in which mvn package has been run',
      );
    else
      add(
        'box-im, 200 writers',
        await measureBoxIm(boxImFolder, { whole, swarm, redis, rounds, mariadbUrl: mariadb.url }),
      );
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
        ],
        rows,
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

interface BesideBoxIm {
  readonly whole: Whole;
  readonly swarm: Swarm;
  readonly redis: RedisServer;
  readonly mariadbUrl: string;
  readonly rounds: number;
}

/** The same writers and devices at box-im's programs, on the same MariaDB and Redis, while ours have nothing to do. */
async function measureBoxIm(
  folder: string,
  { whole, swarm, redis, mariadbUrl, rounds }: BesideBoxIm,
): Promise<number[][]> {
  const boxIm = await startBoxIm({ folder, databaseUrl: mariadbUrl, redis, users });
  try {
    const figures: number[][] = [];
    for (let round = 0; round <= rounds; round++) {
      // It ends devices that have said nothing for a minute, and ours say nothing.
      const devices = await swarm.open('box-im', 'im', boxIm.webSocketPort, users);
      const measured = await measureWhole(
        { ...whole, devices, pids: { ...whole.pids, ...boxIm.pids } },
        boxIm.port,
        boxImBurst,
        0,
      );
      await devices.close();
      if (round > 0) figures.push(measured);
    }
    return figures;
  } finally {
    await boxIm.stop();
  }
}

/** Statements that the database has been asked, ours for counting included. */
async function asked(database: Database): Promise<number> {
  const [rows] = (await database.sql.raw("show global status like 'Questions'")) as [
    { Value?: string; value?: string }[],
  ];
  return Number(rows[0]?.Value ?? rows[0]?.value);
}
