import { expect, it } from 'vitest';
import { unwrap, type ApiProblem } from '../src/client/index.ts';
import { MessageType } from '../src/wire/message-type.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { pull, say, sayInGroup } from './support/messages.ts';
import type { Answer, Person } from './support/person.ts';
import { startTestPlatform } from './support/test-platform.ts';

it('a newcomer reaches nobody who does not want it, by either API, and is told so', async () => {
  const test = await startTestPlatform({
    store: 'sqlite',
    platform: { messagesPerMinute: 20 },
  });
  const [ann, mallory] = [await test.register('ann'), await test.register('mallory')];
  const [asAnn, asMallory] = [await apiOf(test, ann), await apiOf(test, mallory)];
  const toAnn = { params: { path: { userId: String(ann.id) } } };
  const [conversationId, content] = [
    `private:${ann.id}:${mallory.id}`,
    { type: 'text', text: 'hi' } as const,
  ];
  const codeOf = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'done',
      (error: unknown) => (error as ApiProblem).code,
    );
  const write = (): Promise<Answer> =>
    mallory.ask('POST', '/message/private/send', { recvId: ann.id, content: 'hi', type: 0 });
  const { id: groupId } = await mallory.post<{ id: number }>('/group/create', { name: 'trap' });
  const { number } = await sayInGroup(mallory, groupId, 'hi');
  const attack = async (): Promise<string[]> => [
    (await mallory.ask('POST', `/friend/add?friendId=${ann.id}&${Math.random()}`)).message,
    await codeOf(unwrap(asMallory.PUT('/v1/friends/{userId}', toAnn))),
    (await write()).message,
    await codeOf(
      unwrap(
        asMallory.POST('/v1/conversations/{conversationId}/messages', {
          params: { path: { conversationId }, header: {} },
          body: { content },
        }),
      ),
    ),
    await codeOf(
      unwrap(
        asMallory.POST('/v1/conversations/{conversationId}/forwards', {
          params: { path: { conversationId: `group:${groupId}` }, header: {} },
          body: { numbers: [number], to: [conversationId] },
        }),
      ),
    ),
    (await mallory.ask('POST', `/webrtc/private/call?uid=${ann.id}`, '{}')).message,
    await codeOf(
      unwrap(
        asMallory.POST('/v1/groups/{groupId}/members', {
          params: { path: { groupId: String(groupId) } },
          body: { userIds: [String(ann.id)] },
        }),
      ),
    ),
  ];
  const asStranger = [
    ...['好友申请已发送，请等待对方同意', 'REQUEST_NEEDED', '您已不是对方好友，无法发送消息', 'NOT_FRIENDS'],
    ...['NOT_FRIENDS', '您已不是对方好友，无法发送消息', 'NOT_FRIENDS'],
  ];
  const blocked = '您已被对方拉黑';

  expect(await attack()).toEqual(asStranger);
  expect(await attack()).toEqual(asStranger);
  // All that ann has of it is one message, and it is the platform's.
  expect((await pull(ann)).map(({ sendId }) => sendId === mallory.id)).toEqual([false]);

  // She is kind once: then there is a flood.
  await unwrap(asAnn.PUT('/v1/friends/{userId}', { params: { path: { userId: String(mallory.id) } } }));
  const flood = await Promise.all(Array.from({ length: 60 }, write));
  expect(flood.filter(({ code }) => code === 200).length).toBeLessThanOrEqual(20);
  expect(flood.filter(({ code }) => code === 429).length).toBeGreaterThanOrEqual(40);

  await unwrap(asAnn.PUT('/v1/blocks/{userId}', { params: { path: { userId: String(mallory.id) } } }));
  await ann.delete(`/friend/delete/${mallory.id}`);
  expect(await attack()).toEqual([
    ...[blocked, 'NOT_WANTED', '请求过于频繁，请稍后再试', 'TOO_MANY_REQUESTS'],
    ...['TOO_MANY_REQUESTS', '您已不是对方好友，无法发送消息', 'NOT_FRIENDS'],
  ]);
  await unwrap(asAnn.DELETE('/v1/blocks/{userId}', { params: { path: { userId: String(mallory.id) } } }));
  expect((await attack()).slice(0, 2)).toEqual(['好友申请已发送，请等待对方同意', 'REQUEST_NEEDED']);
  const friends = await ann.get<{ id: number; deleted: boolean }[]>('/friend/list');
  expect(friends.find(({ id }) => id === mallory.id)).toMatchObject({ deleted: true });
  const bob = await test.register('bob');
  expect(await codeOf(say(mallory, bob, 'hi'))).not.toBe('done');
});

