import { startMariaDb, startRedis } from 'im-test/support';
import { ChildProgram } from '../child-program.ts';
import { friendOf, makeMariaDb, tokenOf } from '../people.ts';
import { cpuMicroseconds, median, percentile } from '../process-figures.ts';
import type { Table } from '../report/table.ts';
import type { HttpAnswer, HttpOrder } from '../senders/http-sender.ts';
import { lots } from '../small.ts';
import { benchSecret } from '../start-server.ts';

const users = lots(1_000);
const writers = lots(200);
const burst = lots(10_000);

interface PlatformAnswer {
  readonly id: number;
  readonly error?: string;
  readonly port: number;
}

type Instance = ChildProgram<object, PlatformAnswer>;

/** One instance of the platform and two, on one MariaDB and one Redis; nobody is online. Each instance has its own writers. */
export async function severalPlatforms(rounds: number): Promise<Table[]> {
  const redis = await startRedis();
  const mariadb = await startMariaDb();
  const { database, url } = await makeMariaDb(mariadb.url, users);
  const start = (): Instance =>
    new ChildProgram('peers/platform-process.ts', [url, redis.url, 'bench', benchSecret]);
  const instances = [start(), start()];
  const senders = instances.map(() => new ChildProgram<HttpOrder, HttpAnswer>('senders/http-sender.ts'));
  try {
    const ports = await Promise.all(instances.map(async (instance) => (await instance.ask({})).port));
    const people = Array.from({ length: writers }, (_, index) => index + 1);
    const tokens = await Promise.all(people.map(tokenOf));
    const measure = async (count: number): Promise<number[]> => {
      const pids = [...instances.slice(0, count).map(({ pid }) => pid), mariadb.pid];
      const before = pids.map(cpuMicroseconds);
      const answers = await Promise.all(
        senders.slice(0, count).map((sender, index) => {
          const mine = people.filter((userId) => userId % count === index);
          return sender.ask({
            port: ports[index] ?? 0,
            tokens: mine.map((userId) => tokens[userId - 1] ?? ''),
            receivers: mine.map((userId) => friendOf(userId, users)),
            ...{ count: burst / count, rate: 0 },
          });
        }),
      );
      const latencies = answers.flatMap((answer) => [...answer.latencies]).sort((one, other) => one - other);
      const cpu = pids.reduce((sum, pid, index) => sum + cpuMicroseconds(pid) - (before[index] ?? 0), 0);
      return [
        answers.reduce((sum, { perSecond }) => sum + perSecond, 0),
        ...[0.5, 0.99].map((part) => percentile(latencies, part) / 1_000),
        cpu / burst,
      ];
    };
    const rows: Table['rows'][number][] = [];
    const figures: Record<1 | 2, number[][]> = { 1: [], 2: [] };
    for (let round = 0; round <= rounds; round++)
      for (const count of [1, 2] as const) {
        const measured = await measure(count);
        if (round > 0) figures[count].push(measured);
      }
    for (const count of [1, 2] as const) {
      const medians = (figures[count][0] ?? []).map((_, column) =>
        median(figures[count].map((figure) => figure[column] ?? 0)),
      );
      rows.push([`${count} instance${count === 1 ? '' : 's'}`, ...medians]);
    }
    return [
      {
        title: 'One instance of the platform, and two',
        note: `POST /message/private/send, ${writers} connections in all, as fast as they can, ${burst} messages; MariaDB with a flush per commit, everything on the same cores, the load included; medians of ${rounds} rounds that take turns.`,
        columns: ['', 'messages/s', 'answer p50 ms', 'p99', 'platforms and MariaDB µs per message'],
        rows,
      },
    ];
  } finally {
    await Promise.all([...senders, ...instances].map((program) => program.stop()));
    await database.close();
    await mariadb.stop();
    await redis.stop();
  }
}
