import { expect, it } from 'vitest';
import { unwrap, type ApiClient, type ApiProblem } from '../src/client/index.ts';
import { eventTypes, type EventType } from '../src/events/event.ts';
import { OutboxStore } from '../src/events/outbox-store.ts';
import { SinkStore } from '../src/events/sink-store.ts';
import type { Refusal } from '../src/http/refusal.ts';
import { WebhookService } from '../src/webhooks/webhook-service.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { TestKeys } from './support/key-provider.ts';
import { say, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { isSignedWith, Receiver, type Told } from './support/receiver.ts';
import { createKey, withKey } from './support/server-keys.ts';
import {
  startTestPlatform,
  storeKinds,
  type TestPlatform,
  type TestPlatformOptions,
} from './support/test-platform.ts';

interface World {
  readonly test: TestPlatform;
  readonly api: ApiClient;
  readonly people: readonly [Person, Person];
  readonly receiver: Receiver;
}

async function start(options: Partial<TestPlatformOptions> = {}): Promise<World> {
  const { platform, ...more } = options;
  const test = await startTestPlatform({
    ...{ store: 'sqlite', ...more },
    platform: { webhookNetworks: ['loopback'], ...platform },
  });
  const people = [await test.register('ann'), await test.register('bob')] as const;
  await befriend(test, ...people);
  const api = await withKey(test, (await createKey(test, ['webhooks'])).key);
  return { test, api, people, receiver: await Receiver.start() };
}

function listen({ api, receiver }: World, events: EventType[] = ['message.created', 'message.recalled']) {
  return unwrap(api.POST('/v1/server/webhooks', { body: { url: receiver.url, events } }));
}

function textOf({ data }: Told): string {
  return (data as { message: { content: { text: string } } }).message.content.text;
}

function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    (error: unknown) => (error as ApiProblem).code,
  );
}

it('tells of messages, signed, with all that a receiver needs, in the order of each conversation', async () => {
  const world = await start();
  const { test, people, receiver } = world;
  const [ann, bob] = people;
  const { id: groupId } = await openGroup(ann, [bob]);
  const rows = () => test.platform.database.sql('im_outbox').select('position');
  await say(ann, bob, 'before anybody listens');
  expect(await rows()).toEqual([]);

  const { secret } = await listen(world);
  for (let index = 0; index < 20; index++) {
    await Promise.all([say(ann, bob, `p${index}`), sayInGroup(bob, groupId, `g${index}`)]);
  }
  const { id } = await say(bob, ann, 'a slip');
  await bob.delete(`/message/private/recall/${id}`);

  await expect.poll(() => receiver.of('message.recalled')).toHaveLength(1);
  await expect.poll(() => receiver.of('message.created')).toHaveLength(41);
  const conversation = `private:${ann.id}:${bob.id}`;
  const created = receiver.of('message.created');
  expect(created.filter(({ subject }) => subject === conversation).map(textOf)).toEqual([
    ...Array.from({ length: 20 }, (_, index) => `p${index}`),
    'a slip',
  ]);
  expect(created.filter(({ subject }) => subject === `group:${groupId}`).map(textOf)).toEqual(
    Array.from({ length: 20 }, (_, index) => `g${index}`),
  );
  expect(created[0]).toMatchObject({
    subject: conversation,
    data: {
      message: {
        ...{ conversationId: conversation, number: 2, senderId: String(ann.id), receiverId: String(bob.id) },
        content: { type: 'text', text: 'p0' },
      },
    },
  });
  expect(created[0]?.users).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: String(ann.id), userName: 'ann', externalId: null }),
      expect.objectContaining({ id: String(bob.id), userName: 'bob' }),
    ]),
  );
  expect(receiver.of('message.recalled')[0]).toMatchObject({
    data: { conversationId: conversation, number: 22, messageId: String(id), recalledBy: String(bob.id) },
  });
  for (const told of receiver.seen) {
    expect(told.headers['webhook-id']).toBe(told.id);
    expect(isSignedWith(secret, told)).toBe(true);
    expect(isSignedWith(secret, { ...told, body: `${told.body} ` })).toBe(false);
  }
  // In normal running nothing comes twice.
  expect(new Set(receiver.seen.map((told) => told.id)).size).toBe(receiver.seen.length);
});

