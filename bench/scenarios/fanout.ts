import { Arena, type SubjectName } from '../arena.ts';
import { toEverybody } from '../loads.ts';
import { interleave, type Contender } from '../measure.ts';
import { costTable } from '../report/costs.ts';
import type { Table } from '../report/table.ts';
import { lots } from '../small.ts';

const everybody: readonly SubjectName[] = [
  ...(['im', 'im, pong', 'bare ws', 'Socket.IO + Redis', 'Socket.IO + streams'] as const),
  ...(['Centrifugo', 'Centrifugo + Redis', 'nats-server', 'mosquitto'] as const),
];
const few: readonly SubjectName[] = ['im', 'bare ws', 'Socket.IO + Redis', 'Centrifugo', 'nats-server'];

export async function fanout(rounds: number): Promise<Table[]> {
  return [...(await fanoutTo(lots(1_000), everybody, rounds)), ...(await fanoutTo(lots(5_000), few, rounds))];
}

function fanoutTo(members: number, names: readonly SubjectName[], rounds: number): Promise<Table[]> {
  return Arena.with(names, members, async (contenders) => {
    const [all, some] = [lots(100_000) / members, lots(60_000) / members];
    return [
      await inGroups(contenders, rounds, { members, messages: all, atATime: all }),
      await inGroups(contenders, rounds, { members, messages: some, atATime: 3 }),
      await inGroups(contenders, rounds, { members, messages: some, atATime: 1 }),
    ];
  });
}

/** With fewer deliveries, much of what is measured is V8 compiling. */
export async function inGroups(
  contenders: readonly Contender[],
  rounds: number,
  {
    members,
    messages,
    atATime,
  }: { readonly members: number; readonly messages: number; readonly atATime: number },
): Promise<Table> {
  const figures = await interleave(contenders, rounds, (one) => toEverybody(one, messages, members, atATime));
  const how = atATime === messages ? 'all at once' : `${atATime} at a time`;
  const note = `A live backend, ${messages} messages of 128 bytes for ${members} devices; medians of ${rounds} rounds.`;
  return costTable(`Fan-out to ${members}, ${how}`, note, figures);
}
