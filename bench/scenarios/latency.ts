import { setTimeout as sleep } from 'node:timers/promises';
import { Arena } from '../arena.ts';
import { atRate } from '../at-rate.ts';
import { interleave, type Contender } from '../measure.ts';
import { cpuMicroseconds, median, percentile } from '../process-figures.ts';
import type { Table } from '../report/table.ts';

const users = 1_000;
const seconds = 4;

interface Figures {
  readonly cpuUs: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

export async function latency(rounds: number): Promise<Table[]> {
  const arena = await Arena.open(
    ['im', 'im, pong', 'Socket.IO + Redis', 'Socket.IO + streams', 'nats-server'],
    users,
  );
  try {
    const tables: Table[] = [];
    // The lower one last: at its pace V8 takes half a minute to compile the path, ours longer than one with less code.
    for (const rate of [10_000, 2_000]) {
      const figures = await interleave(arena.contenders, rounds, (contender) => measureAt(contender, rate));
      tables.push({
        title: `Latency at ${rate} messages/s`,
        note: `From the backend's call to the frame, in ms; one receiver each, over ${users} users, ${seconds} s; medians of ${rounds} rounds.`,
        columns: ['', 'server µs per message', 'p50 ms', 'p99 ms', 'p99.9 ms'],
        rows: [...figures].map(([name, all]) => [
          name,
          ...(['cpuUs', 'p50', 'p99', 'p999'] as const).map((figure) =>
            median(all.map((one) => one[figure])),
          ),
        ]),
      });
    }
    return tables;
  } finally {
    await arena.close();
  }
}

async function measureAt({ subject, devices }: Contender, rate: number): Promise<Figures> {
  const messages = rate * seconds;
  await devices.expect(messages);
  await devices.time(true);
  const before = cpuMicroseconds(subject.pid);
  await atRate(rate, messages, (index) => subject.unicastOne((index % users) + 1));
  await devices.arrived();
  await sleep(250);
  const cpuUs = (cpuMicroseconds(subject.pid) - before) / messages;
  const sorted = (await devices.time(false)).sort((a, b) => a - b);
  await subject.clean();
  const at = (share: number): number => percentile(sorted, share) / 1_000;
  return { cpuUs, p50: at(0.5), p99: at(0.99), p999: at(0.999) };
}
