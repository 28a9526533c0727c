// A topic of 10,000, of whom some are online, on two servers, beside today's group send: calls and bytes of Redis for each send, CPU of the
// sender, and a private send beside five senders at full speed. node --conditions=im-source --import tsx bench/topics.ts
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createImClient, type ImClient } from 'im-client';
import { createToken } from 'im-common/token';
import { createImServer } from 'im-server';
import { Redis } from 'ioredis';
import { WebSocket } from 'ws';

const redis = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';
const keyPrefix = process.env['TOPIC_BENCH'] ?? `bench-${process.pid}-`;
const jwtSecret = 'only-for-this-bench';
const members = Array.from({ length: 10_000 }, (_, index) => index + 1);
const online = 200;
const sender = { id: 1_000_000, terminal: 0 };
const how = { sender, sendToSelf: false, data: { text: 'x'.repeat(100) } };

const clientOf = (service: string): ImClient => createImClient({ service, redis: { url: redis, keyPrefix } });
const toGroup = (im: ImClient) => im.sendGroupMessage({ ...how, recvIds: members });
const toTopic = (im: ImClient) => im.sendGroupMessage({ ...how, topic: 'room' });

const [role, which] = process.argv.slice(2);
if (role === 'server') {
  const server = createImServer({
    redis: { url: redis, keyPrefix },
    host: '127.0.0.1',
    port: 0,
    jwtSecret,
    drainMs: 0,
  });
  await server.start();
  process.send?.(server.url);
  process.on('message', () => process.send?.(process.cpuUsage()));
} else if (role === 'devices') {
  // A process of their own: who is measured does not read what comes to them.
  const urls = which?.split(' ') ?? [];
  for (let user = 1; user <= online; user += 1) {
    const device = new WebSocket(urls[user % urls.length] ?? '');
    await once(device, 'open');
    const accessToken = await createToken(jwtSecret, { userId: user, terminal: 0, expiresInS: 600 });
    device.send(JSON.stringify({ cmd: 0, data: { accessToken } }));
    await once(device, 'message');
  }
  process.send?.('ready');
} else if (role === 'senders') {
  const im = clientOf('senders');
  await im.start();
  const send = which === 'topic' ? toTopic : toGroup;
  process.send?.('ready');
  await Promise.all(
    Array.from({ length: 5 }, async () => {
      for (;;) await (await send(im)).counts();
    }),
  );
} else {
  const child = (...args: string[]) =>
    fork(new URL(import.meta.url), args, { env: { ...process.env, TOPIC_BENCH: keyPrefix } });
  const servers = [child('server'), child('server')];
  const urls = await Promise.all(
    servers.map(async (server) => ((await once(server, 'message')) as [string])[0]),
  );
  const devices = child('devices', urls.join(' '));
  await once(devices, 'message');
  const im = clientOf('bench');
  await im.topics.add('room', members);
  const info = new Redis(redis);
  const figures = async (): Promise<Record<string, number>> => {
    const [stats, server] = [await info.info('stats'), await info.info('cpu')];
    const number = (name: string): number =>
      Number(new RegExp(`${name}:([\\d.]+)`).exec(stats + server)?.[1]);
    const cpu = await Promise.all(
      servers.map(async (one) => {
        one.send('cpu');
        const [usage] = (await once(one, 'message')) as [NodeJS.CpuUsage];
        return usage.user + usage.system;
      }),
    );
    const own = process.cpuUsage();
    return {
      calls: number('total_commands_processed'),
      bytesIn: number('total_net_input_bytes'),
      bytesOut: number('total_net_output_bytes'),
      redisCpuMs: 1_000 * (number('used_cpu_user') + number('used_cpu_sys')),
      serverCpuMs: cpu.reduce((sum, one) => sum + one, 0) / 1_000,
      senderCpuMs: (own.user + own.system) / 1_000,
    };
  };
  const perSend = async (name: string, send: (im: ImClient) => ReturnType<typeof toGroup>): Promise<void> => {
    const times = 40;
    for (let i = 0; i < 5; i += 1) await (await send(im)).counts();
    const before = await figures();
    for (let i = 0; i < times; i += 1) await (await send(im)).counts();
    const after = await figures();
    const each = Object.entries(after).map(([key, value]) => [
      key,
      +((value - (before[key] ?? 0)) / times).toFixed(2),
    ]);
    console.log(name, Object.fromEntries(each));
  };
  const median = async (): Promise<number> => {
    const took: number[] = [];
    for (let i = 0; i < 300; i += 1) {
      const startedAt = performance.now();
      await im.sendPrivateMessage({ sender, recvId: 1 + (i % online), data: i, sendToSelf: false });
      took.push(performance.now() - startedAt);
    }
    return +(took.toSorted((a, b) => a - b)[150] ?? 0).toFixed(2);
  };
  await perSend('group of 10,000, 200 online, per send', toGroup);
  await perSend('topic of 10,000, 200 online, per send', toTopic);
  const alone = await median();
  console.log('private send alone, median ms:', alone);
  for (const kind of ['topic', 'group']) {
    const senders = child('senders', kind);
    await once(senders, 'message');
    const beside = await median();
    const times = (beside / alone).toFixed(2);
    console.log(`private send beside five senders to the ${kind}, median ms: ${beside}, ${times} × alone`);
    senders.kill('SIGKILL');
    await once(senders, 'exit');
  }
  for (const one of [...servers, devices]) one.kill('SIGKILL');
  const keys = await info.keys(`*${keyPrefix}*`);
  if (keys.length > 0) await info.del(...keys);
  process.exit(0);
}