it('goes on with other conversations while an event fails, gives up what is refused, and tells it again when asked to', async () => {
  const world = await start();
  const { api, people, receiver } = world;
  const [ann, bob] = people;
  const { id: groupId } = await openGroup(ann, [bob]);
  let isSick = true;
  receiver.answer = (told) =>
    told.subject.startsWith('private:') && isSick
      ? { status: textOf(told) === 'poison' ? 422 : 500 }
      : { status: 200 };
  const { id: webhookId } = await listen(world);
  const path = { params: { path: { webhookId } } };

  await say(ann, bob, 'poison');
  await say(ann, bob, 'held up');
  await sayInGroup(ann, groupId, 'elsewhere');

  await expect.poll(() => receiver.seen.map(textOf)).toContain('elsewhere');
  // Three times refused: the one behind it has its turn.
  await expect.poll(() => receiver.seen.map(textOf)).toContain('held up');
  expect(receiver.seen.map(textOf).filter((text) => text === 'poison')).toHaveLength(3);
  const letters = await unwrap(api.GET('/v1/server/webhooks/{webhookId}/dead-letters', path));
  expect(letters).toMatchObject({
    items: [{ type: 'message.created', attempts: 3, why: 'it answered 422' }],
    nextCursor: null,
  });
  const only = async () => (await unwrap(api.GET('/v1/server/webhooks'))).items[0];
  await expect.poll(only).toMatchObject({ id: webhookId, isOn: true, waiting: 1, dead: 1 });
  expect(await only()).toMatchObject({ lastError: expect.stringContaining('it answered') as string });

  isSick = false;
  await expect
    .poll(async () => (await unwrap(api.GET('/v1/server/webhooks'))).items[0])
    .toMatchObject({
      ...{ waiting: 0, dead: 1, failingSince: null, lastError: null },
    });
  const before = receiver.seen.length;
  const replay = (body: { what: 'dead' } | { what: 'since'; position: number }) =>
    unwrap(api.POST('/v1/server/webhooks/{webhookId}/replays', { ...path, body }));
  expect(await replay({ what: 'dead' })).toEqual({ events: 1 });
  await expect.poll(() => receiver.seen.slice(before).map(textOf)).toEqual(['poison']);
  await expect.poll(async () => (await unwrap(api.GET('/v1/server/webhooks'))).items[0]?.waiting).toBe(0);
  expect(await replay({ what: 'since', position: 0 })).toEqual({ events: 3 });
  await expect
    .poll(() =>
      receiver.seen
        .slice(before + 1)
        .map(textOf)
        .toSorted(),
    )
    .toEqual([...['elsewhere', 'held up', 'poison']]);
});

it('signs with two secrets while one takes the place of the other, and says nothing to whom it is turned off for', async () => {
  const world = await start();
  const { api, people, receiver } = world;
  const [ann, bob] = people;
  const { id: webhookId, secret } = await listen(world);
  const path = { params: { path: { webhookId } } };
  const rotate = async (graceHours: number): Promise<string> =>
    (await unwrap(api.POST('/v1/server/webhooks/{webhookId}/secret', { ...path, body: { graceHours } })))
      .secret;
  const change = (body: { isOn: boolean }) =>
    unwrap(api.PATCH('/v1/server/webhooks/{webhookId}', { ...path, body }));

  const second = await rotate(1);
  await say(ann, bob, 'both');
  await expect.poll(() => receiver.seen).toHaveLength(1);
  const third = await rotate(0);
  await say(ann, bob, 'one');
  await expect.poll(() => receiver.seen).toHaveLength(2);
  const signers = receiver.seen.map((told) => [secret, second, third].map((one) => isSignedWith(one, told)));
  expect(signers).toEqual([
    [true, true, false],
    [false, false, true],
  ]);

  expect(await change({ isOn: false })).toMatchObject({ isOn: false });
  await say(ann, bob, 'meanwhile');
  expect((await unwrap(api.GET('/v1/server/webhooks'))).items).toMatchObject([{ waiting: 1 }]);
  expect(await change({ isOn: true })).toMatchObject({ isOn: true });
  await expect.poll(() => receiver.seen.map(textOf)).toEqual(['both', 'one', 'meanwhile']);

  await unwrap(api.DELETE('/v1/server/webhooks/{webhookId}', path));
  await say(ann, bob, 'to nobody');
  expect((await unwrap(api.GET('/v1/server/webhooks'))).items).toEqual([]);
  expect(await world.test.platform.database.sql('im_outbox').select('position')).toEqual([]);
});

