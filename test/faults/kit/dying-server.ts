// An im-server that dies by SIGKILL between "the results are on their list" and "the entry is acknowledged". Started by
// im-server.ts like the real program.
import { parseArgs } from 'node:util';
import { createRedisBus, type Bus, type PutBatch } from 'im-common/bus';
import { createImServer } from 'im-server';
import { aroundBus, die } from './around.ts';

const { values } = parseArgs({
  strict: false,
  options: { redis: { type: 'string' }, 'jwt-secret': { type: 'string' }, 'lease-ms': { type: 'string' } },
});
const bus = createRedisBus({ url: String(values.redis) });
await bus.start();
/** In two steps, as on a Redis Cluster. */
const lists = new Proxy(bus.lists, {
  get(target, key) {
    const member: unknown = Reflect.get(target, key, target);
    if (key === 'acknowledgesWithPut') return false;
    if (key === 'put')
      return (list: string, { acknowledge: _, ...batch }: PutBatch) => target.put(list, batch);
    return typeof member === 'function' ? (member.bind(target) as unknown) : member;
  },
});
const inTwoSteps: Bus = {
  ...bus,
  lists,
  start: () => bus.start(),
  close: () => bus.close(),
  ping: () => bus.ping(),
};
const server = createImServer({
  bus: aroundBus(inTwoSteps, (method, list, call) =>
    method === 'lists.acknowledge' && String(list).startsWith('im:message:') ? die() : call(),
  ),
  host: '127.0.0.1',
  port: 0,
  jwtSecret: String(values['jwt-secret']),
  leaseMs: Number(values['lease-ms'] ?? 2_500),
});
await server.start();
process.stdout.write(`${JSON.stringify({ url: server.url, id: server.id, adminPort: 0 })}\n`);
