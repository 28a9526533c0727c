import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Random } from '../faults/kit/random.ts';
import type { Device } from '../faults/kit/few.ts';
import { waitUntil } from '../support/wait-until.ts';
import { frameBytes, Opcode, RawWebSocket, type FrameParts } from '../support/raw-websocket.ts';
import { entries, frames, orders } from './examples.ts';
import { mutate, randomBytes } from './mutate.ts';

export interface Target {
  readonly url: string;
  readonly tcpPort: number;
  readonly serverId: number;
  readonly redis: Redis;
  /** Tokens that the server accepts. */
  readonly tokens: readonly string[];
  /** A well-behaved device and its user, to whom good entries go. */
  readonly witness: Device;
  readonly witnessId: number;
}

/** What came of an attack. */
export interface Toll {
  /** Frames, entries or orders. */
  sent: number;
  /** How connections ended, by close code; 'none' without one. */
  readonly ends: Map<string, number>;
  /** Milliseconds that a good entry took, alone and behind bad ones. */
  readonly goodAloneMs: number[];
  readonly goodBehindBadMs: number[];
}

export type Attack = (target: Target, count: number, random: Random, toll: Toll) => Promise<void>;

export function newToll(): Toll {
  return { sent: 0, ends: new Map(), goodAloneMs: [], goodBehindBadMs: [] };
}

export function ended(toll: Toll, how: number | string | undefined | null): void {
  const name = String(how ?? 'none');
  toll.ends.set(name, (toll.ends.get(name) ?? 0) + 1);
}

export function command(target: Target, random: Random): Buffer {
  const text = random.pick(frames).replace('$token', random.pick(target.tokens));
  return random.chance(0.1) ? Buffer.from(text) : mutate(text, random);
}

/** One frame or some; `breaks` when the connection cannot go on after it. */
function someFrames(target: Target, random: Random): { parts: FrameParts[]; raw?: Buffer; breaks: boolean } {
  const mask = random.chance(0.5) ? randomBytes(random, 4) : Buffer.alloc(4);
  const good = (parts: FrameParts[]): { parts: FrameParts[]; breaks: boolean } => ({
    parts: parts.map((part) => ({ mask, ...part })),
    breaks: false,
  });
  const chance = random.next();
  if (chance < 0.6) return good([{ opcode: Opcode.TEXT, payload: command(target, random) }]);
  if (chance < 0.7) {
    const payload = command(target, random);
    const middle = random.between(0, payload.length + 1);
    return good([
      { opcode: Opcode.TEXT, payload: payload.subarray(0, middle), fin: false },
      ...(random.chance(0.5) ? [{ opcode: Opcode.PING, payload: 'between' }] : []),
      { opcode: Opcode.CONTINUATION, payload: payload.subarray(middle) },
    ]);
  }
  const bytes = randomBytes(random, random.between(0, 126));
  if (chance < 0.78) return good([{ opcode: Opcode.BINARY, payload: bytes }]);
  if (chance < 0.9) return good([{ opcode: random.pick([Opcode.PING, Opcode.PONG]), payload: bytes }]);
  if (chance < 0.94) return { parts: [{ opcode: Opcode.CLOSE, payload: bytes, mask }], breaks: true };
  if (chance < 0.97) {
    const odd = {
      opcode: random.between(0, 16),
      payload: bytes,
      fin: random.chance(0.5),
      rsv: random.between(0, 8),
      mask: random.chance(0.3) ? (false as const) : mask,
    };
    const lies = random.chance(0.5)
      ? { length: random.pick([0, 125, 60_000, 2 ** 31, 2n ** 62n]), lengthBytes: 8 as const }
      : {};
    return { parts: [{ ...odd, ...lies }], breaks: true };
  }
  return { parts: [], raw: randomBytes(random, random.between(1, 200)), breaks: true };
}

const mostPerBatch = 30;
const patienceMs = 100;

