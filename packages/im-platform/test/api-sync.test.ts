import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient, type components } from '../src/client/index.ts';
import { laneOf } from '../src/db/lanes.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { say, sayInGroup } from './support/messages.ts';
import { sharedPlatform, storeKinds } from './support/test-platform.ts';

type Sync = components['schemas']['Sync'];

function sync(
  api: ApiClient,
  body: { cursor?: string; limit?: number; messages?: number } = {},
): Promise<Sync> {
  return unwrap(api.POST('/v1/sync', { body }));
}

const idsOf = ({ conversations }: Sync): string[] => conversations.map(({ id }) => id);

function textsOf(messages: Sync['conversations'][number]['messages']): string[] {
  return messages.map(({ content }) => (content.type === 'text' ? content.text : content.type));
}

describe.each(storeKinds)('a sync at /v1 on %s', (store) => {
  it('gives everything at first, and then what has changed', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob, cleo] = [
      await test.register('ann'),
      await test.register('bob'),
      await test.register('cleo'),
    ];
    await befriend(test, ann, bob, cleo);
    const { id: groupId } = await openGroup(ann, [bob]);
    const [withAnn, club] = [`private:${ann.id}:${bob.id}`, `group:${groupId}`];
    for (let index = 1; index <= 5; index++) await say(ann, bob, `m${index}`);
    const oops = await say(ann, bob, 'oops');
    for (let index = 7; index <= 9; index++) await say(ann, bob, `m${index}`);
    const api = await apiOf(test, bob);

    const first = await sync(api, { messages: 2 });
    expect(first).toMatchObject({ unread: 9, removed: [], more: false, isReset: false });
    expect(idsOf(first)).toEqual([withAnn, club]);
    expect(first.conversations[0]).toMatchObject({ unread: 9, last: 9, changed: [], mustReload: false });
    expect(textsOf(first.conversations[0]!.messages)).toEqual(['m8', 'm9']);

    const nothing = await sync(api, { cursor: first.cursor });
    expect(nothing).toMatchObject({ conversations: [], removed: [], unread: 9 });

    await ann.delete(`/message/private/recall/${oops.id}`);
    await say(ann, cleo, 'not yours');
    const recalled = await sync(api, { cursor: nothing.cursor, messages: 2 });
    expect(idsOf(recalled)).toEqual([withAnn]);
    expect(recalled).toMatchObject({ unread: 8, conversations: [{ last: 10, unread: 8 }] });
    // The tenth is the note of it, which nobody sees.
    expect(textsOf(recalled.conversations[0]!.messages)).toEqual(['m9']);
    expect(recalled.conversations[0]!.changed).toMatchObject([{ number: 6, status: 'recalled' }]);

    await bob.put(`/message/private/readed?friendId=${ann.id}`);
    const read = await sync(api, { cursor: recalled.cursor, messages: 0 });
    expect(read).toMatchObject({ unread: 0, conversations: [{ id: withAnn, read: 10, messages: [] }] });
    const params = { path: { conversationId: withAnn } };
    await unwrap(api.PATCH('/v1/conversations/{conversationId}', { params, body: { isHidden: true } }));
    const hidden = await sync(api, { cursor: read.cursor });
    expect(hidden).toMatchObject({ conversations: [], removed: [withAnn] });

    await bob.delete(`/group/quit/${groupId}`);
    const left = await sync(api, { cursor: hidden.cursor });
    expect(left.conversations).toMatchObject([{ id: club, isIn: false, last: 2 }]);
    await sayInGroup(ann, groupId, 'after');
    expect(await sync(api, { cursor: left.cursor })).toMatchObject({ conversations: [], removed: [] });
  });

  it('pages without leaving out what changes meanwhile', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const groups: number[] = [];
    for (let index = 0; index < 5; index++) groups.unshift((await openGroup(ann, [], `g${index}`)).id);
    const api = await apiOf(test, ann);

    const one = await sync(api, { limit: 2 });
    expect(one.more).toBe(true);
    // This one would have come on the last page.
    const [oldest] = groups.slice(-1);
    await sayInGroup(ann, oldest!, 'moved');
    const two = await sync(api, { limit: 2, cursor: one.cursor });
    expect(two.more).toBe(false);
    const rest = await sync(api, { limit: 2, cursor: two.cursor });

    expect(idsOf(rest)).toEqual([`group:${oldest}`]);
    expect(new Set([one, two, rest].flatMap(idsOf))).toEqual(new Set(groups.map((id) => `group:${id}`)));
    expect(rest.more).toBe(false);
  });

  it('begins anew with a cursor of a database that was put back, and refuses what is none', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    await say(ann, bob, 'one');
    const api = await apiOf(test, bob);
    const { cursor } = await sync(api);
    await test.platform.database
      .sql('im_lane')
      .where({ lane: laneOf(`private:${ann.id}:${bob.id}`) })
      .decrement('stamp');

    expect(await sync(api, { cursor })).toMatchObject({ isReset: true, conversations: [{ unread: 1 }] });
    for (const wrong of ['', 'x', Buffer.from('{"since":{"mine":"1"}}').toString('base64url')])
      await expect(sync(api, { cursor: wrong })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('tells only to read a conversation anew when more was recalled than fits', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    await say(ann, bob, 'one');
    const api = await apiOf(test, bob);
    const { cursor } = await sync(api);
    const conversation = `private:${ann.id}:${bob.id}`;
    const { sql } = test.platform.database;
    for (let start = 0; start < 1_500; start += 500)
      await sql('im_message_change').insert(
        Array.from({ length: 500 }, (_, index) => ({ conversation, stamp: 100 + start + index, number: 1 })),
      );
    await say(ann, bob, 'two');

    const answer = await sync(api, { cursor });
    expect(answer.conversations).toMatchObject([{ id: conversation, mustReload: true, changed: [] }]);
  });
});
