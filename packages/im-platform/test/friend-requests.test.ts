import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { systemAccountId } from '../src/users/system-account.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { nextPrivate, pull, say, type PrivateMessage } from './support/messages.ts';
import type { Person } from './support/person.ts';
import {
  sharedPlatform,
  startTestPlatform,
  storeKinds,
  type StoreKind,
  type TestPlatform,
} from './support/test-platform.ts';

// Several people, each with a client that holds answers to the description, on a machine that is busy with other tests.
const requestSent = { code: 10010, message: '好友申请已发送，请等待对方同意' };
const refused = (code: string): object => expect.objectContaining({ code }) as object;

async function startWithTwo(
  store: StoreKind,
  options?: Partial<Parameters<typeof startTestPlatform>[0]>,
): Promise<{ test: TestPlatform; ann: Person; bob: Person }> {
  const test = options ? await startTestPlatform({ store, ...options }) : await sharedPlatform({ store });
  return { test, ann: await test.register('ann'), bob: await test.register('bob') };
}

function ask(api: ApiClient, { id }: Person, text?: string): Promise<{ state: string }> {
  return unwrap(api.POST('/v1/friend-requests', { body: { userId: String(id), ...(text && { text }) } }));
}

function to({ id }: Person): { params: { path: { userId: string } } } {
  return { params: { path: { userId: String(id) } } };
}

async function namesIn(api: ApiClient, list: 'received' | 'sent'): Promise<string[]> {
  const { items } = await unwrap(api.GET(`/v1/friend-requests/${list}`));
  return items.map(({ nickName, text }) => (text === '' ? nickName : `${nickName}: ${text}`));
}

function notices(messages: readonly PrivateMessage[]): string[] {
  return messages.filter(({ sendId }) => sendId === systemAccountId).map(({ content }) => content);
}

async function areFriends(one: Person, other: Person): Promise<boolean> {
  const friends = await one.get<{ id: number; deleted: boolean }[]>('/friend/list');
  return friends.some(({ id, deleted }) => id === other.id && !deleted);
}

