import { describe, expect, it, vi } from 'vitest';
import { onCleanup, type RawDevice } from 'im-test/support';
import { befriend } from './support/friends.ts';
import { nextGroupPush, openGroup, pushTypes, type Group, type GroupPush } from './support/groups.ts';
import type { Person } from './support/person.ts';
import { sharedPlatform, startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';

const { TIP, NEW, DEL } = pushTypes;

interface MemberRow {
  readonly userId: number;
  readonly quit: number;
  readonly quitTime: number | null;
  readonly createdTime: number;
}

/** The table itself: what the routes show could hide doubles. */
function rowsOf({ platform }: TestPlatform, group: Group): Promise<MemberRow[]> {
  return platform.database
    .sql('im_group_member')
    .where({ groupId: group.id })
    .orderBy('id')
    .select('userId', 'quit', 'quitTime', 'createdTime') as Promise<MemberRow[]>;
}

async function tipsOf({ platform }: TestPlatform, group: Group): Promise<string[]> {
  const rows: { content: string }[] = await platform.database
    .sql('im_group_message')
    .where({ groupId: group.id })
    .orderBy('id')
    .select('content');
  return rows.map(({ content }) => content);
}

async function registerAll(test: TestPlatform, names: readonly string[]): Promise<Person[]> {
  return Promise.all(names.map((name) => test.register(name)));
}

/** Ann and her friends. */
async function meet(test: TestPlatform, ...names: string[]): Promise<[Person, ...Person[]]> {
  const ann = await test.register('ann');
  const others = await registerAll(test, names);
  await befriend(test, ann, ...others);
  return [ann, ...others];
}

const idsOf = (people: readonly Person[]): number[] => people.map(({ id }) => id);

describe.each(storeKinds)('who is in a group, on %s', (store) => {
  it('tells those who are invited of the group first, and then everybody of them', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob, cleo] = (await meet(test, 'bob', 'cleo')) as [Person, Person, Person];
    const group = await openGroup(ann, []);
    const [anns, bobs, cleos] = [await ann.connect(), await bob.connect(), await cleo.connect()];

    await ann.post('/group/invite', { groupId: group.id, friendIds: [cleo.id, bob.id] });

    const tip = {
      id: expect.any(Number) as number,
      number: 1,
      type: TIP,
      status: 0,
      groupId: group.id,
      sendId: ann.id,
      sendNickName: 'ann',
      content: "'ann'邀请'cleo,bob'加入了群聊",
    };
    for (const [device, name] of [
      [bobs, 'bob'],
      [cleos, 'cleo'],
    ] as const) {
      const told = await nextGroupPush(device);
      expect(told).toMatchObject({ type: NEW, groupId: group.id, sendId: ann.id });
      expect(told).not.toHaveProperty('id');
      expect(JSON.parse(told.content!)).toMatchObject({
        id: group.id,
        showGroupName: 'club',
        showNickName: name,
        quit: false,
      });
      expect(await nextGroupPush(device)).toMatchObject(tip);
    }
    expect(await nextGroupPush(anns)).toMatchObject(tip);
  });

  it('refuses invitations that break a rule', async () => {
    const test = await startTestPlatform({ store, platform: { maxGroupMembers: 3 } });
    const [ann, bob, cleo, dan] = (await meet(test, 'bob', 'cleo', 'dan')) as [
      Person,
      Person,
      Person,
      Person,
    ];
    const eve = await test.register('eve');
    const group = await openGroup(ann, [bob]);
    const invite = (friendIds?: unknown[]): object => ({ groupId: group.id, friendIds });
    const fifty = Array.from({ length: 50 }, (_, index) => 1_000 + index);

    const asked: [person: Person, body: object, message: string][] = [
      [ann, { friendIds: [bob.id] }, '群id不可为空'],
      [ann, invite(), '群id不可为空'],
      [ann, invite([]), '群id不可为空'],
      [ann, invite([...fifty, 1]), '一次最多只能邀请50位用户'],
      [ann, invite(['x']), '请求参数有误：friendIds.0: Invalid input: expected number, received string'],
      [eve, invite([cleo.id]), '您不在群聊中,邀请失败'],
      [ann, invite([cleo.id, dan.id]), '群聊人数不能大于3人'],
      [ann, invite([eve.id]), '部分用户不是您的好友，邀请失败'],
      [bob, invite([cleo.id]), '部分用户不是您的好友，邀请失败'],
      [ann, { groupId: 4711, friendIds: [bob.id] }, '群组不存在'],
    ];
    for (const [person, body, message] of asked)
      expect(await person.ask('POST', '/group/invite', body)).toMatchObject({ code: 500, message });

    expect(await rowsOf(test, group)).toHaveLength(2);
    expect(await ann.ask('POST', '/group/invite', invite([cleo.id]))).toMatchObject({ code: 200 });
  });

  it('does not invite somebody twice in one breath, nor a friend of old', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob, cleo] = (await meet(test, 'bob', 'cleo')) as [Person, Person, Person];
    await test.platform.database.sql('im_friend').where({ friendId: cleo.id }).update({ deleted: 1 });
    const group = await openGroup(ann, []);

    const message = '部分用户不是您的好友，邀请失败';
    for (const friendIds of [
      [bob.id, bob.id],
      [bob.id, cleo.id],
    ])
      expect(await ann.ask('POST', '/group/invite', { groupId: group.id, friendIds })).toMatchObject({
        message,
      });

    expect(await rowsOf(test, group)).toHaveLength(1);
  });

  it('leaves members who are invited again as they are', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob, cleo] = (await meet(test, 'bob', 'cleo')) as [Person, Person, Person];
    const group = await openGroup(ann, [bob]);
    const before = await rowsOf(test, group);

    await ann.post('/group/invite', { groupId: group.id, friendIds: [bob.id, cleo.id] });
    await ann.post('/group/invite', { groupId: group.id, friendIds: [cleo.id, bob.id] });

    expect((await rowsOf(test, group)).slice(0, 2)).toEqual(before);
    expect(await tipsOf(test, group)).toEqual(["'ann'邀请'bob'加入了群聊", "'ann'邀请'cleo'加入了群聊"]);
  });

  it('takes somebody back who left, from now on and with what he had set', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob, cleo] = (await meet(test, 'bob', 'cleo')) as [Person, Person, Person];
    const group = await openGroup(ann, [bob]);
    await bob.put('/group/modify', { ...group, remarkNickName: 'bobby' });
    const [, before] = await rowsOf(test, group);
    await bob.delete(`/group/quit/${group.id}`);

    const bobs = await bob.connect();
    await ann.post('/group/invite', { groupId: group.id, friendIds: [cleo.id, bob.id] });

    expect(JSON.parse((await nextGroupPush(bobs)).content!)).toMatchObject({
      showNickName: 'bobby',
      quit: false,
    });
    const rows = await rowsOf(test, group);
    expect(rows).toHaveLength(3);
    expect(rows[1]).toMatchObject({ quit: 0, quitTime: null });
    expect(rows[1]!.createdTime).toBeGreaterThan(before!.createdTime);
    expect((await nextGroupPush(bobs)).sendTime).toBe(rows[1]!.createdTime);
  });

  it('keeps the limit, without doubles, when two instances invite the same people at once', async () => {
    const instances = store === 'sqlite' ? 1 : 2;
    const test = await startTestPlatform({
      store,
      instances,
      bus: 'redis',
      platform: { maxGroupMembers: 12 },
    });
    const ann = await test.register('ann');
    const elsewhere = await test.logIn('ann', { at: test.all.at(-1)! });
    const others = await registerAll(
      test,
      Array.from({ length: 20 }, (_, index) => `user${index}`),
    );
    await befriend(test, ann, ...others);
    const group = await openGroup(ann, []);

    const invitations = others.flatMap((_, index) => {
      const friendIds = idsOf([...others, ...others].slice(index, index + 3));
      return [
        ann.ask('POST', '/group/invite', { groupId: group.id, friendIds }),
        elsewhere.ask('POST', '/group/invite', { groupId: group.id, friendIds: friendIds.toReversed() }),
      ];
    });
    const answers = await Promise.all(invitations);

    const rows = await rowsOf(test, group);
    expect(new Set(rows.map(({ userId }) => userId)).size).toBe(rows.length);
    expect(rows.length).toBeLessThanOrEqual(12);
    expect(rows.length).toBeGreaterThan(9); // three more would have been one too many
    const refused = answers.filter(({ code }) => code !== 200);
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused.map(({ message }) => message))).toEqual(new Set(['群聊人数不能大于12人']));
    // Each came by one invitation.
    const named = (await tipsOf(test, group)).flatMap((tip) => /邀请'(.*)'/.exec(tip)![1]!.split(','));
    expect(named).toHaveLength(rows.length - 1);
  });

  it('tells those who are removed, and nobody else', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob, cleo, dan] = (await meet(test, 'bob', 'cleo', 'dan')) as [
      Person,
      Person,
      Person,
      Person,
    ];
    const group = await openGroup(ann, [bob, cleo, dan]);
    const [anns, bobs, cleos, dans] = [
      await ann.connect(),
      await bob.connect(),
      await cleo.connect(),
      await dan.connect(),
    ];

    const removal = { groupId: group.id, userIds: [cleo.id, 4711, bob.id, bob.id] };
    await ann.delete('/group/members/remove', removal);

    for (const device of [bobs, cleos]) {
      expect(await nextGroupPush(device)).toMatchObject({
        type: TIP,
        sendId: ann.id,
        content: '您已被移出群聊',
      });
      const gone = await nextGroupPush(device);
      expect(gone).toMatchObject({ type: DEL, groupId: group.id, sendId: ann.id });
      expect(gone).not.toHaveProperty('content');
    }
    await ann.delete(`/group/delete/${group.id}`);
    for (const device of [anns, dans])
      expect(await nextGroupPush(device)).toMatchObject({ type: TIP, content: "'ann'解散了群聊" });
    const stored: { recvIds: string } = await test.platform.database
      .sql('im_group_message')
      .where({ content: '您已被移出群聊' })
      .first('recvIds');
    expect(stored.recvIds.split(',').map(Number).sort()).toEqual([bob.id, cleo.id].sort());
  });

  it('refuses removals that break a rule, and does nothing about those who are not there', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob, cleo] = (await meet(test, 'bob', 'cleo')) as [Person, Person, Person];
    const group = await openGroup(ann, [bob]);
    const remove = (userIds?: unknown[]): object => ({ groupId: group.id, userIds });
    const fifty = Array.from({ length: 50 }, (_, index) => 1_000 + index);

    const asked: [person: Person, body: object, message: string][] = [
      [ann, { userIds: [bob.id] }, '群id不可为空'],
      [ann, remove([]), '成员用户id不可为空'],
      [ann, remove(), '成员用户id不可为空'],
      [ann, remove([...fifty, 1]), '一次最多只能选择50位用户'],
      [bob, remove([ann.id]), '您没有权限'],
      [cleo, remove([bob.id]), '您没有权限'],
      [ann, remove([bob.id, ann.id]), '不允许移除群主'],
    ];
    for (const [person, body, message] of asked)
      expect(await person.ask('DELETE', '/group/members/remove', body)).toMatchObject({ code: 500, message });
    const kick = `/group/kick/${group.id}?userId=`;
    expect(await bob.ask('DELETE', `${kick}${ann.id}`)).toMatchObject({
      message: '您不是群主，没有权限踢人',
    });
    expect(await ann.ask('DELETE', `${kick}${ann.id}`)).toMatchObject({ message: '亲，不能移除自己哟' });

    const before = await rowsOf(test, group);
    await ann.delete('/group/members/remove', remove([cleo.id]));
    await ann.delete(`${kick}${cleo.id}`);
    expect(await rowsOf(test, group)).toEqual(before);
    expect(await tipsOf(test, group)).toHaveLength(1);
  });

  it('kicks as it removes', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = (await meet(test, 'bob')) as [Person, Person];
    const group = await openGroup(ann, [bob]);
    const bobs = await bob.connect();

    await ann.delete(`/group/kick/${group.id}?userId=${bob.id}`);

    expect(await nextGroupPush(bobs)).toMatchObject({ type: TIP, content: '您已被移出群聊' });
    expect(await nextGroupPush(bobs)).toMatchObject({ type: DEL });
    expect(await bob.get('/group/list')).toMatchObject([{ quit: true }]);
  });

  it('tells somebody who leaves on all his terminals, and nobody else', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = (await meet(test, 'bob')) as [Person, Person];
    const bobOnApp = await test.logIn('bob', { terminal: 1 });
    const group = await openGroup(ann, [bob]);
    const [anns, web, app] = [await ann.connect(), await bob.connect(), await bobOnApp.connect()];

    await bob.delete(`/group/quit/${group.id}`);

    for (const device of [web, app]) {
      expect(await nextGroupPush(device)).toMatchObject({
        type: TIP,
        sendId: bob.id,
        content: '您已退出群聊',
      });
      expect(await nextGroupPush(device)).toMatchObject({ type: DEL, groupId: group.id, sendId: bob.id });
    }
    expect(await bobOnApp.ask('DELETE', `/group/quit/${group.id}?again`)).toMatchObject({
      message: '您不是群聊的成员',
    });
    expect(await ann.ask('DELETE', `/group/quit/${group.id}`)).toMatchObject({
      message: '您是群主，不可退出群聊',
    });
    await ann.delete(`/group/delete/${group.id}`);
    expect(await nextGroupPush(anns)).toMatchObject({ type: TIP, content: "'ann'解散了群聊" });
  });

  it('ends a membership at the moment of its tip, and nothing else happens at that moment', async () => {
    const test = await startTestPlatform({ store });
    const [ann, bob, cleo] = (await meet(test, 'bob', 'cleo')) as [Person, Person, Person];
    const group = await openGroup(ann, [bob, cleo]);
    vi.useFakeTimers({ toFake: ['Date'] });
    onCleanup(() => vi.useRealTimers());

    await bob.delete(`/group/quit/${group.id}`);
    await cleo.delete(`/group/quit/${group.id}`);

    const tips: Pick<GroupPush, 'sendTime'>[] = await test.platform.database
      .sql('im_group_message')
      .where({ content: '您已退出群聊' })
      .orderBy('id')
      .select('sendTime');
    const rows = await rowsOf(test, group);
    const [bobs, cleos] = [bob, cleo].map(({ id }) => rows.find(({ userId }) => userId === id));
    expect(tips).toEqual([{ sendTime: bobs!.quitTime }, { sendTime: cleos!.quitTime }]);
    expect(cleos!.quitTime).toBeGreaterThan(bobs!.quitTime!);
  });

  it('sends messages to those who are members now, whichever instance changed them', async () => {
    const instances = store === 'sqlite' ? 1 : 2;
    const test = await startTestPlatform({ store, instances, bus: 'redis' });
    const [ann, bob, cleo] = (await meet(test, 'bob', 'cleo')) as [Person, Person, Person];
    const elsewhere = await test.logIn('ann', { terminal: 1, at: test.all.at(-1)! });
    const group = await openGroup(ann, [bob]);
    const [bobs, cleos] = [await bob.connect(), await cleo.connect()];
    const say = (content: string): Promise<unknown> =>
      elsewhere.post('/message/group/send', { tmpId: content, groupId: group.id, content, type: 0 });

    await say('to bob');
    await ann.post('/group/invite', { groupId: group.id, friendIds: [cleo.id] });
    await say('to bob and cleo');
    await ann.delete('/group/members/remove', { groupId: group.id, userIds: [bob.id] });
    await say('to cleo');
    await ann.delete(`/group/delete/${group.id}`);

    const contentsAt = async (device: RawDevice): Promise<unknown[]> => {
      const seen: GroupPush[] = [];
      do seen.push(await nextGroupPush(device));
      while (seen.at(-1)!.type !== DEL);
      return seen.filter(({ type }) => type !== NEW).map(({ content }) => content);
    };
    const tip = "'ann'邀请'cleo'加入了群聊";
    expect(await contentsAt(bobs)).toEqual(['to bob', tip, 'to bob and cleo', '您已被移出群聊', undefined]);
    expect(await contentsAt(cleos)).toEqual([
      tip,
      'to bob and cleo',
      'to cleo',
      "'ann'解散了群聊",
      undefined,
    ]);
  });

  it('dissolves a group for everybody, its owner included', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = (await meet(test, 'bob')) as [Person, Person];
    const group = await openGroup(ann, [bob]);
    const [anns, bobs] = [await ann.connect(), await bob.connect()];
    const path = `/group/delete/${group.id}`;
    expect(await bob.ask('DELETE', path)).toMatchObject({ message: '只有群主才有权限解除群聊' });

    await ann.delete(path);

    for (const device of [anns, bobs]) {
      const tip = { type: TIP, sendId: ann.id, sendNickName: 'ann', content: "'ann'解散了群聊" };
      expect(await nextGroupPush(device)).toMatchObject(tip);
      expect(await nextGroupPush(device)).toMatchObject({ type: DEL, groupId: group.id, sendId: ann.id });
    }
    for (const person of [ann, bob])
      expect(await person.get('/group/list')).toMatchObject([{ dissolve: true, quit: true }]);
    const dissolved = { message: "群组'club'已解散" };
    expect(await ann.ask('DELETE', `${path}?again`)).toMatchObject(dissolved);
    expect(await ann.ask('GET', `/group/members/${group.id}`)).toMatchObject(dissolved);
    expect(await ann.ask('PUT', '/group/modify', group)).toMatchObject(dissolved);
    const invitation = { groupId: group.id, friendIds: [bob.id, ann.id] };
    expect(await ann.ask('POST', '/group/invite', invitation)).toMatchObject(dissolved);
  });

  it('dissolves a group while others write: what is stored came before, and what came after is refused', async () => {
    const instances = store === 'sqlite' ? 1 : 2;
    const test = await startTestPlatform({ store, instances, bus: 'redis' });
    const [ann, bob] = (await meet(test, 'bob')) as [Person, Person];
    const elsewhere = await test.logIn('bob', { terminal: 1, at: test.all.at(-1)! });
    const group = await openGroup(ann, [bob]);
    const anns = await ann.connect();

    const sends = Array.from({ length: 100 }, (_, index) => {
      const body = { tmpId: `t${index}`, groupId: group.id, content: `m${index}`, type: 0 };
      return (index % 2 === 0 ? bob : elsewhere).ask('POST', '/message/group/send', body);
    });
    const dissolving = sends[20]!.then(() => ann.delete(`/group/delete/${group.id}`));
    const answers = await Promise.all(sends);
    await dissolving;
    const late = { tmpId: 'late', groupId: group.id, content: 'late', type: 0 };
    answers.push(await bob.ask('POST', '/message/group/send', late));

    const refused = answers.filter(({ code }) => code !== 200);
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused.map(({ message }) => message))).toEqual(new Set(["群组'club'已解散"]));
    const seen: GroupPush[] = [];
    do seen.push(await nextGroupPush(anns));
    while (seen.at(-1)!.type !== DEL);
    const sent = answers.filter(({ code }) => code === 200).map(({ data }) => (data as GroupPush).id!);
    expect(seen.map(({ id }) => id)).toEqual([
      ...sent.sort((one, other) => one - other),
      seen.at(-2)!.id,
      undefined,
    ]);
    expect(seen.at(-2)).toMatchObject({ type: TIP, content: "'ann'解散了群聊" });
    expect((await tipsOf(test, group)).at(-1)).toBe("'ann'解散了群聊");
  });
});
