import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PushService } from 'im-test/push-service';
import { onCleanup } from 'im-test/support';
import { beforeAll, expect, it, vi } from 'vitest';
import { orderArchives } from '../src/archiving/archive-command.ts';
import { openArchivePlace, type ArchiveOptions } from '../src/archiving/open-archive-place.ts';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { laneOf } from '../src/db/lanes.ts';
import { forwardOrderIn } from '../src/erasure/forward-order.ts';
import { orderForwards } from '../src/erasure/unknown-forwards.ts';
import type { EventType } from '../src/events/event.ts';
import { conversationOfGroup } from '../src/groups/group.ts';
import { orderEncryption } from '../src/index.ts';
import { orderLanes } from '../src/lanes/move-lanes.ts';
import { noteRestored } from '../src/restoring/restored.ts';
import { password } from './support/accounts.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import { having, valuesIn } from './support/everywhere.ts';
import { upload } from './support/files.ts';
import { temporaryFolder } from './support/folders.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { TestKeys } from './support/key-provider.ts';
import { moveLaneOf, startElsewhere, type Elsewhere } from './support/lanes-elsewhere.ts';
import { messageTypes, nextInGroup, pullGroups, say, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { Receiver } from './support/receiver.ts';
import { searchAll } from './support/search.ts';
import { createKey, withKey } from './support/server-keys.ts';
import { startTestPlatform, type TestPlatform } from './support/test-platform.ts';
import { lookNow } from './support/traces.ts';

// Groups are in a second database, conversations of two and people in the first. All that one can do with a group is done with such a one, once.

vi.setConfig({ testTimeout: 120_000 });

let elsewhere: Elsewhere;
let test: TestPlatform;
let folder: string;
let service: PushService;
let server: ApiClient;
/** Whoever is asked before something is said has refused what has this word. */
const refused = 'forbidden';

beforeAll(async () => {
  elsewhere = await startElsewhere();
  folder = await temporaryFolder();
  service = await PushService.start();
  const hook = createServer((request, response) => {
    void (async () => {
      let asked = '';
      for await (const piece of request as AsyncIterable<Buffer>) asked += piece.toString();
      response.end(asked.includes(refused) ? '{"verdict":"refuse","text":"no"}' : '{"verdict":"allow"}');
    })();
  });
  await new Promise<void>((resolve) => void hook.listen(0, '127.0.0.1', resolve));
  onCleanup(() => {
    hook.closeAllConnections();
    hook.close();
  });
  test = await startTestPlatform({
    store: 'mariadb',
    platform: {
      ...{ database: elsewhere.url, laneDatabases: [elsewhere.named], language: 'en', answerLanguage: 'en' },
      ...{ sweepMs: 250, requestTimeoutMs: 60_000, retentionDays: 30, archiveDir: folder, fileLinks: 'open' },
      ...{ webPushContact: 'mailto:ops@example.com', webPushHosts: [service.host], awayAfterMs: 50 },
      ...{ messageHook: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/` },
      ...{ messageHookSecret: `whsec_${Buffer.alloc(24).toString('base64')}` },
      ...{ webhookNetworks: ['loopback'], ownDeletion: 'everything' },
    },
  });
  server = await withKey(test, (await createKey(test)).key);
  for (let index = 0; index < sceneCount; index++) scenes.push(await makeScene(index));
  const lanes = new Set(scenes.map(({ club }) => laneOf(club)));
  const order = { what: 'move', lanes: [...lanes], to: 'east' } as const;
  await orderLanes(elsewhere.database, order, { say: () => undefined, restMs: 1_500 });
  return () => elsewhere.database.close();
});

type Scene = Awaited<ReturnType<typeof makeScene>>;

/** One for each test; their groups have moved. */
const scenes: Scene[] = [];
const sceneCount = 10;

/** Ann has a group with bob; cleo is a friend of both. */
async function makeScene(index: number) {
  const people = [
    await test.register(`ann${index}`),
    await test.register(`bob${index}`),
    await test.register(`cleo${index}`),
  ] as const;
  const [ann, bob, cleo] = people;
  await befriend(test, ann, bob, cleo);
  await befriend(test, bob, cleo);
  const { id: groupId } = await openGroup(ann, [bob]);
  const [anns, bobs, cleos] = [await apiOf(test, ann), await apiOf(test, bob), await apiOf(test, cleo)];
  return { ann, bob, cleo, anns, bobs, cleos, groupId, club: conversationOfGroup(groupId) };
}

function nextScene(): Scene {
  return scenes.shift() ?? expect.fail('There is one for each test');
}

function sendTo(api: ApiClient, conversationId: string, text: string, more: object = {}) {
  return unwrap(
    api.POST('/v1/conversations/{conversationId}/messages', {
      params: { path: { conversationId }, header: { 'idempotency-key': text.replaceAll(' ', '-') } },
      body: { content: { type: 'text', text }, ...more },
    }),
  );
}

async function history(api: ApiClient, conversationId: string) {
  const params = { path: { conversationId }, query: { after: 0, limit: 200 } };
  return (await unwrap(api.GET('/v1/conversations/{conversationId}/messages', { params }))).items;
}

async function textsOf(api: ApiClient, conversationId: string): Promise<string[]> {
  const items = await history(api, conversationId);
  return items.flatMap(({ content }) => (content.type === 'text' ? [content.text] : []));
}

function conversation(api: ApiClient, conversationId: string) {
  return unwrap(api.GET('/v1/conversations/{conversationId}', { params: { path: { conversationId } } }));
}

function refusal(code: string): object {
  return expect.objectContaining({ code }) as object;
}

/** Nothing of groups has come back to the first one. */
async function nothingIsHere(): Promise<void> {
  const { sql } = elsewhere.database;
  for (const table of ['im_group_message', 'im_lane_order'])
    await expect.poll(() => sql(table).select(), { message: table }).toEqual([]);
  for (const table of ['im_conversation_member', 'im_message_detail', 'im_reaction', 'im_mention'])
    expect(await sql(table).where('conversation', 'like', 'group:%'), table).toEqual([]);
}

it('has mentions, answers, marks, reactions, pins, edits, what is taken back or removed for oneself, and words', async () => {
  const { ann, bob, anns, bobs, groupId, club } = nextScene();
  const path = (number: number) => ({ params: { path: { conversationId: club, number } } });
  const first = await sendTo(anns, club, 'who comes to the lake');
  const called = await sendTo(anns, club, '@b please', {
    content: {
      ...{ type: 'text', text: '@b please' },
      entities: [{ type: 'mention', offset: 0, length: 2, userId: String(bob.id) }],
    },
  });
  await sendTo(bobs, club, 'I do', { replyTo: first.number });
  expect(await conversation(bobs, club)).toMatchObject({ unread: 2, mentions: 1 });
  const asked = await sayInGroup(ann, groupId, 'read?', { receipt: true });

  // Muted, marked, with a draft.
  const changes = { isMuted: true, isPinned: true, draft: 'half a sent' };
  await unwrap(
    bobs.PATCH('/v1/conversations/{conversationId}', {
      params: { path: { conversationId: club } },
      body: changes,
    }),
  );
  expect(await conversation(bobs, club)).toMatchObject(changes);
  await unwrap(
    bobs.PUT('/v1/conversations/{conversationId}/read', {
      params: { path: { conversationId: club } },
      body: { number: asked.number },
    }),
  );
  expect(await conversation(bobs, club)).toMatchObject({ unread: 0, mentions: 0, read: asked.number });
  const { items: readers } = await unwrap(
    anns.GET('/v1/conversations/{conversationId}/messages/{number}/readers', {
      params: { path: { conversationId: club, number: asked.number }, query: {} },
    }),
  );
  expect(readers).toEqual([{ userId: String(bob.id) }]);
  const reads = await unwrap(
    anns.GET('/v1/conversations/{conversationId}/reads', {
      params: { path: { conversationId: club }, query: { from: asked.number, to: asked.number } },
    }),
  );
  expect(JSON.stringify(reads)).toContain('1');
  expect((await pullGroups(ann)).find(({ id }) => id === asked.id)).toMatchObject({ readedCount: 1 });

  const emoji = { params: { path: { conversationId: club, number: first.number, emoji: '👍' } } };
  await unwrap(bobs.PUT('/v1/conversations/{conversationId}/messages/{number}/reactions/{emoji}', emoji));
  await unwrap(anns.PUT('/v1/conversations/{conversationId}/messages/{number}/pin', path(first.number)));
  const body = { content: { type: 'text' as const, text: 'who comes to the pond' } };
  await unwrap(
    anns.PATCH('/v1/conversations/{conversationId}/messages/{number}', { ...path(first.number), body }),
  );
  const { items: pins } = await unwrap(
    bobs.GET('/v1/conversations/{conversationId}/pins', {
      params: { path: { conversationId: club }, query: {} },
    }),
  );
  expect(pins).toMatchObject([{ ...body, isPinned: true, reactions: [{ emoji: '👍', count: 1 }] }]);
  const { items: edits } = await unwrap(
    bobs.GET('/v1/conversations/{conversationId}/messages/{number}/edits', path(first.number)),
  );
  expect(edits.map(({ content }) => content)).toContainEqual(
    expect.objectContaining({ text: 'who comes to the lake' }),
  );
  await unwrap(bobs.DELETE('/v1/conversations/{conversationId}/messages/{number}/reactions/{emoji}', emoji));
  expect((await history(anns, club)).find(({ number }) => number === first.number)?.reactions).toEqual([]);
  await unwrap(
    bobs.POST('/v1/conversations/{conversationId}/deleted', {
      params: { path: { conversationId: club } },
      body: { numbers: [called.number] },
    }),
  );
  expect(await textsOf(bobs, club)).not.toContain('@b please');
  expect(await textsOf(anns, club)).toContain('@b please');
  await unwrap(anns.DELETE('/v1/conversations/{conversationId}/messages/{number}', path(asked.number)));
  expect((await history(bobs, club)).find(({ number }) => number === asked.number)?.status).toBe('recalled');
  for (const where of [{}, { conversationId: club }])
    await expect
      .poll(async () => (await searchAll(bobs, 'pond', where)).map(({ number }) => number))
      .toEqual([first.number]);
  await nothingIsHere();
});

it('is scheduled for, forwarded from and to, asked about before something is said, reported, exported and looked at by admins', async () => {
  const { ann, bob, cleo, anns, bobs, cleos, groupId, club } = nextScene();
  const { number } = await sendTo(anns, club, 'to be kept in mind');
  await expect(sendTo(anns, club, `this is ${refused}`)).rejects.toEqual(refusal('MESSAGE_REFUSED'));
  await expect(sayInGroup(ann, groupId, `also ${refused}`)).rejects.toThrow();

  const later = await unwrap(
    anns.POST('/v1/conversations/{conversationId}/scheduled-messages', {
      params: { path: { conversationId: club }, header: {} },
      body: {
        content: { type: 'text', text: 'said later' },
        sendAt: new Date(Date.now() + 3_600_000).toISOString(),
      },
    }),
  );
  await elsewhere.database
    .sql('im_scheduled_message')
    .where({ id: Number(later.id) })
    .update({ sendTime: Date.now(), nextTime: 1 });
  await expect.poll(() => textsOf(bobs, club)).toContain('said later');
  expect((await unwrap(anns.GET('/v1/me/scheduled-messages', { params: { query: {} } }))).items).toEqual([]);

  const pair = `private:${bob.id}:${cleo.id}`;
  const forward = (from: string, numbers: number[], to: string[]) =>
    unwrap(
      bobs.POST('/v1/conversations/{conversationId}/forwards', {
        params: { path: { conversationId: from }, header: { 'idempotency-key': `${from}-${to.join()}` } },
        body: { numbers, to },
      }),
    );
  await forward(club, [number], [pair]);
  expect(await history(cleos, pair)).toMatchObject([
    { content: { text: 'to be kept in mind' }, forwarded: { senderId: String(ann.id) } },
  ]);
  const own = await say(cleo, bob, 'between us');
  await forward(pair, [own.number], [club]);
  expect(await textsOf(anns, club)).toContain('between us');

  await unwrap(
    bobs.POST('/v1/reports', { body: { conversationId: club, number, reason: 'abuse', text: 'look' } }),
  );
  const reports = elsewhere.database.sql('im_report').where({ reporterId: bob.id });
  expect(await reports.clone().first<{ evidence: string }>('evidence')).toMatchObject({
    evidence: expect.stringContaining('to be kept in mind') as string,
  });
  await reports.clone().update({ isClosed: 1 });
  const exported = await fetch(`${test.url}/v1/me/export`, {
    headers: { authorization: `Bearer ${ann.tokens.accessToken}` },
  });
  expect(await exported.json()).toMatchObject({
    groupMessages: [
      { content: { type: 'notice' } },
      { content: { text: 'to be kept in mind' } },
      { content: { text: 'said later' } },
    ],
    conversations: expect.arrayContaining([expect.objectContaining({ conversation: club })]) as object,
  });
  await makeAdmin(test, cleo);
  const story = await unwrap(
    (await apiOf(test, cleo)).GET('/v1/admin/conversations/{conversationId}/messages/{number}', {
      params: { path: { conversationId: club, number } },
    }),
  );
  expect(JSON.stringify(story)).toContain(String(ann.id));
  await nothingIsHere();
});

it('is known to other back ends: what is said, who comes and goes, to whom, and what they say there', async () => {
  const { ann, bob, cleo, anns, bobs, groupId, club } = nextScene();
  const bot = { params: { path: { bot: `external:helper-${groupId}` } } };
  const { id: botId } = await unwrap(
    server.PUT('/v1/server/bots/{bot}', { ...bot, body: { nickName: 'Helper' } }),
  );
  const [all, ofBot] = [await Receiver.start(), await Receiver.start()];
  const events: EventType[] = [
    ...(['message.created', 'message.edited', 'message.recalled', 'conversation.read'] as const),
    ...(['group.joined', 'group.left', 'group.dissolved'] as const),
  ];
  const { id: webhookId } = await unwrap(
    server.POST('/v1/server/webhooks', { body: { url: all.url, events } }),
  );
  await unwrap(
    server.POST('/v1/server/bots/{bot}/webhooks', {
      ...bot,
      body: { url: ofBot.url, only: 'conversations', events: events.slice(0, 6) },
    }),
  );
  await sendTo(anns, club, 'before it came');
  await ann.post(`/friend/add?friendId=${botId}`);
  await ann.post('/group/invite', { groupId, friendIds: [Number(botId)] });
  const device = await bob.connect();
  await unwrap(
    server.POST('/v1/server/bots/{bot}/conversations/{conversationId}/messages', {
      params: { path: { ...bot.params.path, conversationId: club }, header: {} },
      body: { content: { type: 'text', text: 'I am a bot' } },
    }),
  );
  expect(await nextInGroup(device)).toMatchObject({ content: 'I am a bot', sendId: Number(botId) });
  await unwrap(
    server.POST('/v1/server/groups/{groupId}/notices', {
      params: { path: { groupId: String(groupId) }, header: {} },
      body: { text: 'the shop is closed' },
    }),
  );
  expect(await nextInGroup(device)).toMatchObject({ content: 'the shop is closed', type: messageTypes.TIP });
  const { number } = await sendTo(anns, club, 'to all');
  await bob.put(`/message/group/readed?groupId=${groupId}`);
  const params = { path: { conversationId: club, number } };
  expect(
    await unwrap(
      server.GET('/v1/server/conversations/{conversationId}/messages/{number}/delivery', { params }),
    ),
  ).toMatchObject({ senderId: String(ann.id), readers: 1, others: 2 });
  const { items } = await unwrap(
    server.GET('/v1/server/conversations/{conversationId}/messages/{number}/readers', {
      params: { ...params, query: {} },
    }),
  );
  expect(items.map(({ userId }) => userId)).toEqual([String(bob.id)]);
  await ann.post('/group/invite', { groupId, friendIds: [cleo.id] });
  await cleo.delete(`/group/quit/${groupId}`);
  await ann.delete('/group/members/remove', { groupId, userIds: [Number(botId)] });
  await sendTo(anns, club, 'after it went');

  const past = { id: 'old-1', from: `name:${ann.userName}`, sentAt: '2020-01-01T00:00:00Z' };
  const brought = await unwrap(
    server.POST('/v1/server/conversations/{conversationId}/history', {
      params: { path: { conversationId: club } },
      body: { messages: [{ ...past, content: { type: 'text', text: 'from elsewhere' } }] },
    }),
  );
  expect(brought).toMatchObject({ stored: 1 });
  expect(await textsOf(bobs, club)).toContain('from elsewhere');
  await ann.delete(`/group/delete/${groupId}`);

  const heard = ({ seen }: Receiver) =>
    seen
      .filter(({ subject }) => subject === club)
      .map(({ type, data }) => {
        const { message } = data as { message?: { content: { text?: string } } };
        return message?.content.text ?? type;
      });
  const inside = ['group.joined', 'I am a bot', 'to all', 'conversation.read', 'group.joined', 'group.left'];
  await expect
    .poll(() => heard(all))
    .toEqual(['before it came', ...inside, 'group.left', 'after it went', 'group.dissolved']);
  await expect.poll(() => heard(ofBot)).toEqual([...inside, 'group.left']);
  await unwrap(server.DELETE('/v1/server/webhooks/{webhookId}', { params: { path: { webhookId } } }));
  await nothingIsHere();
});

it('may be joined by invitation or request, and shows nothing of before; who is put out sees nothing of after', async () => {
  const { ann, bob, cleo, anns, bobs, cleos, groupId, club } = nextScene();
  const params = { path: { groupId: String(groupId) } };
  await sendTo(anns, club, 'before cleo');
  const { code } = await unwrap(anns.POST('/v1/groups/{groupId}/invitations', { params, body: {} }));
  await unwrap(anns.PATCH('/v1/groups/{groupId}', { params, body: { joining: 'approval' } }));
  await unwrap(cleos.POST('/v1/invitations/{code}', { params: { path: { code } }, body: { text: 'hi' } }));
  await unwrap(
    anns.PUT('/v1/groups/{groupId}/join-requests/{userId}', {
      params: { path: { ...params.path, userId: String(cleo.id) } },
    }),
  );
  await sendTo(cleos, club, 'here I am');
  expect(await textsOf(cleos, club)).toEqual(['here I am']);
  expect(await conversation(bobs, club)).toMatchObject({ unread: 2 });
  await ann.delete('/group/members/remove', { groupId, userIds: [bob.id] });
  await sendTo(anns, club, 'after bob');
  expect(await textsOf(bobs, club)).toEqual(['before cleo', 'here I am']);
  await expect(sendTo(bobs, club, 'let me in')).rejects.toEqual(refusal('NOT_A_MEMBER'));
  expect(await conversation(bobs, club)).toMatchObject({ isIn: false });
  expect(await searchAll(bobs, 'after bob')).toEqual([]);
  await unwrap(anns.POST('/v1/groups/{groupId}/members', { params, body: { userIds: [String(bob.id)] } }));
  expect(await textsOf(bobs, club)).not.toContain('after bob');
  await nothingIsHere();
});

it('is told to devices that are away, to those who come as well, and gone from them when it is read or taken back', async () => {
  const { ann, bob, bobs, cleo, cleos, anns, groupId, club } = nextScene();
  const subscribe = async (api: ApiClient, { id }: Person) => {
    const browser = service.subscribe(`/${id}`);
    await unwrap(api.PUT('/v1/sessions/current/push', { body: browser.registration }));
    return browser;
  };
  const [ofBob, ofCleo] = [await subscribe(bobs, bob), await subscribe(cleos, cleo)];
  const first = await sendTo(anns, club, 'is anybody there');
  const title = 'club';
  expect(await ofBob.told()).toMatchObject([
    {
      conversationId: club,
      number: first.number,
      title,
      body: `${ann.userName}: is anybody there`,
      badge: 1,
    },
  ]);
  await ann.post('/group/invite', { groupId, friendIds: [cleo.id] });
  await sendTo(anns, club, 'hello cleo');
  await expect
    .poll(async () => (await ofCleo.told()).at(-1))
    .toMatchObject({ conversationId: club, title, body: `${ann.userName}: hello cleo` });
  await cleo.delete(`/group/quit/${groupId}`);
  await unwrap(
    bobs.PATCH('/v1/conversations/{conversationId}', {
      params: { path: { conversationId: club } },
      body: { isMuted: true },
    }),
  );
  const toldBefore = (await ofCleo.told()).length;
  await sendTo(anns, club, 'quietly');
  // Who has muted it hears of what is said to them.
  const { number } = await sendTo(anns, club, '@bob come', {
    content: {
      ...{ type: 'text', text: '@bob come' },
      entities: [{ type: 'mention', offset: 0, length: 4, userId: String(bob.id) }],
    },
  });
  await expect.poll(async () => (await ofBob.told()).at(-1)).toMatchObject({ number });
  expect(JSON.stringify(await ofBob.told())).not.toContain('quietly');
  await bob.put(`/message/group/readed?groupId=${groupId}`);
  await expect.poll(async () => (await ofBob.told()).at(-1)).toMatchObject({ is: 'withdrawal', badge: 0 });
  expect(await ofCleo.told()).toHaveLength(toldBefore);
});

it('gives up what is too old with its files, has old months archived, and gets them back', async () => {
  const { database, sql } = elsewhere;
  const { ann, bobs, anns, groupId, club } = nextScene();
  const bytes = Buffer.from('a plan of the club');
  const { data: url } = await upload(`${test.url}/file/upload`, ann, { name: 'plan.txt', bytes });
  const file = { type: messageTypes.FILE };
  await sayInGroup(ann, groupId, JSON.stringify({ name: 'plan.txt', size: bytes.length, url }), file);
  for (const text of ['one', 'two', 'three']) await sendTo(anns, club, text);
  const age = (upTo: number, sendTime: number) =>
    sql('im_group_message').where({ groupId }).where('number', '<=', upTo).update({ sendTime });
  expect((await fetch(url)).status).toBe(200);
  // The tip and the file.
  await age(2, 1);
  await sql('im_retention_round').update({ after: '', nextTime: 0 });
  await expect.poll(async () => (await history(bobs, club)).map(({ number }) => number)).toEqual([3, 4, 5]);
  // Files go after what has them.
  await expect.poll(async () => (await fetch(url)).status).toBe(404);
  expect(await conversation(bobs, club)).toMatchObject({ first: 3, last: 5, unread: 3 });

  // Rounds leave it alone from now on.
  await database.sql('im_retention').insert({ conversation: club, adminDays: 0 });
  await age(4, Date.UTC(2020, 9));
  const place = openArchivePlace({ archiveDir: folder } as ArchiveOptions);
  const lines: string[] = [];
  const order = (what: object) =>
    orderArchives(database, place, { order: what as never, say: (line) => void lines.push(line) });
  await database.findLanes();
  await order({ what: 'write', beforeMs: Date.UTC(2020, 11) });
  expect(await textsOf(bobs, club)).toEqual(['three']);
  for (const { name } of await database.sql('im_archive').select<{ name: string }[]>('name'))
    await order({ what: 'import', name });
  expect(await textsOf(bobs, club)).toEqual(['one', 'two', 'three']);
  place?.store.close();
  await nothingIsHere();
});

it('waits with an erasure while it is held, then has nothing left of who is erased; an owner who goes has an heir', async () => {
  const { database, sql } = elsewhere;
  const { ann, bob, cleo, anns, bobs, groupId, club } = nextScene();
  await ann.post('/group/invite', { groupId, friendIds: [cleo.id] });
  const mark = 'quicksilver';
  await sendTo(anns, club, `words of ${mark}`);
  const { number } = await sendTo(bobs, club, 'words of bob');
  const emoji = { params: { path: { conversationId: club, number, emoji: '👍' } } };
  await unwrap(anns.PUT('/v1/conversations/{conversationId}/messages/{number}/reactions/{emoji}', emoji));
  await unwrap(
    anns.PATCH('/v1/conversations/{conversationId}', {
      params: { path: { conversationId: club } },
      body: { draft: `draft of ${mark}` },
    }),
  );
  await makeAdmin(test, cleo);
  const cleos = await apiOf(test, cleo);
  const hold = (isHeld: boolean) =>
    unwrap(
      cleos.PUT('/v1/admin/conversations/{conversationId}/retention', {
        params: { path: { conversationId: club } },
        body: { isHeld },
      }),
    );
  await hold(true);
  await unwrap(anns.POST('/v1/me/deletion', { body: { password } }));
  const departing = database.sql('im_account_erasure').where({ userId: ann.id });
  await expect
    .poll(
      async () => {
        await departing.clone().update({ nextTime: 0 });
        return departing.clone().select();
      },
      { interval: 6_000 },
    )
    .toEqual([]);
  const { id } = await database.sql('im_erasure').where({ userId: ann.id }).first<{ id: number }>('id');
  const shown = () =>
    unwrap(cleos.GET('/v1/admin/erasures/{erasureId}', { params: { path: { erasureId: String(id) } } }));
  await lookNow(database);
  await expect
    .poll(shown)
    .toMatchObject({ state: 'waiting', waitsFor: { held: [club], databases: [] }, erased: {} });
  expect(await textsOf(bobs, club)).toContain(`words of ${mark}`);
  await hold(false);
  await lookNow(database);
  await expect.poll(async () => (await shown()).state).toBe('done');
  expect(await shown()).toMatchObject({ erased: { messages: 1, reactions: 1 } });

  const { ownerId } = await unwrap(
    bobs.GET('/v1/groups/{groupId}', { params: { path: { groupId: String(groupId) } } }),
  );
  expect(ownerId).toBe(String(bob.id));
  expect(await textsOf(bobs, club)).toEqual(['words of bob']);
  expect((await history(bobs, club)).find((one) => one.number === number)?.reactions).toEqual([]);
  for (const at of database.laneDatabases) {
    const places = await valuesIn({ sql: at.sql, dialect: at.dialect } as typeof database);
    expect(having(places, mark)).toEqual([]);
    expect(having(places, ann.userName)).toEqual([]);
  }
  expect(await sql('im_reaction')).toEqual([]);
  await nothingIsHere();
});

it('is looked through for what was forwarded without a name, which is erased with whoever is known to have said it', async () => {
  const { database, sql } = elsewhere;
  const { ann, bob, cleo, anns, bobs, cleos, club } = nextScene();
  const pair = `private:${bob.id}:${cleo.id}`;
  const long = 'A sentence that only ann would say, letter by letter.';
  const { number } = await sendTo(anns, club, long);
  await sendTo(anns, club, 'too short to tell');
  await unwrap(
    bobs.POST('/v1/conversations/{conversationId}/forwards', {
      params: { path: { conversationId: club }, header: {} },
      body: { numbers: [number, number + 1], to: [pair, club] },
    }),
  );
  const nameless = { originId: null, originName: null, authorId: null };
  for (const at of database.laneDatabases)
    await at.sql('im_message_detail').whereIn('conversation', [pair, club]).update(nameless);
  const order = async (...words: string[]): Promise<string | undefined> => {
    const lines: string[] = [];
    await orderForwards(database, forwardOrderIn(words), (line) => void lines.push(line));
    return lines.at(-1);
  };
  await makeAdmin(test, cleo);
  const { id: erasureId } = await unwrap(
    cleos.POST('/v1/admin/users/{userId}/erasure', { params: { path: { userId: String(ann.id) } } }),
  );
  const erasure = { params: { path: { erasureId } } };
  const shown = () => unwrap(cleos.GET('/v1/admin/erasures/{erasureId}', erasure));
  const departing = database.sql('im_account_erasure').where({ userId: ann.id });
  await expect
    .poll(
      async () => {
        await departing.clone().update({ nextTime: 0 });
        return departing.clone().select();
      },
      { interval: 6_000 },
    )
    .toEqual([]);
  await lookNow(database);
  await expect.poll(async () => (await shown()).state).toBe('done');
  expect(await textsOf(bobs, club)).toContain(long);

  // What she said herself is gone, so nobody can be asked any more whose it is.
  expect(await order('list')).toBe('4 forwarded messages have no author that is known.');
  const said = { content: long, status: 1 };
  await sql('im_group_message')
    .where({ groupId: Number(club.split(':')[1]), number })
    .update(said);
  expect(await order('trace')).toBe('2 forwarded messages have their author now.');
  await lookNow(database);
  await expect.poll(async () => (await shown()).state).toBe('done');
  expect(await textsOf(bobs, club)).not.toContain(long);
  expect(await textsOf(bobs, pair)).toEqual(['too short to tell']);
  expect(await order('remove', 'all')).toBe('2 forwarded messages are removed.');
  expect(await textsOf(bobs, club)).toEqual([]);
  await nothingIsHere();
});

it('is encrypted where it is, by keys that are in the first one, and comes back as it lies there', async () => {
  const { database } = elsewhere;
  const { ann, bob, anns, groupId, club } = nextScene();
  const mark = 'xylophone';
  await sendTo(anns, club, `${mark} 1`);
  const lies = async (): Promise<string[]> => {
    const found = [];
    for (const { sql, dialect } of database.laneDatabases)
      found.push(...having(await valuesIn({ sql, dialect } as typeof database), mark));
    return found;
  };
  expect(await lies()).toEqual(['im_group_message.content']);
  await test.platform.close();
  const keys = new TestKeys('one');
  await database.findLanes();
  expect(await orderEncryption(database, keys, 'encrypt', () => undefined)).toBe(true);
  expect(await lies()).toEqual([]);
  const sealed = await test.startAnother({ encryptionKeyProvider: keys });
  const [asAnn, asBob] = [await apiOf(sealed, ann), await apiOf(sealed, bob)];
  const { number } = await sendTo(asBob, club, `${mark} 2`);
  await unwrap(
    asBob.PATCH('/v1/conversations/{conversationId}/messages/{number}', {
      params: { path: { conversationId: club, number } },
      body: { content: { type: 'text', text: `${mark} two` } },
    }),
  );
  const member = { path: { groupId: String(groupId), userId: String(bob.id) } };
  await unwrap(asAnn.DELETE('/v1/groups/{groupId}/members/{userId}', { params: member }));
  await sendTo(asAnn, club, `${mark} 3`);
  expect(await textsOf(asAnn, club)).toEqual([1, 'two', 3].map((what) => `${mark} ${what}`));
  expect(await textsOf(asBob, club)).toEqual([1, 'two'].map((what) => `${mark} ${what}`));
  await moveLaneOf(database, club, '');
  await sendTo(asAnn, club, `${mark} 4`);
  expect(await textsOf(asAnn, club)).toEqual([1, 'two', 3, 4].map((what) => `${mark} ${what}`));
  expect(await lies()).toEqual([]);
});

it('is as its members and its devices need it when its database alone was put back, unless its lane has moved since', async () => {
  const { database, sql } = elsewhere;
  const { ann, bob, cleo, groupId, club } = nextScene();
  await test.platform.close();
  const before = await test.startAnother({ encryptionKeyProvider: new TestKeys('one') });
  const apis = async (at: { readonly url: string }) =>
    [await apiOf(at, ann), await apiOf(at, bob), await apiOf(at, cleo)] as const;
  const [anns] = await apis(before);
  await sendTo(anns, club, 'kept');
  const copy = await copyOf(sql);
  await sendTo(anns, club, 'lost');
  const path = { groupId: String(groupId) };
  const invited = { params: { path }, body: { userIds: [String(cleo.id)] } };
  await unwrap(anns.POST('/v1/groups/{groupId}/members', invited));
  const putOut = { params: { path: { ...path, userId: String(bob.id) } } };
  await unwrap(anns.DELETE('/v1/groups/{groupId}/members/{userId}', putOut));
  const { cursor } = await unwrap(anns.POST('/v1/sync', { body: {} }));
  await before.close();
  await putBack(sql, copy);

  await database.findLanes();
  const fence = sql('im_lane_fence').where({ lane: laneOf(club) });
  await fence.clone().update({ isOpen: 0 });
  await expect(noteRestored(database)).rejects.toThrow(
    `Lane ${laneOf(club)} is in east, says the first database, and is open nowhere`,
  );
  await fence.clone().update({ isOpen: 1 });
  expect(await noteRestored(database)).toContain('In 1 groups places are again those of their members.');
  expect(await noteRestored(database)).not.toContain('In 1 groups places are again those of their members.');

  const after = await test.startAnother({ encryptionKeyProvider: new TestKeys('one') });
  const [annAgain, bobAgain, cleoAgain] = await apis(after);
  await sendTo(annAgain, club, 'after');
  await sendTo(cleoAgain, club, 'I am here');
  await expect(sendTo(bobAgain, club, 'am I')).rejects.toEqual(refusal('NOT_A_MEMBER'));
  const synced = await unwrap(annAgain.POST('/v1/sync', { body: { cursor } }));
  expect(synced.isReset).toBe(true);
  expect(await textsOf(annAgain, club)).toEqual(['kept', 'after', 'I am here']);
  expect(await textsOf(cleoAgain, club)).toEqual(['after', 'I am here']);
  expect(await textsOf(bobAgain, club)).toEqual(['kept']);
});

/** All tables, as a backup has them. */
async function copyOf(sql: Elsewhere['sql']): Promise<Map<string, object[]>> {
  const tables = await sql('information_schema.tables')
    .whereRaw('table_schema = database()')
    .select<{ name: string }[]>('tableName as name');
  const copy = new Map<string, object[]>();
  for (const { name } of tables) copy.set(name, await sql(name).select<object[]>());
  return copy;
}

function putBack(sql: Elsewhere['sql'], copy: ReadonlyMap<string, object[]>): Promise<void> {
  return sql.transaction(async (within) => {
    await within.raw('set foreign_key_checks = 0');
    for (const [name, rows] of copy) {
      await within(name).delete();
      if (rows.length > 0) await within(name).insert(rows);
    }
    await within.raw('set foreign_key_checks = 1');
  });
}
