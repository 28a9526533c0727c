import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { createToken } from 'im-common/token';
import { freePort } from '../../support/free-port.ts';
import { frameBytes, Opcode, RawWebSocket } from '../../support/raw-websocket.ts';
import { startOwnRedis, startProgram } from '../kit/few.ts';
import { secret } from '../kit/im-server.ts';
import { Neighbours } from '../kit/neighbours.ts';
import { monitorRedis } from '../kit/redis-monitor.ts';
import { openFiles, rssBytes } from '../kit/world.ts';
import type { Row } from './row.ts';

const mebibyte = 1_048_576;
const neighbourIds = [900_000_001, 900_000_002, 900_000_003];
/** The attackers and the neighbours' clocks share a process and two cores with everything else. */
const slowestAnswerMs = 5_000;

/** Row 21. `times` is the number of logins of each kind. */
export const loginFlood: Row = {
  name: 'login-flood',
  numbers: [21],
  holds:
    'a flood of logins with bad tokens never reaches Redis, and neither it nor one with good tokens delays the others',
  inTest: 300,
  inFull: 30_000,
  async run({ times, scope }) {
    const redis = await startOwnRedis(scope);
    // Without the limits, so that each login costs what it costs.
    const server = await startProgram(scope, redis.url, [
      ...['--max-logins-per-user', '1000000'],
      ...['--max-failed-logins-per-address', '1000000'],
    ]);
    const neighbours = await Neighbours.enter(scope, server.port, neighbourIds);
    const problems: string[] = [];
    let aboutFlood = 0;
    const stop = await monitorRedis(redis.port, (line) => {
      if (line.includes(':server_id:70000')) aboutFlood += 1;
    });
    scope.onEnd(stop);

    const expired = await token(7_000_000, 'valid', -100);
    const makers: Readonly<Record<string, (n: number) => Promise<string> | string>> = {
      'of another secret': (n) => token(7_000_000 + (n % 100), 'of somebody else'),
      expired: () => expired,
      'that are none': () => 'x'.repeat(1_000),
    };
    const rates: Record<string, { value: number; unit: string }> = {};
    for (const [kind, make] of Object.entries(makers)) {
      const since = performance.now();
      await inHands(32, times, async (n) => {
        const wire = await RawWebSocket.open(server.url);
        wire.text(`{"cmd":0,"data":{"accessToken":"${await make(n)}"}}`);
        const { code } = await wire.closing();
        if (code !== 4401) problems.push(`a token ${kind}: ${code}`);
        wire.socket.destroy();
      });
      rates[`logins with tokens ${kind}`] = {
        value: times / ((performance.now() - since) / 1_000),
        unit: '/s',
      };
    }
    if (aboutFlood > 0) problems.push(`Redis was asked ${aboutFlood} times for tokens that are not valid`);

    // That the monitor would have shown it: the same users with good tokens.
    const since = performance.now();
    await inHands(32, times, async (n) => {
      const wire = await RawWebSocket.open(server.url);
      wire.text(
        `{"cmd":0,"data":{"accessToken":"${await token(7_000_000 + (n % 100), 'valid')}","devId":"${n % 100}"}}`,
      );
      await wire.until('an answer', () => wire.frames[0]);
      wire.socket.destroy();
    });
    rates['logins with good tokens, of 100 users'] = {
      value: times / ((performance.now() - since) / 1_000),
      unit: '/s',
    };
    if (aboutFlood === 0) problems.push('the monitor saw nothing, so it proves nothing');

    const { p50, p99, slowest } = await neighbours.stop(problems);
    return {
      faults: 4 * times,
      checked: neighbours.answersMs.length,
      problems,
      figures: {
        ...rates,
        "neighbours' heartbeats, p50": { value: p50, unit: 'ms' },
        "neighbours' heartbeats, p99": { value: p99, unit: 'ms' },
        "neighbours' heartbeats, slowest": { value: slowest, unit: 'ms', atMost: slowestAnswerMs },
      },
    };
  },
};

function token(userId: number, by: 'valid' | 'of somebody else', expiresInS = 600): Promise<string> {
  return createToken(by === 'valid' ? secret : by, { userId, terminal: 0, expiresInS });
}

/** Does something so many times, so many at once. */
async function inHands(hands: number, times: number, one: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: hands }, async () => {
      while (next < times) await one(next++);
    }),
  );
}

interface Flood {
  readonly name: string;
  /** What the server must close it with. */
  readonly code: number | 'dropped';
  readonly once: () => Promise<number | 'dropped'>;
}

/** Writes the same again and again, as fast as it is taken, until it is closed. Resolves with the code. */
async function pour(url: string, bytes: Buffer): Promise<number | 'dropped'> {
  const wire = await RawWebSocket.open(url);
  const closed = new AbortController();
  const closing = wire.closing().then(({ code }) => {
    closed.abort();
    return code ?? 'dropped';
  });
  for (let written = 0; written < mostBytes && !closed.signal.aborted; written += bytes.length) {
    const drained = wire.socket.write(bytes) || once(wire.socket, 'drain').catch(() => undefined);
    await Promise.race([drained, closing]);
    await setImmediate();
  }
  const code = await closing;
  wire.socket.destroy();
  return code;
}

/** A frame in packets of one byte each. */
async function drip(url: string, bytes: Buffer): Promise<number | 'dropped'> {
  const wire = await RawWebSocket.open(url);
  for (let at = 0; at < bytes.length && wire.frames.length === 0 && !wire.isOver; at += 1) {
    wire.socket.write(bytes.subarray(at, at + 1));
    await setImmediate();
  }
  const { code } = await wire.closing();
  wire.socket.destroy();
  return code ?? 'dropped';
}

