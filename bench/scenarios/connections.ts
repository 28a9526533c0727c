import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis } from 'im-test/support';
import { startSubject, type SubjectName } from '../arena.ts';
import { mostConnections } from '../descriptors.ts';
import { cpuMicroseconds, median, residentKb } from '../process-figures.ts';
import type { Table } from '../report/table.ts';
import type { Subject } from '../subjects/subject.ts';
import { Swarm, type Devices } from '../swarm/swarm.ts';

const compared: readonly SubjectName[] = ['im', 'bare ws', 'Socket.IO + Redis', 'nats-server', 'mosquitto'];
const connections = 4_000;
/** At few connections memory is mostly what the heap grew by during the logins. Others are connected at the same counts. */
const many = [5_000, mostConnections];
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
  const both = await connect('im', mostConnections, 2);
  const total = (2 * mostConnections).toLocaleString('en');
  growth.push([`im, ${total} on two processes`, both.residentKb, both.connectUs]);
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
      title: 'Many connections',
      note: 'Fresh processes for each row, one round only.',
      columns: ['', 'resident KB per connection', 'CPU µs per connect and login'],
      rows: growth,
    },
  ];
}

/** `count` connections on each of so many servers. */
async function connect(name: SubjectName, count: number, servers = 1): Promise<Figures> {
  const redis = await startRedis();
  const swarm = Swarm.for(count * servers);
  const subjects: Subject[] = [];
  try {
    for (let server = 0; server < servers; server += 1) subjects.push(await startSubject(name, redis.url));
    const sumOf = (figure: (pid: number) => number): number =>
      subjects.reduce((sum, { pid }) => sum + figure(pid), 0) / (count * servers);
    await sleep(1_000);
    const [kb, cpuUs] = [sumOf(residentKb), sumOf(cpuMicroseconds)];
    const devices: Devices[] = [];
    for (const { wire, port } of subjects) devices.push(await swarm.open(name, wire, port, count));
    await sleep(500);
    const connectUs = sumOf(cpuMicroseconds) - cpuUs;
    await sleep(2_500);
    const figures = { connectUs, residentKb: sumOf(residentKb) - kb };
    for (const group of devices) await group.close();
    return figures;
  } finally {
    await Promise.all(subjects.map((subject) => subject.stop()));
    await swarm.stop();
    await redis.stop();
  }
}
