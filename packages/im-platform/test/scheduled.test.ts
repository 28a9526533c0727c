import { expect, it } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { pull, say } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform, type StoreKind, type TestPlatform } from './support/test-platform.ts';

const hourMs = 3_600_000;

interface Later {
  readonly text: string;
  readonly inMs?: number;
  readonly key?: string;
}

function schedule(api: ApiClient, conversationId: string, { text, inMs = hourMs, key }: Later) {
  return unwrap(
    api.POST('/v1/conversations/{conversationId}/scheduled-messages', {
      params: { path: { conversationId }, header: key === undefined ? {} : { 'idempotency-key': key } },
      body: { content: { type: 'text', text }, sendAt: new Date(Date.now() + inMs).toISOString() },
    }),
  );
}

function change(api: ApiClient, scheduledId: string, body: { sendAt?: string }) {
  return unwrap(
    api.PATCH('/v1/me/scheduled-messages/{scheduledId}', { params: { path: { scheduledId } }, body }),
  );
}

function cancel(api: ApiClient, scheduledId: string) {
  return unwrap(api.DELETE('/v1/me/scheduled-messages/{scheduledId}', { params: { path: { scheduledId } } }));
}

function sendNow(api: ApiClient, scheduledId: string) {
  return unwrap(
    api.POST('/v1/me/scheduled-messages/{scheduledId}/send', { params: { path: { scheduledId } } }),
  );
}

async function list(api: ApiClient) {
  return (await unwrap(api.GET('/v1/me/scheduled-messages', { params: { query: {} } }))).items;
}

function between(one: Person, other: Person): string {
  return `private:${Math.min(one.id, other.id)}:${Math.max(one.id, other.id)}`;
}

function rows({ platform }: TestPlatform) {
  return platform.database.sql('im_scheduled_message');
}

/** Their time has come. */
async function letCome(test: TestPlatform, lateMs = 0): Promise<void> {
  await rows(test)
    .where({ state: 'waiting' })
    .update({ sendTime: Date.now() - lateMs, nextTime: 1 });
}

async function textsAt(person: Person): Promise<string[]> {
  return (await pull(person)).map(({ content }) => content);
}

async function scene(store: StoreKind, instances = 1) {
  const test = await startTestPlatform({ store, instances, platform: { sweepMs: 250 } });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  await befriend(test, ann, bob);
  return { test, ann, bob, api: await apiOf(test, ann), id: between(ann, bob) };
}

it('what is scheduled is sent once by several instances, and not again by who takes over from one that died', async () => {
  const { test, ann, bob, api, id } = await scene('mariadb', 2);
  const texts = Array.from({ length: 8 }, (_, index) => `later ${index}`);
  for (const [index, text] of texts.entries()) await schedule(api, id, { text, inMs: hourMs + index });
  const waiting = (await rows(test).orderBy('id').select()) as { id: number; nextTime: number }[];
  await say(bob, ann, 'not read yet');

  for (const [index, row] of waiting.entries())
    await rows(test)
      .where({ id: row.id })
      .update({ nextTime: index + 1 });

  await expect.poll(() => list(api)).toEqual([]);
  expect((await textsAt(bob)).filter((text) => text !== 'not read yet').toSorted()).toEqual(texts);
  const { unread } = await unwrap(
    api.GET('/v1/conversations/{conversationId}', { params: { path: { conversationId: id } } }),
  );
  expect(unread).toBe(1);

  // As if the instance had died before it took the row away; and by the rules of now it would be refused.
  await ann.delete(`/friend/delete/${bob.id}`);
  const told = (await pull(ann)).length;
  await rows(test).insert({ ...waiting[0], state: 'sending', nextTime: 1 });
  await expect.poll(() => list(api)).toEqual([]);
  expect((await textsAt(bob)).filter((text) => text === texts[0])).toHaveLength(1);
  expect(await pull(ann)).toHaveLength(told);
});

