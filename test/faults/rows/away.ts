import { setTimeout as sleep } from 'node:timers/promises';
import { PushService } from '../../support/push-service.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { tokenOf, type PlatformProgram, type StoredMessage } from '../kit/platform.ts';
import { Random } from '../kit/random.ts';
import { prepare, type Stage } from './platform.ts';
import type { Row } from './row.ts';

/** So many that an instance has as many under way as it may, whenever it dies. */
const users = 60;
const writers = 6;
/** As docs/away-push.md says: of each instance that is killed. */
const mostToldTwice = 32;

/** What a device was told, and its service has answered that it has it. */
interface Told {
  readonly userId: number;
  readonly conversation: string;
  readonly number: number;
  readonly at: number;
}

/** Platforms are killed while they tell those who are away. */
export const awayUnderKills: Row = {
  name: 'away',
  numbers: [],
  holds:
    'platforms are killed while they tell devices that are away: all are told of the newest message, and none twice but for those that a kill has left open',
  inTest: 1,
  inFull: 50,
  async run({ times, seed, scope }) {
    const random = new Random(seed);
    const stage = await prepare(scope, users);
    const { sql } = stage.people.database;
    await sql('im_conversation_member').insert(
      Array.from({ length: users }, (_, index) => ({ userId: index + 1, conversation: 'group:1' })),
    );
    const service = await PushService.start();
    scope.onEnd(() => service.close());
    let refused = 0;
    const taken: { readonly index: number; readonly at: number }[] = [];
    service.answer = async (index) => {
      await sleep(random.between(0, 40));
      const isGood = !random.chance(0.01);
      if (isGood) taken.push({ index, at: performance.now() });
      else refused += 1;
      return isGood ? { status: 201 } : { status: 503, headers: { 'retry-after': '1' } };
    };
    const platform = {
      ...{ webPushContact: 'mailto:ops@example.com', webPushHosts: [service.host] },
      ...{ awayAfterMs: 300, sweepMs: 100 },
    };
    const instances: PlatformProgram[] = [];
    for (let index = 0; index < 2; index++) instances.push(await stage.newInstance({ platform }));
    const browsers = await registerAll(instances[0]?.url ?? '', service);

    let isOver = false;
    let unanswered = 0;
    const talk = async (userId: number): Promise<void> => {
      for (let index = 1; !isOver; index++) {
        const said = { tmpId: `m${userId}-${index}`, content: `m${userId}-${index}`, type: 0 };
        const [path, body] =
          index % 2 === 0
            ? ['/message/group/send', { ...said, groupId: 1 }]
            : ['/message/private/send', { ...said, recvId: random.between(1, users + 1) }];
        // Nobody writes to themselves.
        if ('recvId' in body && body.recvId === userId) continue;
        for (let isStored = false; !isStored;) {
          const answer = await random
            .pick(instances)
            .post<StoredMessage>(userId, path, body)
            .catch(() => undefined);
          isStored = answer?.code === 200;
          if (!isStored) unanswered += 1;
          await sleep(random.between(50, 400));
        }
      }
    };
    const talking = Array.from({ length: writers }, (_, index) => talk(index + 1));
    const kills: number[] = [];
    for (let kill = 0; kill < times; kill++) {
      await sleep(random.between(500, 2_500));
      // While something is on its way to the service.
      const before = service.posted.length;
      await waitUntil('something is told', () => Promise.resolve(service.posted.length > before), 60_000);
      const at = random.between(0, 2);
      await instances[at]?.kill();
      kills.push(performance.now());
      instances[at] = await stage.newInstance({ platform });
    }
    isOver = true;
    await Promise.all(talking);
    await waitUntil('nothing is due', () => isQuiet(sql), 180_000);

    const told = taken.map(({ index, at }): Told => {
      const posted = service.posted[index];
      const userId = Number(posted?.path.slice(1));
      const one = posted && browsers[userId - 1]?.read(posted);
      if (one?.is !== 'message') throw new Error(`User ${userId} was told of no message`);
      return { userId, conversation: one.conversationId, number: one.number, at };
    });
    const judged = await judge(sql, told, kills);
    return {
      faults: times,
      checked: judged.checked,
      problems: judged.problems,
      figures: {
        notifications: { value: told.length, unit: '', atLeast: users },
        'told twice': { value: judged.twice, unit: '', atMost: mostToldTwice * times },
        'sends that had to be repeated': { value: unanswered, unit: '' },
        'answered with 503 by the service': { value: refused, unit: '' },
      },
    };
  },
};

