import { setTimeout as sleep } from 'node:timers/promises';
import { testRedis } from 'im-test/support';
import type { Knex } from 'knex';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { laneOf } from '../src/db/lanes.ts';
import { conversationOfGroup } from '../src/groups/group.ts';
import { orderLanes } from '../src/lanes/move-lanes.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { nextGroupPush, openGroup, pushTypes } from './support/groups.ts';
import { dyingBefore, moveLaneOf, startElsewhere, type Elsewhere } from './support/lanes-elsewhere.ts';
import { messageTypes, pullGroups, sayInGroup, statuses } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { startProgram } from './support/program.ts';
import { searchAll } from './support/search.ts';
import {
  accessSecret,
  refreshSecret,
  startTestPlatform,
  type TestPlatform,
} from './support/test-platform.ts';
import { credit } from './support/wallets.ts';

// Two servers of MariaDB. Groups come from the first to the second: what is said in them and the places of their members. Who is a member stands in
// the first. One platform for all of it.

vi.setConfig({ testTimeout: 120_000 });

interface Club {
  readonly ann: Person;
  readonly bob: Person;
  readonly carol: Person;
  readonly anns: ApiClient;
  readonly bobs: ApiClient;
  readonly carols: ApiClient;
}

interface MessageRow {
  readonly number: number;
  readonly type: number;
  readonly content: string;
  readonly sendId: number;
}

interface PlaceRow {
  readonly firstNumber: number;
  readonly leftNumber: number | null;
  readonly muted: number;
}

let test: TestPlatform;
let elsewhere: Elsewhere;

beforeAll(async () => {
  elsewhere = await startElsewhere();
  test = await startTestPlatform({
    store: 'mariadb',
    platform: {
      ...{ database: elsewhere.url, laneDatabases: [elsewhere.named] },
      ...{ sweepMs: 500, requestTimeoutMs: 60_000, invitationsPerHour: 10_000, redPackets: true },
    },
  });
  return () => elsewhere.database.close();
});

let clubs = 0;

/** Ann has two friends. */
async function makePeople(): Promise<Club> {
  clubs += 1;
  const [ann, bob, carol] = [
    await test.register(`ann${clubs}`),
    await test.register(`bob${clubs}`),
    await test.register(`carol${clubs}`),
  ];
  await befriend(test, ann, bob, carol);
  const [anns, bobs, carols] = [await apiOf(test, ann), await apiOf(test, bob), await apiOf(test, carol)];
  return { ann, bob, carol, anns, bobs, carols };
}

function invite(from: ApiClient, groupId: number, { id }: Person): Promise<unknown> {
  const params = { path: { groupId: String(groupId) } };
  return unwrap(from.POST('/v1/groups/{groupId}/members', { params, body: { userIds: [String(id)] } }));
}

function kick(from: ApiClient, groupId: number, { id }: Person): Promise<unknown> {
  const path = { groupId: String(groupId), userId: String(id) };
  return unwrap(from.DELETE('/v1/groups/{groupId}/members/{userId}', { params: { path } }));
}

function sync(api: ApiClient, cursor?: string) {
  return unwrap(
    api.POST('/v1/sync', { body: { ...(cursor !== undefined && { cursor }), limit: 20, messages: 50 } }),
  );
}

function history(api: ApiClient, conversationId: string) {
  const params = { path: { conversationId }, query: { limit: 200 } };
  return unwrap(api.GET('/v1/conversations/{conversationId}/messages', { params }));
}

function rowsThere(groupId: number): Promise<MessageRow[]> {
  return elsewhere.sql('im_group_message').where({ groupId }).orderBy('number').select();
}

function rowsHere(groupId: number): Promise<MessageRow[]> {
  return elsewhere.database.sql('im_group_message').where({ groupId }).orderBy('number').select();
}

async function placeThere(person: Person, groupId: number): Promise<PlaceRow | undefined> {
  const where = { userId: person.id, conversation: conversationOfGroup(groupId) };
  return elsewhere.sql('im_conversation_member').where(where).first<PlaceRow | undefined>();
}

