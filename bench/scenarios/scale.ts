import { startRedis } from 'im-test/support';
import { interleave, measure, type Contender } from '../measure.ts';
import { median } from '../process-figures.ts';
import type { Table } from '../report/table.ts';
import { startIm } from '../subjects/im.ts';
import { Swarm } from '../swarm/swarm.ts';

/** What our cost per delivery does as things grow. */
export async function scale(rounds: number): Promise<Table[]> {
  return [await backlogs(rounds), await groups(rounds), await connections(rounds), await processes(rounds)];
}

async function backlogs(rounds: number): Promise<Table> {
  const sizes = [1_000, 10_000, 100_000, 1_000_000];
  return await withServer(1_000, async (contender) => {
    const rows: Table['rows'][number][] = [];
    for (const size of sizes) {
      // As many messages for each size: small backlogs many times.
      const times = Math.max(1, 20_000 / size);
      const costs: number[] = [];
      for (let round = 0; round <= (size > 100_000 ? 1 : rounds); round += 1) {
        let sum = 0;
        for (let time = 0; time < times; time += 1) {
          const { cpuUs } = await measure(contender, size, () => contender.subject.unicast(size, 1_000));
          sum += cpuUs;
        }
        if (round > 0) costs.push(sum / times);
      }
      rows.push([size.toLocaleString('en'), median(costs)]);
    }
    return {
      title: 'Cost by backlog',
      note: 'One receiver each, over 1,000 users; the whole backlog is there when the server begins.',
      columns: ['entries waiting', 'server µs per delivery'],
      rows,
    };
  });
}

async function groups(rounds: number): Promise<Table> {
  const sizes = [10, 100, 1_000, 10_000];
  return await withServer(10_000, async (contender) => {
    const rows: Table['rows'][number][] = [];
    for (const members of sizes) {
      const messages = 50_000 / members;
      const figures = await interleave([contender], rounds, (one) =>
        measure(one, messages * members, async () => {
          await one.subject.fanout(messages, members);
          return undefined;
        }),
      );
      rows.push([members.toLocaleString('en'), median((figures.get('im') ?? []).map(({ cpuUs }) => cpuUs))]);
    }
    return {
      title: 'Cost by size of group',
      note: '50,000 deliveries of group messages, with a backlog; 10,000 devices are connected.',
      columns: ['members', 'server µs per delivery'],
      rows,
    };
  });
}

async function connections(rounds: number): Promise<Table> {
  const rows: Table['rows'][number][] = [];
  for (const count of [1_000, 4_000, 16_000]) {
    const cost = await withServer(count, async (contender) => {
      const figures = await interleave([contender], rounds, (one) =>
        measure(one, 48_000, () => one.subject.unicast(48_000, count)),
      );
      return median((figures.get('im') ?? []).map(({ cpuUs }) => cpuUs));
    });
    rows.push([count.toLocaleString('en'), cost]);
  }
  return {
    title: 'Cost by connections',
    note: '48,000 messages, one receiver each, in turn over all connections.',
    columns: ['connections', 'server µs per delivery'],
    rows,
  };
}

/** Two processes side by side, each with half of the users. */
async function processes(rounds: number): Promise<Table> {
  const redis = await startRedis();
  const swarm = new Swarm(1);
  const servers: Contender[] = [];
  try {
    for (const name of ['im', 'im 2']) {
      const subject = await startIm({ name, redisUrl: redis.url, proof: 'written' });
      servers.push({ subject, devices: await swarm.open(name, 'im', subject.port, 1_000) });
    }
    const run = (contender: Contender): Promise<number> =>
      measure(contender, 30_000, () => contender.subject.unicast(30_000, 1_000)).then(({ cpuUs }) => cpuUs);
    const [alone, together]: [number[], number[]] = [[], []];
    for (let round = 0; round <= rounds; round += 1) {
      const one = await run(servers[0] as Contender); // both were just made
      const both = await Promise.all(servers.map(run));
      if (round > 0) alone.push(one);
      if (round > 0) together.push((both[0] ?? 0) / 2 + (both[1] ?? 0) / 2);
    }
    return {
      title: 'Cost by servers',
      note: 'The same work for each of the servers at the same time, one Redis for all.',
      columns: ['servers', 'server µs per delivery'],
      rows: [
        ['1', median(alone)],
        ['2', median(together)],
      ],
    };
  } finally {
    await Promise.all(servers.map(({ subject }) => subject.stop()));
    await swarm.stop();
    await redis.stop();
  }
}

async function withServer<T>(connections: number, work: (contender: Contender) => Promise<T>): Promise<T> {
  const redis = await startRedis();
  const swarm = new Swarm(Math.ceil(connections / 15_000));
  const subject = await startIm({ name: 'im', redisUrl: redis.url, proof: 'written' });
  try {
    return await work({ subject, devices: await swarm.open('im', 'im', subject.port, connections) });
  } finally {
    await subject.stop();
    await swarm.stop();
    await redis.stop();
  }
}
