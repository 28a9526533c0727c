import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient, type ApiProblem, type components } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { messageTypes, say, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { allNoted, readAll, searchAll } from './support/search.ts';
import { startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';

type Message = components['schemas']['Message'];

const quick = { sweepMs: 250, searchesPerMinute: 100_000, requestsPerMinute: 100_000 };

function textsOf(messages: readonly Message[]): string[] {
  return messages.map(({ content }) => ('text' in content ? content.text : content.type));
}

async function textsFound(api: ApiClient, query: string, where: object = {}): Promise<string[]> {
  return textsOf(await searchAll(api, query, where));
}

describe.each(storeKinds)('search on %s', (store) => {
  it('finds words and parts of Chinese, the newest first, in all conversations or one', async () => {
    const test = await startTestPlatform({ store, platform: quick });
    const [ann, bob, cleo] = [
      ...[await test.register('ann'), await test.register('bob')],
      await test.register('cleo'),
    ] as [Person, Person, Person];
    await befriend(test, ann, bob, cleo);
    await befriend(test, bob, cleo);
    const { id } = await openGroup(ann, [bob]);
    await say(ann, bob, '我们明天去吃饭吧');
    await sayInGroup(bob, id, 'Das Café öffnet: tomorrow, 10 apples');
    await say(bob, ann, '明天的 iPhone15手机 ＡＰＰＬＥ');
    const file = { name: '年度报告 final.pdf', size: 1, url: 'http://localhost/files/file/20260101/a.pdf' };
    await say(ann, bob, JSON.stringify(file), { type: messageTypes.FILE });
    await say(bob, cleo, '明天 apple, for cleo alone');
    await allNoted(test);
    const api = await apiOf(test, ann);

    expect(await textsFound(api, '明天')).toEqual(['明天的 iPhone15手机 ＡＰＰＬＥ', '我们明天去吃饭吧']);
    expect(await textsFound(api, '去吃饭')).toEqual(['我们明天去吃饭吧']);
    expect(await textsFound(api, 'app')).toHaveLength(2);
    expect(await textsFound(api, 'APPLES cafe')).toEqual(['Das Café öffnet: tomorrow, 10 apples']);
    expect(await textsFound(api, 'phone15手')).toEqual([]);
    expect(await textsFound(api, 'iphone15手')).toHaveLength(1);
    expect(await textsFound(api, '10')).toHaveLength(1);
    expect(await textsFound(api, 'apples 明天')).toEqual([]);
    expect(await textsFound(api, '报告')).toEqual(['file']);
    expect(await textsFound(api, 'pple')).toEqual([]);
    expect(await textsFound(api, 'app', { conversationId: `group:${id}` })).toHaveLength(1);
    expect(await textsFound(await apiOf(test, cleo), '明天')).toEqual(['明天 apple, for cleo alone']);
    const ofOthers = textsFound(api, '明天', { conversationId: `private:${bob.id}:${cleo.id}` });
    await expect(ofOthers).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(textsFound(api, '，。！ 😀')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('comes in pages that meet, of a word that everybody writes', async () => {
    const test = await startTestPlatform({ store, platform: quick });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const groups = [await openGroup(ann, [bob], 'one'), await openGroup(ann, [bob], 'two')];
    const said: number[] = [];
    for (let index = 0; index < 70; index++)
      for (const { id } of groups)
        said.push((await sayInGroup(ann, id, index % 35 === 0 ? 'hello rare' : 'hello world')).id);
    await allNoted(test);
    const api = await apiOf(test, bob);
    const newestFirst = said.toSorted((one, other) => other - one).map(String);

    const found = await searchAll(api, 'hello', { limit: 7 });
    expect(found.map(({ id }) => id)).toEqual(newestFirst);
    expect(await searchAll(api, 'hello rare', { limit: 3 })).toHaveLength(4);
    // Who came later learns nothing of it, not even that there is something.
    const cleo = await test.register('cleo');
    await befriend(test, ann, cleo);
    await ann.post('/group/invite', { groupId: groups[0]!.id, friendIds: [cleo.id] });
    const params = { query: { query: 'hello', limit: 1 } };
    const asCleo = await apiOf(test, cleo);
    expect(await unwrap(asCleo.GET('/v1/search/messages', { params }))).toEqual({
      items: [],
      nextCursor: null,
    });
    await sayInGroup(ann, groups[0]!.id, 'hello cleo');
    await allNoted(test);
    const page = await unwrap(asCleo.GET('/v1/search/messages', { params }));
    expect([textsOf(page.items), page.nextCursor]).toEqual([['hello cleo'], null]);
  });

  it('knows what was said before it was there, and goes on where it ended, on several instances', async () => {
    const instances = store === 'mariadb' ? 2 : 1;
    const test = await startTestPlatform({ store, instances, platform: quick });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const { id } = await openGroup(ann, [bob]);
    const { sql } = test.platform.database;
    const sends = Array.from({ length: 260 }, (_, index) =>
      index % 2 === 0 ? say(ann, bob, `word${index}`) : sayInGroup(ann, id, `word${index}`),
    );
    const sent = await Promise.all(sends);
    // Taken back while their words are noted, or just after.
    const gone = sent.slice(-20);
    for (const [index, { id: messageId }] of gone.entries())
      await ann.delete(`/message/${index % 2 === 0 ? 'private' : 'group'}/recall/${messageId}`);
    await allNoted(test);
    const api = await apiOf(test, bob);
    const expected = sent
      .slice(0, -20)
      .map(({ id: messageId }) => messageId)
      .sort((one, other) => other - one);
    const found = async (): Promise<number[]> => (await searchAll(api, 'word')).map((one) => Number(one.id));

    expect(await found()).toEqual(expected);
    const ids = gone.map((one) => one.id);
    expect(await sql('im_search_posting').whereIn('id', ids)).toEqual([]);

    // As a migration leaves it, and one that died in the middle of a lane.
    await sql('im_search_posting').delete();
    await sql('im_search_conversation').delete();
    await sql('im_search_lane').update({ stamp: -1, conversation: '' });
    await allNoted(test);
    expect(await found()).toEqual(expected);
    expect(await sql('im_search_posting').whereIn('id', ids)).toEqual([]);
  });
});

const words = ['你好', '你们好吗', '吃饭', '苹果手机', 'apple', 'Apply', 'app', 'Äpfel', 'x', '第3章'];
const queries = [...['你好', '好吗', '手机', 'app', 'apple', 'apfel', 'ap'], ...['x', '吃饭 app', '第3章']];
const who = fc.nat({ max: 2 });
const text = fc
  .array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 })
  .map((some) => some.join(' '));
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('say' as const), who, text, inGroup: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('edit' as const), back: fc.nat(6), text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('recall' as const), back: fc.nat(6) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('forget' as const), who, back: fc.nat(6) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('comeOrGo' as const), who: fc.nat({ max: 1 }) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'wait' as const }) },
);

