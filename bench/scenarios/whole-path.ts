import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis } from 'im-test/support';
import { ChildProgram } from '../child-program.ts';
import { cpuMicroseconds, median, percentile } from '../process-figures.ts';
import type { Table } from '../report/table.ts';
import type { SendAnswer, SendOrder } from '../senders/sender.ts';
import { startIm, type ImOptions } from '../subjects/im.ts';
import { startSocketIo } from '../subjects/socket-io.ts';
import type { Subject } from '../subjects/subject.ts';
import { Swarm, type Devices } from '../swarm/swarm.ts';

const users = 1_000;
const underWay = 64;
const inClosedLoop = 50_000;
const rates = [10_000, 2_000];
const seconds = 4;
/** What follows a delivery (proof, results, settling) belongs to its cost. */
const afterwardsMs = 300;

/** All processes that a message costs: a live backend, its own Redis, the server. */
interface Team {
  readonly name: string;
  readonly pids: readonly [server: number, redis: number, sender: number];
  readonly devices: Devices;
  readonly send: (order: SendOrder) => Promise<SendAnswer>;
  readonly stop: () => Promise<void>;
}

interface Figures {
  readonly serverUs: number;
  readonly redisUs: number;
  readonly senderUs: number;
  readonly wholeUs: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** What a message costs whoever pays for all of it, from the backend's call to its result. */
export async function wholePath(rounds: number): Promise<Table[]> {
  const swarm = Swarm.for(3 * users);
  const teams: Team[] = [];
  try {
    teams.push(await imTeam(swarm, 'im, pong', 'pong'));
    teams.push(await imTeam(swarm, 'im, written', 'written'));
    teams.push(await socketIoTeam(swarm));
    const closed = await inTurn(teams, rounds, (team) =>
      measure(team, { count: inClosedLoop, users, perTurn: underWay }),
    );
    const note = `One receiver each over ${users} users, 128 bytes; medians of ${rounds} rounds. CPU of every process, µs per message.`;
    const tables = [
      toTable(
        `The whole path, ${underWay} under way`,
        note,
        ['perSecond'],
        ['messages/s', 'spread of whole'],
        closed,
      ),
    ];
    // The lower one last: at its pace V8 takes half a minute to compile the path.
    for (const perSecond of rates) {
      const order = { count: perSecond * seconds, users, perTurn: 0, perSecond };
      const paced = await inTurn(teams, rounds, (team) => measure(team, order));
      tables.push(
        toTable(
          `The whole path at ${perSecond} messages/s`,
          note,
          ['p50', 'p99'],
          ['p50 ms', 'p99 ms', 'spread of whole'],
          paced,
        ),
      );
    }
    return tables;
  } finally {
    for (const { devices, stop } of teams) {
      await devices.close().catch(() => undefined);
      await stop();
    }
    await swarm.stop();
  }
}

async function imTeam(swarm: Swarm, name: string, proof: ImOptions['proof']): Promise<Team> {
  const redis = await startRedis({});
  const im = await startIm({ name, redisUrl: redis.url, proof });
  return await newTeam(swarm, im, redis, ['im-client', redis.url, im.keyPrefix]);
}

async function socketIoTeam(swarm: Swarm): Promise<Team> {
  const redis = await startRedis({ args: ['--client-output-buffer-limit', 'pubsub 0 0 0'] });
  const socketIo = await startSocketIo('redis', redis.url);
  return await newTeam(swarm, socketIo, redis, ['redis-emitter', redis.url]);
}

async function newTeam(
  swarm: Swarm,
  subject: Subject,
  redis: Awaited<ReturnType<typeof startRedis>>,
  args: readonly string[],
): Promise<Team> {
  const sender = new ChildProgram<SendOrder, SendAnswer>('senders/sender.ts', args, 'built');
  return {
    name: subject.name,
    pids: [subject.pid, redis.pid, sender.pid],
    devices: await swarm.open(subject.name, subject.wire, subject.port, users),
    send: (order) => sender.ask(order),
    stop: async () => {
      await sender.stop();
      await subject.stop();
      await redis.stop();
    },
  };
}

async function inTurn(
  teams: readonly Team[],
  rounds: number,
  run: (team: Team) => Promise<Figures>,
): Promise<Map<string, Figures[]>> {
  const all = new Map<string, Figures[]>(teams.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    // The first warms up.
    for (const team of teams) {
      const figures = await run(team);
      if (round > 0) all.get(team.name)?.push(figures);
    }
  }
  return all;
}

async function measure({ devices, pids, send }: Team, order: SendOrder): Promise<Figures> {
  const { count } = order;
  await devices.expect(count);
  await devices.time(true);
  const before = pids.map(cpuMicroseconds);
  const [{ perSecond }] = await Promise.all([send(order), devices.arrived()]);
  await sleep(afterwardsMs);
  const [serverUs = 0, redisUs = 0, senderUs = 0] = pids.map(
    (pid, index) => (cpuMicroseconds(pid) - (before[index] ?? 0)) / count,
  );
  const sorted = (await devices.time(false)).sort((a, b) => a - b);
  return {
    ...{ serverUs, redisUs, senderUs, wholeUs: serverUs + redisUs + senderUs, perSecond },
    p50: percentile(sorted, 0.5) / 1_000,
    p99: percentile(sorted, 0.99) / 1_000,
  };
}

function toTable(
  title: string,
  note: string,
  more: readonly (keyof Figures)[],
  columns: readonly string[],
  figures: ReadonlyMap<string, readonly Figures[]>,
): Table {
  const shown = ['serverUs', 'redisUs', 'senderUs', 'wholeUs', ...more] as const;
  return {
    title,
    note,
    columns: ['', 'server', 'Redis', 'sender', 'whole', ...columns],
    rows: [...figures].map(([name, all]) => {
      const wholes = all.map(({ wholeUs }) => wholeUs);
      return [
        name,
        ...shown.map((figure) => median(all.map((one) => one[figure]))),
        `${Math.min(...wholes).toFixed(0)}–${Math.max(...wholes).toFixed(0)}`,
      ];
    }),
  };
}
