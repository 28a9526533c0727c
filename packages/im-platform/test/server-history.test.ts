import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { say, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { createKey, withKey } from './support/server-keys.ts';
import { startTestPlatform, storeKinds, type TestPlatform, type StoreKind } from './support/test-platform.ts';

interface Past {
  readonly id: string;
  readonly from: string;
  readonly sentAt: string;
  readonly content: { readonly type: 'text'; readonly text: string };
}

async function start(
  store: StoreKind,
): Promise<{ test: TestPlatform; api: ApiClient; people: [Person, Person, Person] }> {
  const test = await startTestPlatform({ store, platform: { sweepMs: 250 } });
  const people: Person[] = [];
  for (const name of ['ann', 'bob', 'cleo']) people.push(await test.register(name));
  const api = await withKey(test, (await createKey(test)).key);
  return { test, api, people: people as [Person, Person, Person] };
}

function past(id: number, from: string, more: Partial<Past> = {}): Past {
  const sentAt = new Date(Date.UTC(2020, 0, 1) + id * 1_000).toISOString();
  return { id: String(id), from, sentAt, content: { type: 'text', text: `old ${id}` }, ...more };
}

function bring(api: ApiClient, conversationId: string, messages: readonly Past[]) {
  const params = { path: { conversationId } };
  return unwrap(
    api.POST('/v1/server/conversations/{conversationId}/history', {
      params,
      body: { messages: [...messages] },
    }),
  );
}

async function read(api: ApiClient, conversationId: string): Promise<[number, string, string][]> {
  const params = { path: { conversationId }, query: { after: 0, limit: 200 } };
  const { items } = await unwrap(api.GET('/v1/conversations/{conversationId}/messages', { params }));
  return items.map(({ number, sentAt, content }) => [number, sentAt, 'text' in content ? content.text : '']);
}

async function unread(api: ApiClient, conversationId: string): Promise<number | undefined> {
  const { conversations } = await unwrap(api.POST('/v1/sync', { body: {} }));
  return conversations.find(({ id }) => id === conversationId)?.unread;
}

describe.each(storeKinds)('what was said elsewhere, brought in at /v1/server on %s', (store) => {
  it('is there once and in its order, as old as it was, and no news to those who had read all', async () => {
    const { test, api, people } = await start(store);
    const [ann, bob] = people;
    const both = `private:${ann.id}:${bob.id}`;
    await befriend(test, ann, bob);
    const device = await bob.connect();
    const messages = [past(1, 'name:ann'), past(2, `${bob.id}`), past(3, 'name:ann')];

    const twice = await Promise.all([bring(api, both, messages), bring(api, both, messages)]);
    expect(twice.map(({ stored }) => stored).sort()).toEqual([0, 3]);
    expect(await bring(api, both, [...messages.slice(1), past(4, 'name:ann')])).toEqual({
      ...{ stored: 1, repeated: 2, lastNumber: 4 },
    });
    const [asAnn, asBob] = [await apiOf(test, ann), await apiOf(test, bob)];
    expect(await read(asBob, both)).toEqual([1, 2, 3, 4].map((id) => [id, past(id, '').sentAt, `old ${id}`]));
    expect([await unread(asAnn, both), await unread(asBob, both)]).toEqual([0, 0]);

    // The first that bob's device hears of is what is said now.
    await say(ann, bob, 'new');
    expect((await device.next(({ cmd }) => cmd === 3)).data).toMatchObject({ content: 'new', number: 5 });
    expect(await unread(asBob, both)).toBe(1);
    // Who has not read all has not read what stands behind it.
    await bring(api, both, [past(5, 'name:ann')]);
    expect(await unread(asBob, both)).toBe(2);

    const found = () => unwrap(asBob.GET('/v1/search/messages', { params: { query: { query: 'old' } } }));
    await expect.poll(async () => (await found()).items.length).toBe(5);
  });

  it('is of those who are or were in the group, and all of a call or nothing', async () => {
    const { test, api, people } = await start(store);
    const [ann, bob, cleo] = people;
    await befriend(test, ann, bob, cleo);
    const { id: groupId } = await openGroup(ann, [bob]);
    const club = `group:${groupId}`;
    await bob.delete(`/group/quit/${groupId}`);
    const asAnn = await apiOf(test, ann);
    const before = await read(asAnn, club);

    const withStranger = bring(api, club, [past(1, 'name:ann'), past(2, 'name:cleo')]);
    await expect(withStranger).rejects.toMatchObject({ code: 'NOT_A_MEMBER' });
    expect(await read(asAnn, club)).toEqual(before);
    expect(await unread(await apiOf(test, cleo), club)).toBeUndefined();

    const were = await unread(asAnn, club);
    await bring(api, club, [past(1, 'name:ann'), past(2, 'name:bob')]);
    expect((await read(asAnn, club)).slice(before.length).map(([, , text]) => text)).toEqual([
      'old 1',
      'old 2',
    ]);
    expect(await unread(asAnn, club)).toBe(were);
    // Who left before sees nothing of it.
    expect((await read(await apiOf(test, bob), club)).map(([, , text]) => text)).not.toContain('old 1');
    await sayInGroup(ann, groupId, 'new');
    expect((await read(asAnn, club)).at(-1)?.[2]).toBe('new');
  });
});

it('refuses what cannot have been, and says which message it is', async () => {
  const { test, api, people } = await start('sqlite');
  const [ann, bob] = people;
  const both = `private:${ann.id}:${bob.id}`;
  await befriend(test, ann, bob);
  const codeOf = (conversation: string, messages: readonly Past[]) =>
    bring(api, conversation, messages).then(
      () => 'done',
      (error: unknown) => (error as Error).message,
    );
  const later = new Date(Date.now() + 3_600_000).toISOString();
  const many = Array.from({ length: 401 }, (_, id) => past(id + 1, 'name:ann'));

  expect(await codeOf(both, [past(1, 'name:ann'), past(2, 'name:bob', { sentAt: later })])).toMatch(
    /^INVALID_ARGUMENT: .*messages\.1\.sentAt/,
  );
  expect(await codeOf(both, [past(1, 'name:ann'), past(1, 'name:ann')])).toMatch(/messages\.1\.id/);
  expect(await codeOf(both, many)).toMatch(/^INVALID_ARGUMENT/);
  expect(await codeOf(both, [])).toMatch(/^INVALID_ARGUMENT/);
  expect(await codeOf(both, [past(1, 'external:nobody')])).toMatch(/^NOT_FOUND/);
  expect(await codeOf(`private:${bob.id}:${ann.id}`, [past(1, 'name:ann')])).toMatch(/^NOT_FOUND/);
  expect(await codeOf(`private:${ann.id}:99999`, [past(1, 'name:ann')])).toMatch(/^NOT_FOUND/);
  expect(await codeOf('group:99999', [past(1, 'name:ann')])).toMatch(/^NOT_FOUND/);
  expect(await codeOf(both, [past(1, 'name:cleo')])).toMatch(/^NOT_A_MEMBER/);
  expect(await read(await apiOf(test, ann), both)).toEqual([]);
});
