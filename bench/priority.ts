// How long messages of high priority take beside a backlog of normal ones, and without:
// `npx tsx --conditions=im-source bench/priority.ts [backlog] [high messages]`. Needs REDIS_URL.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createImClient, type ImClient } from 'im-client';
import { createRedisBus, type Bus } from 'im-common/bus';
import { encodeEntry, messageList, toByteText } from 'im-common/internal/bus';
import { createToken } from 'im-common/token';
import { createImServer } from 'im-server';
import { WebSocket } from 'ws';

const [role, ...args] = process.argv.slice(2);
const jwtSecret = 'only-for-this-bench-only-for-this';
const url = process.env['REDIS_URL'] ?? 'redis://127.0.0.1';
const devices = 100;
const everyMs = 10;

/** Server, devices of the backlog, and who measures are processes of their own: each has its own event loop. */
if (role === 'server') await serve(args[0] ?? '');
else if (role === 'crowd') await readAll(args[0] ?? '', 1_000);
else await compare(Number(role ?? 1_000_000), Number(args[0] ?? 500));

async function serve(keyPrefix: string): Promise<void> {
  const server = createImServer({ redis: { url, keyPrefix }, host: '127.0.0.1', port: 0, jwtSecret });
  await server.start();
  process.send?.({ url: server.url, id: server.id });
}

/** Logs devices in whose users are numbered from `first` on. */
async function readAll(serverUrl: string, first: number): Promise<void> {
  let seen = 0;
  await logIn(serverUrl, first, () => (seen += 1));
  process.send?.({});
  process.on('message', () => process.send?.({ seen }));
}

async function logIn(serverUrl: string, first: number, onFrame: (text: string) => void): Promise<void> {
  for (let index = 0; index < devices; index += 1) {
    const socket = new WebSocket(serverUrl, { perMessageDeflate: false });
    await once(socket, 'open');
    const accessToken = await createToken(jwtSecret, {
      userId: first + index,
      terminal: 0,
      expiresInS: 3_600,
    });
    socket.send(JSON.stringify({ cmd: 0, data: { accessToken, devId: index } }));
    await once(socket, 'message');
    socket.on('message', (bytes: Buffer) => onFrame(bytes.toString()));
  }
}

function start(...given: readonly string[]): ChildProcess {
  return fork(fileURLToPath(import.meta.url), given, { execArgv: process.execArgv });
}

async function answer(child: ChildProcess): Promise<Record<string, unknown>> {
  const [message] = (await once(child, 'message')) as [Record<string, unknown>];
  return message;
}

async function compare(backlog: number, count: number): Promise<void> {
  const keyPrefix = `bench-priority-${process.pid}:`;
  const bus = createRedisBus({ url, keyPrefix });
  await bus.start();
  const server = start('server', keyPrefix);
  const about = await answer(server);
  const crowd = start('crowd', String(about['url']));
  await answer(crowd);
  const im = createImClient({ service: 'bench', redis: { url, keyPrefix } });
  await im.start();
  const tookMs: number[] = [];
  await logIn(String(about['url']), 10, (text) => {
    tookMs.push(performance.now() - (JSON.parse(text) as { data: { at: number } }).data.at);
  });
  const seen = async (): Promise<number> => {
    crowd.send({});
    return Number((await answer(crowd))['seen']);
  };

  const idle = await measure(im, tookMs, count);
  const list = messageList('private', Number(about['id']));
  await fill(bus, list, backlog);
  const before = await bus.lists.length(list);
  const [seenBefore, from] = [await seen(), performance.now()];
  const beside = await measure(im, tookMs, count);
  const rate = ((await seen()) - seenBefore) / ((performance.now() - from) / 1_000);
  const left = await bus.lists.length(list);
  console.log(`high messages: ${count}, one every ${everyMs} ms`);
  console.log(`  idle:             p50 ${idle.p50} ms, p99 ${idle.p99} ms, at most ${idle.most} ms`);
  console.log(`  beside a backlog: p50 ${beside.p50} ms, p99 ${beside.p99} ms, at most ${beside.most} ms`);
  console.log(`  backlog: ${before} when it began, ${left} when it ended, ${Math.round(rate)} read a second`);
  if (left === 0) console.log('  the backlog was too small: it was gone before the end');
  crowd.kill();
  await bus.lists.drop(list);
  await im.close();
  server.kill();
  await bus.close();
}

async function fill(bus: Bus, list: string, backlog: number): Promise<void> {
  const entriesPerPut = 2_000;
  const dataText = toByteText(JSON.stringify({ text: 'x'.repeat(100) }));
  for (let first = 0, batchNumber = 1; first < backlog; first += entriesPerPut, batchNumber += 1) {
    const entries = Array.from({ length: Math.min(entriesPerPut, backlog - first) }, (_, index) => {
      const receivers = [{ id: String(1_000 + ((first + index) % devices)), terminal: 0 }];
      return encodeEntry('private', { receivers, dataText, sendResult: false, attempt: 1 });
    });
    await bus.lists.put(list, {
      entries,
      producer: 'backlog',
      batchNumber,
      maxLength: backlog,
      whenFull: 'refuse',
    });
  }
}

interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

/** Sends them at their pace, and says how long they took. */
async function measure(im: ImClient, tookMs: number[], count: number): Promise<Percentiles> {
  tookMs.length = 0;
  for (let n = 0; n < count; n += 1) {
    void im.sendPrivateMessage({
      ...{ sender: { id: 1, terminal: 0 }, recvId: 10 + (n % devices), recvTerminals: [0] },
      ...{ sendToSelf: false, sendResult: false, priority: 'high', data: { at: performance.now() } },
    });
    await sleep(everyMs);
  }
  while (tookMs.length < count) await sleep(10);
  const sorted = tookMs.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round((sorted[Math.floor(share * (count - 1))] ?? 0) * 10) / 10;
  return { p50: at(0.5), p99: at(0.99), most: at(1) };
}