it('goes to no network that is not public, however it is named', async () => {
  const world = await start({ platform: { webhookNetworks: [] } });
  const { api, people, receiver } = world;
  const [ann, bob] = people;
  const register = (url: string): Promise<string> =>
    codeOf(unwrap(api.POST('/v1/server/webhooks', { body: { url, events: ['message.created'] } })));
  for (const url of [
    ...['http://shop.example/', 'ftp://shop.example/', 'shop.example', 'https://me:secret@shop.example/'],
    ...[
      'https://127.0.0.1/',
      'https://2130706433/',
      'https://0x7f.1/',
      'https://10.1.2.3/',
      'https://[::1]/',
    ],
    ...['https://169.254.169.254/latest/meta-data', 'https://[::ffff:10.0.0.1]/', 'https://[fd00::1]/'],
    ...['https://[::ffff:7f00:1]/', 'https://[64:ff9b::7f00:1]/', 'https://100.64.0.1/', 'https://0.0.0.0/'],
  ])
    expect([url, await register(url)]).toEqual([url, 'INVALID_ARGUMENT']);
  // A name that leads there is found out when it is connected to.
  expect(await register(receiver.url.replace('http://127.0.0.1', 'https://localhost'))).toBe('done');
  await say(ann, bob, 'hello');
  const only = async () => (await unwrap(api.GET('/v1/server/webhooks'))).items[0];
  await expect.poll(async () => (await only())?.lastError).toContain('in no network that may be asked');
});

