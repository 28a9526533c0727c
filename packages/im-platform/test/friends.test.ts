import type { RawDevice, RawFrame } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import type { Person } from './support/person.ts';
import { sharedPlatform, startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';

interface Friend {
  readonly id: number;
  readonly nickName: string;
  readonly headImage: string;
  readonly isDnd: boolean | null;
  readonly deleted: boolean;
}

interface Pushed {
  readonly id?: number;
  readonly type: number;
  readonly sendId: number;
  readonly recvId: number;
  readonly content?: string;
}

/** Box-im's way: nobody is asked. With consent: friend-requests.test.ts. */
const open = { friendship: 'open' } as const;
const nowFriends = '你们已成为好友，现在可以开始聊天了';
const noLongerFriends = '你们的好友关系已被解除';

async function registerTwo(test: TestPlatform): Promise<[Person, Person]> {
  return [await test.register('ann'), await test.register('bob')];
}

/** What the device gets next of private messages and events. */
async function pushes(device: RawDevice, count: number): Promise<Pushed[]> {
  const seen: Pushed[] = [];
  while (seen.length < count) seen.push((await device.next(isPrivate)).data as Pushed);
  return seen;
}

function isPrivate({ cmd }: RawFrame): boolean {
  return cmd === 3;
}

async function tipsBetween({ platform }: TestPlatform): Promise<string[]> {
  const rows = await platform.database
    .sql('im_private_message')
    .orderBy('id')
    .select<{ content: string }[]>('content');
  return rows.map(({ content }) => content);
}

describe.each(storeKinds)('friends on %s', (store) => {
  it('binds both at once, tells both before the chat begins, and begins it with a tip', async () => {
    const test = await sharedPlatform({ store, platform: open });
    const [ann, bob] = await registerTwo(test);
    const [annsDevice, bobsDevice] = [await ann.connect(), await bob.connect()];

    await ann.post(`/friend/add?friendId=${bob.id}`);

    const tip = { number: 1, type: 21, status: 0, content: nowFriends, sendId: ann.id, recvId: bob.id };
    const bobAsFriend = `{"deleted":false,"headImage":"","id":${bob.id},"nickName":"bob"}`;
    const annAsFriend = `{"deleted":false,"headImage":"","id":${ann.id},"nickName":"ann"}`;
    expect(await pushes(annsDevice, 2)).toEqual([
      { type: 80, sendId: bob.id, recvId: ann.id, content: bobAsFriend },
      expect.objectContaining(tip),
    ]);
    expect(await pushes(bobsDevice, 2)).toEqual([
      { type: 80, sendId: ann.id, recvId: bob.id, content: annAsFriend },
      expect.objectContaining(tip),
    ]);
    expect(await ann.get<Friend[]>('/friend/list')).toEqual([
      { id: bob.id, nickName: 'bob', headImage: '', isDnd: null, deleted: false },
    ]);
    await bob.post('/message/private/send', { tmpId: '1', recvId: ann.id, content: 'hi', type: 0 });
  });

  it('refuses oneself, and whom nobody knows, and stores nothing then', async () => {
    const test = await startTestPlatform({ store, platform: open });
    const [ann] = await registerTwo(test);

    expect(await ann.ask('POST', `/friend/add?friendId=${ann.id}`)).toMatchObject({
      code: 500,
      message: '不允许添加自己为好友',
    });
    expect(await ann.ask('POST', '/friend/add?friendId=4711')).toMatchObject({
      code: 500,
      message: '用户不存在',
    });
    expect(await ann.get('/friend/list')).toEqual([]);
    expect(await tipsBetween(test)).toEqual([]);
  });

  it('refuses a double click', async () => {
    const test = await sharedPlatform({ store, platform: open });
    const [ann, bob] = await registerTwo(test);
    await ann.post(`/friend/add?friendId=${bob.id}`);

    expect(await ann.ask('POST', `/friend/add?friendId=${bob.id}`)).toMatchObject({
      code: 500,
      message: '请勿提交重复请求',
    });
  });

  it('makes one row for each direction and one tip when both add each other at once', async () => {
    const test = await startTestPlatform({ store, platform: open, instances: store === 'sqlite' ? 1 : 2 });
    const [ann, bob] = await registerTwo(test);
    const elsewhere = await test.logIn('bob', { at: test.all.at(-1)! });
    const bobsDevice = await bob.connect();

    await Promise.all([
      ann.post(`/friend/add?friendId=${bob.id}`),
      elsewhere.post(`/friend/add?friendId=${ann.id}`),
    ]);

    const rows: unknown = await test.platform.database
      .sql('im_friend')
      .select('userId', 'friendId', 'deleted');
    expect(rows).toHaveLength(2);
    expect(rows).toEqual(
      expect.arrayContaining([
        { userId: ann.id, friendId: bob.id, deleted: 0 },
        { userId: bob.id, friendId: ann.id, deleted: 0 },
      ]),
    );
    expect(await tipsBetween(test)).toEqual([nowFriends]);
    // Who came second is told that they are friends all the same.
    expect((await pushes(bobsDevice, 3)).map(({ type }) => type)).toEqual([80, 21, 80]);
  });

  it('ends a friendship for both, and tells the other one with a tip', async () => {
    const test = await sharedPlatform({ store, platform: open });
    const [ann, bob] = await registerTwo(test);
    await ann.post(`/friend/add?friendId=${bob.id}`);
    const [annsDevice, bobsDevice] = [await ann.connect(), await bob.connect()];

    await ann.delete(`/friend/delete/${bob.id}`);

    expect(await pushes(bobsDevice, 2)).toEqual([
      { type: 81, sendId: ann.id, recvId: bob.id },
      expect.objectContaining({ type: 21, content: noLongerFriends, sendId: ann.id, recvId: bob.id }),
    ]);
    // The tip is for bob only: the next thing that ann gets is what comes later.
    await bob.post(`/friend/add?friendId=${ann.id}`);
    expect((await pushes(annsDevice, 3)).map(({ type, content }) => [type, content])).toEqual([
      [81, undefined],
      [80, expect.any(String)],
      [21, nowFriends],
    ]);
  });

  it('keeps the rows of deleted friends, refuses their messages, and uses the rows again', async () => {
    const test = await startTestPlatform({ store, platform: open });
    const [ann, bob] = await registerTwo(test);
    await ann.post(`/friend/add?friendId=${bob.id}`);
    await ann.put('/friend/dnd', { friendId: bob.id, isDnd: true });

    await bob.delete(`/friend/delete/${ann.id}`);
    await bob.delete(`/friend/delete/${ann.id}`);

    const friend = { id: bob.id, nickName: 'bob', headImage: '', isDnd: true };
    expect(await ann.get(`/friend/find/${bob.id}`)).toEqual({ ...friend, deleted: true });
    expect(await ann.get('/friend/list')).toEqual([{ ...friend, deleted: true }]);
    const message = { tmpId: '1', recvId: bob.id, content: 'hi', type: 0 };
    expect(await ann.ask('POST', '/message/private/send', message)).toMatchObject({ code: 500 });
    await bob.post(`/friend/add?friendId=${ann.id}`);
    expect(await ann.get('/friend/list')).toEqual([{ ...friend, deleted: false }]);
    expect(await tipsBetween(test)).toEqual([nowFriends, noLongerFriends, nowFriends]);
  });

  it('tells a muted friend to the other terminals only', async () => {
    const test = await sharedPlatform({ store, platform: open });
    const [ann, bob] = await registerTwo(test);
    await ann.post(`/friend/add?friendId=${bob.id}`);
    const app = await test.logIn('ann', { terminal: 1 });
    const [here, there] = [await ann.connect(), await app.connect()];

    await ann.put('/friend/dnd', { friendId: String(bob.id), isDnd: true });

    expect(await pushes(there, 1)).toEqual([{ type: 82, sendId: ann.id, recvId: bob.id, content: 'true' }]);
    await app.put('/friend/dnd', { friendId: bob.id, isDnd: false });
    expect(await pushes(here, 1)).toEqual([expect.objectContaining({ type: 82, content: 'false' })]);
  });

  it('refuses to find, delete or mute strangers', async () => {
    const test = await sharedPlatform({ store, platform: open });
    const [ann, bob] = await registerTwo(test);
    const refusal = { code: 500, message: '对方不是您的好友' };

    expect(await ann.ask('GET', `/friend/find/${bob.id}`)).toMatchObject(refusal);
    expect(await ann.ask('DELETE', `/friend/delete/${bob.id}`)).toMatchObject(refusal);
    expect(await ann.ask('PUT', '/friend/dnd', { friendId: bob.id, isDnd: true })).toMatchObject(refusal);
    expect(await ann.ask('PUT', '/friend/dnd', { isDnd: true })).toMatchObject({ message: '好友id不可为空' });
    expect(await ann.ask('PUT', '/friend/dnd', { friendId: bob.id })).toMatchObject({
      message: '消息免打扰状态不可为空',
    });
  });
});
