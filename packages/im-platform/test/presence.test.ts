import type { RawDevice } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform, storeKinds } from './support/test-platform.ts';

interface News {
  readonly type: number;
  readonly presence?: unknown;
  readonly typing?: unknown;
}

/** The next push of ours that has this member. */
async function nextNews(device: RawDevice, member: 'presence' | 'typing'): Promise<unknown> {
  const { data } = await device.next(
    ({ cmd, data }) => cmd === 5 && (data as News).type === 60 && (data as News)[member] !== undefined,
  );
  return (data as News)[member];
}

function newsOf(device: RawDevice, member: 'presence' | 'typing'): unknown[] {
  return device.frames.flatMap(({ cmd, data }) => {
    const news = cmd === 5 ? (data as News)[member] : undefined;
    return news === undefined ? [] : [news];
  });
}

async function presenceOf(api: ApiClient, ...people: readonly { readonly id: number }[]) {
  const query = { ids: people.map(({ id }) => id).join() };
  const { items } = await unwrap(api.GET('/v1/presence', { params: { query } }));
  return items;
}

function type(api: ApiClient, conversationId: string): Promise<unknown> {
  return unwrap(
    api.POST('/v1/conversations/{conversationId}/typing', { params: { path: { conversationId } } }),
  );
}

function block({ id }: Person, by: ApiClient): Promise<unknown> {
  return unwrap(by.PUT('/v1/blocks/{userId}', { params: { path: { userId: String(id) } } }));
}

function between(one: Person, other: Person): string {
  return `private:${Math.min(one.id, other.id)}:${Math.max(one.id, other.id)}`;
}

