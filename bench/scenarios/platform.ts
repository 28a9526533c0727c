import type { Database } from 'im-platform';
import { startMariaDb, startRedis } from 'im-test/support';
import { ChildProgram } from '../child-program.ts';
import { friendOf, makeMariaDb, tokenOf } from '../people.ts';
import { cpuMicroseconds, median, percentile } from '../process-figures.ts';
import type { Table } from '../report/table.ts';
import type { HttpAnswer, HttpOrder } from '../senders/http-sender.ts';
import { benchSecret } from '../start-server.ts';
import { startIm } from '../subjects/im.ts';
import { Swarm } from '../swarm/swarm.ts';

const users = 1_000;
const writers = 200;
const burst = 20_000;
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

    const measure = async (count: number, rate: number): Promise<number[]> => {
      await devices.expect(count);
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
      const times = [http, frame].flatMap((all) => [
        percentile(all, 0.5) / 1_000,
        percentile(all, 0.99) / 1_000,
      ]);
      const whole = costs.reduce((sum, cost) => sum + cost, 0);
      return [answer.perSecond, ...times, perMessage, ...costs, whole];
    };

    const rows: Table['rows'][number][] = [];
    for (const [name, count, rate] of [
      ['500/s', 500 * seconds, 500],
      [`${writers} writers, as fast as they can`, burst, 0],
    ] as const) {
      const figures: number[][] = [];
      for (let round = 0; round <= rounds; round++) {
        const measured = await measure(count, rate);
        if (round > 0) figures.push(measured);
      }
      const columns = (figures[0] ?? []).map((_, column) =>
        median(figures.map((figure) => figure[column] ?? 0)),
      );
      rows.push([name, ...columns]);
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

/** Statements that the database has been asked, ours for counting included. */
async function asked(database: Database): Promise<number> {
  const [rows] = (await database.sql.raw("show global status like 'Questions'")) as [
    { Value?: string; value?: string }[],
  ];
  return Number(rows[0]?.Value ?? rows[0]?.value);
}
