import { startRedis } from 'im-test/support';
import { ChildProgram } from '../child-program.ts';
import { median } from '../process-figures.ts';
import type { Table } from '../report/table.ts';
import type { SendAnswer, SendOrder } from '../senders/sender.ts';
import { startIm } from '../subjects/im.ts';
import { startSocketIo } from '../subjects/socket-io.ts';
import { Swarm } from '../swarm/swarm.ts';

const users = 1_000;
const count = 20_000;
const batches = [1, 10, 500];

const names = {
  'im-client': 'im-client, results on',
  'im-client-without-results': 'im-client, results off',
  'redis-emitter': 'Socket.IO redis-emitter (no results)',
} as const;

type Client = keyof typeof names;

/** What sending costs the backend, with everything that its client promises. */
export async function sender(rounds: number): Promise<Table[]> {
  const redis = await startRedis({ args: ['--client-output-buffer-limit', 'pubsub 0 0 0'] });
  const swarm = new Swarm(1);
  const im = await startIm({ name: 'im', redisUrl: redis.url, proof: 'written' });
  const socketIo = await startSocketIo('redis', redis.url);
  const clients = (Object.keys(names) as Client[]).map((client) => ({
    client,
    program: new ChildProgram<SendOrder, SendAnswer>(
      'senders/sender.ts',
      [client, redis.url, im.keyPrefix],
      'built',
    ),
  }));
  try {
    await swarm.open('im', 'im', im.port, users);
    await swarm.open('Socket.IO', 'socket-io', socketIo.port, users);
    const tables: Table[] = [];
    for (const perTurn of batches) {
      const all = new Map<Client, SendAnswer[]>();
      const messages = perTurn === 1 ? count / 10 : count;
      for (let round = 0; round <= rounds; round += 1) {
        for (const { client, program } of clients) {
          const answer = await program.ask({ count: messages, users, perTurn });
          if (round > 0) all.set(client, [...(all.get(client) ?? []), answer]);
        }
      }
      tables.push({
        title: `Sending, ${perTurn} at a time`,
        note: `CPU of the sending process per message for one receiver; medians of ${rounds} rounds of ${messages}.`,
        columns: ['', 'sender µs per message', 'messages/s'],
        rows: [...all].map(([client, answers]) => [
          names[client],
          median(answers.map(({ cpuUs }) => cpuUs)),
          median(answers.map(({ perSecond }) => perSecond)),
        ]),
      });
    }
    return tables;
  } finally {
    await Promise.all(clients.map(({ program }) => program.stop()));
    await Promise.all([im.stop(), socketIo.stop(), swarm.stop()]);
    await redis.stop();
  }
}
