import { startRedis } from 'im-test/support';
import { mostConnections } from '../descriptors.ts';
import { fromBacklog, toEverybody } from '../loads.ts';
import { interleave, type Contender, type Figures } from '../measure.ts';
import { median } from '../process-figures.ts';
import type { Table } from '../report/table.ts';
import { lots } from '../small.ts';
import { startIm } from '../subjects/im.ts';
import { Swarm } from '../swarm/swarm.ts';

const messages = lots(48_000);
const few = lots(1_000);
/** Per delivery. What was sent waits already, or is one message for many: what sending costs is the scenario `sender`. */
const columns = ['server µs per delivery', 'Redis'];

type Cost = Pick<Figures, 'server' | 'redis'>;

/** What our cost per delivery does as things grow. */
export async function scale(rounds: number): Promise<Table[]> {
  return [await backlogs(rounds), await groups(rounds), await connections(rounds), await processes(rounds)];
}

async function backlogs(rounds: number): Promise<Table> {
  const sizes = [1_000, 10_000, 100_000, 1_000_000].map(lots);
  return await withServer(few, async (contender) => {
    const rows: Table['rows'][number][] = [];
    for (const size of sizes) {
      // As many messages for each size: small backlogs many times.
      const times = Math.max(1, lots(20_000) / size);
      const costs: Cost[] = [];
      for (let round = 0; round <= (size > 100_000 ? 1 : rounds); round += 1) {
        const all: Cost[] = [];
        for (let time = 0; time < times; time += 1) all.push(await fromBacklog(contender, size, few));
        if (round > 0) costs.push(meanOf(all));
      }
      rows.push([size.toLocaleString('en'), ...mediansOf(costs)]);
    }
    return {
      title: 'Cost by backlog',
      note: 'One receiver each, over 1,000 users; the whole backlog is there when the server begins.',
      columns: ['entries waiting', ...columns],
      rows,
    };
  });
}

async function groups(rounds: number): Promise<Table> {
  const sizes = [10, 100, 1_000, 10_000].map(lots);
  return await withServer(lots(10_000), async (contender) => {
    const rows: Table['rows'][number][] = [];
    for (const members of sizes) {
      const messages = lots(50_000) / members;
      const figures = await interleave([contender], rounds, (one) =>
        toEverybody(one, messages, members, Math.min(messages, 100)),
      );
      rows.push([members.toLocaleString('en'), ...mediansOf(figures.get('im') ?? [])]);
    }
    return {
      title: 'Cost by size of group',
      note: '50,000 deliveries of group messages, up to 100 messages at a time; 10,000 devices are connected.',
      columns: ['members', ...columns],
      rows,
    };
  });
}

async function connections(rounds: number): Promise<Table> {
  const rows: Table['rows'][number][] = [];
  for (const count of [few, 4 * few, mostConnections]) {
    const costs = await withServers(1, count, (servers) => unicastCosts(servers, rounds, count));
    rows.push([count.toLocaleString('en'), ...mediansOf(costs)]);
  }
  const costs = await withServers(2, mostConnections, (servers) =>
    unicastCosts(servers, rounds, mostConnections),
  );
  rows.push([(2 * mostConnections).toLocaleString('en'), ...mediansOf(costs)]);
  return {
    title: 'Cost by connections',
    note: `${messages.toLocaleString('en')} messages, one receiver each, in turn over all connections. The last row is over two processes, each with half of the connections and as many messages.`,
    columns: ['connections', ...columns],
    rows,
  };
}

/** The same work on one server and on two side by side. */
async function processes(rounds: number): Promise<Table> {
  const [alone, together] = await withServers(2, few, async (servers) => [
    await unicastCosts(servers.slice(0, 1), rounds, few),
    await unicastCosts(servers, rounds, few),
  ]);
  return {
    title: 'Cost by servers',
    note: 'The same work for each of the servers at the same time, one Redis for all.',
    columns: ['servers', ...columns],
    rows: [
      ['1', ...mediansOf(alone)],
      ['2', ...mediansOf(together)],
    ],
  };
}

/** What a delivery costs in each round, on the mean of the servers, all at work at the same time. */
async function unicastCosts(servers: readonly Contender[], rounds: number, users: number): Promise<Cost[]> {
  const costs: Cost[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const each = await Promise.all(servers.map((one) => fromBacklog(one, messages, users)));
    const { server, redis } = meanOf(each);
    // The first round warms up. One Redis for all: each has counted it.
    if (round > 0) costs.push({ server, redis: redis / servers.length });
  }
  return costs;
}

function meanOf(costs: readonly Cost[]): Cost {
  const mean = (of: keyof Cost): number => costs.reduce((sum, cost) => sum + cost[of], 0) / costs.length;
  return { server: mean('server'), redis: mean('redis') };
}

function mediansOf(costs: readonly Cost[]): number[] {
  return [median(costs.map(({ server }) => server)), median(costs.map(({ redis }) => redis))];
}

function withServer<T>(connections: number, work: (contender: Contender) => Promise<T>): Promise<T> {
  return withServers(1, connections, ([contender]) => work(contender as Contender)); // there is one
}

/** Servers on one Redis, each with as many connections. */
async function withServers<T>(
  count: number,
  connections: number,
  work: (contenders: readonly Contender[]) => Promise<T>,
): Promise<T> {
  const redis = await startRedis();
  const swarm = Swarm.for(count * connections);
  const contenders: Contender[] = [];
  try {
    for (let server = 0; server < count; server += 1) {
      const subject = await startIm({ name: 'im', redis, proof: 'written' });
      contenders.push({ subject, devices: await swarm.open('im', 'im', subject.port, connections) });
    }
    return await work(contenders);
  } finally {
    await Promise.all(contenders.map(({ subject }) => subject.stop()));
    await swarm.stop();
    await redis.stop();
  }
}
