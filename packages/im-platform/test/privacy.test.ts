import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { pull, say } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { sharedPlatform, storeKinds, type StoreKind, type TestPlatform } from './support/test-platform.ts';

// Several people, each with a client that holds answers to the description, on a machine that is busy with other tests.
const refused = (code: string): object => expect.objectContaining({ code }) as object;
const blockedByUser = { message: '您已被对方拉黑' };
const unblockFirst = { message: '您已将对方拉黑，请先解除拉黑' };
const notWanted = { message: '对方设置了不接收' };
let groups = 0;
const tryTo = {
  write: (from: Person, to: Pick<Person, 'id'>) =>
    from.ask('POST', '/message/private/send', { recvId: to.id, content: 'hi', type: 0 }),
  call: (from: Person, to: Person) => from.ask('POST', `/webrtc/private/call?uid=${to.id}`, '{}'),
  async invite(from: Person, ...people: readonly Person[]) {
    const { id: groupId } = await openGroup(from, [], `group ${++groups}`);
    return from.ask('POST', '/group/invite', { groupId, friendIds: people.map(({ id }) => id) });
  },
};

interface World {
  readonly test: TestPlatform;
  readonly ann: Person;
  readonly bob: Person;
  readonly asAnn: ApiClient;
  readonly asBob: ApiClient;
}

/** Ann and bob are friends. */
async function startWithFriends(store: StoreKind, instances = 1): Promise<World> {
  const test = await sharedPlatform({ store, instances });
  const ann = await test.register('ann');
  const bob = await test.register('bob', { at: test.all.at(-1)! });
  await befriend(test, ann, bob);
  const last = test.all.at(-1)!;
  return { test, ann, bob, asAnn: await apiOf(test, ann), asBob: await apiOf(last, bob) };
}

function whom({ id }: Pick<Person, 'id'>): { params: { path: { userId: string } } } {
  return { params: { path: { userId: String(id) } } };
}

function block(api: ApiClient, person: Pick<Person, 'id'>): Promise<unknown> {
  return unwrap(api.PUT('/v1/blocks/{userId}', whom(person)));
}

function unblock(api: ApiClient, person: Pick<Person, 'id'>): Promise<unknown> {
  return unwrap(api.DELETE('/v1/blocks/{userId}', whom(person)));
}

async function onlineOf(viewer: Person, other: Person): Promise<unknown> {
  const [terminals, { online }] = [
    await viewer.get(`/user/terminal/online?userIds=${other.id}`),
    await viewer.get<{ online: boolean }>(`/user/find/${other.id}`),
  ];
  return [terminals, online];
}