it('is sent by the rules that hold then; its author learns why it was not, and may mend it', async () => {
  const { test, ann, bob, api, id } = await scene('sqlite');
  const { id: group } = await openGroup(bob, [ann]);
  await schedule(api, id, { text: 'to nobody' });
  await schedule(api, `group:${group}`, { text: 'to the group' });
  await ann.delete(`/friend/delete/${bob.id}`);
  await bob.delete('/group/members/remove', { groupId: group, userIds: [ann.id] });
  const late = await schedule(await apiOf(test, bob), `group:${group}`, { text: 'too late' });

  await rows(test).where({ id: late.id }).update({ sendTime: 1, nextTime: 1 });
  await rows(test).whereNot({ id: late.id }).update({ nextTime: 1 });

  await expect
    .poll(async () => (await list(api)).map(({ state, failure }) => [state, failure?.code]))
    .toEqual([
      ['failed', 'NOT_FRIENDS'],
      ['failed', 'NOT_A_MEMBER'],
    ]);
  await expect
    .poll(async () => (await list(await apiOf(test, bob))).map(({ failure }) => failure?.code))
    .toEqual(['TOO_LATE']);
  await expect
    .poll(async () => (await textsAt(ann)).filter((text) => /^您的一条定时消息未能发送/.test(text)))
    .toHaveLength(2);
  expect(await textsAt(bob)).not.toContain('to nobody');

  const [failed = { id: '' }] = await list(api);
  await expect(sendNow(api, failed.id)).rejects.toMatchObject({ code: 'NOT_FRIENDS' });
  await test.platform.database.sql('im_friend').update({ deleted: 0 });
  const again = await change(api, failed.id, { sendAt: new Date(Date.now() + hourMs).toISOString() });
  expect(again).toMatchObject({ state: 'waiting', failure: null });
  await letCome(test);
  await expect.poll(() => textsAt(bob)).toContain('to nobody');

  await schedule(api, id, { text: 'banned' });
  await test.platform.database.sql('im_user').where({ id: ann.id }).update({ isBanned: 1, reason: 'spam' });
  await letCome(test);
  await expect
    .poll(() => rows(test).where({ userId: ann.id }).orderBy('id', 'desc').first('failure'))
    .toEqual({ failure: 'bannedAtLogin' });
});

it('is its author’s alone, within limits, and taken back until it is under way', async () => {
  const { test, ann, bob, api, id } = await scene('sqlite');
  const asBob = await apiOf(test, bob);
  const one = await schedule(api, id, { text: 'happy birthday', key: 'k1' });
  expect(await schedule(api, id, { text: 'happy birthday', key: 'k2' })).not.toEqual(one);
  expect(await list(asBob)).toEqual([]);
  for (const act of [cancel, sendNow, (of: ApiClient, which: string) => change(of, which, {})])
    await expect(act(asBob, one.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });

  for (const inMs of [-1, 91 * 24 * hourMs])
    await expect(schedule(api, id, { text: 'when', inMs })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  await expect(schedule(api, 'group:9', { text: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(
    schedule(asBob, between(ann, bob).replace(`${bob.id}`, '999'), { text: 'x' }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });

  const [row] = (await rows(test).where({ id: one.id })) as object[];
  const copies = Array.from({ length: 97 }, (_, index) => ({ ...row, id: 1_000 + index }));
  await rows(test).insert(copies);
  const many = await Promise.allSettled([1, 2, 3, 4].map((index) => schedule(api, id, { text: `${index}` })));
  expect(many.map(({ status }) => status).toSorted()).toEqual([
    'fulfilled',
    ...Array.from({ length: 3 }, () => 'rejected'),
  ]);
  expect(many.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'TOO_MANY' } });

  expect(await sendNow(api, one.id)).toMatchObject({ content: { text: 'happy birthday' }, number: 1 });
  await cancel(api, '1000');
  await rows(test)
    .where({ id: 1_001 })
    .update({ state: 'sending', nextTime: Date.now() + hourMs });
  for (const act of [cancel, sendNow])
    await expect(act(api, '1001')).rejects.toMatchObject({ code: 'TOO_LATE' });
  const sendAt = new Date(Date.now() + 2 * hourMs).toISOString();
  await expect(change(api, '1001', { sendAt })).rejects.toMatchObject({ code: 'TOO_LATE' });
  expect(await textsAt(bob)).toEqual(['happy birthday']);
});
