import { Arena, type SubjectName } from '../arena.ts';
import { fromBacklog, inClosedLoop } from '../loads.ts';
import { interleave, type Contender } from '../measure.ts';
import { costTable } from '../report/costs.ts';
import type { Table } from '../report/table.ts';
import { lots } from '../small.ts';

const everybody: readonly SubjectName[] = [
  ...(['im', 'im, pong', 'bare ws', 'Socket.IO + Redis', 'Socket.IO + streams'] as const),
  ...(['Centrifugo', 'Centrifugo + Redis', 'nats-server', 'mosquitto'] as const),
];
const users = lots(1_000);
/** With fewer, much of what is measured is V8 compiling. */
const waiting = lots(100_000);
const underWay = 64;
const live = lots(50_000);

export function unicast(rounds: number): Promise<Table[]> {
  return Arena.with(everybody, users, async (contenders) => {
    const figures = await interleave(contenders, rounds, (one) => fromBacklog(one, waiting, users));
    const note =
      `${waiting} messages of 128 bytes, one receiver each, over ${users} users; medians of ${rounds} rounds. ` +
      'Ours waited on their list, and were sent before; the others are sent as fast as it goes.';
    return [costTable('Unicast, from a backlog', note, figures), await closedLoop(contenders, rounds)];
  });
}

export async function closedLoop(contenders: readonly Contender[], rounds: number): Promise<Table> {
  const figures = await interleave(contenders, rounds, (one) => inClosedLoop(one, live, users, underWay));
  const note = `A live backend, ${live} messages of 128 bytes, one receiver each, over ${users} users; medians of ${rounds} rounds.`;
  return costTable(`Unicast, ${underWay} under way`, note, figures);
}
