import { describe, expect, it } from 'vitest';
import { holdRows, untilWaiting } from './support/locks.ts';
import { sharedPlatform, startTestPlatform, storeKinds } from './support/test-platform.ts';

interface UserVO {
  readonly id: number;
  readonly userName: string;
  readonly nickName: string;
  readonly online: boolean | null;
}

const plain = {
  sex: 0,
  type: 1,
  signature: '',
  headImage: '',
  headImageThumb: '',
  isBanned: false,
  reason: '',
};

describe.each(storeKinds)('profiles on %s', (store) => {
  it('shows a user to himself and to others, without his password', async () => {
    const test = await startTestPlatform({ store, platform: { friendship: 'open' } });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await bob.connect();
    const { sql } = test.platform.database;

    const anns = { ...plain, id: ann.id, nickName: 'ann' };
    const bobs = { ...plain, id: bob.id, nickName: 'bob' };
    const seen = (): Promise<unknown> => ann.get(`/user/find/${bob.id}`);
    expect(await ann.get('/user/self')).toEqual({ ...anns, userName: 'ann', online: null });
    expect(await ann.get(`/user/find/${ann.id}`)).toEqual({ ...anns, userName: 'ann', online: false });
    expect(await seen()).toEqual({ ...bobs, userName: '', online: false });
    await ann.post(`/friend/add?friendId=${bob.id}`);
    expect(await seen()).toEqual({ ...bobs, userName: 'bob', online: true });
    expect(await bob.get(`/user/find/${ann.id}`)).toMatchObject({ online: false });
    await sql('im_user').where({ id: bob.id }).update({ isBanned: 1, reason: 'secret' });
    expect(await seen()).toMatchObject({ isBanned: true, reason: '' });
    await ann.delete(`/friend/delete/${bob.id}`);
    expect(await seen()).toEqual({ ...bobs, userName: '', online: false });
    expect(await ann.ask('GET', '/user/find/4711')).toMatchObject({ code: 500, message: '用户不存在' });
  });

  it('finds by a part of the nickname or the whole login name, 20 at most, and nobody for nothing', async () => {
    const test = await startTestPlatform({ store });
    const ann = await test.register('Ann');
    await test.platform.database.sql('im_user').insert(
      Array.from({ length: 25 }, (_, index) => ({
        userName: `u${index}`,
        nickName: `Müller ${index}`,
        password: '',
        createdTime: 0,
      })),
    );
    const find = async (name: string): Promise<(readonly [string, string])[]> => {
      const found = await ann.get<UserVO[]>(`/user/findByName?name=${encodeURIComponent(name)}`);
      return found.map(({ userName, nickName }) => [userName, nickName]);
    };

    expect(await find('NN')).toEqual([['Ann', 'Ann']]);
    expect(await find('üller 1')).toEqual([
      ['', 'Müller 1'],
      ...Array.from({ length: 10 }, (_, index) => ['', `Müller ${index + 10}`]),
    ]);
    expect(await find('LLER')).toHaveLength(20);
    // Parts of a login name would give it away.
    expect(await find('u1')).toEqual([['u1', 'Müller 1']]);
    expect(await find('U1')).toEqual([]);
    expect(await find('')).toEqual([]);
  });

  it('takes the wildcards of SQL in a name for themselves', async () => {
    const test = await sharedPlatform({ store });
    const ann = await test.register('ann');
    for (const sign of ['%', '_', '!', '\\', "'"]) {
      await test.register(`x${sign}y`);

      const found = await ann.get<UserVO[]>(`/user/findByName?name=${encodeURIComponent(sign)}`);

      expect(found.map(({ nickName }) => nickName)).toEqual([`x${sign}y`]);
    }
  });

  it('changes what is given, and how friends and groups show it', async () => {
    const test = await startTestPlatform({ store, platform: { friendship: 'open' } });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await ann.post(`/friend/add?friendId=${bob.id}`);
    const { sql } = test.platform.database;
    await sql('im_group_member').insert({ groupId: 1, userId: ann.id, userNickName: 'ann', createdTime: 0 });
    const thumb = `${test.url}/files/1.png`;
    const body = { id: ann.id, userName: 'ann', nickName: 'Anna' };

    await ann.put('/user/update', { ...body, headImageThumb: thumb, sex: '1', isBanned: true, type: 2 });
    await ann.put('/user/update', { ...body, signature: 'hello', sex: null });

    const changed = { ...plain, nickName: 'Anna', headImageThumb: thumb, signature: 'hello', sex: 1 };
    expect(await ann.get('/user/self')).toEqual({ ...changed, id: ann.id, userName: 'ann', online: null });
    expect(await bob.get('/friend/list')).toMatchObject([{ nickName: 'Anna', headImage: thumb }]);
    expect(await sql('im_group_member').first('userNickName', 'headImage')).toEqual({
      userNickName: 'Anna',
      headImage: thumb,
    });
  });

  it('refuses to change others, and what does not fit', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    const body = { id: ann.id, userName: 'ann', nickName: 'ann' };
    const refusal = async (change: object): Promise<string> =>
      (await ann.ask('PUT', '/user/update', { ...body, ...change })).message;

    expect(await refusal({ id: bob.id })).toBe('不允许修改其他用户的信息');
    expect(await refusal({ id: null })).toBe('用户id不能为空');
    expect(await refusal({ userName: '' })).toBe('用户名不能为空');
    expect(await refusal({ nickName: '' })).toBe('用户昵称不能为空');
    expect(await refusal({ nickName: 'x'.repeat(21) })).toBe('昵称不能大于20字符');
    expect(await refusal({ signature: 'x'.repeat(129) })).toBe('个性签名不能大于128个字符');
    expect(await refusal({ headImage: 'https://spy.example/1.png' })).toBe('头像地址不合法');
    expect(await refusal({ sex: 300 })).toMatch(/^请求参数有误：sex: /);
    expect(await ann.get('/user/self')).toMatchObject({ ...plain, nickName: 'ann' });
  });

  it('tells who is online of oneself, friends and fellow members, and of nobody else', async () => {
    const test = await sharedPlatform({ store, platform: { friendship: 'open' } });
    const [ann, friend, former] = [
      await test.register('ann'),
      await test.register('friend'),
      await test.register('former'),
    ];
    const [fellow, left, stranger] = [
      await test.register('fellow'),
      await test.register('left'),
      await test.register('stranger'),
    ];
    const people = [ann, friend, former, fellow, left, stranger];
    for (const person of people) await person.connect();
    await (await test.logIn('friend', { terminal: 1 })).connect();
    await ann.post(`/friend/add?friendId=${friend.id}`);
    await ann.post(`/friend/add?friendId=${former.id}`);
    await former.delete(`/friend/delete/${ann.id}`);
    const member = (userId: number, quit = 0): object => ({ groupId: 1, userId, quit, createdTime: 0 });
    await test.platform.database
      .sql('im_group_member')
      .insert([member(ann.id), member(fellow.id), member(left.id, 1)]);

    const asked = people.map(({ id }) => id);
    const online = await ann.get(`/user/terminal/online?userIds=${asked.join(',')}`);

    expect(online).toEqual([
      { userId: ann.id, terminals: [0] },
      { userId: friend.id, terminals: [0, 1] },
      { userId: fellow.id, terminals: [0] },
    ]);
    expect(await ann.get('/user/terminal/online?userIds=')).toEqual([]);
    const many = Array.from({ length: 1_000 }, (_, index) => 100_000 + index);
    expect(await ann.get(`/user/terminal/online?userIds=${[...many, friend.id].join(',')}`)).toEqual([]);
  });
});

it('shows the new name to a friend who was made while it changed', async () => {
  const test = await sharedPlatform({ store: 'mariadb', platform: { friendship: 'open' } });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  // Bob has read ann's name, and cannot write it down yet.
  const held = await holdRows(test.platform);
  await held('im_friend').where({ friendId: ann.id }).forUpdate().select('id');
  const adding = bob.post(`/friend/add?friendId=${ann.id}`);
  await untilWaiting(test.platform, (waiting) => waiting === 1);

  let isRenamed = false;
  const renaming = ann
    .put('/user/update', { id: ann.id, userName: 'ann', nickName: 'Anna' })
    .then(() => (isRenamed = true));
  await untilWaiting(test.platform, (waiting) => isRenamed || waiting === 2);
  await held.rollback();
  await Promise.all([adding, renaming]);

  expect(await bob.get(`/friend/find/${ann.id}`)).toMatchObject({ nickName: 'Anna' });
});