describe.each(storeKinds)('presence on %s', (store) => {
  it('is told of friends and members of the same groups who show it, and nothing of anybody else', async () => {
    const test = await startTestPlatform({ store });
    const names = ['ann', 'friend', 'fellow', 'stranger', 'shy', 'blocker', 'blocked'];
    const people: Person[] = [];
    for (const name of names) people.push(await test.register(name));
    const [ann, friend, fellow, stranger, shy, blocker, blocked] = people as [
      ...[Person, Person, Person, Person, Person, Person, Person],
    ];
    await befriend(test, ann, friend, shy, blocker, blocked);
    await befriend(test, friend, fellow);
    const { id: group } = await openGroup(friend, [fellow, ann]);
    expect(group).toBeGreaterThan(0);
    const asAnn = await apiOf(test, ann);
    await unwrap((await apiOf(test, shy)).PATCH('/v1/me/privacy', { body: { whoSeesPresence: 'nobody' } }));
    await block(ann, await apiOf(test, blocker));
    await block(blocked, asAnn);
    const devices = await Promise.all(
      [friend, fellow, stranger, shy, blocker, blocked].map((person) => person.connect()),
    );
    expect(devices).toHaveLength(6);

    expect(await presenceOf(asAnn, ...people, { id: 999_999 })).toEqual([
      { userId: String(friend.id), isOnline: true, lastSeenAt: null },
      { userId: String(fellow.id), isOnline: true, lastSeenAt: null },
    ]);
    const tooMany = Array.from({ length: 201 }, (_, index) => ({ id: index + 1 }));
    await expect(presenceOf(asAnn, ...tooMany)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(presenceOf(asAnn, { id: -1 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('is pushed to friends when it changes, once for what happens in two seconds, and kept for later', async () => {
    const test = await startTestPlatform({ store });
    const [ann, bob, cleo] = [
      await test.register('ann'),
      await test.register('bob'),
      await test.register('cleo'),
    ];
    await befriend(test, bob, ann, cleo);
    const [asAnn, asBob] = [await apiOf(test, ann), await apiOf(test, bob)];
    await block(cleo, asBob);
    const [annsDevice, cleosDevice] = [await ann.connect(), await cleo.connect()];
    expect(await presenceOf(asAnn, bob)).toEqual([
      { userId: String(bob.id), isOnline: false, lastSeenAt: null },
    ]);

    const bobsDevice = await bob.connect();
    const online = { userId: String(bob.id), isOnline: true, lastSeenAt: null };
    expect(await nextNews(annsDevice, 'presence')).toEqual([online]);

    // A change of networks: gone and back.
    await bobsDevice.close();
    const again = await bob.connect();
    // Something that comes after it, by the same way.
    const dan = await test.register('dan');
    await befriend(test, dan, ann);
    await dan.connect();
    expect(await nextNews(annsDevice, 'presence')).toMatchObject([{ userId: String(dan.id) }]);

    const went = Date.now();
    await again.close();
    const [gone] = (await nextNews(annsDevice, 'presence')) as [{ isOnline: boolean; lastSeenAt: string }];
    expect(gone.isOnline).toBe(false);
    expect(Date.parse(gone.lastSeenAt)).toBeGreaterThanOrEqual(went);
    expect(newsOf(cleosDevice, 'presence')).toEqual([]);
    await test.platform.close();
    const later = await apiOf(await test.startAnother(), ann);
    const [shown] = await presenceOf(later, bob);
    expect(Date.parse(shown?.lastSeenAt ?? '')).toBeGreaterThanOrEqual(went);
  });

  it('decides who sees that somebody is typing; nothing of it is stored', async () => {
    const test = await startTestPlatform({ store });
    const people: Person[] = [];
    for (const name of ['ann', 'bob', 'cleo', 'dan']) people.push(await test.register(name));
    const [ann, bob, cleo, dan] = people as [Person, Person, Person, Person];
    await befriend(test, ann, bob, cleo, dan);
    const { id: group } = await openGroup(ann, [bob, cleo, dan]);
    await dan.delete(`/group/quit/${group}`);
    const [asAnn, asBob, asDan] = [await apiOf(test, ann), await apiOf(test, bob), await apiOf(test, dan)];
    await block(bob, await apiOf(test, cleo));
    const [annsDevice, bobsDevice, cleosDevice] = [
      await ann.connect(),
      await bob.connect(),
      await cleo.connect(),
    ];
    const conversation = between(ann, bob);
    const messages = () => test.platform.database.sql('im_private_message').count('* as all');
    const before = await messages();

    // As a page does that says it with every key.
    await Promise.all([1, 2, 3].map(() => type(asBob, conversation)));
    expect(await nextNews(annsDevice, 'typing')).toEqual({
      ...{ conversationId: conversation, userId: String(bob.id), name: 'bob' },
    });
    await type(asBob, `group:${group}`);
    expect(await nextNews(annsDevice, 'typing')).toMatchObject({ conversationId: `group:${group}` });
    await unwrap(asBob.PATCH('/v1/me/privacy', { body: { whoSeesPresence: 'nobody' } }));
    await type(asAnn, `group:${group}`);
    expect(await nextNews(cleosDevice, 'typing')).toMatchObject({ userId: String(ann.id) });
    expect(await nextNews(bobsDevice, 'typing')).toMatchObject({ userId: String(ann.id) });
    // Nobody: not even those who are not there learn that.
    await type(asBob, between(bob, cleo));
    await type(asBob, between(bob, dan));
    await expect(type(asBob, between(ann, cleo))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(type(asBob, 'group:999')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(type(asDan, `group:${group}`)).rejects.toMatchObject({ code: 'NOT_A_MEMBER' });
    expect(newsOf(annsDevice, 'typing')).toHaveLength(2);
    expect(newsOf(bobsDevice, 'typing')).toHaveLength(1);
    expect(newsOf(cleosDevice, 'typing')).toHaveLength(1);
    expect(await messages()).toEqual(before);
  });
});

describe('presence', () => {
  it('is pushed of whoever went before the push servers knew that anybody looks', async () => {
    const test = await startTestPlatform({ store: 'sqlite' });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const [annsDevice, bobsDevice] = [await ann.connect(), await bob.connect()];
    expect(await presenceOf(await apiOf(test, ann), bob)).toMatchObject([{ isOnline: true }]);
    await bobsDevice.close();
    expect(await nextNews(annsDevice, 'presence')).toMatchObject([{ isOnline: false }]);
  });
});
