import { expect, it } from 'vitest';
import { unwrap, type ApiClient, type ApiProblem } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { nextInGroup, nextPrivate, pull } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { createKey, withKey } from './support/server-keys.ts';
import { startTestPlatform, type TestPlatform } from './support/test-platform.ts';

function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    (error: unknown) => (error as ApiProblem).code,
  );
}

async function start(): Promise<{ test: TestPlatform; api: ApiClient; people: [Person, Person, Person] }> {
  const test = await startTestPlatform({ store: 'sqlite' });
  const people: Person[] = [];
  for (const name of ['ann', 'bob', 'cleo']) people.push(await test.register(name));
  const api = await withKey(test, (await createKey(test)).key);
  return { test, api, people: people as [Person, Person, Person] };
}

function pair(api: ApiClient, one: string, other: string): Promise<{ conversationId: string }> {
  return unwrap(api.POST('/v1/server/private-conversations', { body: { users: [one, other] } }));
}

function sendAs(api: ApiClient, from: string, conversationId: string, text: string, key?: string) {
  return unwrap(
    api.POST('/v1/server/conversations/{conversationId}/messages', {
      params: { path: { conversationId }, header: key === undefined ? {} : { 'idempotency-key': key } },
      body: { from, content: { type: 'text', text } },
    }),
  );
}

function readersOf(
  api: ApiClient,
  conversationId: string,
  number: number,
  query: { hasRead?: 'true' | 'false'; limit?: number; cursor?: string } = {},
) {
  const path = '/v1/server/conversations/{conversationId}/messages/{number}/readers';
  return unwrap(api.GET(path, { params: { path: { conversationId, number }, query } }));
}

function deliveryOf(api: ApiClient, conversationId: string, number: number) {
  const path = '/v1/server/conversations/{conversationId}/messages/{number}/delivery';
  return unwrap(api.GET(path, { params: { path: { conversationId, number } } }));
}

it('brings two users together, sends as them by their rules and once, and says what became of it', async () => {
  const { test, api, people } = await start();
  const [ann, bob] = people;
  const annToBob = `private:${ann.id}:${bob.id}`;

  expect(await codeOf(sendAs(api, 'name:ann', annToBob, 'hi'))).toBe('NOT_FRIENDS');
  const pairs = await Promise.all([pair(api, 'name:ann', 'name:bob'), pair(api, `${bob.id}`, 'name:ann')]);
  expect(pairs).toEqual([{ conversationId: annToBob }, { conversationId: annToBob }]);
  expect(await codeOf(pair(api, 'name:ann', 'name:ann'))).toBe('INVALID_ARGUMENT');
  expect(await codeOf(pair(api, 'name:ann', 'external:nobody'))).toBe('NOT_FOUND');

  // Both of the sender's own devices and the receiver's are told; of many at once one is stored.
  const [hers, his] = [await ann.connect(), await bob.connect()];
  const sent = await Promise.all(
    Array.from({ length: 5 }, () => sendAs(api, 'name:ann', annToBob, 'hello', 'order-7')),
  );
  expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
  const number = sent[0]?.number ?? 0;
  for (const device of [hers, his])
    expect((await device.next(({ data }) => (data as { content?: string }).content === 'hello')).cmd).toBe(3);
  expect(await codeOf(sendAs(api, 'name:ann', annToBob, 'goodbye', 'order-7'))).toBe(
    'IDEMPOTENCY_KEY_REUSED',
  );
  expect((await pull(bob)).filter(({ content }) => content === 'hello')).toHaveLength(1);

  const facts = { id: sent[0]?.id, senderId: String(ann.id), number, others: 1 };
  await expect
    .poll(() => deliveryOf(api, annToBob, number))
    .toMatchObject({ ...facts, status: 'delivered', readers: 0 });
  const asBob = await apiOf(test, bob);
  const params = { path: { conversationId: annToBob } };
  await unwrap(asBob.PUT('/v1/conversations/{conversationId}/read', { params, body: { number } }));
  expect(await deliveryOf(api, annToBob, number)).toMatchObject({ ...facts, status: 'read', readers: 1 });
  expect(await codeOf(deliveryOf(api, annToBob, 99))).toBe('NOT_FOUND');
  expect(await readersOf(api, annToBob, number)).toMatchObject({ items: [{ userId: String(bob.id) }] });
  const asAnn = await apiOf(test, ann);
  const one = { path: { conversationId: annToBob, number } };
  await unwrap(asAnn.DELETE('/v1/conversations/{conversationId}/messages/{number}', { params: one }));
  expect(await deliveryOf(api, annToBob, number)).toMatchObject({ ...facts, status: 'recalled' });

  // What she wants herself stands above what the back end wants.
  await unwrap(asAnn.PUT('/v1/blocks/{userId}', { params: { path: { userId: String(bob.id) } } }));
  await ann.delete(`/friend/delete/${bob.id}`);
  expect(await codeOf(pair(api, 'name:bob', 'name:ann'))).toBe('NOT_WANTED');
  await test.platform.database.sql('im_user').where({ id: ann.id }).update({ isBanned: 1, reason: 'spam' });
  expect(await codeOf(sendAs(api, 'name:ann', annToBob, 'hi'))).toBe('BANNED');
});

