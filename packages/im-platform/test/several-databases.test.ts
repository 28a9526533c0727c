import { setTimeout as sleep } from 'node:timers/promises';
import { testRedis, type MariaDbServer } from 'im-test/support';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { laneOf } from '../src/db/lanes.ts';
import { openDatabase, type Database } from '../src/db/database.ts';
import { orderLanes } from '../src/lanes/move-lanes.ts';
import { conversationOf } from '../src/messages/private/private-message.ts';
import { MessageType } from '../src/wire/message-type.ts';
import { apiOf } from './support/api.ts';
import { openGroup } from './support/groups.ts';
import { dyingBefore, startElsewhere } from './support/lanes-elsewhere.ts';
import { nextPrivate, pull, say, sayInGroup, statuses } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { startProgram, type RunningProgram } from './support/program.ts';
import { searchAll } from './support/search.ts';
import {
  accessSecret,
  refreshSecret,
  startTestPlatform,
  type TestPlatform,
} from './support/test-platform.ts';

// Two servers of MariaDB. Conversations of two come from the first to the second, groups and everything else stay. One platform for all of it.

// Processes take long to start on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

interface Pair {
  readonly ann: Person;
  readonly bob: Person;
  readonly anns: ApiClient;
  readonly bobs: ApiClient;
  readonly conversation: string;
}

let test: TestPlatform;
let east: MariaDbServer;
let database: Database;
/** As options name it. */
let named: string;

beforeAll(async () => {
  const elsewhere = await startElsewhere();
  ({ server: east, database, named } = elsewhere);
  test = await startTestPlatform({
    store: 'mariadb',
    platform: {
      ...{ database: elsewhere.url, laneDatabases: [named], friendship: 'open' as const },
      ...{ sweepMs: 500, requestTimeoutMs: 60_000 },
    },
  });
  return async () => database.close();
});

let pairs = 0;

/** They become friends as people do. */
async function makePair(): Promise<Pair> {
  pairs += 1;
  const [ann, bob] = [await test.register(`ann${pairs}`), await test.register(`bob${pairs}`)];
  const [anns, bobs] = [await apiOf(test, ann), await apiOf(test, bob)];
  await unwrap(anns.PUT('/v1/friends/{userId}', { params: { path: { userId: String(bob.id) } } }));
  return { ann, bob, anns, bobs, conversation: conversationOf(ann.id, bob.id) };
}

function moveLane(
  conversation: string,
  to: string,
  onStep?: (step: string) => void | Promise<void>,
): Promise<void> {
  const order = { what: 'move', lanes: [laneOf(conversation)], to } as const;
  return orderLanes(database, order, { say: () => undefined, restMs: 1_500, ...(onStep && { onStep }) });
}

/** The command, in a process of its own. */
function command(
  args: readonly string[],
  { dieBefore, time = 1 }: { readonly dieBefore?: RegExp; readonly time?: number } = {},
): RunningProgram {
  const env = { IM_PLATFORM_DATABASE: database.url, IM_PLATFORM_LANE_DATABASES: named };
  return startProgram(['lanes', ...args], {
    env,
    ...(dieBefore && { preload: dyingBefore(dieBefore, time) }),
  });
}

/** Writes on and on, as outboxes do: again, under the same name, until it is answered. */
function writing(from: Person, to: Person) {
  const told: number[] = [];
  const texts: string[] = [];
  const ending = new AbortController();
  const done = (async () => {
    while (!ending.signal.aborted) {
      const text = `${from.id} says ${texts.length}`;
      const sent = await say(from, to, text, { tmpId: text }).catch(() => undefined);
      if (sent) {
        told.push(sent.number);
        texts.push(text);
      }
      await sleep(pauseMs);
    }
  })();
  return {
    ...{ told, texts },
    async end() {
      ending.abort();
      await done;
    },
  };
}

/** Between two messages of one writer, so that the rest of it has something of the processor. */
const pauseMs = 10;

function sync(api: ApiClient, cursor?: string, limit = 20) {
  return unwrap(
    api.POST('/v1/sync', { body: { ...(cursor !== undefined && { cursor }), limit, messages: 50 } }),
  );
}