it('floods of links, forwards, joins, reports, guesses and searches end at their limits, and of what is hidden nothing is learnt', async () => {
  const test = await startTestPlatform({
    store: 'sqlite',
    platform: { invitationsPerHour: 10, requestsPerMinute: 10_000, messagesPerMinute: 40 },
  });
  const [ann, mallory] = [await test.register('ann'), await test.register('mallory')];
  const asMallory = await apiOf(test, mallory);
  const { sql } = test.platform.database;
  const outcomesOf = async (attempts: readonly Promise<unknown>[]): Promise<Map<string, number>> => {
    const counts = new Map<string, number>();
    const outcomes = attempts.map((attempt) =>
      attempt.then(
        () => 'done',
        (error: unknown) => (error as ApiProblem).code,
      ),
    );
    for (const outcome of await Promise.all(outcomes)) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    return counts;
  };
  const times = <T>(count: number, act: (index: number) => Promise<T>): Promise<T>[] =>
    Array.from({ length: count }, (_, index) => act(index));
  const limited = (most: number, all: number): [string, number][] => [
    ['TOO_MANY_REQUESTS', all - most],
    ['done', most],
  ];
  const sorted = (counts: Map<string, number>): [string, number][] =>
    [...counts].sort(([one], [other]) => (one < other ? -1 : 1));

  // Links of a group of hers.
  const { id: own } = await mallory.post<{ id: number }>('/group/create', { name: 'trap' });
  const links = times(15, () =>
    unwrap(
      asMallory.POST('/v1/groups/{groupId}/invitations', {
        params: { path: { groupId: String(own) } },
        body: {},
      }),
    ),
  );
  expect(sorted(await outcomesOf(links))).toEqual(limited(10, 15));

  // Forwards into it, of five messages each: too much for one request, and then too many at once. Each new message counts.
  const numbers: number[] = [];
  for (let index = 0; index < 5; index++)
    numbers.push((await sayInGroup(mallory, own, `message ${index}`)).number);
  const forward = (body: { numbers: number[]; to: string[] }) =>
    unwrap(
      asMallory.POST('/v1/conversations/{conversationId}/forwards', {
        params: { path: { conversationId: `group:${own}` }, header: {} },
        body,
      }),
    );
  const manyOf = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
  const others = manyOf(10).map((id) => `group:${own + id}`);
  const tooMuch = [
    { numbers: manyOf(101), to: [`group:${own}`] },
    { numbers, to: others },
    { numbers: manyOf(51), to: others.slice(0, 2) },
  ];
  expect(sorted(await outcomesOf(tooMuch.map(forward)))).toEqual([['INVALID_ARGUMENT', 3]]);
  const forwards = await outcomesOf(times(20, () => forward({ numbers, to: [`group:${own}`] })));
  const done = forwards.get('done') ?? 0;
  expect(forwards.get('TOO_MANY_REQUESTS')).toBe(20 - done);
  expect(done).toBeGreaterThan(0);
  // What was said before, and what was refused, counts as well.
  expect(done * numbers.length).toBeLessThanOrEqual(40 - 5 - 3);

  // Groups of ann, which she comes into, and asks to: a closed one among them.
  const codes: string[] = [];
  for (let index = 0; index < 15; index++) {
    const { id } = await ann.post<{ id: number }>('/group/create', { name: `group ${index}` });
    await sql('im_group')
      .where({ id })
      .update({ joining: (index % 2) + 1 });
    const code = `code-of-a-group-${index}`;
    await sql('im_group_link').insert({ code, groupId: id, creatorId: ann.id, createdTime: 1 });
    codes.push(code);
  }
  const join = (code: string) =>
    unwrap(asMallory.POST('/v1/invitations/{code}', { params: { path: { code } }, body: {} }));
  expect(sorted(await outcomesOf(codes.map(join)))).toEqual(limited(10, 15));

  // Codes: one that is unknown and one of a closed group are answered alike, until there were too many.
  await sql('im_group').where({ ownerId: ann.id }).update({ joining: 0 });
  const look = (code: string) =>
    unwrap(asMallory.GET('/v1/invitations/{code}', { params: { path: { code } } }));
  const problemOf = (code: string): Promise<string> =>
    look(code).then(
      () => 'found',
      (error: unknown) => JSON.stringify((error as ApiProblem).problem),
    );
  expect(await problemOf(codes[0] ?? '')).toBe(await problemOf('code-of-no-group'));
  const guesses = await outcomesOf(times(120, (index) => look(`guess-${index}`)));
  expect(sorted(guesses)).toEqual([
    ['NOT_FOUND', 98],
    ['TOO_MANY_REQUESTS', 22],
  ]);

  // Reports of people whom she does not know.
  const names = Array.from({ length: 25 }, (_, index) => `person ${index}`);
  await sql('im_user').insert(
    names.map((userName) => ({ userName, nickName: userName, password: '!', createdTime: 1 })),
  );
  const ids = await sql('im_user').whereIn('userName', names).select<{ id: number }[]>('id');
  const reports = ids.map(({ id }) =>
    unwrap(asMallory.POST('/v1/reports', { body: { reason: 'spam', userId: String(id) } })),
  );
  expect(sorted(await outcomesOf(reports))).toEqual(limited(20, 25));

  // Who is there, and whether there is anybody: of strangers, of those who hide, and of nobody the same nothing.
  await sql('im_group_member').where({ userId: mallory.id }).delete();
  await ann.connect();
  const everybody = Array.from({ length: 200 }, (_, index) => index + 1).join();
  const presence = await unwrap(asMallory.GET('/v1/presence', { params: { query: { ids: everybody } } }));
  expect(presence.items).toEqual([]);
  const typing = times(20, (index) => {
    const [one, other] = [Math.min(mallory.id, index + 100), Math.max(mallory.id, index + 100)];
    const params = { path: { conversationId: `private:${one}:${other}` } };
    return unwrap(asMallory.POST('/v1/conversations/{conversationId}/typing', { params }));
  });
  expect(sorted(await outcomesOf(typing))).toEqual([['done', 20]]);

  // Searches: of what is none, with places that were made up, and too many.
  const search = (query: object) =>
    unwrap(asMallory.GET('/v1/search/messages', { params: { query: query as { query: string } } }));
  const placeOf = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString('base64url');
  const wrong = ['x'.repeat(101), '', '?', ' '].map((query) => ({ query }));
  const cursors = [[1, 2], [-1, ''], { id: 1 }, [1, 'x'.repeat(49)]].map(placeOf);
  const refused = [...wrong, ...[...cursors, 'no'].map((cursor) => ({ query: 'hi', cursor }))];
  expect(sorted(await outcomesOf(refused.map(search)))).toEqual([['INVALID_ARGUMENT', refused.length]]);
  const long = { query: Array.from('abcdefghijklmnopq', (letter) => `${letter}${letter} `).join('') };
  const searches = await outcomesOf(times(70, () => search(long)));
  // Some of those that were refused are counted as well.
  expect(searches.get('done')).toBeLessThanOrEqual(60);
  expect((searches.get('done') ?? 0) + (searches.get('TOO_MANY_REQUESTS') ?? 0)).toBe(70);
});