describe('a group in a second database', () => {
  it('is sent to, pushed, read, synced, listed, found, changed and taken back as in the first', async () => {
    const { ann, bob, anns, bobs } = await makePeople();
    const { id: groupId } = await openGroup(ann, [bob]);
    const conversation = conversationOfGroup(groupId);
    await sayInGroup(ann, groupId, 'in the first');
    await moveLaneOf(elsewhere.database, conversation, 'east');
    const device = await bob.connect();
    const before = await sync(bobs);

    const sent = await sayInGroup(ann, groupId, 'hello there', { atUserIds: [bob.id], receipt: true });
    expect(await nextGroupPush(device)).toMatchObject({ content: 'hello there', sendNickName: ann.userName });
    const listed = await unwrap(bobs.GET('/v1/conversations', { params: { query: {} } }));
    expect(listed.items.map(({ id }) => id)).toEqual([conversation]);
    const after = await sync(bobs, before.cursor);
    expect(after).toMatchObject({ missingLanes: [], unread: listed.unread });
    expect(after.conversations).toMatchObject([{ id: conversation, unread: 1 + before.unread }]);
    await expect
      .poll(async () => (await searchAll(bobs, 'hello')).map(({ number }) => number))
      .toEqual([sent.number]);
    await bob.put(`/message/group/readed?groupId=${groupId}`);
    expect(await ann.get(`/message/group/findReadedUsers?groupId=${groupId}&messageId=${sent.id}`)).toEqual([
      bob.id,
    ]);
    expect((await sync(bobs, after.cursor)).conversations).toMatchObject([{ id: conversation, unread: 0 }]);

    const path = { conversationId: conversation, number: sent.number };
    await unwrap(
      anns.PATCH('/v1/conversations/{conversationId}/messages/{number}', {
        params: { path },
        body: { content: { type: 'text', text: 'hello!' } },
      }),
    );
    await unwrap(anns.PUT('/v1/conversations/{conversationId}/messages/{number}/pin', { params: { path } }));
    expect((await history(bobs, conversation)).items.at(-1)).toMatchObject({
      content: { type: 'text', text: 'hello!' },
    });
    await ann.delete(`/message/group/recall/${sent.id}`);
    const mine = (await pullGroups(bob)).find(({ id }) => id === sent.id);
    expect(mine).toMatchObject({ status: statuses.RECALL });
    // Money is in the first, and its message there.
    await credit(elsewhere.database, ann.id, 1_000);
    const packet = await unwrap(
      anns.POST('/v1/conversations/{conversationId}/red-packets', {
        params: { path: { conversationId: conversation }, header: { 'idempotency-key': 'cheers' } },
        body: { amount: 100, shares: 1, split: 'equal', greeting: 'cheers' },
      }),
    );
    await unwrap(bobs.POST('/v1/red-packets/{packetId}/grab', { params: { path: { packetId: packet.id } } }));
    expect((await rowsThere(groupId)).at(-1)).toMatchObject({ sendId: ann.id, type: messageTypes.TEXT });
    expect(await elsewhere.database.sql('im_lane_order')).toEqual([]);
    expect(await rowsHere(groupId)).toEqual([]);
    expect(await elsewhere.database.sql('im_conversation_member').where({ conversation })).toEqual([]);
  });

  it('has those who come from then on, and nothing for those who went; roles count there', async () => {
    const { ann, bob, carol, anns, bobs, carols } = await makePeople();
    const { id: groupId } = await openGroup(ann, [bob]);
    const conversation = conversationOfGroup(groupId);
    await moveLaneOf(elsewhere.database, conversation, 'east');
    const device = await carol.connect();
    await sayInGroup(ann, groupId, 'before carol');
    const bobsBefore = await sync(bobs);

    await invite(anns, groupId, carol);
    // First the group, then what tells of it.
    expect(await nextGroupPush(device)).toMatchObject({ type: pushTypes.NEW, groupId });
    expect(await nextGroupPush(device)).toMatchObject({ type: pushTypes.TIP, groupId });
    await sayInGroup(carol, groupId, 'hello from carol');
    expect((await history(carols, conversation)).items.map(({ content }) => content)).not.toContainEqual({
      type: 'text',
      text: 'before carol',
    });
    expect(await placeThere(carol, groupId)).toMatchObject({ firstNumber: 3, leftNumber: null });

    const member = { groupId: String(groupId), userId: String(bob.id) };
    await unwrap(
      anns.PUT('/v1/groups/{groupId}/mutes/{userId}', { params: { path: member }, body: { minutes: 5 } }),
    );
    await expect(sayInGroup(bob, groupId, 'silent')).rejects.toThrow();
    await carol.put('/group/dnd', { groupId, isDnd: true });
    expect(await placeThere(carol, groupId)).toMatchObject({ muted: 1 });
    await kick(anns, groupId, bob);
    await expect(sayInGroup(bob, groupId, 'still there?')).rejects.toThrow();
    await sayInGroup(ann, groupId, 'without bob');
    const bobsAfter = await sync(bobs, bobsBefore.cursor);
    expect(bobsAfter.conversations).toMatchObject([{ id: conversation, isIn: false }]);
    expect(JSON.stringify(await pullGroups(bob))).not.toContain('without bob');
    await invite(anns, groupId, bob);
    expect(JSON.stringify(await history(bobs, conversation))).not.toContain('without bob');
    await carol.delete(`/group/quit/${groupId}`);
    expect((await placeThere(carol, groupId))?.leftNumber).toBeGreaterThan(0);
    await ann.delete(`/group/delete/${groupId}`);
    expect((await placeThere(bob, groupId))?.leftNumber).toBeGreaterThan(0);
    await expect(sayInGroup(ann, groupId, 'to nobody')).rejects.toThrow();

    const rows = await rowsThere(groupId);
    expect(rows.map(({ number }) => number)).toEqual(rows.map((_, index) => index + 1));
    expect(await elsewhere.database.sql('im_lane_order')).toEqual([]);
    expect(await rowsHere(groupId)).toEqual([]);
  });

  it('may begin there, under the key of its maker once', async () => {
    const { ann, bob } = await makePeople();
    const [last] = await elsewhere.database.sql('im_group').max<{ id: number | null }[]>('id as id');
    const nextId = (last?.id ?? 0) + 1;
    await moveLaneOf(elsewhere.database, conversationOfGroup(nextId), 'east');
    const { id: groupId } = await openGroup(ann, [bob]);
    expect(groupId).toBe(nextId);
    await sayInGroup(bob, groupId, 'first of all');
    expect((await rowsThere(groupId)).map(({ type }) => type)).toEqual([messageTypes.TIP, messageTypes.TEXT]);
    expect(await placeThere(ann, groupId)).toMatchObject({ firstNumber: 1, leftNumber: null });
  });
});

