import { setTimeout as sleep } from 'node:timers/promises';
import { encodeEntry, messageList, toByteText, type ByteText } from 'im-common/bus';
import { Redis } from 'ioredis';
import { payload } from '../payload.ts';
import { startServer } from '../start-server.ts';
import { inTurn, type Subject } from './subject.ts';

export interface ImOptions {
  readonly name: string;
  readonly redisUrl: string;
  readonly proof: 'written' | 'pong';
  /** Another build of the server, to measure a change in one run. */
  readonly program?: string | undefined;
}

const perCommand = 1_000;
const privateResults = 'im:result:private:bench';

/** Our server with every default: tokens, limits, identities, results, the in-flight store, metrics. */
export async function startIm({ name, redisUrl, proof, program }: ImOptions): Promise<Subject & { readonly id: number }> {
  const server = await startServer(redisUrl, ['--proof', proof], program);
  const backend = new Redis(redisUrl);
  const lists = {
    private: messageList('private', server.id),
    group: messageList('group', server.id),
  };
  let messages = 0;
  let privateCount = 0;
  const entry = (kind: 'private' | 'group', receivers: readonly number[]): ByteText => {
    messages += 1;
    return encodeEntry(kind, {
      dataText: toByteText(payload()),
      receivers: receivers.map((user) => ({ id: String(user), terminal: 0 })),
      senderText: toByteText('{"id":1,"terminal":0}'),
      sendResult: true,
      serviceName: 'bench',
      messageId: `bench-${messages.toString(36)}`,
      attempt: 1,
      queuedAt: Date.now(),
    });
  };
  return {
    name,
    pid: server.pid,
    id: server.id,
    port: Number(new URL(server.url).port),
    wire: 'im',
    unicast: (count, users) => {
      privateCount += count;
      return inTurn(count, users, perCommand, (some) =>
        backend.rpush(lists.private, ...some.map((user) => entry('private', [user]))),
      );
    },
    unicastOne: (user) => {
      privateCount += 1;
      void backend.rpush(lists.private, entry('private', [user]));
    },
    fanout: async (count, users) => {
      const everybody = Array.from({ length: users }, (_, index) => index + 1);
      const whole = entry('group', everybody);
      // Only what differs is made again: the list of receivers alone is 30 KB for a thousand.
      const [head = '', tail = ''] = whole.split(/"receivers":.*"data":\{.*\}/s);
      const receivers = /"receivers":.*"data":/s.exec(whole)?.[0] ?? '';
      for (let sent = 0; sent < count; sent += 1) {
        messages += 1;
        const own = head.replace(/"messageId":"[^"]*"/, `"messageId":"bench-${messages.toString(36)}"`);
        await backend.rpush(lists.group, `${own}${receivers}${payload()}${tail}`);
      }
    },
    clean: async () => {
      await everyResult(backend, privateCount);
      privateCount = 0;
      await backend.del(privateResults, 'im:result:group:bench');
    },
    stop: async () => {
      backend.disconnect();
      await server.stop();
    },
  };
}

/** What was measured counts only if every message had its result. */
async function everyResult(redis: Redis, expected: number): Promise<void> {
  for (let attempt = 1; (await redis.llen(privateResults)) !== expected; attempt += 1) {
    if (attempt > 50) throw new Error(`${await redis.llen(privateResults)} results for ${expected} messages`);
    await sleep(100);
  }
}