describe('a lane that moves', () => {
  it('loses nothing and has nothing twice, wherever the move is broken off, while people write', async () => {
    const { ann, bob, bobs, conversation } = await makePair();
    const lane = laneOf(conversation);
    await say(ann, bob, 'before');
    const before = await sync(bobs);
    const writer = writing(ann, bob);
    const broken: string[] = [];
    for (let dieAt = 0; ; dieAt++) {
      let steps = 0;
      const result = await moveLane(conversation, 'east', (step) => {
        if (steps++ < dieAt) return;
        broken.push(step);
        throw new Error('broken off');
      }).catch((error: unknown) => (error as Error).message);
      if (result === undefined) break;
      expect(result).toBe('broken off');
    }
    await writer.end();
    const { told } = writer;

    expect(broken.map((step) => step.split(' ')[0])).toEqual(
      expect.arrayContaining(['copy', 'close', 'open', 'say', 'empty']),
    );
    const [first, there] = database.laneDatabases;
    expect(await first?.sql('im_private_message').where({ conversation })).toEqual([]);
    expect(await first?.sql('im_conversation_member').where({ conversation })).toEqual([]);
    const rows = await there?.sql('im_private_message').where({ conversation }).orderBy('number');
    expect(rows?.map((row: { number: number }) => row.number)).toEqual(rows?.map((_, index) => index + 1));
    expect(new Set(told).size).toBe(told.length);
    expect(rows?.map((row: { number: number }) => row.number)).toEqual(expect.arrayContaining(told));
    const texts = rows?.map((row: { content: string }) => row.content) ?? [];
    expect(new Set(texts).size).toBe(texts.length);
    // Who has synced before is told of all of it, and of the place.
    const after = await sync(bobs, before.cursor);
    expect(after).toMatchObject({ isReset: false, missingLanes: [] });
    expect(after.conversations.find(({ id }) => id === conversation)?.last).toBe(rows?.length);
    expect(lane % 2).toBe(0);

    await moveLane(conversation, '');
    await say(bob, ann, 'back again');
    expect(await there?.sql('im_private_message').where({ conversation })).toEqual([]);
    expect(await first?.sql('im_private_message').where({ conversation })).toHaveLength(texts.length + 1);
  });
});

describe('the command', () => {
  it('may be killed at each of its steps while people write at two instances: nothing is lost, nothing is there twice, and called again it opens the lane', async () => {
    const { ann, bob, conversation } = await makePair();
    const elsewhere = await test.startAnother();
    const bobThere = await test.logIn(`bob${pairs}`, { at: elsewhere });
    const writers = [writing(ann, bob), writing(bobThere, ann)];
    const move = ['move', String(laneOf(conversation)), 'east'];
    const fence = /^update `im_lane_fence`/;
    const steps: readonly { readonly dieBefore: RegExp; readonly time?: number }[] = [
      { dieBefore: /^insert into `im_private_message`/ },
      // The first one closes what may be open where it goes.
      { dieBefore: fence, time: 2 },
      { dieBefore: /^delete from `im_pending_push`/ },
      { dieBefore: fence, time: 3 },
      { dieBefore: /insert into `im_lane_place`/ },
      { dieBefore: /^delete from `im_private_message`/ },
    ];
    for (const step of steps) {
      const { exit } = command(move, step);
      expect(await exit, String(step.dieBefore)).toEqual({ code: null, signal: 'SIGKILL' });
    }
    const last = command(move);
    expect(await last.exit, last.stderr).toMatchObject({ code: 0 });
    // It is open: both are answered again.
    const answered = writers.map(({ texts }) => texts.length);
    for (const [index, { texts }] of writers.entries())
      await expect.poll(() => texts.length).toBeGreaterThan(answered[index] ?? 0);
    // Once in one go, so that there is something to copy while it is closed.
    await moveLane(conversation, '');
    for (const writer of writers) await writer.end();

    const [first, there] = database.laneDatabases;
    expect(await there?.sql('im_private_message').where({ conversation })).toEqual([]);
    const rows: { number: number; content: string }[] =
      (await first?.sql('im_private_message').where({ conversation, type: 0 }).orderBy('number')) ?? [];
    // The first number has what says that they are friends.
    expect(rows.map(({ number }) => number)).toEqual(rows.map((_, index) => index + 2));
    expect(rows.map(({ content }) => content).toSorted()).toEqual(
      writers.flatMap(({ texts }) => texts).toSorted(),
    );
    const told = writers.flatMap((writer) => writer.told);
    expect(rows.map(({ number }) => number)).toEqual(told.toSorted((one, other) => one - other));
  });
});