describe.each(storeKinds)('requests to be friends on %s', (store) => {
  it('are asked and accepted on pages of box-im: the system account tells, adding back accepts', async () => {
    const { ann, bob } = await startWithTwo(store);
    const device = await bob.connect();

    // As the page of ann does: search, add.
    expect(await ann.get('/user/findByName?name=bob')).toMatchObject([{ id: bob.id }]);
    expect(await ann.ask('POST', `/friend/add?friendId=${bob.id}`)).toMatchObject(requestSent);
    expect(await areFriends(ann, bob)).toBe(false);

    // The page of bob makes a friend of the account, shows what it says, and what opening the chat asks is answered.
    const system = { id: systemAccountId, nickName: '系统通知', headImage: '', deleted: false };
    const news = await nextPrivate(device);
    expect(news).toMatchObject({ type: 80, sendId: systemAccountId, recvId: bob.id });
    expect(JSON.parse(news.content)).toEqual(system);
    expect(await nextPrivate(device)).toMatchObject({
      ...{ type: 0, sendId: systemAccountId, recvId: bob.id, number: 1 },
      content: 'ann请求添加您为好友，添加对方即为同意',
    });
    expect(await bob.get('/friend/list')).toEqual([{ ...system, isDnd: null }]);
    expect(await bob.get(`/user/find/${systemAccountId}`)).toMatchObject({ nickName: '系统通知' });
    expect(await bob.get(`/message/private/maxReadedId?friendId=${systemAccountId}`)).toBe(-1);
    await bob.put(`/message/private/readed?friendId=${systemAccountId}`);
    expect((await pull(bob)).map(({ status }) => status)).toEqual([3]);
    const reply = { tmpId: '1', recvId: systemAccountId, content: 'hi', type: 0 };
    expect(await bob.ask('POST', '/message/private/send', reply)).toMatchObject({ code: 500 });

    // Search, add: yes.
    await bob.post(`/friend/add?friendId=${ann.id}`);
    expect([await areFriends(ann, bob), await areFriends(bob, ann)]).toEqual([true, true]);
    await say(ann, bob, 'hello');
    expect(await ann.get('/friend/list')).toHaveLength(1);
  });

  it('are listed for both at /v1, and accepted once', async () => {
    const { test, ann, bob } = await startWithTwo(store);
    const [asAnn, asBob] = [await apiOf(test, ann), await apiOf(test, bob)];

    await expect(unwrap(asBob.PUT('/v1/friends/{userId}', to(ann)))).rejects.toEqual(
      refused('REQUEST_NEEDED'),
    );
    expect(await ask(asAnn, bob, 'From the hall')).toEqual({ state: 'asked' });
    expect(await ask(asAnn, bob, 'Hello? Hello?')).toEqual({ state: 'asked' });
    expect(await namesIn(asBob, 'received')).toEqual(['ann: From the hall']);
    expect(await namesIn(asAnn, 'sent')).toEqual(['bob: From the hall']);
    expect(await namesIn(asAnn, 'received')).toEqual([]);
    expect(notices(await pull(bob))).toEqual(['ann请求添加您为好友：“From the hall”，添加对方即为同意']);
    await expect(unwrap(asAnn.PUT('/v1/friends/{userId}', to(bob)))).rejects.toEqual(
      refused('REQUEST_NEEDED'),
    );

    expect(await unwrap(asBob.PUT('/v1/friends/{userId}', to(ann)))).toMatchObject({ nickName: 'ann' });
    await unwrap(asBob.PUT('/v1/friends/{userId}', to(ann)));
    expect(await ask(asAnn, bob)).toEqual({ state: 'friends' });
    expect([await namesIn(asBob, 'received'), await namesIn(asAnn, 'sent')]).toEqual([[], []]);
    await say(bob, ann, 'hello');
    const bodies: [number | string, string][] = [
      [ann.id, 'INVALID_ARGUMENT'],
      [4711, 'NOT_FOUND'],
      [systemAccountId, 'NOT_FOUND'],
    ];
    for (const [userId, code] of bodies)
      await expect(
        unwrap(asAnn.POST('/v1/friend-requests', { body: { userId: String(userId) } })),
      ).rejects.toEqual(refused(code));
  });

  it('that are declined stay so until they end, and nobody is told of a second one', async () => {
    const { test, ann, bob } = await startWithTwo(store);
    const [asAnn, asBob] = [await apiOf(test, ann), await apiOf(test, bob)];
    const decline = (): Promise<unknown> =>
      unwrap(asBob.DELETE('/v1/friend-requests/received/{userId}', to(ann)));
    const withdraw = (): Promise<unknown> =>
      unwrap(asAnn.DELETE('/v1/friend-requests/sent/{userId}', to(bob)));

    await ask(asAnn, bob);
    await withdraw();
    expect([await namesIn(asBob, 'received'), await namesIn(asAnn, 'sent')]).toEqual([[], []]);
    await expect(unwrap(asBob.PUT('/v1/friends/{userId}', to(ann)))).rejects.toEqual(
      refused('REQUEST_NEEDED'),
    );
    await ask(asAnn, bob, 'again');
    expect(await namesIn(asBob, 'received')).toEqual(['ann: again']);
    await decline();
    // As if nothing had been said, withdrawn and asked again or not.
    expect([await namesIn(asBob, 'received'), await namesIn(asAnn, 'sent')]).toEqual([[], ['bob: again']]);
    await withdraw();
    for (let round = 0; round < 3; round++) expect(await ask(asAnn, bob)).toEqual({ state: 'asked' });
    expect([await namesIn(asBob, 'received'), await namesIn(asAnn, 'sent')]).toEqual([[], ['bob']]);
    expect(notices(await pull(bob))).toHaveLength(1);

    await test.platform.database.sql('im_friend_request').update({ endTime: Date.now() - 1 });
    expect(await namesIn(asAnn, 'sent')).toEqual([]);
    await ask(asAnn, bob, 'two weeks later');
    expect(await namesIn(asBob, 'received')).toEqual(['ann: two weeks later']);
    expect(notices(await pull(bob))).toHaveLength(2);
    // Who declined may ask as well as anybody, and is told nothing but yes.
    await decline();
    expect(await ask(asBob, ann)).toEqual({ state: 'asked' });
    expect(await ask(asAnn, bob)).toEqual({ state: 'friends' });
  });

  it('of both to each other at once make friends of them, and tell each once', async () => {
    const { test, ann, bob } = await startWithTwo(store, { instances: store === 'sqlite' ? 1 : 2 });
    const elsewhere = await test.logIn('bob', { at: test.all.at(-1)! });

    await Promise.all([
      ann.ask('POST', `/friend/add?friendId=${bob.id}`),
      elsewhere.ask('POST', `/friend/add?friendId=${ann.id}`),
    ]);

    expect([await areFriends(ann, bob), await areFriends(bob, ann)]).toEqual([true, true]);
    expect(await test.platform.database.sql('im_friend_request').select('fromId')).toEqual([]);
    const tips = (await pull(ann)).filter(({ type }) => type === 21);
    expect(tips).toHaveLength(1);
  });

  it('are needed again by whoever was deleted', async () => {
    const { test, ann, bob } = await startWithTwo(store);
    await befriend(test, ann, bob);

    await ann.delete(`/friend/delete/${bob.id}`);
    expect(await bob.ask('POST', `/friend/add?friendId=${ann.id}`)).toMatchObject(requestSent);

    expect(await areFriends(bob, ann)).toBe(false);
    const body = { tmpId: '1', recvId: ann.id, content: 'me again', type: 0 };
    expect(await bob.ask('POST', '/message/private/send', body)).toMatchObject({
      message: '您已不是对方好友，无法发送消息',
    });
    const group = await bob.post<{ id: number }>('/group/create', { name: 'mine' });
    expect(await bob.ask('POST', '/group/invite', { groupId: group.id, friendIds: [ann.id] })).toMatchObject({
      message: '部分用户不是您的好友，邀请失败',
    });
  });
});