describe.each(storeKinds)('blocks on %s', (store) => {
  it('end messages, calls, requests and invitations from both sides, truly told, until they are lifted', async () => {
    const { test, ann, bob, asAnn, asBob } = await startWithFriends(store);
    for (const person of [ann, bob]) await person.connect();

    await block(asAnn, bob);
    await block(asAnn, bob);
    const { items } = await unwrap(asAnn.GET('/v1/blocks'));
    expect(items).toEqual([
      { userId: String(bob.id), nickName: 'bob', thumbnail: null, since: expect.any(String) as string },
    ]);

    for (const attempt of [tryTo.write, tryTo.call]) {
      expect(await attempt(bob, ann)).toMatchObject(blockedByUser);
      expect(await attempt(ann, bob)).toMatchObject(unblockFirst);
    }
    for (const [from, to] of [
      [bob, ann],
      [ann, bob],
    ] as const)
      expect(await tryTo.invite(from, to)).toMatchObject({ message: '部分用户不允许被邀请入群，邀请失败' });
    const hello = (api: ApiClient): Promise<unknown> => {
      const path = { conversationId: `private:${ann.id}:${bob.id}` };
      const body = { content: { type: 'text' as const, text: 'hi' } };
      return unwrap(
        api.POST('/v1/conversations/{conversationId}/messages', { params: { path, header: {} }, body }),
      );
    };
    await expect(hello(asBob)).rejects.toEqual(refused('NOT_WANTED'));
    await expect(hello(asAnn)).rejects.toEqual(refused('BLOCKED_BY_YOU'));
    expect(await pull(ann)).toEqual([]);

    // Who parts all the same cannot come back.
    await bob.delete(`/friend/delete/${ann.id}`);
    const ask = (api: ApiClient, { id }: Person): Promise<unknown> =>
      unwrap(api.POST('/v1/friend-requests', { body: { userId: String(id) } }));
    await expect(ask(asBob, ann)).rejects.toEqual(refused('NOT_WANTED'));
    await expect(ask(asAnn, bob)).rejects.toEqual(refused('BLOCKED_BY_YOU'));
    expect(await bob.ask('POST', `/friend/add?friendId=${ann.id}`)).toMatchObject(blockedByUser);

    await unblock(asAnn, bob);
    await unblock(asAnn, bob);
    expect(await ask(asBob, ann)).toEqual({ state: 'asked' });
    expect(await ask(asAnn, bob)).toEqual({ state: 'friends' });
    await say(bob, ann, 'friends again');
    for (const [userId, code] of [
      [ann.id, 'INVALID_ARGUMENT'],
      [4711, 'NOT_FOUND'],
    ] as const)
      await expect(block(asAnn, { id: userId })).rejects.toEqual(refused(code));
    expect(await test.platform.database.sql('im_block').select()).toEqual([]);
  });

  it('hide what was asked before, and are seen by whoever accepts at the same moment', async () => {
    const { test, ann } = await startWithFriends(store, store === 'sqlite' ? 1 : 2);
    const asAnn = await apiOf(test.all.at(-1)!, ann);
    for (let round = 0; round < 4; round++) {
      const cleo = await test.register(`cleo-${round}`);
      const asCleo = await apiOf(test, cleo);
      await unwrap(asCleo.POST('/v1/friend-requests', { body: { userId: String(ann.id) } }));
      const { items } = await unwrap(asAnn.GET('/v1/friend-requests/received'));
      expect(items.map(({ userId }) => userId)).toEqual([String(cleo.id)]);

      const accepting = unwrap(asAnn.PUT('/v1/friends/{userId}', whom(cleo))).catch(() => undefined);
      await Promise.all([accepting, round % 2 === 0 ? block(asAnn, cleo) : block(asCleo, ann)]);

      const [from, to] = round % 2 === 0 ? [cleo, ann] : [ann, cleo];
      const { message } = await tryTo.write(from, to);
      // They became friends before the block, or not at all.
      expect([blockedByUser.message, '您已不是对方好友，无法发送消息']).toContain(message);
      if (round % 2 === 0)
        expect((await unwrap(asAnn.GET('/v1/friend-requests/received'))).items).toEqual([]);
      else await unwrap(asAnn.DELETE('/v1/friend-requests/received/{userId}', whom(cleo)));
      const rows: unknown[] = await test.platform.database
        .sql('im_friend')
        .where({ deleted: 0, userId: cleo.id })
        .orWhere({ deleted: 0, friendId: cleo.id })
        .select();
      expect([0, 2]).toContain(rows.length);
    }
  });

  it('that were answered are seen by every send that begins then, while others are under way', async () => {
    const { ann, bob, asAnn } = await startWithFriends(store, store === 'sqlite' ? 1 : 2);
    for (let round = 0; round < 3; round++) {
      const before = Array.from({ length: 20 }, () => tryTo.write(bob, ann));
      await block(asAnn, bob);
      const after = await Promise.all(Array.from({ length: 20 }, () => tryTo.write(bob, ann)));
      const codes = (await Promise.all(before)).map(({ code, message }) => (code === 200 ? 'sent' : message));

      expect(new Set(after.map(({ message }) => message))).toEqual(new Set([blockedByUser.message]));
      expect(['sent', blockedByUser.message]).toEqual(expect.arrayContaining([...new Set(codes)]));
      await unblock(asAnn, bob);
    }
  });
});