/** Written anew, for texts of these words. */
function has(said: string, query: string): boolean {
  const plain = (one: string): string => one.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain(query)
    .split(' ')
    .every((term) =>
      plain(said)
        .split(' ')
        .some((word) => {
          if (!/^[a-z]+$/.test(term)) return word.includes(term);
          return term.length < 3 ? word === term : word.startsWith(term);
        }),
    );
}

describe('what is found', () => {
  it('is what can be read and has the words, all of it and nothing else', { timeout: 120_000 }, async () => {
    const test = await startTestPlatform({ store: 'sqlite', platform: quick });
    const people: Person[] = [];
    for (const name of ['ann', 'bob', 'cleo']) people.push(await test.register(name));
    const [ann, ...others] = people as [Person, Person, Person];
    await befriend(test, ann, ...others);
    const apis = await Promise.all(people.map((one) => apiOf(test, one)));
    let rounds = 0;

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), async (steps) => {
        const { id: groupId } = await openGroup(ann, others, `club ${(rounds += 1)}`);
        await runSteps(test, { people, apis, groupId, steps });
        await allNoted(test);
        const conversations = [
          ...[`group:${groupId}`, `private:${ann.id}:${others[0].id}`],
          `private:${ann.id}:${others[1].id}`,
        ];
        for (const [index, api] of apis.entries())
          for (const conversationId of conversations) {
            if (
              conversationId.startsWith('private') &&
              !conversationId.split(':').includes(String(people[index]!.id))
            )
              continue;
            const seen = await readAll(api, conversationId).catch(() => []);
            for (const query of queries) {
              const expected = seen.filter(
                ({ content }) => content.type === 'text' && has(content.text, query),
              );
              const found = await searchAll(api, query, { conversationId, limit: 5 }).catch(() => []);
              expect(found, `${query} in ${conversationId} by ${index}`).toEqual(expected);
            }
          }
      }),
      { numRuns: Number(process.env['MODEL_RUNS'] ?? 4) },
    );
  });
});

