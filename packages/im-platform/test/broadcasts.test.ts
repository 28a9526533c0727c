import { expect, it } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { LimitHits } from '../src/limits/limit-hits.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import { messageTypes, pull } from './support/messages.ts';
import { startTestPlatform } from './support/test-platform.ts';

function tellAll(api: ApiClient, text: string, audience: 'all' | 'online', key?: string) {
  return unwrap(
    api.POST('/v1/admin/broadcasts', {
      params: { header: key === undefined ? {} : { 'idempotency-key': key } },
      body: { text, audience },
    }),
  );
}

async function finished(api: ApiClient, id: string) {
  const find = async () => (await unwrap(api.GET('/v1/admin/broadcasts'))).items.find((one) => one.id === id);
  await expect.poll(async () => (await find())?.finishedAt ?? null).not.toBeNull();
  return find();
}

it('a broadcast reaches everybody once, those who are away when they come, and goes on where it was broken off', async () => {
  const test = await startTestPlatform({ store: 'sqlite' });
  const [ann, bob, cleo] = [
    await test.register('ann'),
    await test.register('bob'),
    await test.register('cleo'),
  ];
  await makeAdmin(test, ann);
  const api = await apiOf(test, ann);
  const device = await bob.connect();

  // Of several at the same moment with the same key there is one.
  const told = await Promise.all([1, 2, 3].map(() => tellAll(api, 'hello', 'all', 'news-1')));
  const [id = ''] = told.map((one) => one.id);
  expect(new Set(told.map((one) => one.id)).size).toBe(1);
  const { data } = await device.next(({ data }) => (data as { type?: number }).type === messageTypes.TEXT);
  expect(data).toMatchObject({ content: 'hello', recvId: bob.id });
  expect(await finished(api, id)).toMatchObject({ told: 3, audience: 'all', actorId: String(ann.id) });
  await expect(tellAll(api, 'other', 'all', 'news-1')).rejects.toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
  });
  const texts = async (person: typeof cleo) => (await pull(person)).map(({ content }) => content);
  expect(await texts(cleo)).toEqual(['hello']);

  const online = await tellAll(api, 'for who is there', 'online');
  expect(await finished(api, online.id)).toMatchObject({ told: 1 });
  expect(await texts(cleo)).toEqual(['hello']);

  // As if its instance had died before it wrote down how far it was.
  const { sql } = test.platform.database;
  await sql('im_broadcast').where({ id }).update({ afterId: ann.id, told: 1, finishedTime: null, nextAt: 0 });
  await test.startAnother();
  expect(await finished(api, id)).toMatchObject({ told: 3 });
  for (const person of [ann, bob, cleo])
    expect((await texts(person)).filter((text) => text === 'hello')).toHaveLength(1);
  const { items } = await unwrap(
    api.GET('/v1/admin/audit', { params: { query: { action: 'adminBroadcast' } } }),
  );
  expect(items.map(({ details }) => [details['text'], 'isRepeated' in details])).toEqual([
    ['for who is there', false],
    ...[true, true, false].map((isRepeated) => ['hello', isRepeated]),
  ]);
});

it('says which servers there are with what load, and who hit which limit', async () => {
  const test = await startTestPlatform({ store: 'sqlite', platform: { messagesPerMinute: 1 } });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  await makeAdmin(test, ann);
  const api = await apiOf(test, ann);
  await bob.connect();

  await expect
    .poll(async () => (await unwrap(api.GET('/v1/admin/servers'))).items)
    .toMatchObject([{ state: 'live', connections: 1, waiting: 0, forMs: null }]);
  for (let index = 0; index < 3; index++)
    await bob.ask('POST', '/message/private/send', { recvId: ann.id, content: 'x', type: 0 });
  await expect
    .poll(async () => (await unwrap(api.GET('/v1/admin/limits'))).items)
    .toMatchObject([
      ...[
        { who: `user:${bob.id}`, route: 'POST /message/private/send', reason: 'tooManyRequests', times: 2 },
      ],
    ]);
});

it('remembers those alone who hit a limit last', () => {
  const hits = new LimitHits(2);
  for (const who of ['a', 'b', 'a', 'c']) hits.note({ who, route: 'r', reason: 'x' });

  expect(hits.newest(5).map(({ who, times }) => [who, times])).toEqual([
    ['c', 1],
    ['a', 2],
  ]);
  expect(hits.newest(1)).toHaveLength(1);
});
