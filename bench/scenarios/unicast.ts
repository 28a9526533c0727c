import { Arena } from '../arena.ts';
import { interleave, measure } from '../measure.ts';
import type { Table } from '../report/table.ts';
import { costColumns, toRow } from './summary.ts';

const users = 1_000;
/** With fewer, much of what is measured is V8 compiling. */
const messages = 100_000;

export async function unicast(rounds: number): Promise<Table[]> {
  const arena = await Arena.open(
    ['im', 'im, pong', 'bare ws', 'Socket.IO + Redis', 'Socket.IO + streams', 'nats-server', 'mosquitto'],
    users,
  );
  try {
    const figures = await interleave(arena.contenders, rounds, (contender) =>
      measure(contender, messages, () => contender.subject.unicast(messages, users)),
    );
    const note = `${messages} messages of 128 bytes, one receiver each, over ${users} users, from a backlog; medians of ${rounds} rounds.`;
    const rows = [...figures].map(([name, all]) => toRow(name, all));
    return [{ title: 'Unicast', note, columns: costColumns, rows }];
  } finally {
    await arena.close();
  }
}
