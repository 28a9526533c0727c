import { createToken } from 'im-common/token';
import { percentile, startOwnRedis, startProgram } from '../faults/kit/few.ts';
import { secret } from '../faults/kit/im-server.ts';
import { Random } from '../faults/kit/random.ts';
import { Scope } from '../faults/kit/scope.ts';
import { rssBytes } from '../faults/kit/world.ts';
import { freePort } from '../support/free-port.ts';
import {
  listEntries,
  logoutOrders,
  newToll,
  tcpFrames,
  websocketFrames,
  type Attack,
  type Target,
  type Toll,
} from './attacks.ts';
import { sseRequests } from './sse-attack.ts';
import { Neighbours } from '../faults/kit/neighbours.ts';

// A server in a process of its own, well-behaved neighbours on it, and attackers who send it nonsense by a seed.

export interface CampaignOptions {
  readonly frames: number;
  readonly seed: number;
}

const mebibyte = 1_048_576;
/** RSS after the first tenth is the measure: by then the heap has its size. */
const warmUpShare = 0.1;
const mostGrowthMiB = 96;
/** A neighbour's heartbeat, with everybody on two cores. */
const slowestAnswerMs = 5_000;
const attackersAtOnce = 4;

const attacks: Readonly<Record<string, { readonly attack: Attack; readonly share: number }>> = {
  'websocket frames': { attack: websocketFrames, share: 0.78 },
  'tcp frames': { attack: tcpFrames, share: 0.1 },
  'requests for server-sent events': { attack: sseRequests, share: 0.02 },
  'list entries': { attack: listEntries, share: 0.08 },
  'logout orders': { attack: logoutOrders, share: 0.02 },
};

/** Prints what was sent and what came of it; rejects when something does not hold. */
export async function runCampaign({ frames, seed }: CampaignOptions): Promise<void> {
  const scope = new Scope();
  const problems: string[] = [];
  const lines: string[] = [];
  const startedAt = performance.now();
  try {
    const redis = await startOwnRedis(scope);
    const tcpPort = await freePort();
    const server = await startProgram(scope, redis.url, [
      ...['--tcp-port', String(tcpPort)],
      ...['--max-frames-per-second', '1000000', '--max-bytes-per-second', '1000000000'],
      ...['--max-logins-per-user', '1000000', '--max-failed-logins-per-address', '1000000'],
      ...['--sse', 'true'],
      ...['--log-level', 'info'],
    ]);
    let logLines = 0;
    server.onLine(() => (logLines += 1));
    const witnessId = 900_000_001;
    const neighbours = await Neighbours.enter(scope, server.port, [witnessId, witnessId + 1, witnessId + 2]);
    const [witness] = neighbours.devices;
    if (!witness) throw new Error('There is no witness.');
    const target: Target = {
      url: server.url,
      tcpPort,
      serverId: server.id,
      redis: redis.client(),
      tokens: await Promise.all(
        [1, 2, 3].map((userId) => createToken(secret, { userId, terminal: 1, expiresInS: 86_400 })),
      ),
      witness,
      witnessId,
    };

    const wave = async (count: number, waveSeed: number): Promise<Map<string, Toll>> => {
      const tolls = new Map<string, Toll>();
      for (const [index, [name, { attack, share }]] of Object.entries(attacks).entries()) {
        const toll = newToll();
        tolls.set(name, toll);
        // Lists have one reader; sockets have many.
        const hands = name.endsWith('frames') ? attackersAtOnce : 1;
        const each = Math.max(1, Math.ceil((count * share) / hands));
        await Promise.all(
          Array.from({ length: hands }, (_, hand) =>
            attack(target, each, new Random(waveSeed + 101 * index + 7 * hand), toll),
          ),
        );
      }
      return tolls;
    };
    await wave(Math.ceil(frames * warmUpShare), seed ^ 0x5eed);
    const rssBefore = await rssBytes(server.pid);
    const tolls = await wave(frames, seed);
    const growthMiB = ((await rssBytes(server.pid)) - rssBefore) / mebibyte;

    for (const [name, toll] of tolls) {
      lines.push(
        `  ${name}: ${toll.sent} sent${toll.ends.size === 0 ? '' : `; ends: ${[...toll.ends].map(([how, n]) => `${how} ${n}`).join(', ')}`}`,
      );
      if (toll.sent === 0) problems.push(`no ${name} were sent`);
    }
    const entries = tolls.get('list entries');
    if (entries) {
      const [alone, behind] = [
        percentile(entries.goodAloneMs, 0.95),
        percentile(entries.goodBehindBadMs, 0.95),
      ];
      lines.push(
        `  a good entry, p95: ${alone.toFixed(1)} ms alone, ${behind.toFixed(1)} ms behind 20 bad ones`,
      );
      if (behind > alone * 3 + 100) problems.push('bad entries hold up good ones');
    }
    const { p50, p99, slowest } = await neighbours.stop(problems);
    lines.push(
      `  neighbours' heartbeats: ${neighbours.answersMs.length} answered, p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, slowest ${slowest.toFixed(1)} ms`,
    );
    if (slowest > slowestAnswerMs) problems.push('a neighbour waited too long');
    lines.push(`  memory: ${growthMiB.toFixed(1)} MiB more than after the warm-up`);
    if (growthMiB > mostGrowthMiB) problems.push(`memory grew by ${growthMiB.toFixed(1)} MiB`);
    const seconds = (performance.now() - startedAt) / 1_000;
    lines.push(`  log: ${logLines} lines in ${seconds.toFixed(0)} s`);
    // One a second for each thing that can be told.
    if (logLines > 2 * seconds + 10) problems.push('the log is flooded');
    if (!server.isRunning) problems.push('the server has ended');
    const { code } = await server.terminate();
    if (code !== 0) problems.push(`the server ended with ${code ?? 'a signal'}`);
  } catch (error) {
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await scope.end();
  }
  const report = [
    `fuzz: ${frames} frames and more, seed ${seed}`,
    ...lines,
    ...problems.map((problem) => `  PROBLEM ${problem}`),
  ].join('\n');
  console.log(report);
  if (problems.length > 0) throw new Error(report);
}