describe('a lane of groups that moves', () => {
  it('loses nobody and no message, and has none twice, wherever it is broken off while people write, come and go', async () => {
    const { ann, bob, carol, anns, carols } = await makePeople();
    const { id: groupId } = await openGroup(ann, [carol]);
    const conversation = conversationOfGroup(groupId);
    const told: number[] = [];
    const ending = new AbortController();
    const { signal } = ending;
    const writing = (async () => {
      for (let texts = 0; !signal.aborted; texts++) {
        const tmpId = `ann ${texts}`;
        const sent = await sayInGroup(ann, groupId, tmpId, { tmpId }).catch(() => undefined);
        if (sent) told.push(sent.number);
        await sleep(10);
      }
    })();
    let changes = 0;
    const churning = (async () => {
      for (; !signal.aborted; changes++) {
        const change = changes % 2 === 0 ? invite(anns, groupId, bob) : kick(anns, groupId, bob);
        // While the lane is closed it is done, and told later.
        await change.catch(() => undefined);
        await sleep(20);
      }
    })();
    const order = (to: string) => ({ what: 'move', lanes: [laneOf(conversation)], to }) as const;
    for (const to of ['east', '']) {
      for (let dieAt = 0; ; dieAt++) {
        let steps = 0;
        const onStep = (): void => {
          if (steps++ >= dieAt) throw new Error('broken off');
        };
        const moving = { say: () => undefined, restMs: 1_200, onStep };
        const outcome = await orderLanes(elsewhere.database, order(to), moving).catch(
          (error: unknown) => (error as Error).message,
        );
        if (outcome === undefined) break;
        expect(outcome).toBe('broken off');
      }
    }
    ending.abort();
    await Promise.all([writing, churning]);
    // What was ordered and is not there yet comes before what is said now.
    await sayInGroup(ann, groupId, 'the end');

    expect(await rowsThere(groupId)).toEqual([]);
    const rows = await rowsHere(groupId);
    expect(rows.map(({ number }) => number)).toEqual(rows.map((_, index) => index + 1));
    expect(rows.map(({ number }) => number)).toEqual(expect.arrayContaining(told));
    const texts = rows.filter(({ type }) => type === messageTypes.TEXT).map(({ content }) => content);
    expect(new Set(texts).size).toBe(texts.length);
    expect(changes).toBeGreaterThan(4);
    expect(await elsewhere.database.sql('im_lane_order')).toEqual([]);
    const members = await elsewhere.database
      .sql('im_group_member')
      .where({ groupId, quit: 0 })
      .orderBy('userId')
      .select<{ userId: number }[]>('userId');
    const places = await elsewhere.database
      .sql('im_conversation_member')
      .where({ conversation })
      .whereNull('leftNumber')
      .orderBy('userId')
      .select<{ userId: number }[]>('userId');
    expect(places).toEqual(members);
    // The last change of bob's place is that of the last tip, once.
    const where = { userId: bob.id, conversation };
    const place = await elsewhere.database.sql('im_conversation_member').where(where).first<PlaceRow>();
    const lastTip = rows.filter(({ type }) => type === messageTypes.TIP).at(-1)?.number;
    expect(place.leftNumber ?? place.firstNumber).toBe(lastTip);
    const shown = await sync(carols);
    expect(shown.conversations.find(({ id }) => id === conversation)?.last).toBe(rows.length);
  });
});