it.each(storeKinds)('tells a bot of its own conversations alone, on %s', async (store) => {
  // What is encrypted stays so, also where the database decides whether it is written.
  const keys = store === 'mariadb' && { encryptionKeyProvider: new TestKeys('a') };
  const world = await start({ store, platform: { ...keys } });
  const { test, api, people, receiver } = world;
  const [ann, bob] = people;
  const asShop = await withKey(test, (await createKey(test, ['bots'])).key);
  const asBot = await withKey(test, (await createKey(test, ['bot-webhooks'])).key);
  const path = { bot: 'external:helper' };
  const body = { nickName: 'Helper' };
  const { id: botId } = await unwrap(asShop.PUT('/v1/server/bots/{bot}', { params: { path }, body }));
  await ann.post(`/friend/add?friendId=${botId}`);
  const { id: groupId } = await openGroup(ann, [bob]);
  const club = `group:${groupId}`;
  const [mentions, listed] = [await Receiver.start(), await Receiver.start()];
  const events: EventType[] = ['message.created', 'message.edited', 'message.recalled'];
  const everywhere: EventType[] = [...events, 'group.joined', 'group.left'];
  const hear = (url: string, only: 'conversations' | 'mentions', of: EventType[], bot = path) =>
    unwrap(
      asBot.POST('/v1/server/bots/{bot}/webhooks', {
        params: { path: bot },
        body: { url, only, events: of },
      }),
    );
  const { id } = await hear(receiver.url, 'conversations', everywhere);
  expect(await codeOf(hear(mentions.url, 'mentions', everywhere))).toBe('INVALID_ARGUMENT');
  expect(await codeOf(hear(mentions.url, 'mentions', events.slice(0, 2), { bot: String(ann.id) }))).toBe(
    'NOT_FOUND',
  );
  await hear(mentions.url, 'mentions', events.slice(0, 2));
  const only = { what: 'conversations' as const, conversationIds: [club] };
  await unwrap(api.POST('/v1/server/webhooks', { body: { url: listed.url, events: everywhere, only } }));

  const asAnn = await apiOf(test, ann);
  const sayTo = (conversationId: string, text: string, mentioned?: string) =>
    unwrap(
      asAnn.POST('/v1/conversations/{conversationId}/messages', {
        params: { path: { conversationId }, header: { 'idempotency-key': text.replaceAll(' ', '-') } },
        body: {
          content: {
            ...{ type: 'text', text },
            ...(mentioned && {
              entities: [{ type: 'mention', offset: 0, length: 1, userId: mentioned }],
            }),
          },
        },
      }),
    );
  let edits = 0;
  const edit = (conversationId: string, number: number) =>
    unwrap(
      asAnn.PATCH('/v1/conversations/{conversationId}/messages/{number}', {
        params: { path: { conversationId, number } },
        body: { content: { type: 'text', text: `edited ${++edits}` } },
      }),
    );
  const { number: before } = await sayTo(club, 'before it came', botId);
  await ann.post('/group/invite', { groupId, friendIds: [Number(botId)] });
  await edit(club, before);
  const { number } = await sayTo(club, 'to all');
  await edit(club, number);
  await sayTo(club, 'to it', botId);
  await sayTo(club, 'to everybody', 'everyone');
  await sayTo(`private:${ann.id}:${bob.id}`, 'elsewhere');
  await sayTo(`private:${ann.id}:${botId}`, 'in private');
  await ann.delete('/group/members/remove', { groupId, userIds: [Number(botId)] });
  await sayTo(club, 'after it went', botId);
  await edit(club, number);
  await sayTo(`private:${ann.id}:${botId}`, 'the end');

  const heard = ({ seen }: Receiver, subject: string) =>
    seen
      .filter((told) => told.subject === subject)
      .map((told) => (told.type === 'message.created' ? textOf(told) : told.type));
  const pair = `private:${ann.id}:${botId}`;
  for (const one of [receiver, mentions])
    await expect.poll(() => heard(one, pair)).toEqual(['in private', 'the end']);
  const inClub = ['group.joined', 'to all', 'message.edited', 'to it', 'to everybody', 'group.left'];
  await expect.poll(() => heard(receiver, club)).toEqual(inClub);
  await expect.poll(() => heard(mentions, club)).toEqual(['to it', 'to everybody']);
  await expect
    .poll(() => heard(listed, club))
    .toEqual([
      ...['before it came', 'group.joined', 'message.edited', ...inClub.slice(1)],
      ...['after it went', 'message.edited'],
    ]);
  for (const one of [receiver, mentions])
    expect(new Set(one.seen.map(({ subject }) => subject))).toEqual(new Set([club, pair]));
  expect(listed.seen.map(({ subject }) => subject)).toEqual(Array(listed.seen.length).fill(club));

  // Its key knows of no other webhooks, and ends none.
  const { items } = await unwrap(asBot.GET('/v1/server/bots/{bot}/webhooks', { params: { path } }));
  expect(items.map((one) => one.only?.what)).toEqual(['bot', 'mentions']);
  const all = (await unwrap(api.GET('/v1/server/webhooks'))).items;
  const other = all.find((one) => one.only?.what === 'conversations')?.id ?? '';
  const remove = (webhookId: string) =>
    unwrap(
      asBot.DELETE('/v1/server/bots/{bot}/webhooks/{webhookId}', {
        params: { path: { ...path, webhookId } },
      }),
    );
  expect(await codeOf(remove(other))).toBe('NOT_FOUND');
  await remove(id);
  expect(await codeOf(unwrap(asBot.GET('/v1/server/webhooks')))).toBe('SCOPE_MISSING');
});

it('follows no redirect', async () => {
  const world = await start();
  const { api, people, receiver } = world;
  const elsewhere = await Receiver.start();
  receiver.answer = () => ({ status: 307, headers: { location: elsewhere.url } });
  await listen(world);

  await say(...people, 'hello');

  const only = async () => (await unwrap(api.GET('/v1/server/webhooks'))).items[0];
  await expect.poll(async () => (await only())?.lastError).toContain('it answered 307');
  expect(elsewhere.seen).toEqual([]);
});