type Sql = Stage['people']['database']['sql'];

/** Each user has a browser, and is never there. */
async function registerAll(url: string, service: PushService) {
  return Promise.all(
    Array.from({ length: users }, async (_, index) => {
      const userId = index + 1;
      const browser = service.subscribe(`/${userId}`);
      const headers = {
        'content-type': 'application/json',
        authorization: `Bearer ${await tokenOf(userId)}`,
      };
      const asked = { method: 'PUT', headers, body: JSON.stringify(browser.registration) };
      await waitUntil(
        `user ${userId} is registered`,
        async () => (await fetch(`${url}/v1/sessions/current/push`, asked)).ok,
        60_000,
      );
      return browser;
    }),
  );
}

async function isQuiet(sql: Sql): Promise<boolean> {
  const [behind, due] = await Promise.all([
    sql('im_lane as l')
      .join('im_away_lane as a', 'a.lane', 'l.lane')
      .whereRaw('l.stamp > a.stamp')
      .first<{ lane: number } | undefined>('l.lane'),
    sql('im_away_conversation')
      .whereNotNull('dueTime')
      .first<{ conversation: string } | undefined>('conversation'),
  ]);
  return behind === undefined && due === undefined;
}

async function judge(
  sql: Sql,
  told: readonly Told[],
  kills: readonly number[],
): Promise<{ readonly checked: number; readonly twice: number; readonly problems: string[] }> {
  const problems: string[] = [];
  const last = new Map<string, Told>();
  let twice = 0;
  for (const one of told) {
    const name = `user ${one.userId}, ${one.conversation}`;
    const before = last.get(name);
    last.set(name, one);
    if (!before || before.number < one.number) continue;
    twice += 1;
    if (before.number > one.number) problems.push(`${name}: ${one.number} after ${before.number}`);
    // By whoever came after the one that was killed.
    if (!kills.some((at) => before.at < at + 1_000 && at < one.at))
      problems.push(`${name}: ${one.number} twice, and nobody was killed`);
  }
  const wanted = await newestOfOthers(sql);
  for (const { userId, conversation, number } of wanted) {
    const name = `user ${userId}, ${conversation}`;
    const newest = last.get(name)?.number ?? 0;
    if (newest !== number) problems.push(`${name}: told of ${newest}, and the newest is ${number}`);
  }
  return { checked: wanted.length, twice, problems };
}

/** Of each conversation and each of its people the newest message that somebody else wrote. */
async function newestOfOthers(sql: Sql): Promise<Omit<Told, 'at'>[]> {
  const privately = await sql('im_private_message')
    .where({ type: 0 })
    .groupBy('recvId', 'conversation')
    .select<Omit<Told, 'at'>[]>('recvId as userId', 'conversation', sql.raw('max(number) as number'));
  const inGroup = await sql('im_group_message')
    .where({ type: 0, groupId: 1 })
    .groupBy('sendId')
    .select<{ sendId: number; number: number }[]>('sendId', sql.raw('max(number) as number'));
  const ofGroup = Array.from({ length: users }, (_, index) => {
    const others = inGroup.filter(({ sendId }) => sendId !== index + 1).map(({ number }) => number);
    return { userId: index + 1, conversation: 'group:1', number: Math.max(0, ...others) };
  });
  return [...privately, ...ofGroup];
}
