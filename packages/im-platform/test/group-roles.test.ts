import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient, type ApiProblem } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { pullGroups, sayInGroup } from './support/messages.ts';
import type { Answer, Person } from './support/person.ts';
import { sharedPlatform, storeKinds, type StoreKind, type TestPlatform } from './support/test-platform.ts';

// Several people, each with a client that holds answers to the description, on a machine that is busy with other tests.
const refused = (code: string): object => expect.objectContaining({ code }) as object;
const only = { message: '本群仅群主和管理员可以发言' };
const muted = { message: '您已被禁言' };

interface World {
  readonly test: TestPlatform;
  readonly groupId: string;
  /** Of whom the first owns the group. */
  readonly people: readonly [ann: Person, bob: Person, cleo: Person, dan: Person];
  readonly apis: readonly [ann: ApiClient, bob: ApiClient, cleo: ApiClient, dan: ApiClient];
}

async function startWithGroup(store: StoreKind, instances = 1): Promise<World> {
  const test = await sharedPlatform({ store, instances });
  const people: Person[] = [];
  for (const name of ['ann', 'bob', 'cleo', 'dan']) people.push(await test.register(name));
  const [ann, ...others] = people as [Person, ...Person[]];
  await befriend(test, ann, ...others);
  const { id } = await openGroup(ann, others);
  const apis: ApiClient[] = [];
  for (const [index, person] of people.entries())
    apis.push(await apiOf(test.all[index % test.all.length]!, person));
  return { test, groupId: String(id), people: people as never, apis: apis as never };
}

function acts(groupId: string) {
  const member = ({ id }: Person): { params: { path: { groupId: string; userId: string } } } => ({
    params: { path: { groupId, userId: String(id) } },
  });
  const group = { params: { path: { groupId } } };
  return {
    transfer: (api: ApiClient, { id }: Person) =>
      unwrap(api.PUT('/v1/groups/{groupId}/owner', { ...group, body: { userId: String(id) } })),
    appoint: (api: ApiClient, person: Person) =>
      unwrap(api.PUT('/v1/groups/{groupId}/admins/{userId}', member(person))),
    dismiss: (api: ApiClient, person: Person) =>
      unwrap(api.DELETE('/v1/groups/{groupId}/admins/{userId}', member(person))),
    mute: (api: ApiClient, person: Person) =>
      unwrap(api.PUT('/v1/groups/{groupId}/mutes/{userId}', { ...member(person), body: { minutes: 5 } })),
    unmute: (api: ApiClient, person: Person) =>
      unwrap(api.DELETE('/v1/groups/{groupId}/mutes/{userId}', member(person))),
    remove: (api: ApiClient, person: Person) =>
      unwrap(api.DELETE('/v1/groups/{groupId}/members/{userId}', member(person))),
    change: (api: ApiClient, body: { name?: string; whoMayWrite?: 'members' | 'admins' }) =>
      unwrap(api.PATCH('/v1/groups/{groupId}', { ...group, body })),
    see: (api: ApiClient) => unwrap(api.GET('/v1/groups/{groupId}', group)),
    async roles(api: ApiClient): Promise<string[]> {
      const { items } = await unwrap(api.GET('/v1/groups/{groupId}/members', group));
      return items.map(({ name, role }) => `${name}: ${role}`);
    },
  };
}

function write(person: Person, groupId: string): Promise<Answer> {
  return person.ask('POST', '/message/group/send', { groupId, content: 'hi', type: 0 });
}

async function tips(person: Person): Promise<string[]> {
  return (await pullGroups(person)).filter(({ type }) => type === 21).map(({ content }) => content);
}