it('tells of what else happens, each in its transaction, and of nothing that nobody wants', async () => {
  const world = await start();
  const { test, people, receiver } = world;
  const [ann, bob] = people;
  // That somebody is erased: erasure.test.ts.
  const all = eventTypes.filter((type) => type !== 'user.erased');
  await listen(world, all);
  const asBob = await apiOf(test, bob);
  const conversationId = `private:${ann.id}:${bob.id}`;
  const ofMessage = { params: { path: { conversationId, number: 1 } } };

  const cleo = await test.register('cleo');
  await befriend(test, ann, cleo);
  await say(ann, bob, 'hello');
  await unwrap(
    (await apiOf(test, ann)).PATCH('/v1/conversations/{conversationId}/messages/{number}', {
      ...ofMessage,
      body: { content: { type: 'text', text: 'hello!' } },
    }),
  );
  await bob.put(`/message/private/readed?friendId=${ann.id}`);
  await unwrap(asBob.POST('/v1/reports', { body: { conversationId, number: 1, reason: 'spam' } }));
  const { id: groupId } = await openGroup(ann, [bob]);
  await ann.post('/group/invite', { groupId, friendIds: [cleo.id] });
  await bob.delete(`/group/quit/${groupId}`);
  await ann.delete(`/group/delete/${groupId}`);
  const form = new FormData();
  form.set('file', new Blob(['words']), 'notes.txt');
  const accessToken = bob.tokens.accessToken;
  expect(
    (await fetch(`${test.url}/file/upload`, { method: 'POST', body: form, headers: { accessToken } })).ok,
  ).toBe(true);
  const { id } = await say(ann, bob, 'a slip');
  await ann.delete(`/message/private/recall/${id}`);

  await expect.poll(() => new Set(receiver.seen.map(({ type }) => type)).size).toBe(all.length);
  const group = { conversationId: `group:${groupId}`, groupId: String(groupId), actorId: String(ann.id) };
  const first = (type: EventType) => receiver.of(type)[0]?.data;
  expect(first('user.signed_in')).toMatchObject({ userId: String(cleo.id), terminal: 0 });
  expect(first('message.edited')).toMatchObject({
    ...{ conversationId, number: 1, senderId: String(ann.id), receiverId: String(bob.id) },
    content: { type: 'text', text: 'hello!' },
  });
  expect(first('conversation.read')).toEqual({ conversationId, userId: String(bob.id), upTo: 1 });
  expect(first('report.created')).toMatchObject({
    ...{ reporterId: String(bob.id), userId: String(ann.id), conversationId, number: 1, reason: 'spam' },
  });
  expect(first('group.created')).toMatchObject({ groupId: group.groupId, ownerId: String(ann.id) });
  expect(receiver.of('group.joined').map(({ data }) => data)).toEqual([
    { ...group, userIds: [String(bob.id)] },
    { ...group, userIds: [String(cleo.id)] },
  ]);
  expect(first('group.left')).toEqual({ ...group, actorId: String(bob.id), userIds: [String(bob.id)] });
  expect(first('group.dissolved')).toEqual(group);
  expect(first('file.uploaded')).toMatchObject({
    userId: String(bob.id),
    kind: 'file',
    name: 'notes.txt',
    size: 5,
  });
  const ofTwo = receiver.seen.filter(({ subject }) => subject === conversationId).map(({ type }) => type);
  expect(ofTwo).toEqual([
    ...['message.created', 'message.edited', 'conversation.read', 'message.created', 'message.recalled'],
  ]);
});

it('has what was told told again by one replay at a time, with an end', async () => {
  const { test } = await start();
  const { database } = test.platform;
  const outbox = new OutboxStore(database);
  const sinks = new SinkStore(database);
  await sinks.meet('redis');
  const row = { sink: 'redis', subject: 'group:1', id: 'evt_1', type: 'message.created', body: '{}' };
  const told = { ...row, time: 1, state: 1 };
  await database.sql('im_outbox').insert([told, told]);
  const addresses = { hasOwn: true, whyNot: () => undefined };
  const look = () => Promise.resolve();
  const isBot = () => Promise.resolve(false);
  const service = new WebhookService({ sinks, outbox, addresses, look, isBot });
  const replay = () => service.again('redis', { what: 'since', position: 0 });

  const outcomes = await Promise.allSettled([replay(), replay(), replay()]);
  expect(
    outcomes.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Refusal).code)),
  ).toEqual([...[2, 429, 429]]);
  expect(await replay()).toBe(0);
});