describe('an instance that is killed while it puts somebody out', () => {
  it.each([
    ['before it is done in the lane', /^insert into `im_group_message`/],
    ['before it can say that it is done', /^delete from `im_lane_order`/],
  ])('%s: it is told once, and before what is said after it', async (_when, question) => {
    const { ann, bob, anns } = await makePeople();
    const { id: groupId } = await openGroup(ann, [bob]);
    await moveLaneOf(elsewhere.database, conversationOfGroup(groupId), 'east');
    await sayInGroup(ann, groupId, 'before');
    const program = startProgram(['start', '--port', '0', '--host', '127.0.0.1'], {
      env: {
        ...{ IM_PLATFORM_DATABASE: elsewhere.url, IM_PLATFORM_LANE_DATABASES: elsewhere.named },
        ...{ IM_PLATFORM_REDIS: testRedis().url, IM_PLATFORM_KEY_PREFIX: test.keyPrefix },
        ...{ IM_PLATFORM_ACCESS_SECRET: accessSecret, IM_PLATFORM_REFRESH_SECRET: refreshSecret },
      },
      preload: dyingBefore(question),
    });
    const { url } = JSON.parse(await program.line(/"started"/)) as { url: string };
    await expect(kick(await apiOf({ url }, ann), groupId, bob)).rejects.toThrow();
    expect(await program.exit).toMatchObject({ signal: 'SIGKILL' });

    const sent = await sayInGroup(ann, groupId, 'after');
    // Asked again, as who got no answer does.
    await kick(anns, groupId, bob).catch(() => undefined);
    const rows = await rowsThere(groupId);
    expect(rows.map(({ content, type }) => (type === messageTypes.TIP ? 'tip' : content))).toEqual([
      ...['tip', 'before', 'tip', 'after'],
    ]);
    expect(sent.number).toBe(4);
    expect(await placeThere(bob, groupId)).toMatchObject({ leftNumber: 3 });
    const left = elsewhere.database
      .sql('im_lane_order')
      .where({ conversation: conversationOfGroup(groupId) });
    await expect.poll(() => left.clone()).toEqual([]);
  });
});

