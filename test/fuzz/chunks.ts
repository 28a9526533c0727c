import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { Duplex, type Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { silentLogger } from 'im-common';
import { WebSocketServer } from 'ws';
import { createWebSocketUpgrader } from '../../packages/im-server/src/wire/websocket.ts';
import { Random } from '../faults/kit/random.ts';

// The same bytes, cut at the same places, for our WebSocket, which reads short frames before `ws` does, and for `ws` alone:
// both must hear the same in the same order, answer the same, and end in the same way.

export interface ChunkOptions {
  /** Connections, of up to thirty frames each. */
  readonly streams: number;
  readonly seed: number;
}

export interface ChunkCounts {
  readonly streams: number;
  readonly chunks: number;
  readonly heard: number;
  /** Of that, what was read before `ws`. */
  readonly short: number;
  /** Connections that the server ended for what was wrong with a frame. */
  readonly refused: number;
}

const maxFrameSizes = [300, 20, 5_000] as const;

export async function fuzzChunks({ streams, seed }: ChunkOptions): Promise<ChunkCounts> {
  const random = new Random(seed);
  const counts = { streams, chunks: 0, heard: 0, short: 0, refused: 0 };
  for (let stream = 0; stream < streams; stream += 1) {
    const chunks = cutUp(framesOf(random), random);
    const maxFrameBytes = random.pick(maxFrameSizes);
    const [ours, theirs] = [openOurs(maxFrameBytes), openTheirs(maxFrameBytes)];
    for (const chunk of chunks) {
      // Each gets a copy of its own: readers take off the mask in place.
      for (const { wire } of [ours, theirs]) wire.push(Buffer.from(chunk));
      // Now and then several are read in one turn.
      if (random.chance(0.7)) await nextTurn();
    }
    for (const { wire } of [ours, theirs]) wire.push(null);
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    const where = `seed ${seed}, connection ${stream}`;
    assert.deepEqual(ours.heard, theirs.heard, where);
    assert.deepEqual(ours.wire.written, theirs.wire.written, where);
    counts.chunks += chunks.length;
    counts.heard += ours.heard.length;
    counts.short += ours.short();
    if (theirs.isRefused()) counts.refused += 1;
    for (const { wire } of [ours, theirs]) wire.destroy();
  }
  return counts;
}

interface End {
  readonly wire: Wire;
  readonly heard: string[];
}

class Wire extends Duplex {
  readonly written: string[] = [];

  override _read(): void {
    // What comes is pushed.
  }

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.written.push(chunk.toString('latin1'));
    done();
  }

  setNoDelay(): void {
    // As a socket has it.
  }
}