it('makes groups once, brings in and puts out, and tells what the platform says', async () => {
  const { test, api, people } = await start();
  const [ann, bob, cleo] = people;
  const { sql } = test.platform.database;
  const create = (members: string[], key: string): Promise<{ groupId: string; conversationId: string }> =>
    unwrap(
      api.POST('/v1/server/groups', {
        params: { header: { 'idempotency-key': key } },
        body: { name: 'Order 7', owner: 'name:ann', members },
      }),
    );
  const members = async (): Promise<number[]> =>
    (await sql('im_group_member').where({ quit: 0 }).orderBy('userId').select('userId')).map(
      ({ userId }: { userId: number }) => userId,
    );
  const his = await bob.connect();

  const made = await Promise.all([create(['name:bob'], 'order-7'), create(['name:bob'], 'order-7')]);
  const [{ groupId, conversationId }] = made;
  expect(made[1]).toEqual(made[0]);
  expect(await members()).toEqual([ann.id, bob.id]);
  expect(await codeOf(create(['name:cleo'], 'order-7'))).toBe('IDEMPOTENCY_KEY_REUSED');
  expect(await codeOf(create(['external:nobody'], 'order-8'))).toBe('NOT_FOUND');
  expect(await members()).toEqual([ann.id, bob.id]);

  const path = { groupId };
  const bring = (id: string, ...users: string[]): Promise<unknown> =>
    unwrap(
      api.POST('/v1/server/groups/{groupId}/members', { params: { path: { groupId: id } }, body: { users } }),
    );
  await bring(groupId, 'name:cleo', 'name:bob', `${cleo.id}`);
  expect(await members()).toEqual([ann.id, bob.id, cleo.id]);
  expect(await codeOf(bring('99', 'name:cleo'))).toBe('NOT_FOUND');
  const putOut = (user: string): Promise<unknown> =>
    unwrap(api.DELETE('/v1/server/groups/{groupId}/members/{user}', { params: { path: { ...path, user } } }));
  await putOut('name:cleo');
  await putOut('name:cleo');
  expect(await codeOf(putOut('name:ann'))).toBe('NOT_ALLOWED');
  expect(await members()).toEqual([ann.id, bob.id]);

  const { number } = await sendAs(api, 'name:ann', conversationId, 'welcome');
  expect(await codeOf(sendAs(api, 'name:cleo', conversationId, 'hi'))).toBe('NOT_A_MEMBER');
  expect(await deliveryOf(api, conversationId, number)).toMatchObject({
    ...{ status: 'sent', readers: 0, others: 1 },
  });
  const notice = (id: string, text: string): Promise<unknown> =>
    unwrap(
      api.POST('/v1/server/groups/{groupId}/notices', {
        params: { path: { groupId: id }, header: { 'idempotency-key': 'sent' } },
        body: { text },
      }),
    );
  const told = await Promise.all([
    notice(groupId, 'It is on its way.'),
    notice(groupId, 'It is on its way.'),
  ]);
  expect(told[1]).toEqual(told[0]);
  expect(await codeOf(notice(groupId, 'It is lost.'))).toBe('IDEMPOTENCY_KEY_REUSED');
  let line = await nextInGroup(his);
  while (line.content !== 'It is on its way.') line = await nextInGroup(his);
  expect(line).toMatchObject({ sendId: 0, type: 21 });

  const tell = (user: string): Promise<unknown> =>
    unwrap(
      api.POST('/v1/server/users/{user}/notices', {
        params: { path: { user }, header: { 'idempotency-key': 'paid' } },
        body: { text: 'Your payment has come.' },
      }),
    );
  await Promise.all([tell('name:bob'), tell(`${bob.id}`)]);
  let news = await nextPrivate(his);
  while (news.content !== 'Your payment has come.') news = await nextPrivate(his);
  expect(news).toMatchObject({ recvId: bob.id, type: 0 });
  expect((await pull(bob)).filter(({ content }) => content === 'Your payment has come.')).toHaveLength(1);
  expect(await codeOf(tell('external:nobody'))).toBe('NOT_FOUND');

  await ann.delete(`/group/delete/${groupId}`);
  expect(await codeOf(notice(groupId, 'Too late'))).toBe('GROUP_CLOSED');
  expect(await codeOf(notice('99', 'Nobody'))).toBe('NOT_FOUND');
});

