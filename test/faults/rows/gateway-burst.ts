import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../support/wait-until.ts';
import { enter, startOwnRedis, startProgram, type Device } from '../kit/few.ts';
import {
  apiKey,
  receiveWebhooks,
  startGatewayProgram,
  type BackEnd,
  type GatewayProgram,
} from '../kit/gateway.ts';
import { Random } from '../kit/random.ts';
import type { Scope } from '../kit/scope.ts';
import type { Row } from './row.ts';

const connections = 4;
const users = 10;
const rounds = 2;
const settleMs = 120_000;
/** What a gateway may hold more after a burst like the one before: code that has been compiled since, mostly. */
const mostGrowthMb = 8;

/** Row 44; P-17.2. `times` is the number of pushes that are begun at once, over four connections, twice. */
export const gatewayBurst: Row = {
  name: 'gateway-burst',
  numbers: [44],
  holds:
    'many pushes at once over a few connections are each answered: done once and told, or refused and seen by nobody',
  inTest: 2_000,
  inFull: 100_000,
  async run({ times, seed, scope }) {
    const redis = await startOwnRedis(scope);
    const server = await startProgram(scope, redis.url);
    const devices: Device[] = [];
    for (let user = 1; user <= users; user += 1) devices.push(await enter(scope, server.port, user));
    const backEnd = await receiveWebhooks(scope, new Random(seed), 0);
    const gateway = await startGatewayProgram(scope, redis.url, backEnd.url, [
      '--requests-per-second',
      '1000000',
    ]);
    const { program, url } = gateway;
    const held: number[] = [];
    const problems: string[] = [];
    let [done, refused, tookMs] = [0, 0, 0];
    for (let round = 1; round <= rounds; round += 1) {
      const startedAt = performance.now();
      const answers = await pushAtOnce(scope, url, round, times);
      tookMs = Math.max(tookMs, performance.now() - startedAt);
      const ids = Array.from({ length: times }, (_, n) => idOf(round, n));
      const isDone = new Set(ids.filter((id) => answers.get(id) === 200));
      await waitUntil('all was told', () => Promise.resolve(isAllTold(backEnd, isDone)), settleMs).catch(
        () => undefined, // judged below
      );
      problems.push(...judge(ids, answers, backEnd, devices));
      done += isDone.size;
      refused += times - isDone.size;
      held.push(await heapOf(gateway));
    }
    const [first = 0, last = 0] = held;
    if (last - first > mostGrowthMb)
      problems.push(`the gateway holds ${(last - first).toFixed(1)} MB more after the second burst`);
    return {
      faults: rounds,
      checked: rounds * times,
      problems,
      figures: {
        done: { value: done, unit: '' },
        'refused with 503 or 429': { value: refused, unit: '' },
        'answered after': { value: tookMs, unit: 'ms' },
        'most memory of the gateway at any time': { value: await peakOf(program.pid), unit: 'MB' },
        'heap that it holds after the first burst': { value: first, unit: 'MB' },
        'heap that it holds more after the second': { value: last - first, unit: 'MB' },
      },
    };
  },
};

function idOf(round: number, n: number): string {
  return `burst-${round}-${n}`;
}

/** Sends all without waiting for an answer. Resolves with the status of each. */
async function pushAtOnce(
  scope: Scope,
  url: string,
  round: number,
  times: number,
): Promise<Map<string, number>> {
  const answers = new Map<string, number>();
  const share = Math.ceil(times / connections);
  await Promise.all(
    Array.from({ length: connections }, async (_, at) => {
      const ids: string[] = [];
      for (let n = at * share; n < Math.min(times, (at + 1) * share); n += 1) ids.push(idOf(round, n));
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      scope.onEnd(() => void socket.destroy());
      const statuses = readStatuses(socket, ids.length);
      // It writes as fast as the other side reads, and reads itself meanwhile.
      for (const [index, id] of ids.entries()) {
        if (socket.write(requestOf(id, index))) continue;
        await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
      }
      for (const [index, status] of (await statuses).entries()) answers.set(ids[index] ?? '', status);
      socket.destroy();
    }),
  );
  return answers;
}

function requestOf(data: string, n: number): string {
  const body = JSON.stringify({
    sender: { id: 99, terminal: 0 },
    sendToSelf: false,
    recvId: 1 + (n % users),
    recvTerminals: [0],
    data,
  });
  return (
    `POST /v1/push/private HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${apiKey}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  );
}

/** Answers come in the order of the requests. */
async function readStatuses(socket: Socket, count: number): Promise<number[]> {
  const statuses: number[] = [];
  let rest = '';
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    socket.setEncoding('latin1').on('data', (piece: string) => {
      const text = rest + piece;
      let end = 0;
      for (const match of text.matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
        // A status may be cut in two by the pieces.
        statuses.push(Number(match[1]));
        end = match.index + match[0].length;
      }
      rest = text.slice(Math.max(end, text.length - 13));
      if (statuses.length >= count) resolve();
    });
  });
  return statuses;
}

function isAllTold({ told }: BackEnd, ids: ReadonlySet<string>): boolean {
  for (const id of ids) if (!told.has(id)) return false;
  return true;
}

function judge(
  ids: readonly string[],
  answers: ReadonlyMap<string, number>,
  { forged, told }: BackEnd,
  devices: readonly Device[],
): string[] {
  const seen = new Map<unknown, number>();
  for (const device of devices) for (const { data } of device.seen) seen.set(data, (seen.get(data) ?? 0) + 1);
  const tally = new Map<string, number>();
  const note = (what: string): void => void tally.set(what, (tally.get(what) ?? 0) + 1);
  for (const id of ids) {
    const status = answers.get(id);
    const [times, toldTimes] = [seen.get(id) ?? 0, told.get(id) ?? 0];
    if (status === 200) {
      if (times !== 1) note(`done, and seen ${times} times`);
      if (toldTimes !== 1) note(`done, and told ${toldTimes} times`);
    } else if (status === 503 || status === 429) {
      if (times + toldTimes > 0)
        note(`answered ${status}, and seen ${times} times and told ${toldTimes} times`);
    } else {
      note(`answered ${String(status)}`);
    }
  }
  if (forged > 0) note('a webhook was not signed');
  return Array.from(tally, ([what, count]) => `${count} × ${what}`);
}

/** Without what it holds for nobody, in MB. */
async function heapOf({ program, adminPort }: GatewayProgram): Promise<number> {
  for (let times = 0; times < 3; times += 1) {
    program.collectGarbage();
    await sleep(200);
  }
  const text = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
  return Number(/^nodejs_heap_size_used_bytes ([\d.e+]+)$/m.exec(text)?.[1]) / 1_048_576;
}

/** In MB. */
async function peakOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+)/m.exec(text)?.[1]) / 1_024;
}
