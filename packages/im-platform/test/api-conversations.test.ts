import type { RawDevice } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient, type components, type paths } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { say, sayInGroup } from './support/messages.ts';
import { sharedPlatform, storeKinds } from './support/test-platform.ts';

type Conversation = components['schemas']['Conversation'];

type ListQuery = NonNullable<paths['/v1/conversations']['get']['parameters']['query']>;

function list(api: ApiClient, query: ListQuery = {}) {
  return unwrap(api.GET('/v1/conversations', { params: { query } }));
}

function find(api: ApiClient, conversationId: string): Promise<Conversation> {
  return unwrap(api.GET('/v1/conversations/{conversationId}', { params: { path: { conversationId } } }));
}

function change(
  api: ApiClient,
  conversationId: string,
  body: Partial<
    Pick<Conversation, 'isPinned' | 'isMuted' | 'isArchived' | 'isHidden' | 'isMarkedUnread' | 'draft'>
  >,
): Promise<Conversation> {
  const params = { path: { conversationId } };
  return unwrap(api.PATCH('/v1/conversations/{conversationId}', { params, body }));
}

function markRead(api: ApiClient, conversationId: string, number: number): Promise<unknown> {
  const params = { path: { conversationId } };
  return unwrap(api.PUT('/v1/conversations/{conversationId}/read', { params, body: { number } }));
}

/** The next state of a conversation that the device is told. */
async function nextState(device: RawDevice): Promise<object> {
  const { data } = await device.next(
    ({ cmd, data: said }) => cmd === 5 && (said as { conversation?: object }).conversation !== undefined,
  );
  return (data as { conversation: object }).conversation;
}

function refusal(code: string): object {
  return expect.objectContaining({ code }) as object;
}

const idsOf = ({ items }: { items: readonly Conversation[] }): string[] => items.map(({ id }) => id);