describe('two commands at once', () => {
  it('the second one waits for one that is about to end, and says who goes on', async () => {
    const { ann, bob, conversation } = await makePair();
    let second: Promise<void> | undefined;
    let refusals = 0;
    await moveLane(conversation, 'east', async (step) => {
      if (step.startsWith('close')) {
        const where = /^Lanes are being moved, .* by root at \S+:\d+, connection \d+ of the first database; /;
        await expect(moveLane(conversation, 'east')).rejects.toThrow(where);
        refusals += 1;
      }
      if (step === 'empty') second = moveLane(conversation, '');
    });
    expect(refusals).toBe(1);
    await second;
    await say(ann, bob, 'back again');
    const [first] = database.laneDatabases;
    expect(await first?.sql('im_private_message').where({ conversation })).toHaveLength(2);
  });
});

describe('an instance that was not told of the other database', () => {
  it('writes nothing to a lane that has moved, in which nothing is lost, and does not start again', async () => {
    const { ann, bob, anns, bobs, conversation } = await makePair();
    const stays = await makePair();
    const untold = await test.startAnother({ laneDatabases: [] });
    const annThere = await test.logIn(ann.userName, { at: untold });
    const api = await apiOf({ url: untold.url }, ann);
    const sent = await say(annThere, bob, 'while all is in one');
    const writer = writing(annThere, bob);
    await expect.poll(() => writer.told.length).toBeGreaterThan(2);
    // What it notes as read before it sees that the lane has gone goes after it; from then on it notes nothing.
    const asBob = await apiOf({ url: untold.url }, bob);
    const read = (number: number) =>
      asBob.PUT('/v1/conversations/{conversationId}/read', {
        params: { path: { conversationId: conversation } },
        body: { number },
      });
    await moveLane(conversation, 'east', async (step) => {
      if (step.startsWith('say where')) expect((await read(sent.number)).response.ok).toBe(true);
    });
    const told = writer.told.length;
    const shown = await unwrap(
      bobs.GET('/v1/conversations/{conversationId}', {
        params: { path: { conversationId: conversation } },
      }),
    );
    expect(shown.read).toBe(sent.number);
    await expect
      .poll(async () => (await read(sent.number)).error)
      .toMatchObject({ code: 'LANES_MOVING', status: 503, retryable: true });
    const muting = { friendId: bob.id, isDnd: true };
    expect(await annThere.ask('PUT', '/friend/dnd', muting)).toMatchObject({ code: 503 });

    const path = { conversationId: conversation };
    const { error } = (await api.POST('/v1/conversations/{conversationId}/messages', {
      params: { path, header: { 'idempotency-key': 'to-where-the-lane-was' } },
      body: { content: { type: 'text', text: 'lost?' } },
    } as never)) as { error?: unknown };
    expect(error).toMatchObject({ code: 'LANES_MOVING', status: 503, retryable: true });
    const change = await api.DELETE('/v1/friends/{userId}', { params: { path: { userId: String(bob.id) } } });
    expect(change.error).toMatchObject({ code: 'LANES_MOVING' });
    expect((await sync(anns)).conversations.map(({ id }) => id)).toContain(conversation);
    // Where nothing has moved it goes on.
    await say(await test.logIn(stays.ann.userName, { at: untold }), stays.bob, 'as ever');
    const [first, there] = database.laneDatabases;
    expect(await first?.sql('im_private_message').where({ conversation })).toEqual([]);
    const rows: { number: number }[] = (await there?.sql('im_private_message').where({ conversation })) ?? [];
    expect(rows.map(({ number }) => number)).toEqual(expect.arrayContaining([sent.number, ...writer.told]));
    expect(writer.told).toHaveLength(told);

    await expect(test.startAnother({ laneDatabases: [] })).rejects.toThrow(
      /^laneDatabases is empty, and .* are in other databases: east\.$/,
    );
    await expect(test.startAnother({ laneDatabases: [named.replace('east', 'west')] })).rejects.toThrow(
      /west|east/,
    );
    // Back again it is let in, and what waited is there once.
    await moveLane(conversation, '');
    await expect.poll(() => writer.told.length).toBeGreaterThan(told);
    await writer.end();
    expect(new Set(writer.told).size).toBe(writer.told.length);
  });
});

