// What a message costs the server as protobuf (im.protobuf) and by server-sent events, beside JSON on a WebSocket: CPU and bytes, both ways.
// Run: npm run wire-formats -w im-bench, with a Redis at REDIS_URL (redis://127.0.0.1:6379), after npm run build.
import { once } from 'node:events';
import { createImClient } from 'im-client';
import { createToken } from 'im-common/token';
import { overProtobuf } from 'im-device/protobuf';
import { WebSocket } from 'ws';
import { cpuMicroseconds, median } from './process-figures.ts';
import { SseDevice } from './sse-device.ts';
import { benchSecret, startServer, type BenchServer } from './start-server.ts';

const devices = 50;
const messages = 20_000;
const rounds = 3;
const redis = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';
const keyPrefix = `bench-${process.pid}:`;

interface Device {
  readonly send: (text: string) => void;
  readonly close: () => void;
  /** Of the socket, handshake and all. */
  bytes(): { readonly read: number; readonly written: number };
  frames: number;
}

/** Keeps the TCP socket at hand. */
class CountedWebSocket extends WebSocket {
  tcp: { readonly bytesRead: number; readonly bytesWritten: number } | undefined;

  constructor(url: string, protocols?: string) {
    super(url, protocols);
    opened.push(this);
    this.once('upgrade', ({ socket }) => (this.tcp = socket));
  }
}

const opened: CountedWebSocket[] = [];

const formats = ['JSON', 'protobuf', 'SSE'] as const;
type Format = (typeof formats)[number];

async function connect({ url }: BenchServer, format: Format, userId: number): Promise<Device> {
  if (format === 'SSE') {
    const device = new SseDevice(url);
    await device.open();
    device.send(await login(userId));
    await device.nextFrame();
    return device;
  }
  const Socket = format === 'JSON' ? CountedWebSocket : overProtobuf(CountedWebSocket);
  const socket = new Socket(url);
  const under = opened.at(-1);
  if (!under) throw new Error('There is no socket.');
  const device: Device = {
    frames: 0,
    send: (text) => socket.send(text),
    close: () => socket.close(),
    bytes: () => ({ read: under.tcp?.bytesRead ?? 0, written: under.tcp?.bytesWritten ?? 0 }),
  };
  // The server's cost alone is measured: what comes is counted, and not decoded.
  under.on('message', () => (device.frames += 1));
  await once(under, 'open');
  device.send(await login(userId));
  await once(under, 'message');
  return device;
}

async function login(userId: number): Promise<string> {
  const accessToken = await createToken(benchSecret, { userId, terminal: 0, expiresInS: 3_600 });
  return JSON.stringify({ cmd: 0, data: { accessToken, devId: userId, ack: true } });
}

const framesOf = (all: readonly Device[]): number => all.reduce((sum, { frames }) => sum + frames, 0);
const bytesOf = (all: readonly Device[], way: 'read' | 'written'): number =>
  all.reduce((sum, device) => sum + device.bytes()[way], 0);

async function until(all: readonly Device[], frames: number): Promise<void> {
  while (framesOf(all) < frames) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function measure(format: Format, size: number): Promise<readonly [string, number, number][]> {
  const flags = [
    '--max-frames-per-second',
    '1000000',
    '--max-bytes-per-second',
    '1000000000',
    '--key-prefix',
    keyPrefix,
    ...['--sse', 'true'],
  ];
  const server = await startServer(redis, [...flags, '--proof', 'written', '--ack-timeout-ms', '600000']);
  const im = createImClient({ service: 'bench', redis: { url: redis, keyPrefix } });
  const all = await Promise.all(Array.from({ length: devices }, (_, at) => connect(server, format, at + 1)));
  const data = { text: 'x'.repeat(size - '{"text":""}'.length) };
  const sendDown = async (count: number): Promise<void> => {
    const before = framesOf(all);
    for (let at = 0; at < count; at += 1) {
      await im.capacity();
      const recvId = (at % devices) + 1;
      void im.sendPrivateMessage({
        ...{ sender: { id: 999, terminal: 0 }, recvId, recvTerminals: [0], data },
        ...{ sendToSelf: false, sendResult: false },
      });
    }
    await until(all, before + count);
    // Or they would all be unproven.
    for (const device of all) device.send(`{"cmd":6,"data":{"count":${device.frames - 1}}}`);
  };
  const heartbeat = JSON.stringify({ cmd: 1, data });
  const sendUp = async (count: number): Promise<void> => {
    const before = framesOf(all);
    for (let at = 0; at < count; at += 1) {
      all[at % devices]?.send(heartbeat);
      if (at % 500 === 0) await until(all, before + at - 1_000);
    }
    await until(all, before + count);
  };
  const figures: [string, number, number][] = [];
  for (const [way, send, counted] of [
    ['down', sendDown, 'read'],
    ['up', sendUp, 'written'],
  ] as const) {
    await send(messages / 4);
    const [cpu, bytes] = [cpuMicroseconds(server.pid), bytesOf(all, counted)];
    await send(messages);
    await new Promise((resolve) => setTimeout(resolve, 100));
    figures.push([
      way,
      (cpuMicroseconds(server.pid) - cpu) / messages,
      (bytesOf(all, counted) - bytes) / messages,
    ]);
  }
  for (const device of all) device.close();
  await im.close();
  await server.stop();
  return figures;
}

for (const size of [128, 1_024]) {
  const found = new Map<string, { cpu: number[]; bytes: number[] }>();
  for (let round = 0; round < rounds; round += 1) {
    // By turns, so that whatever the machine does meanwhile is done to all.
    for (const format of formats) {
      for (const [way, cpu, bytes] of await measure(format, size)) {
        const name = `${size} B ${way}, ${format}`;
        const figures = found.get(name) ?? { cpu: [], bytes: [] };
        figures.cpu.push(cpu);
        figures.bytes.push(bytes);
        found.set(name, figures);
      }
    }
  }
  for (const [name, { cpu, bytes }] of found)
    console.log(`${name.padEnd(24)} ${median(cpu).toFixed(1)} µs  ${median(bytes).toFixed(1)} bytes`);
}
process.exit(0);