async function pourTcp(port: number, bytes: Buffer): Promise<'dropped'> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined).resume();
  const closed = once(socket, 'close').catch(() => undefined);
  for (let n = 0; n < 1_000 && socket.writable; n += 1) {
    socket.write(bytes);
    await setImmediate();
  }
  await closed;
  return 'dropped';
}

const mostBytes = 64 * mebibyte;
const million = 1_000_000;

function everyFlood(url: string, tcpPort: number): readonly Flood[] {
  const text = (payload: string): Buffer => frameBytes({ opcode: Opcode.TEXT, payload });
  const first = frameBytes({ opcode: Opcode.TEXT, fin: false });
  const fragment = (payload: string | Buffer): Buffer =>
    frameBytes({ opcode: Opcode.CONTINUATION, payload, fin: false });
  const last = frameBytes({ opcode: Opcode.CONTINUATION });
  const many = (one: Buffer, count: number): Buffer =>
    Buffer.concat(Array.from({ length: count }, () => one));
  const length = Buffer.alloc(8);
  length.writeBigInt64BE(9n);
  const poured: readonly (readonly [name: string, code: number, bytes: Buffer])[] = [
    ['heartbeats', 4429, many(text('{"cmd":1,"data":{}}'), 1_000)],
    ['pings', 4429, many(frameBytes({ opcode: Opcode.PING, payload: 'x'.repeat(100) }), 1_000)],
    ['nonsense', 4429, many(text('nonsense'), 1_000)],
    ['binary frames', 4429, many(frameBytes({ opcode: Opcode.BINARY, payload: Buffer.alloc(60_000) }), 10)],
    ['deep nesting', 4429, many(text(`{"cmd":1,"data":${'['.repeat(30_000)}${']'.repeat(30_000)}}`), 10)],
    // As many as a message may have, again and again.
    ['fragmented messages', 4429, many(Buffer.concat([first, many(fragment('x'), 1_022), last]), 10)],
    ['a million fragments of one message', 1008, Buffer.concat([first, many(fragment('x'), million)])],
    ['a million empty fragments', 1008, Buffer.concat([first, many(fragment(''), million)])],
    ['fragments of 60 KB', 1009, Buffer.concat([first, many(fragment(Buffer.alloc(60_000)), 20)])],
    [
      'a message of 1 GiB',
      1009,
      frameBytes({ opcode: Opcode.TEXT, length: 2 ** 30, payload: Buffer.alloc(mebibyte) }),
    ],
  ];
  return [
    ...poured.map(([name, code, bytes]) => ({ name, code, once: () => pour(url, bytes) })),
    { name: 'a frame byte by byte', code: 1008, once: () => drip(url, text('x'.repeat(65_536))) },
    {
      name: 'frames on TCP',
      code: 'dropped',
      once: () => pourTcp(tcpPort, many(Buffer.concat([length, Buffer.from('{"cmd":1}')]), 10)),
    },
  ];
}

/** Rows 16, 17 and 18. `times` is how often each flood comes, some at once. */
export const frameFloods: Row = {
  name: 'frame-floods',
  numbers: [16, 17, 18],
  holds:
    'floods of frames, fragments and bytes are closed with the code for them, with memory flat and the others served',
  inTest: 4,
  inFull: 200,
  async run({ times, scope }) {
    const redis = await startOwnRedis(scope);
    const tcpPort = await freePort();
    // Time enough for a frame byte by byte on a machine that is busy otherwise.
    const server = await startProgram(scope, redis.url, [
      ...['--tcp-port', String(tcpPort)],
      ...['--login-timeout-ms', '30000'],
    ]);
    let logLines = 0;
    server.onLine(() => (logLines += 1));
    const neighbours = await Neighbours.enter(scope, server.port, neighbourIds);
    const problems: string[] = [];
    // The heap takes its size with the first of each.
    const floods = everyFlood(server.url, tcpPort);
    for (const flood of floods) await flood.once();
    const [rssBefore, filesBefore] = [await rssBytes(server.pid), await openFiles(server.pid)];
    let highest = rssBefore;
    const watch = setInterval(
      () => void rssBytes(server.pid).then((rss) => (highest = Math.max(highest, rss))),
      100,
    );
    scope.onEnd(() => clearInterval(watch));

    for (const { name, code, once: flood } of floods) {
      const ends: (number | 'dropped')[] = [];
      await inHands(8, times, async () => void ends.push(await flood()));
      // A close frame may be lost with what the server never read; but not every time.
      const isRight = ends.includes(code) && ends.every((end) => [code, 'dropped'].includes(end));
      if (!isRight) problems.push(`${name}: ended with ${ends.join(', ')}`);
    }
    const closes = await server.metric('im_closes_total');
    const { p99, slowest } = await neighbours.stop(problems);
    if (logLines > 20) problems.push(`${logLines} lines in the log`);
    const filesLeft = (await openFiles(server.pid)) - filesBefore;
    return {
      faults: times * floods.length,
      checked: closes,
      problems,
      figures: {
        'memory at its highest, beyond that before': {
          value: (highest - rssBefore) / mebibyte,
          unit: 'MiB',
          atMost: 128,
        },
        'memory after, beyond that before': {
          value: ((await rssBytes(server.pid)) - rssBefore) / mebibyte,
          unit: 'MiB',
          atMost: 96,
        },
        'files left open': { value: filesLeft, unit: '', atMost: 8 },
        "neighbours' heartbeats, p99": { value: p99, unit: 'ms' },
        "neighbours' heartbeats, slowest": { value: slowest, unit: 'ms', atMost: slowestAnswerMs },
      },
    };
  },
};
