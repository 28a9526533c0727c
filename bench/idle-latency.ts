// How long a push takes on an idle system: from RPUSH by a plain Redis client to the frame at a plain WebSocket client.
// Run: npm run idle-latency -w im-bench
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis } from 'im-test/support';
import { Redis } from 'ioredis';
import { connect, percentile } from './device.ts';
import { startServer } from './start-server.ts';

const pushes = 1_000;
/** Longer than a push takes, so that each finds the server waiting; varied, so that no rhythm helps. */
const pauseMs = (): number => 2 + Math.random() * 8;

const redis = await startRedis();
const server = await startServer(redis.url);
const backend = new Redis(redis.url);
const device = await connect(server.url, 2);

const latencies: number[] = [];
for (let i = -50; i < pushes; i++) {
  await sleep(pauseMs());
  const arrived = once(device, 'message');
  const entry = `{"cmd":3,"data":{"content":"${'x'.repeat(100)}","id":${i}},"receivers":[{"id":2,"terminal":0}],"sendResult":true,"sender":{"id":1,"terminal":0},"serviceName":"bench"}`;
  const startedAt = performance.now();
  void backend.rpush(`im:message:private:${server.id}`, entry);
  await arrived;
  if (i >= 0) latencies.push(performance.now() - startedAt); // the first ones warm up
}

latencies.sort((a, b) => a - b);
const row = [0.5, 0.9, 0.99].map((share) => `${percentile(latencies, share).toFixed(2)} ms`);
console.log(`RPUSH to frame, idle, ${pushes} pushes: p50 ${row[0]}, p90 ${row[1]}, p99 ${row[2]}`);

device.terminate();
backend.disconnect();
await server.stop();
await redis.stop();