interface Round {
  readonly people: readonly Person[];
  readonly apis: readonly ApiClient[];
  readonly groupId: number;
  readonly steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[];
}

/** What is refused does not matter: who has left says nothing. */
async function runSteps(test: TestPlatform, { people, apis, groupId, steps }: Round): Promise<void> {
  const [ann, ...others] = people as [Person, Person, Person];
  const said: { readonly by: number; readonly conversationId: string; readonly number: number }[] = [];
  const left = new Set<number>();
  const tried = (work: Promise<unknown>): Promise<unknown> =>
    work.catch((error: unknown) => expect((error as ApiProblem).code, String(error)).toBeTypeOf('string'));
  for (const one of steps) {
    const chosen = 'back' in one ? said.at(-1 - one.back) : undefined;
    const path = chosen && { conversationId: chosen.conversationId, number: chosen.number };
    const path2 = chosen && { conversationId: chosen.conversationId };
    switch (one.do) {
      case 'say': {
        const conversationId =
          one.inGroup || one.who === 0 ? `group:${groupId}` : `private:${ann.id}:${people[one.who]!.id}`;
        await tried(
          unwrap(
            apis[one.who]!.POST('/v1/conversations/{conversationId}/messages', {
              params: { path: { conversationId }, header: {} },
              body: { content: { type: 'text', text: one.text } },
            }),
          ).then(({ number }) => said.push({ by: one.who, conversationId, number })),
        );
        break;
      }
      case 'edit':
        if (chosen)
          await tried(
            unwrap(
              apis[chosen.by]!.PATCH('/v1/conversations/{conversationId}/messages/{number}', {
                params: { path: path! },
                body: { content: { type: 'text', text: one.text } },
              }),
            ),
          );
        break;
      case 'recall':
        if (chosen)
          await tried(
            unwrap(
              apis[chosen.by]!.DELETE('/v1/conversations/{conversationId}/messages/{number}', {
                params: { path: path! },
              }),
            ),
          );
        break;
      case 'forget':
        if (chosen)
          await tried(
            unwrap(
              apis[one.who]!.POST('/v1/conversations/{conversationId}/deleted', {
                params: { path: path2! },
                body: { numbers: [chosen.number] },
              }),
            ),
          );
        break;
      case 'comeOrGo': {
        const person = others[one.who]!;
        // The same twice in a second is refused.
        const { code } = left.has(person.id)
          ? await ann.ask('POST', '/group/invite', { groupId, friendIds: [person.id] })
          : await person.ask('DELETE', `/group/quit/${groupId}`);
        if (code === 200 && !left.delete(person.id)) left.add(person.id);
        break;
      }
      case 'wait':
        await allNoted(test);
    }
  }
}
