// What waits for devices that come back: `npx tsx --conditions=im-source bench/kept-messages.ts [messages] [devices]`.
// Messages are kept for devices that are not there; then all of them log in at once. Needs REDIS_URL.
import { once } from 'node:events';
import { createImClient } from 'im-client';
import { createToken } from 'im-common/token';
import { createImServer } from 'im-server';
import { WebSocket } from 'ws';

const [messages, devices] = [Number(process.argv[2] ?? 10_000), Number(process.argv[3] ?? 1_000)];
const jwtSecret = 'only-for-this-bench-only-for-this';
const redis = {
  url: process.env['REDIS_URL'] ?? 'redis://127.0.0.1',
  keyPrefix: `bench-kept-${process.pid}:`,
};
const server = createImServer({ redis, host: '127.0.0.1', port: 0, jwtSecret });
const im = createImClient({ service: 'bench', redis });
await server.start();
await im.start();

const ends = new Set<string>();
let doubleEnds = 0;
im.on('kept', (results) => {
  for (const { messageId = '', receiver, reason } of results) {
    const end = `${messageId} ${receiver.id} ${reason ?? ''}`;
    if (ends.has(end)) doubleEnds += 1;
    ends.add(end);
  }
});

const keepFrom = performance.now();
for (let n = 0; n < messages; n += 1) {
  await im.capacity();
  const sending = im.sendPrivateMessage({
    ...{ sender: { id: 1, terminal: 0 }, recvId: 10 + (n % devices), recvTerminals: [0] },
    ...{ sendToSelf: false, keep: { forMs: 600_000, most: 1_000 } },
    data: { n, text: 'x'.repeat(100) },
  });
  if (n % 100 === 99) await sending;
}
const keptAfter = performance.now() - keepFrom;

const seen = new Map<number, number[]>();
let count = 0;
const loginFrom = performance.now();
const cpuFrom = process.cpuUsage();
await Promise.all(
  Array.from({ length: devices }, async (_, index) => {
    const socket = new WebSocket(server.url, { perMessageDeflate: false });
    const own: number[] = [];
    seen.set(index, own);
    socket.on('message', (bytes: Buffer) => {
      const { cmd, data } = JSON.parse(bytes.toString()) as { cmd: number; data: { n: number } };
      if (cmd !== 3) return;
      own.push(data.n);
      count += 1;
    });
    await once(socket, 'open');
    const accessToken = await createToken(jwtSecret, { userId: 10 + index, terminal: 0, expiresInS: 600 });
    socket.send(JSON.stringify({ cmd: 0, data: { accessToken, devId: index } }));
  }),
);
while (count < messages) await new Promise((resolve) => setTimeout(resolve, 5));
const deliveredAfter = performance.now() - loginFrom;
while (ends.size < messages) await new Promise((resolve) => setTimeout(resolve, 5));
const toldAfter = performance.now() - loginFrom;
const { user, system } = process.cpuUsage(cpuFrom);

const isInOrder = [...seen.values()].every((own) => own.every((n, at) => at === 0 || n > (own[at - 1] ?? 0)));
const ms = (value: number): string => `${Math.round(value)} ms`;
console.log(`${messages} messages for ${devices} devices, server, service and devices in one process`);
console.log(`kept: ${ms(keptAfter)}`);
console.log(`delivered, from the first connection: ${ms(deliveredAfter)}; all ends told: ${ms(toldAfter)}`);
console.log(`in order: ${isInOrder}; came ${count} times; ends told twice: ${doubleEnds}`);
console.log(`CPU from the first connection on: ${ms((user + system) / 1_000)}`);
await im.close();
await server.close();
process.exit(0);