describe('conversations of two in a second database', () => {
  it('are sent, pushed, read, synced, listed, found, changed and taken back as in the first', async () => {
    const { ann, bob, anns, bobs, conversation } = await makePair();
    await moveLane(conversation, 'east');
    const device = await bob.connect();
    const before = await sync(bobs);

    const sent = await say(ann, bob, 'hello there');
    expect(await nextPrivate(device)).toMatchObject({ content: 'hello there', number: sent.number });
    const listed = await unwrap(bobs.GET('/v1/conversations', { params: { query: {} } }));
    expect(listed.items.map(({ id }) => id)).toContain(conversation);
    const after = await sync(bobs, before.cursor);
    expect(after.conversations).toMatchObject([{ id: conversation, unread: 1 }]);
    expect(after.unread).toBe(listed.unread);
    await expect
      .poll(async () => (await searchAll(bobs, 'hello')).map(({ number }) => number))
      .toEqual([sent.number]);

    await bob.put(`/message/private/readed?friendId=${ann.id}`);
    const read = await sync(bobs, after.cursor);
    expect(read.conversations).toMatchObject([{ id: conversation, unread: 0 }]);
    const path = { conversationId: conversation, number: sent.number };
    await unwrap(
      anns.PATCH('/v1/conversations/{conversationId}/messages/{number}', {
        params: { path },
        body: { content: { type: 'text', text: 'hello!' } },
      }),
    );
    await ann.delete(`/message/private/recall/${sent.id}`);
    const last = await sync(bobs, read.cursor);
    const shown = last.conversations[0];
    expect([...(shown?.messages ?? []), ...(shown?.changed ?? [])]).toContainEqual(
      expect.objectContaining({ number: sent.number, status: 'recalled' }),
    );
    expect((await pull(bob)).find(({ id }) => id === sent.id)).toMatchObject({ status: statuses.RECALL });
    // Who is no friend any more may not write, though that stands in the other database; and hears of it once.
    await unwrap(anns.DELETE('/v1/friends/{userId}', { params: { path: { userId: String(bob.id) } } }));
    await expect(say(bob, ann, 'still there?')).rejects.toThrow();
    const tips = await database.laneDatabases[1]?.sql('im_private_message').where({ conversation, type: 21 });
    expect(tips).toHaveLength(2);
    expect(await database.sql('im_lane_order')).toEqual([]);
    expect(await database.sql('im_private_message').where({ conversation })).toEqual([]);
  });
});

describe('a database that is away', () => {
  it('is named to who asks for what is there; the others go on, sync says what is missing, and has it later', async () => {
    const there = await makePair();
    const here = await makePair();
    const { ann, bob, anns, bobs, conversation } = there;
    if (laneOf(here.conversation) === laneOf(conversation)) throw new Error('Both are in one lane');
    await moveLane(conversation, 'east');
    const { id: groupId } = await openGroup(ann, []);
    await say(ann, bob, 'before');
    const before = await sync(anns);
    await say(bob, ann, 'while ann was not there');

    await east.kill();
    const path = { conversationId: conversation };
    const history = anns.GET('/v1/conversations/{conversationId}/messages', { params: { path, query: {} } });
    const sending = anns.POST('/v1/conversations/{conversationId}/messages', {
      params: { path, header: { 'idempotency-key': 'once-and-no-more' } },
      body: { content: { type: 'text', text: 'not now' } },
    } as never) as Promise<{ error?: unknown }>;
    expect((await sending).error).toMatchObject({ code: 'LANES_AWAY', status: 503, retryable: true });
    expect(((await sending).error as { detail: string }).detail).toContain('east');
    await say(here.ann, here.bob, 'in the first');
    await sayInGroup(ann, groupId, 'in a group');
    expect((await pull(here.bob)).map(({ content }) => content)).toContain('in the first');
    const partly = await sync(anns, before.cursor);
    expect(partly.missingLanes).toContain(laneOf(conversation));
    expect(partly.conversations.map(({ id }) => id)).toEqual([`group:${groupId}`]);
    const anew = await sync(bobs);
    expect(anew.conversations.map(({ id }) => id)).not.toContain(conversation);

    await east.restart();
    // Whoever asked meanwhile is answered: questions ride out an outage.
    expect((await history).data?.items).toHaveLength(3);
    await expect.poll(async () => (await sync(anns, partly.cursor)).missingLanes).toEqual([]);
    const later = await sync(anns, partly.cursor);
    expect(later.conversations).toMatchObject([{ id: conversation, unread: 1 }]);
    expect((await sync(bobs, anew.cursor)).conversations.map(({ id }) => id)).toContain(conversation);
    await say(ann, bob, 'goes on');
  });
});

