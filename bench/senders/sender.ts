// A backend in a process of its own, to see what sending costs it. Arguments: which client, and where.
import { once } from 'node:events';
import { atRate } from '../at-rate.ts';
import type { Backend } from './backend.ts';
import { brokerBackend } from './broker-backend.ts';
import { centrifugoBackend } from './centrifugo-backend.ts';
import { imBackend } from './im-backend.ts';
import { registerTracer } from './tracer.ts';
import { emitterBackend, streamsBackend } from './socket-io-backend.ts';

export interface SendOrder {
  readonly count: number;
  /** The messages are for the users 1 to so many in turn. */
  readonly users: number;
  /** Instead: each is for all of them. */
  readonly toAll?: boolean;
  /** Sends that are begun in one turn of the event loop; the next turn is when all have been answered. */
  readonly perTurn: number;
  /** Instead: one after the other at this rate, whatever becomes of them. */
  readonly perSecond?: number;
}

export interface SendAnswer {
  readonly id: number;
  readonly error?: string;
}

const clients: Readonly<Record<string, (where: string, more: string) => Backend | Promise<Backend>>> = {
  'im-client': (redisUrl, keyPrefix) => imBackend(redisUrl, keyPrefix, true),
  'im-client-without-results': (redisUrl, keyPrefix) => imBackend(redisUrl, keyPrefix, false),
  'tracer unused': (redisUrl, keyPrefix) => tracedBackend(redisUrl, keyPrefix, 0),
  'traced 1 %': (redisUrl, keyPrefix) => tracedBackend(redisUrl, keyPrefix, 0.01),
  'traced 100 %': (redisUrl, keyPrefix) => tracedBackend(redisUrl, keyPrefix, 1),
  'redis-emitter': (redisUrl) => emitterBackend(redisUrl),
  'redis-streams': (redisUrl) => streamsBackend(redisUrl),
  nats: (port) => brokerBackend('nats', Number(port)),
  mqtt: (port) => brokerBackend('mqtt', Number(port)),
  centrifugo: (port, how) => centrifugoBackend(Number(port), how === 'parallel'),
};

function tracedBackend(redisUrl: string, keyPrefix: string, share: number): Backend {
  registerTracer(share);
  return imBackend(redisUrl, keyPrefix, true, share > 0);
}

const [client = '', where = '', more = ''] = process.argv.slice(2);
const backend = clients[client]?.(where, more);

async function send({ count, users, toAll, perTurn, perSecond }: SendOrder): Promise<void> {
  const by = await backend;
  if (!by) throw new Error(`No client ${client}`);
  const sendOne = toAll
    ? (): Promise<unknown> => by.toAll(users)
    : (index: number): Promise<unknown> => by.toOne((index % users) + 1);
  if (perSecond === undefined) {
    for (let sent = 0; sent < count; sent += perTurn) {
      const sends: Promise<unknown>[] = [];
      for (let index = sent; index < Math.min(count, sent + perTurn); index += 1) sends.push(sendOne(index));
      await Promise.all(sends);
      await by.flush();
    }
    return;
  }
  const sends: Promise<unknown>[] = [];
  await atRate(perSecond, count, (index) => sends.push(sendOne(index)));
  await Promise.all(sends);
  await by.flush();
}

process.on('message', ({ id, ...order }: SendOrder & { id: number }) => {
  send(order).then(
    () => process.send?.({ id }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
await once(process, 'disconnect');
process.exit(0);
