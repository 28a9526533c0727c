import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createToken } from 'im-common/token';
import { frameBytes, handshakeBytes, Opcode, RawWebSocket } from '../../support/raw-websocket.ts';
import { knock, percentile, startOwnRedis, startProgram } from '../kit/few.ts';
import { secret } from '../kit/im-server.ts';
import { rssBytes } from '../kit/world.ts';
import type { Row } from './row.ts';

/** A stranger who takes a place and does nothing with it. */
interface Stranger {
  readonly socket: Socket;
  readonly kind: Kind;
  readonly since: number;
  /** When the server let go of it. */
  goneAfterMs: number | undefined;
  /** Of the server's close frame. */
  code: number | undefined;
}

const kinds = ['says nothing', 'half a handshake', 'no login', 'half a frame'] as const;
type Kind = (typeof kinds)[number];

const budget = 300;
/** The server looks every second at handshakes, every half second at logins; and two cores have other things to do. */
const mostMs: Readonly<Record<Kind, number>> = {
  'says nothing': 14_000,
  'half a handshake': 14_000,
  'no login': 8_000,
  'half a frame': 8_000,
};
const fewestMs: Readonly<Record<Kind, number>> = {
  'says nothing': 9_000,
  'half a handshake': 9_000,
  'no login': 4_900,
  'half a frame': 4_900,
};
const wholeFrame = frameBytes({ opcode: Opcode.TEXT, payload: 'x'.repeat(60_000) });

async function comeIn(port: number, kind: Kind, localAddress: string): Promise<Stranger> {
  const socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true });
  const stranger: Stranger = {
    socket,
    kind,
    since: performance.now(),
    goneAfterMs: undefined,
    code: undefined,
  };
  socket.on('error', () => undefined);
  socket.once('close', () => (stranger.goneAfterMs = performance.now() - stranger.since));
  await once(socket, 'connect').catch(() => undefined); // gone again: `close` has told
  const handshake = handshakeBytes(`ws://127.0.0.1:${port}/im`);
  if (kind === 'says nothing') socket.resume();
  else if (kind === 'half a handshake') socket.resume().write(handshake.subarray(0, -10));
  else {
    const opening = RawWebSocket.upgrade(socket);
    socket.write(handshake);
    const wire = await opening.catch(() => undefined);
    if (!wire) return stranger;
    void wire.ended.then(({ code }) => (stranger.code = code ?? undefined));
    if (kind === 'half a frame') socket.write(wholeFrame.subarray(0, 1_000));
  }
  return stranger;
}

/** Connects and logs in; resolves with how long that took. */
async function logInAndLeave(port: number, userId: number): Promise<number> {
  const since = performance.now();
  const device = await knock(port, userId);
  await once(device.socket, 'message');
  const took = performance.now() - since;
  device.socket.close();
  return took;
}

