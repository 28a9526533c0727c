// Where the time of a path goes, as flame graphs in bench/results/. Run: npm run flames -w im-bench [-- path…]
// Wants `npm run build` before, as it looks at the server as it is built.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startRedis } from 'im-test/support';
import { ChildProgram } from './child-program.ts';
import { atPace, fromBacklog, toEverybody } from './loads.ts';
import type { Contender } from './measure.ts';
import { toFlameGraph, topEntries, type CpuProfile } from './report/flame.ts';
import type { SendAnswer, SendOrder } from './senders/sender.ts';
import { lots } from './small.ts';
import { startIm } from './subjects/im.ts';
import { Swarm } from './swarm/swarm.ts';

interface Path {
  readonly title: string;
  readonly devices: number;
  readonly proof?: 'written' | 'pong';
  /** Without it the server is looked at while they come and go. */
  readonly work?: (contender: Contender) => Promise<unknown>;
  /** Look at a backend that sends so many at a time, instead of the server. */
  readonly sending?: SendOrder;
}

const users = lots(1_000);

const paths: Readonly<Record<string, Path>> = {
  unicast: {
    title: 'Unicast: 400,000 messages, one receiver each, from a backlog',
    devices: users,
    work: (one) => fromBacklog(one, lots(400_000), users),
  },
  fanout: {
    title: 'Fan-out: 300 messages for 1,000 devices, one at a time',
    devices: users,
    work: (one) => toEverybody(one, lots(300), users, 1),
  },
  rate: {
    title: '2,000 messages a second, proof by pong, for 20 s',
    devices: users,
    proof: 'pong',
    work: (one) => atPace(one, 2_000, users, lots(20)),
  },
  login: { title: 'Login: 15,000 connections come and go', devices: lots(15_000) },
  sender: {
    title: 'im-client: 200,000 messages with results, 500 at a time',
    devices: users,
    sending: { count: lots(200_000), users, perTurn: 500 },
  },
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(paths);
const results = fileURLToPath(new URL('results/', import.meta.url));
mkdirSync(results, { recursive: true });
for (const name of wanted) {
  const path = paths[name];
  if (!path) throw new Error(`No path ${name}; there are ${Object.keys(paths).join(', ')}`);
  const profile = await profileOf(path);
  writeFileSync(join(results, `flame-${name}.svg`), toFlameGraph(path.title, profile));
  console.log(`bench/results/flame-${name}.svg\n\n${path.title}\n\n${topEntries(profile, 12)}\n`);
}

async function profileOf({ devices, proof = 'written', sending, work }: Path): Promise<CpuProfile> {
  const folder = mkdtempSync(join(tmpdir(), 'im-flames-'));
  const flags = ['--cpu-prof', '--cpu-prof-interval', '500', `--cpu-prof-dir=${folder}`];
  // Of the server, and not those of the path before.
  if (sending) delete process.env['BENCH_NODE_FLAGS'];
  else process.env['BENCH_NODE_FLAGS'] = flags.join(' ');
  const redis = await startRedis();
  const swarm = Swarm.for(devices);
  try {
    const subject = await startIm({ name: 'im', redis, proof });
    const contender = { subject, devices: await swarm.open('im', 'im', subject.port, devices) };
    if (sending) await send(sending, [redis.url, subject.keyPrefix], flags);
    await work?.(contender);
    await subject.stop();
    const [file] = readdirSync(folder);
    return JSON.parse(readFileSync(join(folder, file ?? ''), 'utf8')) as CpuProfile;
  } finally {
    await swarm.stop();
    await redis.stop();
    rmSync(folder, { recursive: true });
  }
}

async function send(order: SendOrder, where: readonly string[], flags: readonly string[]): Promise<void> {
  const client = new ChildProgram<SendOrder, SendAnswer>(
    'senders/sender.ts',
    ['im-client', ...where],
    'built',
    flags,
  );
  await client.ask(order);
  await client.stop();
}
