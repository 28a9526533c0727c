import { describe, expect, it } from 'vitest';
import { befriend } from './support/friends.ts';
import { nextGroupPush, openGroup, pushTypes, type Group } from './support/groups.ts';
import { sharedPlatform, storeKinds } from './support/test-platform.ts';

const dayMs = 24 * 3_600_000;

interface Member {
  readonly userId: number;
  readonly quit: boolean;
  readonly online: boolean;
}

describe.each(storeKinds)('groups on %s', (store) => {
  it('opens a group, and tells the other terminals of its owner alone', async () => {
    const test = await sharedPlatform({ store });
    const ann = await test.register('ann');
    const annOnApp = await test.logIn('ann', { terminal: 1 });
    const [web, app] = [await ann.connect(), await annOnApp.connect()];

    const group = await ann.post<Group>('/group/create?groupName=club', { name: 'club', ownerId: 99 });

    expect(group).toEqual({
      id: group.id,
      name: 'club',
      ownerId: ann.id,
      headImage: '',
      headImageThumb: '',
      notice: '',
      remarkNickName: '',
      showNickName: 'ann',
      showGroupName: 'club',
      remarkGroupName: '',
      dissolve: false,
      quit: false,
      isBanned: false,
      reason: '',
      isDnd: null,
    });
    const { isDnd: _absent, ...pushed } = group;
    const told = await nextGroupPush(app);
    expect(told).toMatchObject({ type: pushTypes.NEW, groupId: group.id, sendId: ann.id });
    expect(JSON.parse(told.content!)).toEqual(pushed);
    await annOnApp.put('/group/dnd', { groupId: group.id, isDnd: true });
    expect(await nextGroupPush(web)).toMatchObject({ type: pushTypes.DND });
    expect(await ann.get('/group/list')).toEqual([{ ...group, isDnd: true }]);
  });

  it('says what is wrong with the fields of a group', async () => {
    const test = await sharedPlatform({ store });
    const ann = await test.register('ann');
    const wrong: [body: object, message: string][] = [
      [{}, '群名称不可为空'],
      [{ name: '' }, '群名称不可为空'],
      [{ name: 'n'.repeat(21) }, '群名称长度不能大于20'],
      [{ name: 'n', notice: 'n'.repeat(1025) }, '群聊显示长度不能大于1024'],
      [{ name: 'n', remarkNickName: 'n'.repeat(21) }, '显示昵称长度不能大于20'],
      [{ name: 'n', remarkGroupName: 'n'.repeat(21) }, '群备注长度不能大于20'],
    ];

    for (const [body, message] of wrong)
      expect(await ann.ask('POST', '/group/create', body)).toMatchObject({ code: 500, message, data: null });
    expect(await ann.get('/group/list')).toEqual([]);
  });

  it('lists groups that I left, for 30 days, and shows them to nobody else', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob, eve] = [
      await test.register('ann'),
      await test.register('bob'),
      await test.register('eve'),
    ];
    await befriend(test, ann, bob);
    const group = await openGroup(ann, [bob]);

    await bob.delete(`/group/quit/${group.id}`);

    const left = { id: group.id, quit: true, dissolve: false, showNickName: 'bob', showGroupName: 'club' };
    expect(await bob.get('/group/list')).toMatchObject([left]);
    expect(await bob.get(`/group/find/${group.id}`)).toMatchObject(left);
    expect(await eve.get('/group/list')).toEqual([]);
    expect(await eve.ask('GET', `/group/find/${group.id}`)).toMatchObject({ message: '您未加入群聊' });
    expect(await eve.ask('GET', '/group/find/4711')).toMatchObject({ message: '群组不存在' });
    const quitTime = Date.now() - 31 * dayMs;
    await test.platform.database.sql('im_group_member').where({ userId: bob.id }).update({ quitTime });
    expect(await bob.get('/group/list')).toEqual([]);
  });

  it('lets the owner change the group, and each member what is his own', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob, eve] = [
      await test.register('ann'),
      await test.register('bob'),
      await test.register('eve'),
    ];
    await befriend(test, ann, bob);
    const group = await openGroup(ann, [bob]);
    const change = {
      ...group,
      name: 'circle',
      notice: 'hush',
      headImage: 'http://localhost:1/files/large',
      headImageThumb: 'http://localhost:1/files/small',
      remarkNickName: 'me',
      remarkGroupName: 'mine',
      ownerId: eve.id,
      dissolve: true,
      isBanned: true,
    };

    const byBob = await bob.put<Group>('/group/modify', change);
    const byAnn = await ann.put<Group>('/group/modify', {
      ...change,
      remarkNickName: null,
      remarkGroupName: '',
    });

    const unchanged = { ownerId: ann.id, dissolve: false, isBanned: false };
    expect(byBob).toMatchObject({
      ...unchanged,
      name: 'club',
      notice: '',
      showNickName: 'me',
      showGroupName: 'mine',
    });
    expect(byAnn).toMatchObject({
      ...unchanged,
      name: 'circle',
      notice: 'hush',
      headImage: 'http://localhost:1/files/large',
      headImageThumb: 'http://localhost:1/files/small',
      showNickName: 'ann',
      showGroupName: 'circle',
    });
    const elsewhere = { ...change, headImage: 'http://spy.example/pixel' };
    expect(await ann.ask('PUT', '/group/modify', elsewhere)).toMatchObject({ message: '头像地址不合法' });
    expect(await ann.ask('POST', '/group/create', elsewhere)).toMatchObject({ message: '头像地址不合法' });
    const cleared = await bob.put('/group/modify', {
      id: group.id,
      name: 'x',
      remarkNickName: '',
      notice: null,
    });
    expect(cleared).toMatchObject({
      name: 'circle',
      notice: 'hush',
      showNickName: 'bob',
      showGroupName: 'mine',
    });
    expect(await eve.ask('PUT', '/group/modify', change)).toMatchObject({ message: '您不是群聊的成员' });
    expect(await ann.ask('PUT', '/group/modify', { name: 'x' })).toMatchObject({ message: '群id不可为空' });
  });

  it('changes nothing in a group that is banned or unknown', async () => {
    const test = await sharedPlatform({ store });
    const ann = await test.register('ann');
    const group = await openGroup(ann, []);
    await test.platform.database.sql('im_group').update({ isBanned: 1, reason: 'spam' });

    const message = "群组'club'已被封禁,原因:spam";
    expect(await ann.ask('PUT', '/group/modify', { id: group.id, name: 'x' })).toMatchObject({ message });
    expect(await ann.ask('GET', `/group/members/${group.id}`)).toMatchObject({ message });
    expect(await ann.ask('POST', '/group/invite', { groupId: group.id, friendIds: [1] })).toMatchObject({
      message,
    });
    const unknown = { message: '群组不存在' };
    expect(await ann.ask('PUT', '/group/modify', { id: 4711, name: 'x' })).toMatchObject(unknown);
    expect(await ann.ask('GET', '/group/members/4711')).toMatchObject(unknown);
    expect(await ann.ask('DELETE', '/group/delete/4711')).toMatchObject(unknown);
    expect(await ann.ask('DELETE', '/group/quit/4711')).toMatchObject(unknown);
  });

  it('shows members to members, who is online first, and to nobody else', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob, cleo, dan, eve] = [
      await test.register('ann'),
      await test.register('bob'),
      await test.register('cleo'),
      await test.register('dan'),
      await test.register('eve'),
    ];
    await test.platform.database
      .sql('im_user')
      .where({ id: cleo.id })
      .update({ headImageThumb: 'http://x/cleo' });
    await befriend(test, ann, bob, cleo, dan);
    const group = await openGroup(ann, [bob, cleo]);
    await bob.delete(`/group/quit/${group.id}`);
    await ann.post('/group/invite', { groupId: group.id, friendIds: [dan.id] });
    await cleo.put('/group/modify', { ...group, remarkNickName: 'clio', remarkGroupName: 'secret' });
    await cleo.connect();
    await bob.connect();

    const members = await ann.get<Member[]>(`/group/members/${group.id}`);

    const row = {
      remarkNickName: '',
      headImage: '',
      quit: false,
      online: false,
      showGroupName: 'club',
      remarkGroupName: '',
    };
    const cleoRow = { ...row, showNickName: 'clio', remarkNickName: 'clio', headImage: 'http://x/cleo' };
    expect(members).toEqual([
      { ...cleoRow, userId: cleo.id, online: true },
      { ...row, userId: ann.id, showNickName: 'ann' },
      { ...row, userId: bob.id, showNickName: 'bob', quit: true },
      { ...row, userId: dan.id, showNickName: 'dan' },
    ]);
    const own = await cleo.get<object[]>(`/group/members/${group.id}`);
    expect(own[0]).toMatchObject({ showGroupName: 'secret', remarkGroupName: 'secret' });
    expect(await eve.ask('GET', `/group/members/${group.id}`)).toMatchObject({
      message: '您未加入群聊',
      data: null,
    });
  });

  it('shows somebody who left whom he knew there, and no longer who is online', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob, cleo] = [
      await test.register('ann'),
      await test.register('bob'),
      await test.register('cleo'),
    ];
    await befriend(test, ann, bob, cleo);
    const group = await openGroup(ann, [bob]);
    await bob.delete(`/group/quit/${group.id}`);
    // So that she comes later by any clock.
    await test.platform.database.sql('im_group_member').where({ userId: bob.id }).decrement('quitTime');
    await ann.post('/group/invite', { groupId: group.id, friendIds: [cleo.id] });
    await ann.connect();

    const members = await bob.get<Member[]>(`/group/members/${group.id}`);

    expect(members.map(({ userId, online, quit }) => ({ userId, online, quit }))).toEqual([
      { userId: ann.id, online: false, quit: false },
      { userId: bob.id, online: false, quit: true },
    ]);
  });

  it('asks the database as often for many members and groups as for few', async () => {
    const test = await sharedPlatform({ store });
    const ann = await test.register('ann');
    const { sql } = test.platform.database;
    let asked = 0;
    // Other questions come and go with the moment: about tokens, about pushes that are due.
    sql.on('query', ({ sql: text }: { sql: string }) => {
      if (/\bim_group(_member)?\b/.test(text)) asked += 1;
    });
    const questionsFor = async (path: string): Promise<number> => {
      asked = 0;
      await ann.get(path);
      return asked;
    };
    const group = await openGroup(ann, [], 'first');
    const few = [await questionsFor(`/group/members/${group.id}`), await questionsFor('/group/list')];

    const row = { groupId: group.id, userNickName: 'n', createdTime: Date.now() };
    for (let from = 0; from < 10_000; from += 500)
      await sql('im_group_member').insert(
        Array.from({ length: 500 }, (_, index) => ({ ...row, userId: 1_000 + from + index })),
      );
    for (let index = 0; index < 30; index++) await openGroup(ann, [], `group ${index}`);

    const many = [await questionsFor(`/group/members/${group.id}`), await questionsFor('/group/list')];
    expect(many).toEqual(few);
    expect(await ann.get<Member[]>(`/group/members/${group.id}`)).toHaveLength(10_001);
    expect(await ann.get<Group[]>('/group/list')).toHaveLength(31);
  });

  it('tells the muting of a group to my other terminals alone', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const annOnApp = await test.logIn('ann', { terminal: 1 });
    const group = await openGroup(ann, [bob]);
    const [web, app, bobs] = [await ann.connect(), await annOnApp.connect(), await bob.connect()];

    await ann.put('/group/dnd', { groupId: group.id, isDnd: true });
    const muted = await nextGroupPush(app);
    await annOnApp.put('/group/dnd', { groupId: group.id, isDnd: 'false' });
    const unmuted = await nextGroupPush(web);
    await ann.delete(`/group/delete/${group.id}`);

    const push = { type: pushTypes.DND, groupId: group.id, sendId: ann.id };
    expect(muted).toMatchObject({ ...push, content: 'true' });
    expect(unmuted).toMatchObject({ ...push, content: 'false' });
    expect(await nextGroupPush(bobs)).toMatchObject({ type: pushTypes.TIP });
    expect(await nextGroupPush(app)).toMatchObject({ type: pushTypes.TIP });
  });

  it('mutes only groups that I am in', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    const group = await openGroup(ann, []);

    const asked: [body: object, message: string][] = [
      [{ groupId: group.id, isDnd: true }, '您不是群聊的成员'],
      [{ groupId: group.id }, '免打扰状态不可为空'],
      [{ isDnd: true }, '群id不可为空'],
    ];
    for (const [body, message] of asked)
      expect(await bob.ask('PUT', '/group/dnd', body)).toMatchObject({ code: 500, message });
    expect(await ann.get('/group/list')).toMatchObject([{ isDnd: null }]);
  });
});
