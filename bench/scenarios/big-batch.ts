import { onBothDatabases } from '../both-databases.ts';
import { ChildProgram } from '../child-program.ts';
import { friendOf, tokenOf, type PeopledDatabase } from '../people.ts';
import { median } from '../process-figures.ts';
import type { Table } from '../report/table.ts';
import type { HttpAnswer, HttpOrder } from '../senders/http-sender.ts';
import { lots } from '../small.ts';
import { benchSecret } from '../start-server.ts';

const users = lots(1_000);
const atOnce = lots(400);
/** Each takes part of a second. */
const timesPerRound = 5;

interface PlatformAnswer {
  readonly id: number;
  readonly error?: string;
  readonly port: number;
}

/** As many sends at one moment as one transaction takes; nobody is online. */
export async function bigBatch(rounds: number): Promise<Table[]> {
  const rows = await onBothDatabases(users, (name, people, redis) =>
    measure(name, people, redis.url, rounds),
  );
  return [
    {
      title: `${atOnce} sends at once`,
      note: `POST /message/private/send over ${atOnce} connections that are opened for it, from the first to the last answer; medians of ${rounds * timesPerRound} times.`,
      columns: ['', 'ms for all', 'ms for each'],
      rows,
    },
  ];
}

async function measure(
  name: string,
  { database, url }: PeopledDatabase,
  redisUrl: string,
  rounds: number,
): Promise<Table['rows'][number][]> {
  // SQLite belongs to the platform's process.
  await database.close();
  const args = [url, redisUrl, `bench-${name}`, benchSecret];
  const platform = new ChildProgram<object, PlatformAnswer>('peers/platform-process.ts', args);
  const sender = new ChildProgram<HttpOrder, HttpAnswer>('senders/http-sender.ts');
  try {
    const { port } = await platform.ask({});
    const people = Array.from({ length: atOnce }, (_, index) => index + 1);
    const tokens = await Promise.all(people.map(tokenOf));
    const one = {
      tokens: tokens.map(() => tokens[0] ?? ''),
      receivers: people.map(() => friendOf(1, users)),
    };
    const many = { tokens, receivers: people.map((userId) => friendOf(userId, users)) };
    const figures = { one: [] as number[], many: [] as number[] };
    for (let times = 0; times <= rounds * timesPerRound; times++)
      for (const [what, to] of [
        ['one', one],
        ['many', many],
      ] as const) {
        const { perSecond } = await sender.ask({ port, ...to, count: atOnce, rate: 0 });
        if (times > 0) figures[what].push((1_000 * atOnce) / perSecond);
      }
    return [
      [`${name}, to one conversation`, ...costs(figures.one)],
      [`${name}, to ${atOnce} conversations`, ...costs(figures.many)],
    ];
  } finally {
    await sender.stop();
    await platform.stop();
  }
}

function costs(times: readonly number[]): number[] {
  const all = median(times);
  return [all, all / atOnce];
}
