import { setTimeout as sleep } from 'node:timers/promises';
import { onBothDatabases } from '../both-databases.ts';
import { ChildProgram } from '../child-program.ts';
import { makeGroup, tokenOf, type PeopledDatabase } from '../people.ts';
import { median, percentile } from '../process-figures.ts';
import type { Table } from '../report/table.ts';
import type { HttpAnswer, HttpOrder } from '../senders/http-sender.ts';
import { lots } from '../small.ts';
import { benchSecret } from '../start-server.ts';
import { startIm, type ImSubject } from '../subjects/im.ts';
import type { OwnRedis } from '../subjects/subject.ts';
import { Swarm } from '../swarm/swarm.ts';

const users = lots(10_000);
const online = lots(200);
const crowd = [1, 2, 3, 4, 5];
const bigGroup = 1;
const smallGroup = 2;
/** Who sends beside the crowd: to a friend, and to a group of twenty. */
const quietUser = 101;
const sends = lots(150);
/** Until the crowd runs as it will. */
const warmUpMs = 2_000;

interface PlatformAnswer {
  readonly id: number;
  readonly error?: string;
  readonly port: number;
}

/** What a send costs those who have nothing to do with it: five send at full speed to a group of 10,000. */
export async function crowdedGroup(rounds: number): Promise<Table[]> {
  const rows = await onBothDatabases(users, async (name, people, redis) => {
    const everybody = Array.from({ length: users }, (_, index) => index + 1);
    await makeGroup(people, bigGroup, everybody);
    await makeGroup(people, smallGroup, everybody.slice(quietUser - 1, quietUser + 19));
    const measured = await measure(name, people, redis, rounds);
    console.log(measured);
    return measured;
  });
  return [
    {
      title: 'A crowded group, and everybody else',
      note: `Five send at full speed to a group of 10,000, of whom ${online} are online. Beside them somebody sends ${sends} messages, one at a time; from request to answer; medians of ${rounds} rounds.`,
      columns: [
        '',
        'alone p50 ms',
        'p99',
        'beside the crowd p50 ms',
        'p99',
        'times as long (p50)',
        'the crowd, messages/s',
      ],
      rows,
    },
  ];
}

async function measure(
  name: string,
  people: PeopledDatabase,
  redis: OwnRedis,
  rounds: number,
): Promise<Table['rows'][number][]> {
  const swarm = new Swarm(1);
  const server: ImSubject = await startIm({ name: 'im', redis, proof: 'pong' });
  // SQLite belongs to the platform's process.
  await people.database.close();
  const args = [people.url, redis.url, server.keyPrefix, benchSecret];
  const platform = new ChildProgram<object, PlatformAnswer>('peers/platform-process.ts', args);
  const quiet = new ChildProgram<HttpOrder, HttpAnswer>('senders/http-sender.ts');
  try {
    const { port } = await platform.ask({});
    await swarm.open('im', 'im', server.port, online);
    const token = await tokenOf(quietUser);
    const crowdTokens = await Promise.all(crowd.map(tokenOf));
    const send = async (kind: 'private' | 'group'): Promise<number[]> => {
      const receivers = [kind === 'private' ? quietUser + 1 : smallGroup];
      const order = { port, tokens: [token], receivers, kind, count: sends, rate: 0 };
      const { latencies } = await quiet.ask(order);
      const sorted = latencies.toSorted((a, b) => a - b);
      return [percentile(sorted, 0.5) / 1_000, percentile(sorted, 0.99) / 1_000];
    };
    const figures = { private: [] as number[][], group: [] as number[][] };
    await send('private');
    await send('group');
    for (let round = 0; round < rounds; round++) {
      const alone = { private: await send('private'), group: await send('group') };
      const loud = new ChildProgram<HttpOrder, HttpAnswer>('senders/http-sender.ts');
      const receivers = crowd.map(() => bigGroup);
      const order = { port, tokens: crowdTokens, receivers, kind: 'group', rate: 0 } as const;
      await loud.ask({ ...order, count: 50 });
      const seconds = 8;
      const { perSecond } = await loud.ask({ ...order, count: 100 });
      const crowding = loud.ask({ ...order, count: Math.round(perSecond * seconds * 20) });
      crowding.catch(() => undefined);
      await sleep(warmUpMs);
      for (const kind of ['private', 'group'] as const)
        figures[kind].push([...alone[kind], ...(await send(kind)), perSecond]);
      await loud.stop();
    }
    return (['private', 'group'] as const).map((kind) => {
      const middle = (column: number): number => median(figures[kind].map((row) => row[column] ?? 0));
      const [p50, p99, besideP50, besideP99, perSecond] = [0, 1, 2, 3, 4].map(middle) as [
        number,
        number,
        number,
        number,
        number,
      ];
      const what = kind === 'private' ? 'to a friend' : 'to a group of 20';
      return [`${name}, ${what}`, p50, p99, besideP50, besideP99, besideP50 / p50, perSecond];
    });
  } finally {
    await quiet.stop();
    await platform.stop();
    await swarm.stop();
    await server.stop();
  }
}
