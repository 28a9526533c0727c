import { describe, expect, it } from 'vitest';
import { Readers } from '../src/conversations/readers.ts';
import { unwrap, type ApiClient, type components } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { say, sayInGroup } from './support/messages.ts';
import { sharedPlatform, storeKinds } from './support/test-platform.ts';

type ReadCount = components['schemas']['ReadCount'];

function count(
  api: ApiClient,
  conversationId: string,
  from: number,
  to: number,
): Promise<{ items: ReadCount[] }> {
  const params = { path: { conversationId }, query: { from, to } };
  return unwrap(api.GET('/v1/conversations/{conversationId}/reads', { params }));
}

async function who(
  api: ApiClient,
  conversationId: string,
  number: number,
  hasRead: 'true' | 'false',
): Promise<number[]> {
  const found: number[] = [];
  for (let cursor: string | undefined; ;) {
    const query = { hasRead, limit: 1, ...(cursor !== undefined && { cursor }) };
    const params = { path: { conversationId, number }, query };
    const page = await unwrap(
      api.GET('/v1/conversations/{conversationId}/messages/{number}/readers', { params }),
    );
    found.push(...page.items.map(({ userId }) => Number(userId)));
    if (page.nextCursor === null) return found;
    cursor = page.nextCursor;
  }
}

function markRead(api: ApiClient, conversationId: string, number: number): Promise<unknown> {
  const params = { path: { conversationId } };
  return unwrap(api.PUT('/v1/conversations/{conversationId}/read', { params, body: { number } }));
}

describe.each(storeKinds)('who has read what, at /v1 on %s', (store) => {
  it('is known for each message of a group, by those who are there and could', async () => {
    const test = await sharedPlatform({ store });
    const ann = await test.register('ann');
    const [bob, cleo, dan] = [
      await test.register('bob'),
      await test.register('cleo'),
      await test.register('dan'),
    ];
    await befriend(test, ann, bob, cleo, dan);
    const { id: groupId } = await openGroup(ann, [bob, cleo]);
    const club = `group:${groupId}`;
    const [asAnn, asBob, asCleo] = [await apiOf(test, ann), await apiOf(test, bob), await apiOf(test, cleo)];
    // 1 is the tip, 2 ann's, 3 bob's, 4 tells of dan, 5 ann's.
    await sayInGroup(ann, groupId, 'two');
    await sayInGroup(bob, groupId, 'three');
    await ann.post('/group/invite', { groupId, friendIds: [dan.id] });
    await sayInGroup(ann, groupId, 'five');
    await markRead(asBob, club, 2);
    await markRead(asCleo, club, 5);
    await markRead(asAnn, club, 5);

    expect(await count(asBob, club, 1, 9)).toEqual({
      items: [
        { number: 1, readers: 2, others: 2 },
        { number: 2, readers: 2, others: 2 },
        { number: 3, readers: 2, others: 2 },
        { number: 4, readers: 1, others: 3 },
        { number: 5, readers: 1, others: 3 },
      ],
    });
    expect(await who(asAnn, club, 2, 'true')).toEqual([bob.id, cleo.id]);
    expect(await who(asAnn, club, 5, 'true')).toEqual([cleo.id]);
    expect(await who(asAnn, club, 5, 'false')).toEqual([bob.id, dan.id]);
    expect(await who(asAnn, club, 3, 'false')).toEqual([]);
    await cleo.delete(`/group/quit/${groupId}`);
    expect(await who(asAnn, club, 5, 'true')).toEqual([]);
    await expect(count(asCleo, club, 1, 2)).rejects.toMatchObject({ code: 'NOT_A_MEMBER' });
    await expect(who(asBob, club, 99, 'true')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(count(asBob, club, 1, 201)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const asDan = await apiOf(test, dan);
    await expect(who(asDan, club, 3, 'true')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await count(asDan, club, 1, 9)).items.map(({ number }) => number)).toEqual([4, 5]);
  });

  it('is known between two', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const [asAnn, asBob] = [await apiOf(test, ann), await apiOf(test, bob)];
    const pair = `private:${ann.id}:${bob.id}`;
    await say(ann, bob, 'one');
    await say(ann, bob, 'two');
    await markRead(asBob, pair, 1);

    expect((await count(asAnn, pair, 1, 2)).items).toEqual([
      { number: 1, readers: 1, others: 1 },
      { number: 2, readers: 0, others: 1 },
    ]);
    expect(await who(asAnn, pair, 2, 'false')).toEqual([bob.id]);
  });

  it('is counted once a second for all who ask at once', async () => {
    const test = await sharedPlatform({ store });
    const ann = await test.register('ann');
    const { id: groupId } = await openGroup(ann, []);
    const { number, sendId } = await sayInGroup(ann, groupId, 'one');
    const readers = new Readers(test.platform.database);
    let counted = 0;
    test.platform.database.sql.on('query', ({ sql }: { sql: string }) => {
      if (sql.includes('group by')) counted += 1;
    });

    await Promise.all(
      Array.from({ length: 20 }, () => readers.count(`group:${groupId}`, [{ number, sendId }])),
    );

    expect(counted).toBe(1);
  });
});
