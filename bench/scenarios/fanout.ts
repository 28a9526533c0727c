import { Arena, type SubjectName } from '../arena.ts';
import { interleave, measure, type Contender } from '../measure.ts';
import type { Table } from '../report/table.ts';
import { costColumns, toRow } from './summary.ts';

const everybody: readonly SubjectName[] = [
  ...([
    'im',
    'im, pong',
    'bare ws',
    'Socket.IO + Redis',
    'Socket.IO + streams',
    'nats-server',
    'mosquitto',
  ] as const),
];
const few: readonly SubjectName[] = ['im', 'bare ws', 'Socket.IO + Redis', 'nats-server'];

export async function fanout(rounds: number): Promise<Table[]> {
  return [...(await fanoutTo(1_000, everybody, rounds)), ...(await fanoutTo(5_000, few, rounds))];
}

async function fanoutTo(members: number, names: readonly SubjectName[], rounds: number): Promise<Table[]> {
  // With fewer, much of what is measured is V8 compiling.
  const messages = 100_000 / members;
  const single = 60_000 / members;
  const arena = await Arena.open(names, members);
  try {
    const waiting = await interleave(arena.contenders, rounds, (contender) =>
      measure(contender, messages * members, async () => {
        await contender.subject.fanout(messages, members);
        return undefined;
      }),
    );
    const oneByOne = await interleave(arena.contenders, rounds, (contender) =>
      measure(contender, single * members, () => oneAtATime(contender, single, members), 'by itself'),
    );
    const table = (how: string, count: number, figures: typeof waiting): Table => ({
      title: `Fan-out to ${members}, ${how}`,
      note: `${count} messages of 128 bytes for ${members} devices; medians of ${rounds} rounds.`,
      columns: costColumns,
      rows: [...figures].map(([name, all]) => toRow(name, all)),
    });
    return [table('with a backlog', messages, waiting), table('one at a time', single, oneByOne)];
  } finally {
    await arena.close();
  }
}

/** Each message only when all have the one before. */
async function oneAtATime(
  { subject, devices }: Contender,
  messages: number,
  members: number,
): Promise<undefined> {
  for (let sent = 0; sent < messages; sent += 1) {
    await devices.expect(members);
    await Promise.all([devices.arrived(), subject.fanout(1, members)]);
  }
  return undefined;
}
