import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { say, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform, storeKinds } from './support/test-platform.ts';

interface Evidence {
  readonly message: { readonly number: number; readonly content: { readonly text: string } };
  readonly around: readonly { readonly number: number; readonly content: { readonly text?: string } }[];
}

function report(api: ApiClient, about: { userId: string } | { conversationId: string; number: number }) {
  return unwrap(api.POST('/v1/reports', { body: { reason: 'abuse', text: 'look', ...about } }));
}

function refused(code: string): object {
  return expect.objectContaining({ code }) as object;
}

describe.each(storeKinds)('reports on %s', (store) => {
  it('keep what the reporter saw, also when it is recalled, and nothing that they could not see', async () => {
    const test = await startTestPlatform({ store });
    const people: Person[] = [];
    for (const name of ['ann', 'bob', 'cleo']) people.push(await test.register(name));
    const [ann, bob, cleo] = people as [Person, Person, Person];
    await befriend(test, ann, bob, cleo);
    const { id: group } = await openGroup(ann, [bob]);
    const conversationId = `group:${group}`;
    for (let index = 0; index < 8; index++) await sayInGroup(bob, group, `before ${index}`);
    await ann.post('/group/invite', { groupId: group, friendIds: [cleo.id] });
    const bad = await sayInGroup(bob, group, 'you fool');
    const { sql } = test.platform.database;
    const [{ number }] = (await sql('im_group_message').where({ id: bad.id }).select('number')) as [
      { number: number },
    ];
    const asCleo = await apiOf(test, cleo);

    const made = await report(asCleo, { conversationId, number });
    expect(made).toMatchObject({
      ...{ userId: String(bob.id), conversationId, number, reason: 'abuse', text: 'look', state: 'open' },
    });
    await bob.delete(`/message/group/recall/${bad.id}`);
    await sql('im_group_message').where({ id: bad.id }).update({ content: null });
    const [{ evidence }] = (await sql('im_report').select('evidence')) as [{ evidence: string }];
    const { message, around } = JSON.parse(evidence) as Evidence;
    expect(message).toMatchObject({ number, content: { text: 'you fool' } });
    // She came with the tip before it.
    expect(around.map((one) => one.number)).toEqual([number - 1, number]);

    expect((await report(asCleo, { conversationId, number })).id).toBe(made.id);
    await expect(report(asCleo, { conversationId, number: 1 })).rejects.toEqual(refused('NOT_FOUND'));
    await expect(
      report(asCleo, { conversationId: `private:${ann.id}:${bob.id}`, number: 1 }),
    ).rejects.toEqual(refused('NOT_FOUND'));
    await expect(report(asCleo, { userId: String(cleo.id) })).rejects.toEqual(refused('INVALID_ARGUMENT'));
    await expect(report(asCleo, { userId: '99999' })).rejects.toEqual(refused('NOT_FOUND'));
  });

  it('of people keep who they were and what was said last; one reports twenty things a day, once each', async () => {
    const test = await startTestPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    for (const text of ['hello', 'buy this']) await say(bob, ann, text);
    const asAnn = await apiOf(test, ann);
    const { sql } = test.platform.database;

    const twice = await Promise.all([1, 2].map(() => report(asAnn, { userId: String(bob.id) })));
    expect(new Set(twice.map(({ id }) => id)).size).toBe(1);
    const [{ evidence }] = (await sql('im_report').select('evidence')) as [{ evidence: string }];
    expect(JSON.parse(evidence)).toMatchObject({
      nickName: 'bob',
      around: [{ content: { text: 'hello' } }, { content: { text: 'buy this' } }],
    });
    const names = Array.from({ length: 25 }, (_, index) => `u${index}`);
    await sql('im_user').insert(
      names.map((userName) => ({ userName, nickName: userName, password: '!', createdTime: 1 })),
    );
    const ids = await sql('im_user').whereIn('userName', names).select<{ id: number }[]>('id');
    const outcomes = await Promise.all(
      ids.map(({ id }) =>
        report(asAnn, { userId: String(id) }).then(
          () => 'done',
          (error: unknown) => (error as { code: string }).code,
        ),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'done').length).toBeLessThanOrEqual(19);
    expect(outcomes).toContain('TOO_MANY_REQUESTS');
    const page = await unwrap(asAnn.GET('/v1/reports', { params: { query: { limit: 5 } } }));
    expect(page.items).toHaveLength(5);
    expect(page.nextCursor).not.toBeNull();
    const others = await unwrap((await apiOf(test, bob)).GET('/v1/reports', { params: { query: {} } }));
    expect(others.items).toEqual([]);
  });
});