describe('what tells of something while the database of its lane is away', () => {
  it('comes once and in its order when it is back; what it tells of is done, and answered, at once', async () => {
    const { ann, bob, anns, bobs, conversation } = await makePair();
    await moveLane(conversation, 'east');
    const [annsDevice, bobsDevice] = [await ann.connect(), await bob.connect()];
    await ann.post(`/webrtc/private/call?uid=${bob.id}&mode=voice`, 'offer');
    const path = { userId: String(bob.id) };
    await bobsDevice.next(isPushOf(MessageType.RTC_CALL_VOICE));

    await east.kill();
    await bob.post(`/webrtc/private/reject?uid=${ann.id}`);
    await annsDevice.next(isPushOf(MessageType.RTC_REJECT));
    // Asked twice it is done once.
    for (let times = 0; times < 2; times++)
      await unwrap(anns.DELETE('/v1/friends/{userId}', { params: { path } }));
    await bobsDevice.next(isPushOf(MessageType.FRIEND_DEL));
    expect((await unwrap(bobs.GET('/v1/friends', { params: { query: {} } }))).items).toEqual([]);
    for (let times = 0; times < 2; times++)
      await unwrap(anns.PUT('/v1/friends/{userId}', { params: { path } }));
    await bobsDevice.next(isPushOf(MessageType.FRIEND_NEW));
    const orders = await database.sql('im_lane_order').where({ conversation });
    expect(orders).toHaveLength(3);

    await east.restart();
    await expect.poll(() => database.sql('im_lane_order').where({ conversation })).toEqual([]);
    const rows = await toldIn(conversation);
    // The first number has what says that they became friends.
    expect(rows.map(({ type, number }) => [type, number])).toEqual([
      [MessageType.TIP_TEXT, 1],
      [MessageType.ACT_RT_VOICE, 2],
      [MessageType.TIP_TEXT, 3],
      [MessageType.TIP_TEXT, 4],
    ]);
    expect(new Set(rows.map(({ content }) => content)).size).toBe(3);
    expect(rows[3]?.content).toBe(rows[0]?.content);
    await bobsDevice.next(isPushOf(MessageType.ACT_RT_VOICE));
  });

  it('comes once also when the instance is killed between the message and the end of its order', async () => {
    const { ann, bob, anns, conversation } = await makePair();
    await moveLane(conversation, 'east');
    const { url: redis, prefix } = testRedis();
    const program = startProgram(['start', '--port', '0', '--host', '127.0.0.1', '--key-prefix', prefix], {
      env: {
        ...{ IM_PLATFORM_DATABASE: database.url, IM_PLATFORM_LANE_DATABASES: named },
        ...{ IM_PLATFORM_REDIS: redis, IM_PLATFORM_FRIENDSHIP: 'open' },
        ...{ IM_PLATFORM_ACCESS_SECRET: accessSecret, IM_PLATFORM_REFRESH_SECRET: refreshSecret },
      },
      preload: dyingBefore(/^delete from `im_lane_order`/),
    });
    const { url } = JSON.parse(await program.line(/"started"/)) as { url: string };
    const path = { userId: String(bob.id) };
    const there = await apiOf({ url }, ann);
    await expect(there.DELETE('/v1/friends/{userId}', { params: { path } })).rejects.toThrow();
    expect(await program.exit).toMatchObject({ signal: 'SIGKILL' });
    await unwrap(anns.DELETE('/v1/friends/{userId}', { params: { path } }));
    const mine = database.sql('im_lane_order').where({ conversation });
    expect(await mine.clone()).toHaveLength(1);
    // As if its time had come.
    await mine.clone().update({ nextTime: 0 });
    await expect.poll(() => mine.clone()).toEqual([]);
    expect(await toldIn(conversation)).toHaveLength(2);
  });
});

