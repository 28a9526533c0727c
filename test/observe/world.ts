import { setMaxListeners } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createImClient, type ImClient } from 'im-client';
import { connectDevice, freePort, makeToken, runnable, startRedis, type RawDevice } from 'im-test/support';
import { Registry } from 'prom-client';
import type { Scope } from '../faults/kit/scope.ts';
import { spawnTied, type TiedProcess } from '../support/tied-process.ts';

const secret = 'only-for-the-demo-of-what-is-observed';

/** A process with metrics. */
export interface Target {
  readonly job: string;
  readonly instance: string;
  readonly address: string;
}

interface PushServer extends Target {
  readonly url: string;
  readonly process: TiedProcess;
}

export interface World {
  readonly redisUrl: string;
  readonly targets: readonly Target[];
  /** Kills the third push server, with messages in flight. */
  killOne(): void;
}

/** Users by what they are for. */
const users = { first: 100, second: 200, third: 300, silent: 400, offline: 500 } as const;
/** Whom `im trace` watches. */
export const watched: { readonly answers: number; readonly silent: number } = {
  answers: users.first + 1,
  silent: users.silent,
};
const onFirst = 60;
/** As many as the second server may have. */
const onSecond = 40;

/** Three push servers on a Redis of their own, devices good and bad, and a service that sends; all of it until the scope ends. */
export async function startWorld(scope: Scope, say: (line: string) => void): Promise<World> {
  const redis = await startRedis();
  scope.onEnd(() => redis.stop());
  const servers = await Promise.all([
    startServer(scope, redis.url, 'push-1'),
    startServer(scope, redis.url, 'push-2', ['--max-connections', String(onSecond)]),
    startServer(scope, redis.url, 'push-3', ['--proof-timeout-ms', '600000']),
  ]);
  say('three push servers run');
  const { client, target } = await startService(scope, redis.url);
  const over = new AbortController();
  // Each kind of traffic listens.
  setMaxListeners(0, over.signal);
  const [first, second, third] = servers;
  const devices = await Promise.all([
    ...range(onFirst).map((index) => logIn(first, users.first + index)),
    ...range(onSecond).map((index) => logIn(second, users.second + index)),
    ...range(6).map((index) => logIn(third, users.third + index, false)),
  ]);
  scope.onEnd(() => {
    for (const device of devices) device.terminate();
  });
  say(`${devices.length} devices are logged in`);
  const traffic = [
    every(60, over.signal, (count) => sendPrivate(client, users.first + (count % onFirst))),
    every(90, over.signal, (count) => sendPrivate(client, users.second + (count % onSecond))),
    every(800, over.signal, (count) => sendToGroup(client, count)),
    every(1_500, over.signal, () => sendPrivate(client, users.third)),
    every(1_000, over.signal, (count) => sendPrivate(client, users.offline + (count % 5))),
    every(2_000, over.signal, () => sendPrivate(client, users.silent)),
    every(2_500, over.signal, () => sendBad(client)),
    every(1_200, over.signal, () => knockWithBadToken(first)),
    every(3_000, over.signal, () => knockWhereFull(second)),
    every(100, over.signal, () => beSilent(first)),
  ];
  scope.onEnd(async () => {
    over.abort();
    await Promise.all(traffic);
  });
  return {
    redisUrl: redis.url,
    targets: [...servers, target],
    killOne: () => {
      third.process.signal('SIGKILL');
    },
  };
}

async function startServer(
  scope: Scope,
  redisUrl: string,
  instance: string,
  more: readonly string[] = [],
): Promise<PushServer> {
  const [port, adminPort] = [await freePort(), await freePort()];
  const process = spawnTied({
    program: globalThis.process.execPath,
    args: [
      ...runnable('packages/im-server/src/main.ts'),
      ...['--redis', redisUrl, '--host', '127.0.0.1', '--port', String(port), '--drain-ms', '0'],
      ...['--admin-port', String(adminPort), '--jwt-secret', secret, ...more],
    ],
    cwd: globalThis.process.cwd(),
  });
  scope.onEnd(async () => {
    process.signal('SIGTERM');
    await process.ended;
  });
  await process.printed(/"msg":"started"/);
  const address = `127.0.0.1:${adminPort}`;
  return { job: 'im-server', instance, address, url: `ws://127.0.0.1:${port}/im`, process };
}

/** A service as a team has it: it sends, listens, and shows its metrics. */
async function startService(
  scope: Scope,
  redis: string,
): Promise<{ readonly client: ImClient; readonly target: Target }> {
  const metrics = new Registry();
  const client = createImClient({ service: 'shop', redis, metrics, retryDelaysMs: [] });
  await client.start();
  client.on('private', function saved() {
    // The database of the shop has it.
  });
  client.on('group', function counted(results) {
    if (results.some(({ dataText }) => dataText.includes('bad'))) throw new Error('The shop cannot read it.');
  });
  scope.onEnd(() => client.close());
  const server = createServer((_request, response) => {
    void metrics.metrics().then((text) => response.setHeader('content-type', metrics.contentType).end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.onEnd(() => server.close());
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { client, target: { job: 'im-shop', instance: 'shop', address } };
}

async function logIn(server: PushServer, userId: number, autoPong = true): Promise<RawDevice> {
  const device = await connectDevice(server.url, { autoPong });
  await device.login({ token: await makeToken({ userId, terminal: 0, secret }), devId: 'demo' });
  return device;
}

const sender = { id: 1, terminal: 0 };
let lastId = 0;

function data(text: string): object {
  lastId += 1;
  return { id: lastId, text };
}

async function sendPrivate(client: ImClient, recvId: number): Promise<void> {
  await client.sendPrivateMessage({
    ...{ sender, recvId, recvTerminals: [0], sendToSelf: false, data: data('hello') },
  });
}

async function sendToGroup(client: ImClient, count: number): Promise<void> {
  const recvIds = range(25).map((index) => (count % 2 === 0 ? users.first : users.second) + index);
  await client.sendGroupMessage({
    sender,
    recvIds,
    recvTerminals: [0],
    sendToSelf: false,
    data: data('all'),
  });
}

async function sendBad(client: ImClient): Promise<void> {
  const recvIds = [users.first];
  await client.sendGroupMessage({
    sender,
    recvIds,
    recvTerminals: [0],
    sendToSelf: false,
    data: data('bad'),
  });
}

/** It says nothing more once it is logged in, until the server has had enough of that. */
async function beSilent(server: PushServer): Promise<void> {
  const device = await logIn(server, users.silent, false);
  await device.closed;
}

async function knockWithBadToken(server: PushServer): Promise<void> {
  const device = await connectDevice(server.url);
  device.send({ cmd: 0, data: { accessToken: 'no token', devId: 'demo' } });
  await device.closed;
}

async function knockWhereFull(server: PushServer): Promise<void> {
  const device = await connectDevice(server.url);
  await device.closed;
}

/** Again and again; what fails is what the demo is about. */
async function every(ms: number, over: AbortSignal, work: (count: number) => Promise<void>): Promise<void> {
  const ended = new Promise((resolve) => over.addEventListener('abort', resolve));
  for (let count = 0; !over.aborted; count += 1) {
    await Promise.race([ended, work(count).catch(() => undefined)]);
    await sleep(ms, undefined, { signal: over }).catch(() => undefined);
  }
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