describe.each(storeKinds)('privacy on %s', (store) => {
  it('says who may write, call and invite: friends, unless somebody says otherwise', async () => {
    const { test, ann, bob, asAnn } = await startWithFriends(store);
    const cleo = await test.register('cleo');
    for (const person of [ann, bob, cleo]) await person.connect();
    const change = (to: 'everybody' | 'friends' | 'nobody'): Promise<unknown> =>
      unwrap(asAnn.PATCH('/v1/me/privacy', { body: { whoMayWrite: to, whoMayCall: to, whoMayAdd: to } }));
    const outcomes = async (who: Person): Promise<string[]> => {
      const answers = [await tryTo.write(who, ann), await tryTo.invite(who, ann), await tryTo.call(who, ann)];
      if (answers[2]?.code === 200) await who.post(`/webrtc/private/cancel?uid=${ann.id}`);
      return answers.map(({ code, message }) => (code === 200 ? 'done' : message));
    };
    const [notFriends, notAllFriends] = ['您已不是对方好友，无法发送消息', '部分用户不是您的好友，邀请失败'];

    expect(await outcomes(bob)).toEqual(['done', 'done', 'done']);
    expect(await outcomes(cleo)).toEqual([notFriends, notAllFriends, notFriends]);
    expect(await change('nobody')).toEqual({
      ...{ whoMayWrite: 'nobody', whoMayCall: 'nobody', whoMayAdd: 'nobody', whoSeesPresence: 'everybody' },
    });
    const unwanted = [notWanted.message, '部分用户不允许被邀请入群，邀请失败', notWanted.message];
    expect(await outcomes(bob)).toEqual(unwanted);
    await change('everybody');
    expect(await outcomes(cleo)).toEqual(['done', 'done', 'done']);
    await block(asAnn, cleo);
    expect(await outcomes(cleo)).toEqual([blockedByUser.message, unwanted[1], blockedByUser.message]);
    await change('friends');
    expect(await outcomes(bob)).toEqual(['done', 'done', 'done']);
    // Nobody writes to those who do not exist, or to themselves.
    for (const id of [ann.id, 4711])
      expect(await tryTo.write(ann, { id })).toMatchObject({ message: notFriends });
  });

  it('says who sees that one is online', async () => {
    const { test, ann, bob, asAnn } = await startWithFriends(store);
    const cleo = await test.register('cleo');
    await ann.connect();
    const { id: groupId } = await openGroup(ann, [bob]);
    await test.platform.database.sql('im_group_member').insert({ groupId, userId: cleo.id, createdTime: 0 });
    const show = (whoSeesPresence: 'everybody' | 'friends' | 'nobody'): Promise<unknown> =>
      unwrap(asAnn.PATCH('/v1/me/privacy', { body: { whoSeesPresence } }));
    const inGroup = async (viewer: Person): Promise<boolean[]> => {
      const members = await viewer.get<{ userId: number; online: boolean }[]>(`/group/members/${groupId}`);
      const path = { groupId: String(groupId) };
      const { items } = await unwrap(
        (await apiOf(test, viewer)).GET('/v1/groups/{groupId}/members', { params: { path } }),
      );
      return [
        ...members.filter(({ userId }) => userId === ann.id).map(({ online }) => online),
        ...items.filter(({ userId }) => userId === String(ann.id)).map(({ isOnline }) => isOnline),
      ];
    };
    const shown = [[{ userId: ann.id, terminals: [0] }], true];
    const hidden = [[], false];

    expect(await onlineOf(bob, ann)).toEqual(shown);
    expect([await inGroup(bob), await inGroup(cleo)]).toEqual([
      [true, true],
      [true, true],
    ]);
    await show('friends');
    expect([await onlineOf(bob, ann), await inGroup(bob), await inGroup(cleo)]).toEqual([
      ...[shown, [true, true], [false, false]],
    ]);
    expect(await cleo.get(`/user/terminal/online?userIds=${ann.id}`)).toEqual([]);
    await show('nobody');
    expect([await onlineOf(bob, ann), await inGroup(bob)]).toEqual([hidden, [false, false]]);
    expect(await inGroup(ann)).toEqual([true, true]);
    await show('everybody');
    await block(asAnn, bob);
    expect([await onlineOf(bob, ann), await inGroup(bob)]).toEqual([hidden, [false, false]]);
  });
});