it('so many in a day are asked, over all instances, and those that are asked already do not count', async () => {
  const test = await startTestPlatform({ store: 'sqlite', platform: { friendRequestsPerDay: 3 } });
  const ann = await test.register('ann');
  const others: Person[] = [];
  for (const name of ['b', 'c', 'd', 'e']) others.push(await test.register(name));
  const api = await apiOf(test, ann);

  for (const other of others.slice(0, 3)) await ask(api, other);
  for (const other of others.slice(0, 3)) expect(await ask(api, other)).toEqual({ state: 'asked' });
  await expect(ask(api, others[3]!)).rejects.toEqual(refused('TOO_MANY_REQUESTS'));
  expect(await ann.ask('POST', `/friend/add?friendId=${others[3]!.id}`)).toMatchObject({ code: 429 });
});

it('what somebody says with it is masked, as a message is', async () => {
  const { test, ann, bob } = await startWithTwo('sqlite', { platform: { wordsCheckMs: 20 } });
  await test.platform.database.sql('im_sensitive_word').insert({ content: 'bad', enabled: 1, createTime: 0 });
  const api = await apiOf(test, ann);
  await expect
    .poll(() => ann.ask('PUT', '/user/update', { id: ann.id, userName: 'ann', nickName: 'bad' }))
    .toMatchObject({ code: 500 });
  // It was hers if she asked before the word was known.
  await ann.ask('PUT', '/user/update', { id: ann.id, userName: 'ann', nickName: 'ann' });

  await ask(api, bob, 'a bad word');

  expect(notices(await pull(bob))).toEqual(['ann请求添加您为好友：“a *** word”，添加对方即为同意']);
  await expect(ask(api, bob, 'x'.repeat(129))).rejects.toEqual(refused('INVALID_ARGUMENT'));
});