describe('a database of groups that is away', () => {
  it('holds up its own groups only; who came and went meanwhile has done so when it is back, in that order and once', async () => {
    const { ann, bob, carol, anns, bobs, carols } = await makePeople();
    const { id: groupId } = await openGroup(ann, [bob]);
    const { id: stays } = await openGroup(ann, [bob, carol], 'stays');
    const conversation = conversationOfGroup(groupId);
    await moveLaneOf(elsewhere.database, conversation, 'east');
    await moveLaneOf(elsewhere.database, conversationOfGroup(stays), '');
    await sayInGroup(ann, groupId, 'before');
    const before = await sync(bobs);

    await elsewhere.server.kill();
    await expect(sayInGroup(ann, groupId, 'not now')).rejects.toThrow(/east/);
    await sayInGroup(ann, stays, 'in the first');
    const partly = await sync(bobs, before.cursor);
    expect(partly.missingLanes).toContain(laneOf(conversation));
    expect(partly.conversations.map(({ id }) => id)).toEqual([conversationOfGroup(stays)]);
    expect((await pullGroups(bob)).map(({ content }) => content)).toContain('in the first');
    // It is done, and is told when the other one is back.
    await invite(anns, groupId, carol);
    await kick(anns, groupId, carol);
    await kick(anns, groupId, bob);
    await invite(anns, groupId, carol);
    const members = await ann.get<{ userId: number; quit: boolean }[]>(`/group/members/${groupId}`);
    expect(members.filter(({ quit }) => !quit).map(({ userId }) => userId)).toEqual([ann.id, carol.id]);
    const made = await openGroup(ann, [], 'made meanwhile');
    expect(made.ownerId).toBe(ann.id);
    // Nobody looks for them by themselves.
    const orders = (): Knex.QueryBuilder => elsewhere.database.sql('im_lane_order').where({ conversation });
    await orders().update({ nextTime: Date.now() + 3_600_000 });
    const given = await orders().orderBy('id').select<object[]>();
    expect(given).toHaveLength(4);

    await elsewhere.server.restart();
    await expect.poll(async () => (await sync(anns)).missingLanes, { timeout: 60_000 }).toEqual([]);
    // Whoever says something now says it after all of that.
    const sent = await sayInGroup(carol, groupId, 'hello');
    await expect(sayInGroup(bob, groupId, 'still there?')).rejects.toThrow();
    const rows = await rowsThere(groupId);
    expect(rows.map(({ type, sendId }) => [type, sendId])).toEqual([
      ...[
        [messageTypes.TIP, ann.id],
        [messageTypes.TEXT, ann.id],
      ],
      // Carol comes, goes, and comes again; bob goes between.
      ...Array.from({ length: 4 }, () => [messageTypes.TIP, ann.id]),
      [messageTypes.TEXT, carol.id],
    ]);
    expect(sent.number).toBe(rows.length);
    expect(await placeThere(carol, groupId)).toMatchObject({ firstNumber: 6, leftNumber: null });
    expect(await placeThere(bob, groupId)).toMatchObject({ leftNumber: 5 });
    // Whoever carries them out once more, as they died before they could say so, changes nothing.
    await elsewhere.database.sql('im_lane_order').insert(given);
    await sayInGroup(carol, groupId, 'again');
    expect(await rowsThere(groupId)).toHaveLength(rows.length + 1);
    expect(await placeThere(carol, groupId)).toMatchObject({ firstNumber: 6, leftNumber: null });
    await expect.poll(() => elsewhere.database.sql('im_lane_order')).toEqual([]);
    expect((await history(carols, conversation)).items.map(({ number }) => number)).toEqual([6, 7, 8]);
    await sayInGroup(ann, made.id, 'goes on');
  });
});