/** Sends frames, good and bad, and waits after each handful until the server has read them, or has ended it. */
export const websocketFrames: Attack = async (target, count, random, toll) => {
  for (let left = count; left > 0;) {
    const wire = await RawWebSocket.open(target.url);
    void wire.ended.then(({ code }) => {
      ended(toll, code);
    });
    for (let batch = 0; left > 0 && !wire.isOver && batch < 20; batch += 1) {
      const bytes: Buffer[] = [];
      let breaks = false;
      for (let n = 0; n < mostPerBatch && left > 0 && !breaks; n += 1) {
        const some = someFrames(target, random);
        bytes.push(...some.parts.map(frameBytes), ...(some.raw ? [some.raw] : []));
        breaks = some.breaks;
        left -= 1;
        toll.sent += 1;
      }
      const sign = `read ${batch}`;
      bytes.push(frameBytes({ opcode: Opcode.PING, payload: sign }));
      await wire.write(Buffer.concat(bytes), random.chance(0.05) ? random.pick([1, 7, 100]) : 0);
      const hasRead = wire.until(
        'the pong',
        () => wire.frames.find(({ payload }) => payload.toString() === sign),
        breaks ? patienceMs : 10_000,
      );
      await hasRead.catch((error: unknown) => {
        // Only one that is in the middle of a frame may be silent.
        if (!breaks && !wire.isOver) throw error;
      });
      wire.frames.length = 0;
      if (breaks) break;
    }
    wire.socket.destroy();
  }
};

/** The TCP variant: lengths that lie, frames in pieces, several in one. */
export const tcpFrames: Attack = async (target, count, random, toll) => {
  for (let left = count; left > 0;) {
    const socket = connect({ port: target.tcpPort, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    socket.on('error', () => undefined).resume();
    const closed = once(socket, 'close').catch(() => undefined);
    for (let n = 0; n < 40 && left > 0 && socket.writable; n += 1, left -= 1) {
      const body = command(target, random);
      const length = Buffer.alloc(8);
      const lies = random.chance(0.03);
      length.writeBigInt64BE(
        lies
          ? random.pick([-1n, -(2n ** 63n), 65_537n, 2n ** 40n, 2n ** 63n - 1n, BigInt(body.length + 3)])
          : BigInt(body.length),
      );
      const bytes = Buffer.concat([length, body]);
      const chop = random.chance(0.2) ? random.between(1, 20) : bytes.length;
      for (let at = 0; at < bytes.length; at += chop) {
        if (socket.destroyed) break;
        socket.write(bytes.subarray(at, at + chop));
        if (at + chop < bytes.length) await setImmediate();
      }
      toll.sent += 1;
    }
    await setImmediate();
    ended(toll, socket.writable ? 'left open' : 'ended by the server');
    socket.destroy();
    await closed;
  }
};

const kinds = ['private', 'group', 'system'] as const;

/** Bad entries on all lists, each batch with a good one behind it; then the same good one alone. */
export const listEntries: Attack = async (target, count, random, toll) => {
  const { redis, serverId, witness, witnessId } = target;
  const good = (mark: string): string =>
    `{"cmd":3,"receivers":[{"id":${witnessId},"terminal":0}],"data":"${mark}"}`;
  const seen = async (mark: string): Promise<void> => {
    await new Promise<void>((resolve) => {
      const look = (bytes: Buffer): void => {
        if (!bytes.includes(`"data":"${mark}"`)) return;
        witness.socket.off('message', look);
        resolve();
      };
      witness.socket.on('message', look);
    });
  };
  for (let left = count, batch = 0; left > 0; batch += 1) {
    const kind = random.pick(kinds);
    const list = `im:message:${kind}:${serverId}`;
    const bad = Array.from({ length: Math.min(left, 20) }, () => mutate(random.pick(entries), random));
    left -= bad.length;
    toll.sent += bad.length;
    for (const [mark, before, into] of [
      [`behind ${batch}`, bad, toll.goodBehindBadMs],
      [`alone ${batch}`, [], toll.goodAloneMs],
    ] as const) {
      const came = seen(mark);
      const since = performance.now();
      await redis.rpush(list, ...before, good(mark));
      await came;
      into.push(performance.now() - since);
    }
  }
  for (const kind of kinds) {
    const list = `im:message:${kind}:${serverId}`;
    await waitUntil(`all entries of ${list} are acknowledged`, async () => {
      const [inFlight = ''] = await redis.keys(`{${list}}:inflight:*`);
      // Its counter stays.
      return (await redis.llen(list)) === 0 && (await redis.hlen(inFlight)) <= 1;
    });
  }
};

/** Orders to log out, for users who are not there and for nobody that can be read. */
export const logoutOrders: Attack = async ({ redis, serverId }, count, random, toll) => {
  const list = `im:user:force_logout:${serverId}`;
  for (let left = count; left > 0;) {
    const bad = Array.from({ length: Math.min(left, 50) }, () => mutate(random.pick(orders), random));
    left -= bad.length;
    toll.sent += bad.length;
    await redis.rpush(list, ...bad);
  }
  await waitUntil('all orders are acknowledged', async () => {
    const [inFlight = ''] = await redis.keys(`{${list}}:inflight:*`);
    return (await redis.llen(list)) === 0 && (await redis.hlen(inFlight)) <= 1;
  });
};
