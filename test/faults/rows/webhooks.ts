import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { waitUntil } from '../../support/wait-until.ts';
import type { PlatformProgram, StoredMessage } from '../kit/platform.ts';
import { Random } from '../kit/random.ts';
import type { Scope } from '../kit/scope.ts';
import { prepare } from './platform.ts';
import type { Row } from './row.ts';

const users = 6;
const stream = 'events';

interface Told {
  readonly id: string;
  readonly subject: string;
  readonly number: number;
}

/** Platforms are killed while they tell a webhook and a stream of Redis of what is said. */
export const webhooksUnderKills: Row = {
  name: 'webhooks',
  numbers: [],
  holds:
    'platforms are killed while they tell a webhook and a sink of messages: each is told of all of them, and of those of a conversation in order',
  inTest: 1,
  inFull: 50,
  async run({ times, seed, scope }) {
    const random = new Random(seed);
    const stage = await prepare(scope, users);
    const { sql } = stage.people.database;
    const posted = await startReceiver(scope, random);
    await sql('im_sink').insert({
      ...{ id: 'wh_kills', url: posted.url, events: 'message.created,message.recalled', createdTime: 0 },
      secret: `whsec_${randomBytes(32).toString('base64')}`,
    });
    const platform = {
      webhookNetworks: ['loopback'],
      eventSinks: [`${stage.redis.url}?stream=${stream}&most=10000000`],
    };
    const instances: PlatformProgram[] = [];
    for (let index = 0; index < 2; index++) instances.push(await stage.newInstance({ platform }));

    let isOver = false;
    let unanswered = 0;
    /** One after the other, each until it is answered: the same one again is the same message. */
    const talk = async (userId: number): Promise<void> => {
      for (let index = 1; !isOver; index++) {
        const said = { tmpId: `m${userId}-${index}`, content: `m${userId}-${index}`, type: 0 };
        const [path, body] =
          index % 3 === 0
            ? ['/message/group/send', { ...said, groupId: 1 }]
            : ['/message/private/send', { ...said, recvId: (userId % users) + 1 }];
        for (let isStored = false; !isStored;) {
          const answer = await random
            .pick(instances)
            .post<StoredMessage>(userId, path, body)
            .catch(() => undefined);
          isStored = answer?.code === 200;
          if (isStored) continue;
          unanswered += 1;
          await sleep(50);
        }
      }
    };
    const talking = Array.from({ length: users }, (_, index) => talk(index + 1));
    for (let kill = 0; kill < times; kill++) {
      await sleep(random.between(500, 2_500));
      const at = random.between(0, 2);
      await instances[at]?.kill();
      // What the last one has left the other one tells.
      if (kill < times - 1) instances[at] = await stage.newInstance({ platform });
      else instances.splice(at, 1);
    }
    isOver = true;
    await Promise.all(talking);

    const waiting = async (): Promise<number> => {
      const [row] = await sql('im_outbox').where({ state: 0 }).count<{ rows: number }[]>('* as rows');
      return row?.rows ?? 0;
    };
    try {
      await waitUntil('all is told', async () => (await waiting()) === 0, 120_000);
    } catch (error) {
      const sinks = JSON.stringify(await sql('im_sink').select('id', 'lastError', 'offTime', 'owner'));
      throw new Error(`${await waiting()} wait: ${sinks}`, { cause: error });
    }
    const wanted = await storedNumbers(sql);
    const problems: string[] = [];
    const dead = await sql('im_outbox').where({ state: 2 }).count<{ rows: number }[]>('* as rows');
    if (dead[0]?.rows !== 0) problems.push(`${dead[0]?.rows ?? 0} were given up`);
    const streamed = await readStream(stage.redis.url);
    let checked = 0;
    for (const [sink, told] of Object.entries({ webhook: posted.taken, redis: streamed })) {
      const first = [...new Map(told.toReversed().map((one) => [one.id, one])).values()].toReversed();
      for (const [subject, numbers] of wanted) {
        const seen = first.filter((one) => one.subject === subject).map(({ number }) => number);
        checked += numbers.length;
        if (seen.join() !== numbers.join())
          problems.push(`${sink}, ${subject}: ${seen.length} of ${numbers.length}, or not in order`);
      }
    }
    const twice = posted.taken.length + streamed.length - checked;
    return {
      faults: times,
      checked,
      problems,
      figures: {
        'told twice': { value: twice, unit: '' },
        'sends that had to be repeated': { value: unanswered, unit: '' },
        'answered with 500 by the receiver': { value: posted.refused(), unit: '' },
      },
    };
  },
};

interface Receiver {
  readonly url: string;
  /** In the order in which it answered that it has them. */
  readonly taken: Told[];
  refused(): number;
}

/** It takes its time, and has bad moments. */
async function startReceiver(scope: Scope, random: Random): Promise<Receiver> {
  const taken: Told[] = [];
  let refused = 0;
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const piece of request as AsyncIterable<Buffer>) body += piece.toString();
      await sleep(random.between(0, 5));
      const isGood = !random.chance(0.01);
      if (isGood) taken.push(toTold(body));
      else refused += 1;
      response.writeHead(isGood ? 204 : 500).end();
    })();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  scope.onEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, taken, refused: () => refused };
}

function toTold(body: string): Told {
  const { id, subject, data } = JSON.parse(body) as {
    id: string;
    subject: string;
    data: { message: { number: number } };
  };
  return { id, subject, number: data.message.number };
}

async function readStream(url: string): Promise<Told[]> {
  const redis = new Redis(url);
  try {
    const entries = await redis.xrange(stream, '-', '+');
    return entries.map(([, fields]) => toTold(fields.at(-1) ?? ''));
  } finally {
    redis.disconnect();
  }
}

/** Of all that people said, by conversations. */
async function storedNumbers(
  sql: Awaited<ReturnType<typeof prepare>>['people']['database']['sql'],
): Promise<Map<string, number[]>> {
  const ofTwo = await sql('im_private_message')
    .where({ type: 0 })
    .orderBy('number')
    .select<{ conversation: string; number: number }[]>('conversation', 'number');
  const ofGroups = await sql('im_group_message')
    .where({ type: 0 })
    .orderBy('number')
    .select<{ groupId: number; number: number }[]>('groupId', 'number');
  const numbers = new Map<string, number[]>();
  for (const { conversation, number } of [
    ...ofTwo,
    ...ofGroups.map(({ groupId, number }) => ({ conversation: `group:${groupId}`, number })),
  ])
    numbers.set(conversation, [...(numbers.get(conversation) ?? []), number]);
  return numbers;
}
