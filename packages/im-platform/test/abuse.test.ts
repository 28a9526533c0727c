import { expect, it } from 'vitest';
import { unwrap, type ApiProblem } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { pull, say } from './support/messages.ts';
import type { Answer } from './support/person.ts';
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
    ...['您已不是对方好友，无法发送消息', 'NOT_FRIENDS'],
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
    ...['您已不是对方好友，无法发送消息', 'NOT_FRIENDS'],
  ]);
  await unwrap(asAnn.DELETE('/v1/blocks/{userId}', { params: { path: { userId: String(mallory.id) } } }));
  expect((await attack()).slice(0, 2)).toEqual(['好友申请已发送，请等待对方同意', 'REQUEST_NEEDED']);
  const friends = await ann.get<{ id: number; deleted: boolean }[]>('/friend/list');
  expect(friends.find(({ id }) => id === mallory.id)).toMatchObject({ deleted: true });
  const bob = await test.register('bob');
  expect(await codeOf(say(mallory, bob, 'hi'))).not.toBe('done');
}, 60_000);
