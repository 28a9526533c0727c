// Server CPU per delivered message: private messages to many users, results on, proof by pong, from a backlog.
// Run: npm run unicast -w im-bench
import { startRedis } from 'im-test/support';
import { Redis } from 'ioredis';
import { cpuMicroseconds } from './cpu-time.ts';
import { connect } from './device.ts';
import { startServer } from './start-server.ts';

const users = 1_000;
const messages = 100_000;
const inOneCommand = 1_000;
const rounds = 5;

const redis = await startRedis();
const server = await startServer(redis.url, process.argv.slice(2));
const backend = new Redis(redis.url);

let arrived = 0;
let whenAll: () => void = () => undefined;
const devices = [];
for (let user = 1; user <= users; user++) {
  const device = await connect(server.url, user);
  device.on('message', () => {
    arrived += 1;
    if (arrived === messages) whenAll();
  });
  devices.push(device);
}

const costs: number[] = [];
const rates: number[] = [];
for (let round = 0; round <= rounds; round++) {
  arrived = 0;
  const done = new Promise<void>((resolve) => (whenAll = resolve));
  const before = cpuMicroseconds(server.pid);
  const startedAt = performance.now();
  for (let i = 0; i < messages; i += inOneCommand) {
    const entries = Array.from(
      { length: inOneCommand },
      (_, j) =>
        `{"cmd":3,"messageId":"bench-${round}-${i + j}","receivers":[{"id":${((i + j) % users) + 1},"terminal":0}],"sendResult":true,"sender":{"id":1,"terminal":0},"serviceName":"bench","data":{"content":"${'x'.repeat(100)}","id":${i + j}}}`,
    );
    await backend.rpush(`im:message:private:${server.id}`, ...entries);
  }
  await done;
  if (round > 0) {
    rates.push(messages / ((performance.now() - startedAt) / 1_000));
    costs.push((cpuMicroseconds(server.pid) - before) / messages);
  }
  await backend.del('im:result:private:bench');
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
console.log(
  `unicast over ${users} users: ${median(costs).toFixed(1)} µs of server CPU per message, ` +
    `${Math.round(median(rates))} messages/s (medians of ${rounds} rounds of ${messages})`,
);
for (const device of devices) device.terminate();
backend.disconnect();
await server.stop();
await redis.stop();
