import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onBothDatabases } from '../both-databases.ts';
import { ChildProgram } from '../child-program.ts';
import type { PeopledDatabase } from '../people.ts';
import { median } from '../process-figures.ts';
import type { Table } from '../report/table.ts';
import { lots } from '../small.ts';
import { benchSecret } from '../start-server.ts';
import type { OwnRedis } from '../subjects/subject.ts';

const users = lots(1_000);
/** Of one after the other, in each of as many conversations as come at once. */
const perConversation = lots(8_000);
const atOnce = 4;
const perCall = 400;
const program = fileURLToPath(new URL('../../packages/im-platform/dist/main.js', import.meta.url));

interface PlatformAnswer {
  readonly id: number;
  readonly error?: string;
  readonly port: number;
}

/** What was said elsewhere, brought in by another back end with four conversations at once; all of the second time is there already. */
export async function history(rounds: number): Promise<Table[]> {
  const rows = await onBothDatabases(users, (name, people, redis) => measure(name, people, redis, rounds));
  const note = `Packs of ${perCall}, ${atOnce} conversations at once, ${perConversation} messages of 60 characters in each; medians of ${rounds} rounds. CPU of the platform alone.`;
  const columns = ['', 'messages/s', 'CPU in µs per message', 'again, messages/s'];
  return [{ title: 'History', note, columns, rows }];
}

async function measure(
  name: string,
  { database, url }: PeopledDatabase,
  redis: OwnRedis,
  rounds: number,
): Promise<Table['rows'][number][]> {
  await database.close();
  const key = execFileSync(
    process.execPath,
    [
      ...[program, 'key', 'create', '--database', url, '--name', 'bench', '--scopes', 'history'],
      ...['--per-minute', '1000000'],
    ],
    { encoding: 'utf8' },
  );
  const authorization = `Bearer ${/imk_\S+/.exec(key)?.[0] ?? ''}`;
  const args = [url, redis.url, `history-${name}:`, benchSecret];
  const platform = new ChildProgram<object, PlatformAnswer>('peers/platform-process.ts', args, 'built');
  try {
    const { port } = await platform.ask({});
    const figures: number[][] = [];
    for (let round = 0; round <= rounds; round++) {
      const pairs = Array.from({ length: atOnce }, (_, index) => round * atOnce + index + 1);
      const bringAll = (): Promise<unknown> =>
        Promise.all(pairs.map((user) => bring(`http://127.0.0.1:${port}`, user, authorization)));
      const [cpu, begun] = [platform.cpuUs(), performance.now()];
      await bringAll();
      const [spent, first] = [platform.cpuUs() - cpu, performance.now()];
      await bringAll();
      const messages = atOnce * perConversation;
      const rate = (ms: number): number => (messages / ms) * 1_000;
      // The first warms up.
      if (round > 0) figures.push([rate(first - begun), spent / messages, rate(performance.now() - first)]);
    }
    return [[name, ...[0, 1, 2].map((column) => median(figures.map((row) => row[column] ?? 0)))]];
  } finally {
    await platform.stop();
  }
}

async function bring(address: string, user: number, authorization: string): Promise<void> {
  const conversation = `private:${user}:${user + 1}`;
  for (let first = 0; first < perConversation; first += perCall) {
    const messages = Array.from({ length: perCall }, (_, index) => ({
      id: String(first + index),
      from: String(user + (index % 2)),
      sentAt: new Date(Date.UTC(2020, 0, 1) + (first + index) * 1_000).toISOString(),
      content: {
        type: 'text',
        text: `message ${first + index} of a long and old conversation`.padEnd(60, '.'),
      },
    }));
    const answer = await fetch(`${address}/v1/server/conversations/${conversation}/history`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ messages }),
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  }
}
