// A backend in a process of its own, to see what sending costs it. Arguments: which client, the Redis, a key prefix.
import { once } from 'node:events';
import { Emitter } from '@socket.io/redis-emitter';
import { createImClient } from 'im-client';
import { Redis } from 'ioredis';
import { atRate } from '../at-rate.ts';
import { nowUs } from '../process-figures.ts';
import { payload } from '../payload.ts';

export interface SendOrder {
  readonly count: number;
  readonly users: number;
  /** Sends that are begun in one turn of the event loop; the next turn is when all have been answered. */
  readonly perTurn: number;
  /** Instead: one after the other at this rate, whatever becomes of them. */
  readonly perSecond?: number;
}

export interface SendAnswer {
  readonly id: number;
  readonly error?: string;
  /** CPU time of this process per message. */
  readonly cpuUs: number;
  readonly perSecond: number;
}

type Send = (user: number) => Promise<unknown>;

const [client, redisUrl = '', keyPrefix = ''] = process.argv.slice(2);

function createSend(): { send: Send; flush: () => Promise<unknown> } {
  if (client === 'redis-emitter') {
    const redis = new Redis(redisUrl);
    const emitter = new Emitter(redis);
    const sent = Promise.resolve();
    return {
      send: (user) => {
        emitter.to(`u${user}`).emit('m', JSON.parse(payload()));
        return sent;
      },
      flush: () => redis.ping(),
    };
  }
  const im = createImClient({
    service: 'bench',
    redis: { url: redisUrl, keyPrefix },
    // A rate that it cannot hold is seen in the latencies.
    maxWaiting: 1_000_000,
  });
  // Without a listener here results would be passed on to other instances of the service.
  im.on('private', () => undefined);
  const sendResult = client === 'im-client';
  const sender = { id: 900_000, terminal: 0 };
  const recvTerminals = [0];
  return {
    // Written out, as in the README: in Node 20 objects written `{ ...common, recvId }` are slow to make and to read.
    send: (recvId) => {
      const data = JSON.parse(payload()) as object;
      return im.sendPrivateMessage({ sender, recvId, recvTerminals, sendToSelf: false, sendResult, data });
    },
    flush: () => Promise.resolve(),
  };
}

const { send, flush } = createSend();

async function sendAll(order: SendOrder): Promise<Omit<SendAnswer, 'id'>> {
  const { count } = order;
  const before = process.cpuUsage();
  const startedAt = nowUs();
  await (order.perSecond === undefined ? inTurns(order) : atPace(order, order.perSecond));
  const seconds = (nowUs() - startedAt) / 1e6;
  // What follows (answers, results) belongs to it.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { user, system } = process.cpuUsage(before);
  return { cpuUs: (user + system) / count, perSecond: count / seconds };
}

async function inTurns({ count, users, perTurn }: SendOrder): Promise<void> {
  for (let sent = 0; sent < count; sent += perTurn) {
    const sends: Promise<unknown>[] = [];
    for (let index = sent; index < Math.min(count, sent + perTurn); index += 1)
      sends.push(send((index % users) + 1));
    await Promise.all(sends);
    await flush();
  }
}

async function atPace({ count, users }: SendOrder, perSecond: number): Promise<void> {
  const sends: Promise<unknown>[] = [];
  await atRate(perSecond, count, (index) => sends.push(send((index % users) + 1)));
  await Promise.all(sends);
  await flush();
}

process.on('message', ({ id, ...order }: SendOrder & { id: number }) => {
  sendAll(order).then(
    (answer) => process.send?.({ id, ...answer }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
await once(process, 'disconnect');
process.exit(0);
