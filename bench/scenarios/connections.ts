import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis } from 'im-test/support';
import { startSubject, type SubjectName } from '../arena.ts';
import { cpuMicroseconds, median, residentKb } from '../process-figures.ts';
import type { Table } from '../report/table.ts';
import { Swarm } from '../swarm/swarm.ts';

const compared: readonly SubjectName[] = ['im', 'bare ws', 'Socket.IO + Redis', 'nats-server', 'mosquitto'];
const connections = 4_000;
/** At few connections memory is mostly what the heap grew by during the logins. Others are connected at the same counts. */
const many = [5_000, 15_000];
const comparedAtMany: readonly SubjectName[] = ['im', 'bare ws', 'Socket.IO + Redis'];

interface Figures {
  readonly connectUs: number;
  readonly residentKb: number;
}

export async function connectionCost(rounds: number): Promise<Table[]> {
  const all = new Map<SubjectName, Figures[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const name of compared) {
      const figures = await connect(name, connections).catch((error: unknown) => {
        console.error(`SKIPPED in this round: ${name}: ${String(error)}`);
      });
      if (figures) all.set(name, [...(all.get(name) ?? []), figures]);
    }
  }
  const growth: Table['rows'][number][] = [];
  for (const count of many) {
    for (const name of comparedAtMany) {
      const figures = await connect(name, count);
      growth.push([`${name}, ${count.toLocaleString('en')}`, figures.residentKb, figures.connectUs]);
    }
  }
  return [
    {
      title: 'Connections',
      note: `${connections} logged-in connections on a fresh process; medians of ${rounds} rounds. Only ours checks a token.`,
      columns: ['', 'resident KB per connection', 'CPU µs per connect and login'],
      rows: [...all].map(([name, rows]) => [
        name,
        median(rows.map((row) => row.residentKb)),
        median(rows.map((row) => row.connectUs)),
      ]),
    },
    {
      title: 'Connections on one process',
      note: 'A fresh process for each row, one round only.',
      columns: ['', 'resident KB per connection', 'CPU µs per connect and login'],
      rows: growth,
    },
  ];
}

async function connect(name: SubjectName, count: number): Promise<Figures> {
  const redis = await startRedis();
  const swarm = new Swarm(Math.ceil(count / 15_000));
  try {
    const subject = await startSubject(name, redis.url);
    try {
      await sleep(1_000);
      const kb = residentKb(subject.pid);
      const cpuUs = cpuMicroseconds(subject.pid);
      const devices = await swarm.open(name, subject.wire, subject.port, count);
      await sleep(500);
      const connectUs = (cpuMicroseconds(subject.pid) - cpuUs) / count;
      await sleep(2_500);
      const figures = { connectUs, residentKb: (residentKb(subject.pid) - kb) / count };
      await devices.close();
      return figures;
    } finally {
      await subject.stop();
    }
  } finally {
    await swarm.stop();
    await redis.stop();
  }
}
