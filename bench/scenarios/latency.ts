import { Arena } from '../arena.ts';
import { atPace } from '../loads.ts';
import { interleave, type Contender } from '../measure.ts';
import { costTable } from '../report/costs.ts';
import type { Table } from '../report/table.ts';
import { lots } from '../small.ts';

const users = lots(1_000);
const seconds = lots(4);
/** The lower one last: at its pace V8 takes half a minute to compile the path, ours longer than one with less code. */
const rates = [10_000, 2_000];

export function latency(rounds: number): Promise<Table[]> {
  return Arena.with(
    ['im', 'im, pong', 'Socket.IO + Redis', 'Socket.IO + streams', 'Centrifugo + Redis', 'nats-server'],
    users,
    (contenders) => atRates(contenders, rounds),
  );
}

export async function atRates(contenders: readonly Contender[], rounds: number): Promise<Table[]> {
  const tables: Table[] = [];
  for (const rate of rates) {
    const figures = await interleave(contenders, rounds, (one) => atPace(one, rate, users, seconds));
    const note =
      `A live backend, one receiver each, over ${users} users, ${seconds} s, 128 bytes; from its call to the frame. ` +
      `Medians of ${rounds} rounds.`;
    tables.push(costTable(`At ${rate} messages/s`, note, figures, ['p50', 'p99', 'p999']));
  }
  return tables;
}
