import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../kit/few.ts';
import { startPlatforms, tokenOf } from '../kit/platform.ts';
import { rssBytes } from '../kit/world.ts';
import type { Row } from './row.ts';

const kinds = ['says nothing', 'half a head', 'trickles its body', 'is answered and sends no body'] as const;
type Kind = (typeof kinds)[number];

const perAddress = 1_000;
const firstHost = 10;
/** Each has ten seconds, and is looked for every two. */
const mostMs = 16_000;
const head = 'content-type: application/json\r\ncontent-length: 1000\r\n';

interface Slow {
  readonly socket: Socket;
  readonly kind: Kind;
  readonly since: number;
  goneAfterMs: number | undefined;
}

async function begin(port: number, kind: Kind, localAddress: string): Promise<Slow> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  const slow: Slow = { socket, kind, since: performance.now(), goneAfterMs: undefined };
  socket.on('error', () => undefined).resume(); // 'close' follows
  socket.once('close', () => (slow.goneAfterMs = performance.now() - slow.since));
  await once(socket, 'connect').catch(() => undefined);
  if (kind === 'half a head') socket.write(`POST /login HTTP/1.1\r\nhost: x\r\n${head}`);
  if (kind === 'trickles its body') socket.write(`POST /login HTTP/1.1\r\nhost: x\r\n${head}\r\n{"user`);
  if (kind === 'is answered and sends no body')
    socket.write(`POST /nowhere HTTP/1.1\r\nhost: x\r\n${head}\r\n`);
  return slow;
}

/** Row 38. `times` is the number of slow requests. */
export const slowRequests: Row = {
  name: 'slow-requests',
  numbers: [38],
  holds:
    'requests that take their time are closed in time, are few for each address, and do not delay others',
  inTest: 400,
  inFull: 5_000,
  async run({ times, scope }) {
    const { all } = await startPlatforms(scope);
    const [platform] = all;
    if (!platform) throw new Error('no platform');
    const port = Number(new URL(platform.url).port);
    const headers = { accesstoken: await tokenOf(1) };
    const problems: string[] = [];
    const ask = async (): Promise<number> => {
      const since = performance.now();
      const { code } = await platform.ask('GET', '/friend/list', undefined, headers);
      if (code !== 200) problems.push(`an honest request was answered ${code}`);
      return performance.now() - since;
    };
    const before: number[] = [];
    for (let n = 0; n < 100; n++) before.push(await ask());
    const rssBefore = await rssBytes(platform.pid);

    const slow: Slow[] = [];
    scope.onEnd(() => {
      for (const { socket } of slow) socket.destroy();
    });
    const over = new AbortController();
    const meanwhile: number[] = [];
    const honest = (async () => {
      while (!over.signal.aborted) {
        meanwhile.push(await ask());
        await sleep(10);
      }
    })();
    const trickle = setInterval(() => {
      for (const { socket, kind } of slow)
        if (kind === 'trickles its body' && socket.writable) socket.write('x');
    }, 1_000);
    scope.onEnd(() => clearInterval(trickle));
    // One address has more than it may, which are closed at once; the others half of it.
    const greedy = Math.min(perAddress + 100, Math.floor(times / 2));
    for (let n = 0; n < times; n += 50) {
      const some = Array.from({ length: Math.min(50, times - n) }, async (_, step) => {
        const host = n + step < greedy ? firstHost : firstHost + 1 + Math.floor((n + step - greedy) / 500);
        slow.push(await begin(port, kinds[step % kinds.length] ?? 'says nothing', `127.0.0.${host}`));
      });
      await Promise.all(some);
    }
    const rssFull = await rssBytes(platform.pid);
    const deadline = performance.now() + 2 * mostMs;
    const left = (): Slow[] => slow.filter(({ goneAfterMs }) => goneAfterMs === undefined);
    while (left().length > 0 && performance.now() < deadline) await sleep(100);
    over.abort();
    await honest;

    if (left().length > 0) problems.push(`${left().length} are open after ${2 * mostMs} ms`);
    const tooMany = slow.filter(({ goneAfterMs = Infinity }) => goneAfterMs < 5_000).length;
    const expected = Math.max(0, greedy - perAddress);
    if (tooMany !== expected) problems.push(`${tooMany} were closed at once, not ${expected}`);
    const slowest = (kind: Kind): number =>
      Math.max(...slow.filter((one) => one.kind === kind).map(({ goneAfterMs = Infinity }) => goneAfterMs));
    const base = percentile(before, 0.99);
    return {
      faults: times,
      checked: meanwhile.length,
      problems,
      figures: {
        ...Object.fromEntries(
          kinds.map((kind) => [
            `who ${kind}, closed after`,
            { value: slowest(kind), unit: 'ms', atMost: mostMs },
          ]),
        ),
        'closed at once, beyond what an address may': { value: tooMany, unit: '' },
        'others before, p99': { value: base, unit: 'ms' },
        'others meanwhile, p50': { value: percentile(meanwhile, 0.5), unit: 'ms' },
        // On a machine of one's own.
        'others meanwhile, p99': {
          value: percentile(meanwhile, 0.99),
          unit: 'ms',
          atMost: Math.max(200, 5 * base),
        },
        'memory for each': { value: (rssFull - rssBefore) / 1_024 / times, unit: 'KiB', atMost: 64 },
      },
    };
  },
};