it('says who has read a message of a group and who has not, in pages', async () => {
  const { test, api, people } = await start();
  const [ann, bob, cleo] = people;
  const dora = await test.register('dora');
  const group = await unwrap(
    api.POST('/v1/server/groups', { body: { name: 'Order 7', owner: 'name:ann', members: ['name:bob'] } }),
  );
  const { groupId, conversationId } = group;
  const carla = { params: { path: { user: 'external:customer-7' } } };
  const { id: carlaId } = await unwrap(api.PUT('/v1/server/users/{user}', { ...carla, body: {} }));
  const bring = (...users: string[]) =>
    unwrap(
      api.POST('/v1/server/groups/{groupId}/members', { params: { path: { groupId } }, body: { users } }),
    );
  await bring('name:cleo', 'external:customer-7');
  const { number } = await sendAs(api, 'name:ann', conversationId, 'welcome');
  // Who comes later has no part in it, nor who has gone.
  await bring('name:dora');
  for (const person of [bob, dora]) {
    const params = { path: { conversationId } };
    const asPerson = await apiOf(test, person);
    await unwrap(asPerson.PUT('/v1/conversations/{conversationId}/read', { params, body: { number } }));
  }

  expect(await readersOf(api, conversationId, number)).toEqual({
    ...{ items: [{ userId: String(bob.id), externalId: null }], nextCursor: null },
  });
  const first = await readersOf(api, conversationId, number, { hasRead: 'false', limit: 1 });
  expect(first.items).toEqual([{ userId: String(cleo.id), externalId: null }]);
  const cursor = first.nextCursor ?? '';
  expect(await readersOf(api, conversationId, number, { hasRead: 'false', limit: 1, cursor })).toEqual({
    ...{ items: [{ userId: carlaId, externalId: 'customer-7' }], nextCursor: null },
  });
  await cleo.delete(`/group/quit/${groupId}`);
  expect((await readersOf(api, conversationId, number, { hasRead: 'false' })).items).toHaveLength(1);
  expect(await codeOf(readersOf(api, conversationId, 99))).toBe('NOT_FOUND');
  expect(await codeOf(readersOf(api, `private:${ann.id}:${dora.id}`, 1))).toBe('NOT_FOUND');
});

it('has bots, whose friend one is by asking, and lets a key for them speak as nobody else', async () => {
  const { test, people } = await start();
  const [ann] = people;
  const api = await withKey(test, (await createKey(test, ['bots'])).key);
  const put = (bot: string) =>
    unwrap(api.PUT('/v1/server/bots/{bot}', { params: { path: { bot } }, body: { nickName: 'Helper' } }));
  const say = (bot: string, conversationId: string, text: string, key = 'answer-1') =>
    unwrap(
      api.POST('/v1/server/bots/{bot}/conversations/{conversationId}/messages', {
        params: { path: { bot, conversationId }, header: { 'idempotency-key': key } },
        body: { content: { type: 'text', text } },
      }),
    );

  const made = await Promise.all([put('external:helper'), put('external:helper')]);
  expect(made.map(({ isNew }) => isNew).toSorted()).toEqual([false, true]);
  const { id, isBot } = made[0];
  expect(isBot).toBe(true);
  const conversationId = `private:${ann.id}:${id}`;
  expect(await codeOf(say('external:helper', conversationId, 'hello?'))).toBe('NOT_FRIENDS');

  const asAnn = await apiOf(test, ann);
  expect(await unwrap(asAnn.POST('/v1/friend-requests', { body: { userId: id } }))).toEqual({
    state: 'friends',
  });
  const hers = await ann.connect();
  const [one, other] = await Promise.all([
    say('external:helper', conversationId, 'How can I help?'),
    say('external:helper', conversationId, 'How can I help?'),
  ]);
  expect(other.id).toBe(one.id);
  expect(await nextPrivate(hers)).toMatchObject({ sendId: Number(id), content: 'How can I help?' });

  // Neither is somebody made a bot who is none, nor spoken for.
  for (const who of ['name:ann', String(ann.id), 'external:nobody'])
    expect([who, await codeOf(say(who, conversationId, 'I owe you'))]).toEqual([who, 'NOT_FOUND']);
  for (const who of ['name:ann', String(ann.id)])
    expect([who, await codeOf(put(who))]).toEqual([who, 'NOT_FOUND']);
  expect(await test.platform.database.sql('im_user').where({ id: ann.id }).first('isBot')).toEqual({
    isBot: 0,
  });
});