describe.each(storeKinds)('conversations at /v1 on %s', (store) => {
  it('are listed by their last activity, each with what is unread in it, and its last message', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob, cleo] = [
      await test.register('ann'),
      await test.register('bob'),
      await test.register('cleo'),
    ];
    await befriend(test, ann, bob, cleo);
    const [asAnn, asBob] = [await apiOf(test, ann), await apiOf(test, bob)];
    const withAnn = `private:${ann.id}:${bob.id}`;
    const group = await openGroup(ann, [bob]);
    const club = `group:${group.id}`;
    await say(ann, bob, 'one');
    await say(ann, bob, 'two');
    await say(bob, ann, 'three');

    expect(await list(asBob)).toMatchObject({
      nextCursor: null,
      unread: 2,
      items: [
        { id: withAnn, kind: 'private', userId: String(ann.id), groupId: null, unread: 2, first: 1, last: 3 },
        { id: club, kind: 'group', userId: null, groupId: String(group.id), unread: 0, mentions: 0, last: 1 },
      ],
    });
    await sayInGroup(ann, group.id, 'all of you', { atUserIds: [-1, bob.id] });
    await sayInGroup(ann, group.id, 'and you', { atUserIds: [bob.id] });
    const { id: secret } = await sayInGroup(ann, group.id, 'oops', { atUserIds: [bob.id] });
    await ann.delete(`/message/group/recall/${secret}`);
    const { items, unread } = await list(asBob);
    expect(unread).toBe(4);
    expect(items.map(({ id, unread: inIt, mentions }) => [id, inIt, mentions])).toEqual([
      [club, 2, 2],
      [withAnn, 2, 0],
    ]);
    expect(items[0]!.lastMessage).toMatchObject({ number: 4, status: 'recalled' });
    expect(items[1]!.lastMessage).toMatchObject({ number: 3, content: { text: 'three' } });
    expect(await find(asAnn, club)).toMatchObject({ unread: 0, mentions: 0, last: 5 });
    await markRead(asBob, club, 3);
    expect(await find(asBob, club)).toMatchObject({ unread: 0, mentions: 0, read: 3 });
    await markRead(asBob, withAnn, 1);
    expect(await list(asBob)).toMatchObject({ unread: 1 });
  });

  it('come in pages, each once, and not to strangers', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const groups: string[] = [];
    for (let index = 0; index < 7; index++)
      groups.unshift(`group:${(await openGroup(ann, [], `g${index}`)).id}`);
    const api = await apiOf(test, ann);

    const seen: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await list(api, { limit: 3, ...(cursor !== undefined && { cursor }) });
      seen.push(...idsOf(page));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }

    expect(seen).toHaveLength(7);
    expect(new Set(seen)).toEqual(new Set(groups));
    const asBob = await apiOf(test, bob);
    expect(await list(asBob)).toMatchObject({ items: [], unread: 0 });
    for (const id of [groups[0]!, 'group:999', `private:${ann.id}:999`]) {
      await expect(find(asBob, id)).rejects.toEqual(refusal('NOT_FOUND'));
      await expect(change(asBob, id, { isPinned: true })).rejects.toEqual(refusal('NOT_FOUND'));
    }
    await expect(list(api, { cursor: 'x' })).rejects.toEqual(refusal('INVALID_ARGUMENT'));
  });

  it('are pinned, muted, archived, hidden and marked by each for themselves, on all devices', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const { id: groupId } = await openGroup(ann, [bob]);
    const asBob = await apiOf(test, bob);
    const [withAnn, club] = [`private:${ann.id}:${bob.id}`, `group:${groupId}`];
    await say(ann, bob, 'one');
    await sayInGroup(ann, groupId, 'two');
    const device = await bob.connect();

    expect(await change(asBob, withAnn, { isPinned: true, draft: 'Dear', isMuted: true })).toMatchObject({
      ...{ isPinned: true, isMuted: true, isArchived: false, isHidden: false, draft: 'Dear', unread: 1 },
    });
    expect(await nextState(device)).toMatchObject({ id: withAnn, isPinned: true, isMuted: true, myStamp: 3 });
    expect(await list(asBob)).toMatchObject({ unread: 1 });
    expect(await bob.get('/friend/list')).toMatchObject([{ id: ann.id, isDnd: true }]);
    await bob.put('/friend/dnd', { friendId: ann.id, isDnd: false });
    await change(asBob, club, { isMuted: true });
    expect(await list(asBob)).toMatchObject({ unread: 1 });
    expect(await bob.get(`/group/find/${groupId}`)).toMatchObject({ isDnd: true });
    await change(asBob, club, { isArchived: true });
    expect(idsOf(await list(asBob, { archived: 'true' }))).toEqual([club]);
    expect(idsOf(await list(asBob, { archived: 'false' }))).toEqual([withAnn]);

    expect(await change(asBob, withAnn, { isHidden: true })).toMatchObject({ isHidden: true, unread: 0 });
    expect(idsOf(await list(asBob))).toEqual([club]);
    expect(await find(await apiOf(test, ann), withAnn)).toMatchObject({ isHidden: false, isPinned: false });
    await say(ann, bob, 'again');
    expect(await find(asBob, withAnn)).toMatchObject({ isHidden: false, unread: 1 });
    await markRead(asBob, withAnn, 2);
    await change(asBob, withAnn, { isMarkedUnread: true, draft: null });
    expect(await find(asBob, withAnn)).toMatchObject({ isMarkedUnread: true, draft: null, unread: 0 });
    await markRead(asBob, withAnn, 2);
    expect(await find(asBob, withAnn)).toMatchObject({ isMarkedUnread: false });
  });

  it('that were left stay as they were then', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const { id: groupId } = await openGroup(ann, [bob]);
    const club = `group:${groupId}`;
    const asBob = await apiOf(test, bob);
    await sayInGroup(ann, groupId, 'while');
    await bob.delete(`/group/quit/${groupId}`);
    const then = await find(asBob, club);
    expect(then).toMatchObject({ isIn: false, last: 3, unread: 0, lastMessage: { number: 3 } });

    await sayInGroup(ann, groupId, 'after', { atUserIds: [-1] });
    const { id } = await sayInGroup(ann, groupId, 'oops');
    await ann.delete(`/message/group/recall/${id}`);

    expect(await find(asBob, club)).toEqual(then);
    await change(asBob, club, { isHidden: true });
    expect(idsOf(await list(asBob))).toEqual([]);
    await sayInGroup(ann, groupId, 'still not yours');
    expect(idsOf(await list(asBob))).toEqual([]);
    await expect(change(asBob, club, { isMuted: true })).rejects.toEqual(refusal('NOT_A_MEMBER'));
    await ann.post('/group/invite?again', { groupId, friendIds: [bob.id] });
    expect(await find(asBob, club)).toMatchObject({
      isIn: true,
      isHidden: false,
      first: 8,
      last: 8,
      unread: 0,
    });
  });
});