describe('a database that hangs', () => {
  it('is given up by whoever said after how long, and else not: what commands ask takes its time', async () => {
    const [, patient] = database.laneDatabases;
    const hasty = openDatabase({
      ...{ url: database.url, laneDatabases: [{ name: 'east', url: `${east.url}lanes` }] },
      longestSilenceMs: 300,
    });
    try {
      const [first, there] = hasty.laneDatabases;
      const slow = 'select sleep(1) as slept';
      await expect(there?.sql.raw(slow)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
      expect((await first?.sql.raw<[unknown]>(slow))?.[0]).toEqual([{ slept: 0 }]);
      expect((await patient?.sql.raw<[unknown]>(slow))?.[0]).toEqual([{ slept: 0 }]);
    } finally {
      await hasty.close();
    }
  });

  it('holds up nothing that is elsewhere, nor the end of an instance, and loses nothing of what was sent to it', async () => {
    const [there, here, friends] = [await makePair(), await makePair(), await makePair()];
    const { ann, bob, anns, conversation } = there;
    if (laneOf(here.conversation) === laneOf(conversation)) throw new Error('Both are in one lane');
    for (const pair of [there, friends]) await moveLane(pair.conversation, 'east');
    const { id: groupId } = await openGroup(ann, []);
    const another = await test.startAnother({ requestTimeoutMs: 4_000 });
    const logIn = ({ userName }: Person): Promise<Person> => test.logIn(userName, { at: another });
    const [annThere, hereThere] = [await logIn(ann), await logIn(here.ann)];
    const [annsThere, friendsThere] = [
      await apiOf(another, annThere),
      await apiOf(another, await logIn(friends.ann)),
    ];
    const writer = writing(ann, bob);
    await expect.poll(() => writer.told.length).toBeGreaterThan(2);
    const before = await sync(annsThere);

    east.pause();
    const told = writer.told.length;
    try {
      // More than its pool has connections, and more than the log has turns.
      const path = { conversationId: conversation };
      const asked = Array.from({ length: 30 }, (_, index) =>
        index % 2 === 0
          ? annsThere.GET('/v1/conversations/{conversationId}/messages', { params: { path, query: {} } })
          : annsThere.PUT('/v1/conversations/{conversationId}/read', {
              params: { path },
              body: { number: 1 },
            }),
      );
      const elsewhere = writing(hereThere, here.bob);
      await expect.poll(() => elsewhere.told.length).toBeGreaterThan(20);
      await sayInGroup(annThere, groupId, 'in a group');
      const partly = await sync(annsThere, before.cursor);
      expect(partly.missingLanes).toContain(laneOf(conversation));
      expect(partly.conversations.map(({ id }) => id)).toEqual([`group:${groupId}`]);
      expect((await fetch(`${another.url}/readyz`)).status).toBe(200);
      await unwrap(
        friendsThere.DELETE('/v1/friends/{userId}', { params: { path: { userId: String(friends.bob.id) } } }),
      );
      for (const { error } of await Promise.all(asked)) expect(error).toMatchObject({ status: 503 });
      await elsewhere.end();
      expect(new Set(elsewhere.told).size).toBe(elsewhere.told.length);
      await another.close();
      // One that starts finds out, and ends as well.
      await (await test.startAnother({ requestTimeoutMs: 4_000 })).close();
    } finally {
      east.resume();
    }
    await expect.poll(() => writer.told.length).toBeGreaterThan(told + 1);
    await writer.end();
    await expect.poll(() => database.sql('im_lane_order')).toEqual([]);
    const said = (await toldIn(conversation)).filter(({ type }) => type === MessageType.TEXT);
    expect(said.map(({ content }) => content)).toEqual(writer.texts);
    expect(said.map(({ number }) => number)).toEqual(writer.told);
    expect((await toldIn(friends.conversation)).map(({ number }) => number)).toEqual([1, 2]);
    await expect.poll(async () => (await sync(anns, before.cursor)).missingLanes).toEqual([]);
  });
});

function isPushOf(type: number) {
  return ({ cmd, data }: { readonly cmd: number; readonly data?: unknown }): boolean =>
    cmd === 3 && (data as { type: number }).type === type;
}

function toldIn(conversation: string): Promise<{ number: number; type: number; content: string }[]> {
  const [, there] = database.laneDatabases;
  if (!there) throw new Error('There is one database');
  return there
    .sql('im_private_message')
    .where({ conversation })
    .orderBy('number')
    .select('number', 'type', 'content');
}