it('calls by the dozen, of others, and with too much in them ring once, and say nothing to those who are not in them', async () => {
  const test = await startTestPlatform({
    store: 'sqlite',
    platform: { messagesPerMinute: 20, requestsPerMinute: 150 },
  });
  const [ann, mallory, eve] = [
    await test.register('ann'),
    await test.register('mallory'),
    await test.register('eve'),
  ];
  await befriend(test, ann, mallory);
  const [asAnn, asMallory, asEve] = [
    await apiOf(test, ann),
    await apiOf(test, mallory),
    await apiOf(test, eve),
  ];
  const [annsDevice] = [await ann.connect(), await mallory.connect(), await eve.connect()];
  const heard = (type: number): number =>
    annsDevice.frames.filter(({ cmd, data }) => cmd === 3 && (data as { type: number }).type === type).length;
  const at = ({ id }: Pick<Person, 'id'>) => ({ params: { path: { userId: String(id) } } });
  const codeOf = (asked: Promise<unknown>): Promise<string> =>
    asked.then(
      () => 'done',
      (error: unknown) => (error as ApiProblem).code,
    );
  const call = (whom: Pick<Person, 'id'>, body: object = { mode: 'voice', offer: '{}' }) =>
    codeOf(
      unwrap(
        asMallory.POST('/v1/calls/{userId}', {
          ...at(whom),
          body: body as { mode: 'voice'; offer: string },
        }),
      ),
    );
  const signal = (as: typeof asAnn, whom: Person, said: string) =>
    codeOf(unwrap(as.POST('/v1/calls/{userId}/signals', { ...at(whom), body: { signal: said } })));
  const longest = 'x'.repeat(64_000);

  const wrong: object[] = [
    ...[{}, { mode: 'voice' }, { mode: 'loud', offer: '{}' }, { mode: 'voice', offer: '' }],
    ...[
      { mode: 'voice', offer: ['{}'] },
      { mode: 'voice', offer: '{}', to: 1 },
    ],
    { mode: 'voice', offer: `${longest}x` },
  ];
  for (const body of wrong) expect(await call(ann, body)).toBe('INVALID_ARGUMENT');
  expect(await call(mallory)).toBe('NOT_FRIENDS');
  expect(await call({ id: 999_999 })).toBe('NOT_FRIENDS');
  expect(heard(MessageType.RTC_CALL_VOICE)).toBe(0);

  const calls = await Promise.all(Array.from({ length: 60 }, () => call(ann)));
  expect(calls.filter((code) => code === 'done')).toHaveLength(1);
  expect(calls.filter((code) => code === 'TOO_MANY_REQUESTS').length).toBeGreaterThanOrEqual(40);
  expect(new Set(calls)).toEqual(new Set(['done', 'BUSY', 'TOO_MANY_REQUESTS']));

  // It is a call of two: nobody else says anything in it, answers it or ends it, nor keeps it alive.
  const before = await test.platform.database.sql('im_call').select();
  expect(await signal(asEve, ann, '{}')).toBe('CALL_OVER');
  expect(await signal(asEve, mallory, '{}')).toBe('CALL_OVER');
  const taken = asEve.POST('/v1/calls/{userId}/answer', { ...at(mallory), body: { answer: '{}' } });
  expect(await codeOf(unwrap(taken))).toBe('CALL_OVER');
  const end = { params: { path: at(mallory).params.path, query: {} } };
  expect(await codeOf(unwrap(asEve.DELETE('/v1/calls/{userId}', end)))).toBe('CALL_OVER');
  expect(await codeOf(unwrap(asEve.PUT('/v1/calls/{userId}/alive', at(mallory))))).toBe('done');
  // Whoever calls does not answer for the other one.
  const own = asMallory.POST('/v1/calls/{userId}/answer', { ...at(ann), body: { answer: '{}' } });
  expect(await codeOf(unwrap(own))).toBe('CALL_OVER');
  expect(await test.platform.database.sql('im_call').select()).toEqual(before);

  // Ways to reach her: too long, and too many.
  expect(await signal(asMallory, ann, `${longest}x`)).toBe('INVALID_ARGUMENT');
  expect(await signal(asMallory, ann, longest)).toBe('done');
  const signals = await Promise.all(
    Array.from({ length: 150 }, (_, index) => signal(asMallory, ann, `{"candidate":"${index}"}`)),
  );
  const done = signals.filter((code) => code === 'done').length;
  expect([done < 90, new Set(signals)]).toEqual([true, new Set(['done', 'TOO_MANY_REQUESTS'])]);
  // All of this was hers: ann hangs up.
  expect(await codeOf(unwrap(asAnn.DELETE('/v1/calls/{userId}', end)))).toBe('done');
  await expect.poll(() => heard(MessageType.RTC_CANDIDATE)).toBe(done + 1);
  expect(heard(MessageType.RTC_CALL_VOICE)).toBe(1);
});