describe.each(storeKinds)('roles in groups on %s', (store) => {
  it('owner, admins and members may what is theirs, and all are told', async () => {
    const { groupId, people, apis } = await startWithGroup(store);
    const [ann, bob, cleo, dan] = people;
    const [asAnn, asBob, asCleo, asDan] = apis;
    const { transfer, appoint, dismiss, remove, change, see, roles } = acts(groupId);

    for (const forbidden of [
      () => appoint(asBob, bob),
      () => transfer(asBob, bob),
      () => change(asBob, { name: 'mine' }),
      () => remove(asBob, cleo),
    ])
      await expect(forbidden()).rejects.toEqual(refused('NOT_ALLOWED'));
    await appoint(asAnn, bob);
    await appoint(asAnn, bob);
    await appoint(asAnn, cleo);
    expect(await roles(asDan)).toEqual(['ann: owner', 'bob: admin', 'cleo: admin', 'dan: member']);
    expect(await see(asBob)).toMatchObject({ myRole: 'admin', whoMayWrite: 'members', mayWriteFrom: null });
    expect(await change(asBob, { name: 'ours' })).toMatchObject({ name: 'ours' });
    await bob.put('/group/modify', { id: groupId, name: 'as box-im', notice: 'by an admin' });
    expect(await see(asDan)).toMatchObject({ name: 'as box-im', notice: 'by an admin' });
    // Admins are above members alone.
    for (const other of [ann, cleo])
      await expect(remove(asBob, other)).rejects.toEqual(refused('NOT_ALLOWED'));
    expect(
      await bob.ask('DELETE', '/group/members/remove', { groupId, userIds: [dan.id, cleo.id] }),
    ).toMatchObject({ message: '您没有权限' });
    await remove(asBob, dan);
    await expect(appoint(asAnn, dan)).rejects.toEqual(refused('NOT_FOUND'));

    // Who leaves and comes back is what anybody is.
    await cleo.delete(`/group/quit/${groupId}`);
    await ann.post('/group/invite', { groupId, friendIds: [cleo.id] });
    expect(await see(asCleo)).toMatchObject({ myRole: 'member' });
    await transfer(asAnn, bob);
    expect(await roles(asBob)).toEqual(['ann: member', 'bob: owner', 'cleo: member']);
    await expect(transfer(asAnn, ann)).rejects.toEqual(refused('NOT_ALLOWED'));
    await appoint(asBob, ann);
    await dismiss(asBob, ann);
    expect(await tips(bob)).toEqual([
      ...["'ann'邀请'bob,cleo,dan'加入了群聊", "'ann'已将'bob'设为管理员", "'ann'已将'cleo'设为管理员"],
      ...["'ann'邀请'cleo'加入了群聊", "'ann'已将群主转让给'bob'"],
      ...["'bob'已将'ann'设为管理员", "'bob'已取消'ann'的管理员身份"],
    ]);
    await ann.delete(`/group/quit/${groupId}`);
  });

  it('who is muted writes nothing, nor does a member where only admins do; from the answer on', async () => {
    const { test, groupId, people, apis } = await startWithGroup(store, store === 'sqlite' ? 1 : 2);
    const [ann, bob, cleo, dan] = people;
    const [asAnn, asBob, asCleo] = apis;
    const { appoint, mute, unmute, change, see } = acts(groupId);
    await appoint(asAnn, bob);

    await expect(mute(asCleo, bob)).rejects.toEqual(refused('NOT_ALLOWED'));
    for (const above of [ann, bob]) await expect(mute(asBob, above)).rejects.toEqual(refused('NOT_ALLOWED'));
    const before = Array.from({ length: 10 }, () => write(cleo, groupId));
    await mute(asBob, cleo);
    for (const answer of await Promise.all(Array.from({ length: 10 }, () => write(cleo, groupId))))
      expect(answer).toMatchObject(muted);
    await Promise.all(before);
    expect(Date.parse((await see(asCleo)).mayWriteFrom ?? '')).toBeGreaterThan(Date.now());
    expect((await tips(cleo)).at(-1)).toBe("'bob'已将'cleo'禁言5分钟");
    expect((await tips(dan)).at(-1)).not.toMatch(/禁言/);
    await cleo.delete(`/group/quit/${groupId}`);
    await ann.post('/group/invite', { groupId, friendIds: [cleo.id] });
    expect(await write(cleo, groupId)).toMatchObject(muted);
    await unmute(asBob, cleo);
    await sayInGroup(cleo, Number(groupId), 'at last');
    await mute(asAnn, cleo);
    await test.platform.database.sql('im_group_member').update({ mutedUntil: Date.now() - 1 });
    await sayInGroup(cleo, Number(groupId), 'when it is over');

    await expect(change(asCleo, { whoMayWrite: 'admins' })).rejects.toEqual(refused('NOT_ALLOWED'));
    expect(await change(asBob, { whoMayWrite: 'admins' })).toMatchObject({ whoMayWrite: 'admins' });
    expect([await write(cleo, groupId), await write(dan, groupId)]).toMatchObject([only, only]);
    const path = { conversationId: `group:${groupId}` };
    const body = { content: { type: 'text' as const, text: 'hi' } };
    await expect(
      unwrap(
        asCleo.POST('/v1/conversations/{conversationId}/messages', { params: { path, header: {} }, body }),
      ),
    ).rejects.toEqual(refused('MUTED'));
    for (const admin of [ann, bob]) await sayInGroup(admin, Number(groupId), 'heard');
    await change(asAnn, { whoMayWrite: 'members' });
    await sayInGroup(cleo, Number(groupId), 'all again');
  });

  it('two changes of one moment happen one after the other', async () => {
    const { groupId, people, apis } = await startWithGroup(store, store === 'sqlite' ? 1 : 2);
    const [, bob, cleo, dan] = people;
    const [asAnn, asBob, asCleo] = apis;
    const { transfer, appoint, remove, mute, roles } = acts(groupId);
    const outcome = (promise: Promise<unknown>): Promise<string> =>
      promise.then(
        () => 'done',
        (error: unknown) => (error as ApiProblem).code,
      );

    for (const person of [bob, cleo]) await appoint(asAnn, person);
    // An admin mutes somebody who leaves.
    const leaving = dan.ask('DELETE', `/group/quit/${groupId}`);
    expect(['done', 'NOT_FOUND']).toContain(await outcome(mute(asBob, dan)));
    expect(await leaving).toMatchObject({ code: 200 });
    // Admins put each other out: neither does. The owner gives the group away twice: once.
    expect(await Promise.all([outcome(remove(asBob, cleo)), outcome(remove(asCleo, bob))])).toEqual([
      ...['NOT_ALLOWED', 'NOT_ALLOWED'],
    ]);
    const heirs = await Promise.all([outcome(transfer(asAnn, bob)), outcome(transfer(asAnn, cleo))]);
    expect(heirs.toSorted()).toEqual(['NOT_ALLOWED', 'done']);
    const [first] = heirs;
    expect(await roles(asAnn)).toEqual(
      first === 'done'
        ? ['ann: member', 'bob: owner', 'cleo: admin']
        : ['ann: member', 'bob: admin', 'cleo: owner'],
    );
  });
});
