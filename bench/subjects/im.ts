import { setTimeout as sleep } from 'node:timers/promises';
import { createRedisBus, type ByteText } from 'im-common/bus';
import { encodeEntry, messageList, Producer, resultList, toByteText } from 'im-common/internal/bus';
import { Redis } from 'ioredis';
import { nowUs } from '../process-figures.ts';
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
let subjects = 0;

export interface ImSubject extends Subject {
  readonly keyPrefix: string;
}

/** Our server with every default: tokens, limits, identities, results, the in-flight store, metrics. */
export async function startIm({ name, redisUrl, proof, program }: ImOptions): Promise<ImSubject> {
  // Each has its own keys: the same users are on all of them.
  subjects += 1;
  const keyPrefix = `im${subjects}:`;
  const server = await startServer(redisUrl, ['--proof', proof, '--key-prefix', keyPrefix], program);
  const backend = new Redis(redisUrl);
  const bus = createRedisBus({ url: redisUrl, keyPrefix });
  await bus.start();
  // As im-client puts what is sent.
  const producer = new Producer(bus.lists, {
    maxLength: 1_000_000,
    whenFull: 'refuse',
    timeoutMs: 10_000,
    maxBatch: 1_000,
  });
  const privateResults = keyPrefix + resultList('private', 'bench');
  const lists = {
    // The list is empty between rounds; what was prepared here becomes it at a stroke, as a backlog.
    staging: `${keyPrefix}staging`,
    private: keyPrefix + messageList('private', server.id),
    group: keyPrefix + messageList('group', server.id),
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
    keyPrefix,
    port: Number(new URL(server.url).port),
    wire: 'im',
    unicast: async (count, users) => {
      privateCount += count;
      await inTurn(count, users, perCommand, (some) =>
        backend.rpush(lists.staging, ...some.map((user) => entry('private', [user]))),
      );
      const begun = nowUs();
      await backend.rename(lists.staging, lists.private);
      return begun;
    },
    unicastOne: (user) => {
      privateCount += 1;
      void producer.put(messageList('private', server.id), entry('private', [user]));
    },
    fanout: async (count, users) => {
      const everybody = Array.from({ length: users }, (_, index) => index + 1);
      const whole = entry('group', everybody);
      // Only what differs is made again: the list of receivers alone is 30 KB for a thousand.
      const head = whole.slice(0, whole.indexOf('"receivers"'));
      const receivers = whole.slice(head.length, whole.indexOf('"data":') + '"data":'.length);
      for (let sent = 0; sent < count; sent += 1) {
        messages += 1;
        const own = head.replace(/"messageId":"[^"]*"/, `"messageId":"bench-${messages.toString(36)}"`);
        await backend.rpush(lists.group, `${own}${receivers}${payload()}}`);
      }
    },
    clean: async () => {
      await everyResult(backend, privateResults, privateCount);
      privateCount = 0;
      await backend.del(privateResults, keyPrefix + resultList('group', 'bench'));
    },
    stop: async () => {
      backend.disconnect();
      producer.close();
      await bus.close();
      await server.stop();
    },
  };
}

/** What was measured counts only if every message had its result. */
async function everyResult(redis: Redis, list: string, expected: number): Promise<void> {
  for (let attempt = 1; (await redis.llen(list)) !== expected; attempt += 1) {
    if (attempt > 50) throw new Error(`${await redis.llen(list)} results for ${expected} messages`);
    await sleep(100);
  }
}
