import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMariaDb, startRedis } from 'im-test/support';
import { ChildProgram } from '../child-program.ts';
import { friendOf, makeMariaDb, makePeople, tokenOf, type PeopledDatabase } from '../people.ts';
import { median } from '../process-figures.ts';
import type { Table } from '../report/table.ts';
import type { HttpAnswer, HttpOrder } from '../senders/http-sender.ts';
import { benchSecret } from '../start-server.ts';

const users = 1_000;
const atOnce = 400;
/** Each takes part of a second. */
const timesPerRound = 5;

interface PlatformAnswer {
  readonly id: number;
  readonly error?: string;
  readonly port: number;
}

/** As many sends at one moment as one transaction takes; nobody is online. */
export async function bigBatch(rounds: number): Promise<Table[]> {
  const redis = await startRedis();
  const mariadb = await startMariaDb();
  const folder = await mkdtemp(join(tmpdir(), 'im-bench-'));
  try {
    const rows: Table['rows'][number][] = [];
    for (const [name, open] of [
      ['MariaDB', () => makeMariaDb(mariadb.url, users)],
      ['SQLite', () => makePeople(`sqlite:${join(folder, 'im.db')}`, users)],
    ] as const)
      rows.push(...(await measure(name, await open(), redis.url, rounds)));
    return [
      {
        title: `${atOnce} sends at once`,
        note: `POST /message/private/send over ${atOnce} connections that are opened for it, from the first to the last answer; medians of ${rounds * timesPerRound} times.`,
        columns: ['', 'ms for all', 'ms for each'],
        rows,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
    await mariadb.stop();
    await redis.stop();
  }
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