// Names are compared in this process, whatever the database is.
describe('conversations at /v1', () => {
  it('are found by their name however many strangers have written', async () => {
    const test = await sharedPlatform({ store: 'sqlite' });
    const ann = await test.register('ann');
    const { sql } = test.platform.database;
    // More than a statement of SQLite can name.
    const crowd = 'with recursive n(i) as (select 100000 union all select i + 1 from n where i < 133000)';
    const name = `'private:${ann.id}:' || i`;
    for (const insert of [
      `im_user (id, user_name, nick_name, password, created_time) ${crowd} select i, 'c' || i, 'crowd ' || i, '', 0 from n`,
      `im_conversation (conversation, lane, last_number, last_id, last_time) ${crowd} select ${name}, 0, 1, i, i from n`,
      `im_conversation_member (user_id, conversation) ${crowd} select ${ann.id}, ${name} from n`,
    ])
      await sql.raw(`insert into ${insert}`);
    const api = await apiOf(test, ann);

    expect(idsOf(await list(api, { name: 'crowd 132999' }))).toEqual([`private:${ann.id}:132999`]);
    expect(idsOf(await list(api, { name: 'crowd', limit: 3 }))).toHaveLength(3);
  });

  it('are found by a part of their name as one sees it, in pages', async () => {
    const test = await sharedPlatform({ store: 'sqlite' });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    const [cleo, asker] = [await test.register('cleo'), await test.register('asker')];
    await befriend(test, ann, bob, cleo);
    const { sql } = test.platform.database;
    for (const [id, nickName] of [
      [bob.id, 'Bóris 王小明'],
      [cleo.id, 'Cleo'],
      [asker.id, 'Boring stranger'],
    ] as const) {
      await sql('im_user').where({ id }).update({ nickName });
      await sql('im_friend').where({ friendId: id }).update({ friendNickName: nickName });
    }
    const [book, hike] = [
      (await openGroup(ann, [bob, cleo], 'BOOK club')).id,
      (await openGroup(ann, [bob, cleo], 'hike')).id,
    ];
    await cleo.put('/group/modify', { id: hike, name: 'hike', remarkGroupName: 'boots_on' });
    await say(bob, ann, 'hi');
    await say(ann, cleo, 'hi');
    const asAnn = await apiOf(test, ann);
    await unwrap(asAnn.PATCH('/v1/me/privacy', { body: { whoMayWrite: 'everybody' } }));
    await say(asker, ann, 'who are you?');
    await asker.post(`/friend/add?friendId=${cleo.id}`).catch(() => undefined);
    const named = async (api: ApiClient, name: string): Promise<string[]> =>
      idsOf(await list(api, { name })).toSorted();
    const withBob = `private:${ann.id}:${bob.id}`;
    const withAsker = `private:${ann.id}:${asker.id}`;

    expect(await named(asAnn, 'BO')).toEqual([`group:${book}`, withBob, withAsker].toSorted());
    expect(await named(asAnn, 'boris')).toEqual([withBob]);
    expect(await named(asAnn, ' 小明 ')).toEqual([withBob]);
    // What other searches have a meaning for has none here.
    expect(await named(asAnn, '%')).toEqual([]);
    expect(await named(asAnn, 'ann')).toEqual([]);
    await expect(named(asAnn, ' ')).rejects.toEqual(refusal('INVALID_ARGUMENT'));
    const first = await list(asAnn, { name: 'bo', limit: 2 });
    const second = await list(asAnn, { name: 'bo', limit: 2, cursor: first.nextCursor! });
    expect([...idsOf(first), ...idsOf(second)].toSorted()).toEqual(await named(asAnn, 'bo'));
    expect(second.nextCursor).toBeNull();

    // One's own name for a group is nobody else's, and who has left it knows what it was called then.
    const asCleo = await apiOf(test, cleo);
    expect(await named(asCleo, 'boots_')).toEqual([`group:${hike}`]);
    expect(await named(asAnn, 'boots')).toEqual([]);
    expect(await named(asCleo, '系统')).toHaveLength(1);
    await bob.delete(`/group/quit/${book}`);
    await ann.put('/group/modify', { id: book, name: 'SECRET' });
    const asBob = await apiOf(test, bob);
    expect(await named(asBob, 'book')).toEqual([`group:${book}`]);
    expect(await named(asBob, 'secret')).toEqual([]);
  });
});