function upgradeOn(wire: Wire): IncomingMessage {
  const headers = {
    ...{ connection: 'upgrade', upgrade: 'websocket' },
    ...{ 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' },
  };
  return { method: 'GET', url: '/im', headers, socket: wire } as unknown as IncomingMessage;
}

function openOurs(maxFrameBytes: number): End & { readonly short: () => number } {
  const wire = new Wire();
  const heard: string[] = [];
  let isInWs = false;
  let short = 0;
  const hear = (what: string): void => {
    heard.push(what);
    if (!isInWs) short += 1;
  };
  const upgrader = createWebSocketUpgrader({
    ...{ maxFrameBytes, idleTimeoutMs: 1_000 },
    ...{ wires: [], logger: silentLogger },
  });
  upgrader.upgrade(upgradeOn(wire), wire, Buffer.alloc(0), '::1', (link) => {
    const reader = Reflect.get(link, '_receiver') as Writable;
    const read = reader._write.bind(reader);
    reader._write = (...args): void => {
      isInWs = true;
      read(...args);
      isInWs = false;
    };
    link.attach({
      onText: (text) => {
        hear(`text ${text}`);
        if (text === closeWord) link.close(4_000, 'asked');
      },
      onPong: (payload) => hear(`pong ${payload}`),
      onSignOfLife: () => heard.push('life'),
      onTaken: () => undefined,
      onGone: (code) => heard.push(`gone ${code}`),
    });
  });
  return { wire, heard, short: () => short };
}

/** As websocket.ts sets it up, and with listeners instead. */
function openTheirs(maxFrameBytes: number): End & { readonly isRefused: () => boolean } {
  const wire = new Wire();
  const heard: string[] = [];
  let isRefused = false;
  const options = {
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    maxFragments: 1_024,
    maxBufferedChunks: 2_048,
  };
  const server = new WebSocketServer({ noServer: true, clientTracking: false, ...options });
  server.handleUpgrade(upgradeOn(wire), wire, Buffer.alloc(0), (ws) => {
    ws.on('message', (data: Buffer, isBinary) => {
      heard.push(isBinary ? 'life' : `text ${data.toString()}`);
      if (!isBinary && data.toString() === closeWord) ws.close(4_000, 'asked');
    });
    ws.on('pong', (payload) => heard.push(`pong ${payload.toString('latin1')}`));
    ws.on('ping', () => heard.push('life'));
    ws.on('close', (code) => heard.push(`gone ${code}`));
    ws.on('error', () => (isRefused = true));
  });
  return { wire, heard, isRefused: () => isRefused };
}

const closeWord = 'close, please';

const texts = [
  ...['{"cmd":1,"data":null}', '{"cmd":6,"data":{"count":17}}', '', 'a', 'x'.repeat(125), 'x'.repeat(126)],
  ...['é', `${'x'.repeat(60)}€`, '\u007f\u0080', '\0', closeWord, 'x'.repeat(299), 'x'.repeat(301)],
  ...['x'.repeat(4_096), 'x'.repeat(4_097), `${'x'.repeat(298)}é`],
] as const;
const pongs = ['', '1', '123456', '\xff\x80', 'p'.repeat(125)] as const;

/** Mostly what devices say; and what they should not. */
function framesOf(random: Random): Buffer[] {
  const frames: Buffer[] = [];
  for (let left = random.between(1, 30); left > 0; left -= 1) {
    const chance = random.next();
    if (chance < 0.5) frames.push(frame(0x8a, Buffer.from(random.pick(pongs), 'latin1'), random));
    else if (chance < 0.93) frames.push(frame(0x81, Buffer.from(random.pick(texts)), random));
    else frames.push(rareFrame(random));
  }
  return frames;
}

function rareFrame(random: Random): Buffer {
  const body = Buffer.from(random.pick(texts)).subarray(0, random.between(0, 130));
  switch (random.between(0, 9)) {
    case 0:
      return frame(0x89, body.subarray(0, 125), random); // a ping
    case 1:
      return frame(0x82, body, random); // binary
    case 2: // a text in pieces, with a pong between them
      return Buffer.concat([
        frame(0x01, body, random),
        ...(random.chance(0.5) ? [frame(0x8a, Buffer.from('7'), random)] : []),
        frame(random.pick([0x80, 0x00, 0x81]), body, random),
      ]);
    case 3:
      return frame(0x88, random.pick([Buffer.alloc(0), Buffer.from([3, 0xe8]), Buffer.from([0])]), random);
    case 4:
      return frame(random.between(0, 256), body, random); // any first byte
    case 5:
      return frame(0x8a, body, random).subarray(0, random.between(0, body.length + 6)); // a pong that lacks its end
    case 6:
      return Buffer.from([random.pick([0x81, 0x8a])]); // the beginning of one, and then another
    case 7: {
      const unmasked = frame(random.pick([0x81, 0x8a]), body, random);
      unmasked[1] = (unmasked[1] ?? 0) & 0x7f; // as long as if it were
      return unmasked;
    }
    default: {
      const damaged = Buffer.from(frame(random.pick([0x81, 0x8a]), body, random));
      damaged[random.between(0, damaged.length)] = random.between(0, 256);
      return damaged;
    }
  }
}

function frame(first: number, body: Buffer, random: Random): Buffer {
  const isMasked = !random.chance(0.02);
  const mask = Buffer.from(
    random.chance(0.2) ? [0, 0, 0, 0] : Array.from({ length: 4 }, () => random.between(0, 256)),
  );
  const bit = isMasked ? 0x80 : 0;
  const { length } = body;
  // Now and then a length is written longer than it need be, which `ws` takes.
  const isLong = length > 125 || random.chance(0.02);
  const head = isLong ? [first, bit | 126, length >> 8, length & 0xff] : [first, bit | length];
  const masked = isMasked ? body.map((byte, at) => byte ^ (mask[at & 3] ?? 0)) : body;
  return Buffer.concat([Buffer.from(head), isMasked ? mask : Buffer.alloc(0), masked]);
}

/** Mostly a frame in a chunk, as the system hands them over; else several, or pieces of them. */
function cutUp(frames: readonly Buffer[], random: Random): Buffer[] {
  if (random.chance(0.6)) return frames.filter(({ length }) => length > 0);
  const all = Buffer.concat(frames);
  const chunks: Buffer[] = [];
  for (let at = 0; at < all.length;) {
    const next = Math.min(all.length, at + random.between(1, random.pick([3, 12, 60, 400])));
    chunks.push(all.subarray(at, next));
    at = next;
  }
  return chunks;
}