/** Row 20. `times` is the number of strangers. */
export const strangers: Row = {
  name: 'strangers',
  numbers: [20],
  holds:
    'sockets that finish no handshake, no login or no frame are let go in time, have a budget, and do not delay a login',
  inTest: 1_000,
  inFull: 5_000,
  async run({ times, scope }) {
    const redis = await startOwnRedis(scope);
    const server = await startProgram(scope, redis.url, [
      '--max-unauthenticated-per-address',
      String(budget),
      '--max-logins-per-user',
      '1000000',
    ]);
    const problems: string[] = [];
    const baseline: number[] = [];
    for (let n = 0; n < 40; n += 1) baseline.push(await logInAndLeave(server.port, 1));
    const rssBefore = await rssBytes(server.pid);

    // From one address more than its budget; from others what they may.
    const greedy = 50;
    const all: Stranger[] = [];
    scope.onEnd(() => {
      for (const { socket } of all) socket.destroy();
    });
    const logins: number[] = [];
    const over = new AbortController();
    const legitimate = (async () => {
      for (let userId = 2; !over.signal.aborted; userId += 1) {
        logins.push(await logInAndLeave(server.port, userId));
        await sleep(20);
      }
    })();
    const addresses = Math.ceil((times - budget - greedy) / (budget - 20));
    const addressOf = (n: number): string =>
      n < budget + greedy ? '127.0.0.2' : `127.0.1.${1 + (n % addresses)}`;
    for (let n = 0; n < times; n += 50) {
      const batch = Array.from({ length: Math.min(50, times - n) }, (_, index) => n + index);
      all.push(
        ...(await Promise.all(
          batch.map((index) =>
            comeIn(server.port, kinds[index % kinds.length] ?? 'no login', addressOf(index)),
          ),
        )),
      );
    }
    const rssFull = await rssBytes(server.pid);
    const refused = await server.metric('im_refused_connections_total{reason="unauthenticated"}');
    if (refused < greedy)
      problems.push(`only ${refused} sockets were refused, of ${greedy} beyond the budget`);

    const deadline = performance.now() + 20_000;
    while (all.some(({ goneAfterMs }) => goneAfterMs === undefined) && performance.now() < deadline)
      await sleep(50);
    over.abort();
    await legitimate;

    const tooMany = all.filter(({ goneAfterMs = Infinity }) => goneAfterMs < 1_000).length;
    for (const kind of kinds) {
      const own = all.filter(
        (stranger) => stranger.kind === kind && (stranger.goneAfterMs ?? Infinity) >= 1_000,
      );
      const times = own.map(({ goneAfterMs = Infinity }) => goneAfterMs);
      const [first, last] = [Math.min(...times), Math.max(...times)];
      if (own.length === 0) problems.push(`nobody came in who ${kind}`);
      if (!(first >= fewestMs[kind] && last <= mostMs[kind])) {
        problems.push(`${kind}: let go after ${Math.round(first)} to ${Math.round(last)} ms`);
      }
      const codes = new Set(own.map(({ code }) => code));
      const isRight =
        kind === 'no login' || kind === 'half a frame'
          ? codes.size === 1 && codes.has(4408)
          : codes.has(undefined);
      if (!isRight) problems.push(`${kind}: closed with ${[...codes].join(', ')}`);
    }
    const base = percentile(baseline, 0.99);
    return {
      faults: times,
      checked: logins.length,
      problems,
      figures: {
        'logins before, p99': { value: base, unit: 'ms' },
        'logins meanwhile, p50': { value: percentile(logins, 0.5), unit: 'ms' },
        // 200 ms on a machine of one's own.
        'logins meanwhile, p99': {
          value: percentile(logins, 0.99),
          unit: 'ms',
          atMost: Math.max(500, 5 * base),
        },
        'refused by the budget': { value: tooMany, unit: 'sockets' },
        'memory per stranger': {
          value: (rssFull - rssBefore) / 1_024 / Math.max(1, times - tooMany),
          unit: 'KiB',
          atMost: 64,
        },
      },
    };
  },
};

/** Row 20, after the login. `times` is the number of devices that stop in the middle of a frame. */
export const halfFrames: Row = {
  name: 'half-frames',
  numbers: [20],
  holds:
    'a device that is logged in and sends half a frame for ever, a byte at a time, is found as if it were silent',
  inTest: 50,
  inFull: 1_000,
  async run({ times, scope }) {
    const redis = await startOwnRedis(scope);
    const server = await startProgram(scope, redis.url, [
      '--ping-after-silence-ms',
      '2000',
      '--proof-timeout-ms',
      '2000',
    ]);
    const problems: string[] = [];
    const wires = await Promise.all(
      Array.from({ length: times }, async (_, index) => {
        const wire = await RawWebSocket.open(server.url);
        scope.onEnd(() => wire.socket.destroy());
        wire.text(`{"cmd":0,"data":{"accessToken":"${await token(index)}"}}`);
        await wire.until('the login', () => wire.frames[0]);
        return wire;
      }),
    );
    const since = performance.now();
    let sent = 0;
    const trickle = setInterval(() => {
      for (const { socket } of wires) socket.write(wholeFrame.subarray(sent, sent + 1));
      sent += 1;
    }, 100);
    scope.onEnd(() => clearInterval(trickle));

    const slowest = await Promise.all(
      wires.map(async (wire) => {
        const { code } = await wire.ended;
        if (code !== 4409) problems.push(`one was closed with ${code}`);
        return performance.now() - since;
      }),
    );
    return {
      faults: times,
      checked: wires.length,
      problems,
      figures: {
        'the last one was found after': { value: Math.max(...slowest), unit: 'ms', atMost: 10_000 },
      },
    };
  },
};

function token(userId: number): Promise<string> {
  return createToken(secret, { userId, terminal: 0, expiresInS: 600 });
}
