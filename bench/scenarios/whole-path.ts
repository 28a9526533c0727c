import { Arena, type SubjectName } from '../arena.ts';
import type { Table } from '../report/table.ts';
import { lots } from '../small.ts';
import { inGroups } from './fanout.ts';
import { atRates } from './latency.ts';
import { closedLoop } from './unicast.ts';

const peers: readonly SubjectName[] = [
  ...(['im, pong', 'im', 'Socket.IO + Redis', 'Centrifugo', 'Centrifugo + Redis'] as const),
  ...(['nats-server', 'bare ws'] as const),
];
const members = lots(1_000);

/** What a message costs whoever pays for all of it, from the backend's call to its result: the main peers, in one run. */
export function wholePath(rounds: number): Promise<Table[]> {
  return Arena.with(peers, members, async (contenders) => {
    // It makes up its messages itself, and so has no backend to be measured with.
    const withBackends = contenders.filter(({ subject }) => subject.name !== 'bare ws');
    return [
      await closedLoop(withBackends, rounds),
      ...(await atRates(withBackends, rounds)),
      await inGroups(contenders, rounds, { members, messages: 60, atATime: 3 }),
    ];
  });
}
