import { describe, expect, it } from 'vitest';
import { befriend } from './support/friends.ts';
import { openGroup, type Group } from './support/groups.ts';
import type { Person } from './support/person.ts';
import { sharedPlatform, startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';

interface Member {
  readonly userId: number;
  readonly showNickName: string;
  readonly headImage: string;
  readonly quit: boolean;
  readonly online: boolean;
}

const dayMs = 24 * 3_600_000;

async function rename(person: Person, nickName: string, headImageThumb = ''): Promise<void> {
  await person.put('/user/update', { id: person.id, userName: 'x', nickName, headImageThumb });
}

async function namesSeenBy(person: Person, { id }: Group): Promise<string[]> {
  const members = await person.get<Member[]>(`/group/members/${id}`);
  return members.map(({ showNickName, quit }) => (quit ? `(${showNickName})` : showNickName)).sort();
}

/** A group of all of them, whose owner is the first. */
async function groupOf(test: TestPlatform, ...names: string[]): Promise<[Group, ...Person[]]> {
  const people = await Promise.all(names.map((name) => test.register(name)));
  const [owner, ...others] = people as [Person, ...Person[]];
  await befriend(test, owner, ...others);
  return [await openGroup(owner, others), ...people];
}

describe.each(storeKinds)('who left a group, on %s', (store) => {
  it('sees the group as it was when he left', async () => {
    const test = await sharedPlatform({ store });
    const [group, ann, bob, cleo] = (await groupOf(test, 'ann', 'bob', 'cleo')) as [
      Group,
      Person,
      Person,
      Person,
    ];
    await bob.delete(`/group/quit/${group.id}`);
    await ann.put('/group/modify', { id: group.id, name: 'second', notice: 'n2' });
    await cleo.delete(`/group/quit/${group.id}`);
    await ann.put('/group/modify', { id: group.id, name: 'third', notice: 'n3' });
    const seen = async (person: Person): Promise<unknown> => {
      const [listed] = await person.get<Group[]>('/group/list');
      expect(await person.get(`/group/find/${group.id}`)).toEqual(listed);
      return listed;
    };

    expect(await seen(bob)).toMatchObject({ name: 'club', showGroupName: 'club', notice: '', quit: true });
    expect(await seen(cleo)).toMatchObject({ name: 'second', notice: 'n2', quit: true });
    // Nor what became of it after him.
    await test.platform.database.sql('im_group').update({ isBanned: 1, reason: 'why' });
    expect(await seen(bob)).toMatchObject({ isBanned: false, reason: '' });
    expect(await bob.get<Member[]>(`/group/members/${group.id}`)).toHaveLength(3);
    const message = { groupId: group.id, content: 'hi', type: 0 };
    expect(await bob.ask('POST', '/message/group/send', message)).toMatchObject({
      message: '您已不在群聊里面，无法发送消息',
    });
    await test.platform.database.sql('im_group').update({ isBanned: 0, reason: '' });
    await ann.delete(`/group/delete/${group.id}`);
    expect(await seen(cleo)).toMatchObject({ name: 'second', dissolve: false });
    expect(await ann.get(`/group/find/${group.id}`)).toMatchObject({ name: 'third', dissolve: true });
    expect(await ann.ask('POST', '/message/group/send', message)).toMatchObject({
      message: "群组'third'已解散",
    });
  });

  it('sees its members as they were when he left, whatever they changed and whoever came, left or came back', async () => {
    const test = await sharedPlatform({ store });
    const names = ['ann', 'bob', 'cleo', 'dan', 'eve'];
    const [group, ann, bob, cleo, dan, eve] = (await groupOf(test, ...names)) as [
      Group,
      Person,
      Person,
      Person,
      Person,
      Person,
    ];
    const late = await test.register('late');
    await befriend(test, ann, late);
    await dan.delete(`/group/quit/${group.id}`);
    await bob.delete(`/group/quit/${group.id}`);
    await ann.connect();

    await rename(cleo, 'cleo 2', `${test.url}/files/2.png`);
    await rename(cleo, 'cleo 3');
    await ann.put('/group/modify', { id: group.id, name: 'club', remarkNickName: 'boss' });
    await rename(dan, 'dan 2');
    await ann.post('/group/invite', { groupId: group.id, friendIds: [late.id, dan.id] });
    await eve.delete(`/group/quit/${group.id}`);
    await rename(cleo, 'cleo 4');

    expect(await namesSeenBy(bob, group)).toEqual(['(bob)', '(dan)', 'ann', 'cleo', 'eve']);
    expect(await namesSeenBy(eve, group)).toEqual(['(bob)', '(eve)', 'boss', 'cleo 3', 'dan 2', 'late']);
    expect(await namesSeenBy(ann, group)).toEqual(['(bob)', '(eve)', 'boss', 'cleo 4', 'dan 2', 'late']);
    const seen = await bob.get<Member[]>(`/group/members/${group.id}`);
    expect(seen.filter(({ online, headImage }) => online || headImage !== '')).toEqual([]);
    // He is frozen for the others as well.
    await rename(bob, 'bob 2');
    expect(await namesSeenBy(ann, group)).toContain('(bob)');
    // Somebody who comes back sees all of it again.
    await ann.post('/group/invite', { groupId: group.id, friendIds: [bob.id] });
    expect(await namesSeenBy(bob, group)).toEqual(['(eve)', 'bob 2', 'boss', 'cleo 4', 'dan 2', 'late']);
  });

  it('sees himself alone after a month, and what was kept for him goes with the next who leaves', async () => {
    const test = await startTestPlatform({ store });
    const [group, ann, bob, cleo] = (await groupOf(test, 'ann', 'bob', 'cleo')) as [
      Group,
      Person,
      Person,
      Person,
    ];
    const { sql } = test.platform.database;
    await rename(ann, 'ann 1');
    const kept = async (): Promise<unknown[]> => sql('im_group_member_past').select('userNickName');
    expect(await kept()).toEqual([]);
    await bob.delete(`/group/quit/${group.id}`);
    for (const number of [2, 3, 4]) await rename(ann, `ann ${number}`);
    expect(await kept()).toEqual([{ userNickName: 'ann 1' }]);

    await sql('im_group_member')
      .where({ userId: bob.id })
      .decrement('quitTime', 31 * dayMs);
    await sql('im_group_member').decrement('createdTime', 40 * dayMs);
    await sql('im_group_member_past').decrement('until', 31 * dayMs);
    await cleo.delete(`/group/quit/${group.id}`);

    expect(await namesSeenBy(bob, group)).toEqual(['(bob)']);
    expect(await kept()).toEqual([]);
  });
});

describe.each(storeKinds)('a former friend, on %s', (store) => {
  it('sees the name and the picture of then', async () => {
    const test = await sharedPlatform({ store, platform: { friendship: 'open' } });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    await rename(ann, 'ann 1');
    await bob.delete(`/friend/delete/${ann.id}`);
    await rename(ann, 'ann 2', `${test.url}/files/2.png`);

    expect(await bob.get(`/friend/find/${ann.id}`)).toMatchObject({ nickName: 'ann 1', headImage: '' });
    await bob.post(`/friend/add?friendId=${ann.id}`);
    expect(await bob.get(`/friend/find/${ann.id}`)).toMatchObject({ nickName: 'ann 2' });
  });
});
