import { expect, it } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { PushOutcomes } from '../src/push/push-outcomes.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { say, sayInGroup } from './support/messages.ts';
import { startTestPlatform } from './support/test-platform.ts';

async function storyOf(api: ApiClient, id: number | string) {
  const path = { messageId: String(id) };
  const { items } = await unwrap(api.GET('/v1/admin/messages/{messageId}', { params: { path } }));
  const [story] = items;
  if (!story || items.length > 1) throw new Error(`${items.length} messages have the id ${id}`);
  return story;
}

it('a message has a story: pushed to whom, delivered, read, edited, taken back; and what nobody knows', async () => {
  const test = await startTestPlatform({ store: 'sqlite' });
  const [ann, bob, cleo] = [
    await test.register('ann'),
    await test.register('bob'),
    await test.register('cleo'),
  ];
  await befriend(test, ann, bob, cleo);
  await makeAdmin(test, cleo);
  const api = await apiOf(test, cleo);
  const [asAnn, asBob] = [await apiOf(test, ann), await apiOf(test, bob)];
  const away = await say(ann, bob, 'hi');
  const device = await bob.connect();
  const { id, number } = await say(ann, bob, 'hello');
  await device.next(({ cmd }) => cmd === 3);

  const arrived = { userId: String(bob.id), device: 'web', reason: null };
  await expect
    .poll(async () => (await storyOf(api, id)).pushes?.flatMap(({ devices }) => devices))
    .toContainEqual({ ...arrived, stage: expect.any(String) as string });
  await expect
    .poll(() => storyOf(api, id))
    .toMatchObject({
      ...{ message: { senderId: String(ann.id), number, content: { text: 'hello' } }, waiting: null },
      ...{ receivers: [{ userId: String(bob.id), isDelivered: true, isRead: false }], readers: 0, others: 1 },
    });
  // Nobody was there, and what was sent before reaches a device with its pull.
  const reasons = (await storyOf(api, away.id)).pushes?.flatMap(({ devices }) =>
    devices.map((one) => one.reason),
  );
  expect(new Set(reasons)).toEqual(new Set(['NOT_ONLINE']));
  const another = await test.startAnother();
  expect((await storyOf(await apiOf(another, cleo), id)).pushes).toBeNull();

  const conversationId = `private:${ann.id}:${bob.id}`;
  const one = { params: { path: { conversationId, number } } };
  const content = { type: 'text' as const, text: 'hello, Bob' };
  await unwrap(
    asAnn.PATCH('/v1/conversations/{conversationId}/messages/{number}', { ...one, body: { content } }),
  );
  await unwrap(
    asBob.PUT('/v1/conversations/{conversationId}/read', {
      ...{ params: { path: { conversationId } }, body: { number } },
    }),
  );
  const path = '/v1/admin/conversations/{conversationId}/messages/{number}';
  expect(await unwrap(api.GET(path, one))).toMatchObject({
    ...{ message: { content: { text: 'hello, Bob' } }, edits: [{ content: { text: 'hello' } }] },
    ...{ receivers: [{ isRead: true }], readers: 1, recalledAt: null },
  });
  await unwrap(asAnn.DELETE('/v1/conversations/{conversationId}/messages/{number}', one));
  const recalled = await storyOf(api, id);
  expect(recalled).toMatchObject({
    message: { status: 'recalled', content: { type: 'recalled' } },
    edits: [],
  });
  expect(Date.parse(recalled.recalledAt ?? '')).toBeGreaterThanOrEqual(Date.parse(recalled.message.sentAt));

  const club = await openGroup(ann, [bob, cleo]);
  const said = await sayInGroup(ann, club.id, 'all');
  expect(await storyOf(api, said.id)).toMatchObject({
    receivers: [bob, cleo].map((person) => ({ userId: String(person.id), isDelivered: null, isRead: false })),
    ...{ others: 2, readers: 0, recalledAt: null },
  });
  await expect(storyOf(api, 999)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const { items } = await unwrap(
    api.GET('/v1/admin/audit', { params: { query: { subject: `message:${conversationId}/${number}` } } }),
  );
  expect(items.map(({ action }) => action)).toEqual(['adminGetMessage']);
});

it('remembers the outcomes of the newest pushes alone', () => {
  const outcomes = new PushOutcomes(6);
  const device = { id: '7', terminal: 0, code: 0, stage: 'device' } as const;
  for (const id of [1, 2, 3]) outcomes.note('private', id, { devices: [device] as never });
  expect([1, 2, 3].map((id) => outcomes.find('private', id).length)).toEqual([1, 1, 1]);

  outcomes.note('private', 1, { devices: [device] as never });
  expect([1, 2, 3].map((id) => outcomes.find('private', id).length)).toEqual([0, 1, 1]);
  expect(outcomes.find('group', 2)).toEqual([]);
});
