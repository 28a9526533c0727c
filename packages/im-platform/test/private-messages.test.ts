import { describe, expect, it } from 'vitest';
import { befriend } from './support/friends.ts';
import { messageTypes, nextPrivate, pull, say, statuses, type PrivateMessage } from './support/messages.ts';
import type { Person } from './support/person.ts';
import {
  sharedPlatform,
  startTestPlatform,
  storeKinds,
  type StoreKind,
  type TestPlatform,
} from './support/test-platform.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

async function startWithFriends(
  store: StoreKind,
  start = sharedPlatform,
): Promise<{ test: TestPlatform; ann: Person; bob: Person }> {
  const test = await start({ store });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  await befriend(test, ann, bob);
  return { test, ann, bob };
}

/** As if it had been sent so long ago. */
async function age(
  { platform }: TestPlatform,
  { id, sendTime }: PrivateMessage,
  byMs: number,
): Promise<void> {
  await platform.database
    .sql('im_private_message')
    .where({ id })
    .update({ sendTime: sendTime - byMs });
}

function recall(person: Person, id: number): Promise<PrivateMessage> {
  return person.delete(`/message/private/recall/${id}`);
}

function history(person: Person, friend: Person, page: string): Promise<PrivateMessage[]> {
  return person.get(`/message/private/history?friendId=${friend.id}&${page}`);
}

function lastReadId(person: Person, friend: Person): Promise<number> {
  return person.get(`/message/private/maxReadedId?friendId=${friend.id}`);
}

/** The machine may be busy. */
describe.each(storeKinds)('private messages on %s', (store) => {
  it('takes a message back on all terminals but the one that asks', async () => {
    const { test, ann, bob } = await startWithFriends(store);
    const annOnApp = await test.logIn('ann', { terminal: 1 });
    const [web, app, his] = [await ann.connect(), await annOnApp.connect(), await bob.connect()];
    const sent = await say(ann, bob, 'oops');
    expect(await nextPrivate(app)).toMatchObject({ id: sent.id });
    expect(await nextPrivate(his)).toMatchObject({ id: sent.id });

    const recalled = await recall(ann, sent.id);

    expect(recalled).toMatchObject({
      type: messageTypes.RECALL,
      content: String(sent.id),
      sendId: ann.id,
      recvId: bob.id,
      status: statuses.PENDING,
      tmpId: null,
    });
    expect(recalled.id).toBeGreaterThan(sent.id);
    const { tmpId: _absent, ...stored } = recalled;
    const stamp: unknown = expect.any(Number);
    const pushed = { ...stored, conversation: { skipped: 1, stamp, recalled: sent.number } };
    expect(await nextPrivate(app)).toEqual(pushed);
    expect(await nextPrivate(his)).toEqual(pushed);
    await say(bob, ann, 'what was that?');
    expect(await nextPrivate(web)).toMatchObject({ content: 'what was that?' });
  });

  it('gives a repeated recall the first one, also at the same moment', async () => {
    const { ann, bob } = await startWithFriends(store);
    const sent = await say(ann, bob, 'oops');

    const recalls = await Promise.all(Array.from({ length: 5 }, () => recall(ann, sent.id)));

    expect(new Set(recalls.map(({ id }) => id)).size).toBe(1);
    expect(await pull(bob)).toHaveLength(2);
  });

  it('gives the content of a recalled message to nobody', async () => {
    const { ann, bob } = await startWithFriends(store);
    const text = await say(ann, bob, 'secret text', { tmpId: 't' });
    const image = await say(ann, bob, '{"originUrl":"http://localhost/files/secret"}', {
      type: messageTypes.IMAGE,
    });
    await recall(ann, text.id);
    await recall(ann, image.id);

    for (const person of [ann, bob]) {
      const [first, second] = await pull(person);
      expect(first).toMatchObject({ id: text.id, status: statuses.RECALL, content: '' });
      expect(second).toMatchObject({ id: image.id, status: statuses.RECALL, content: '{}' });
      const shown = await history(person, person === ann ? bob : ann, 'page=1&size=10');
      expect(shown.map(({ type }) => type)).toEqual([messageTypes.RECALL, messageTypes.RECALL]);
    }
    expect(await say(ann, bob, 'secret text', { tmpId: 't' })).toMatchObject({ id: text.id, content: '' });
  });

  it('recalls only what the caller said himself, and only for five minutes', async () => {
    const { test, ann, bob } = await startWithFriends(store);
    const cleo = await test.register('cleo');
    const old = await say(ann, bob, 'old');
    const fresh = await say(ann, bob, 'fresh');
    await age(test, old, 5 * minuteMs + 1_000);
    const { id: recallId } = await recall(ann, fresh.id);

    const path = (id: number): string => `/message/private/recall/${id}`;
    expect(await ann.ask('DELETE', path(999))).toMatchObject({ code: 500, message: '消息不存在' });
    expect(await ann.ask('DELETE', path(recallId))).toMatchObject({ message: '消息不存在' });
    expect(await cleo.ask('DELETE', path(old.id))).toMatchObject({ message: '消息不存在' });
    expect(await bob.ask('DELETE', path(old.id))).toMatchObject({
      message: '这条消息不是由您发送,无法撤回',
    });
    expect(await ann.ask('DELETE', path(old.id))).toMatchObject({
      message: '消息已发送超过5分钟，无法撤回',
    });
    await recall(ann, fresh.id);
    const [first] = await pull(bob);
    expect(first).toMatchObject({ id: old.id, content: 'old', status: statuses.PENDING });
  });

  it('loads what was missed in order, as it was before, and has delivered it with that', async () => {
    const { test, ann, bob } = await startWithFriends(store);
    const cleo = await test.register('cleo');
    await befriend(test, cleo, ann);
    const ancient = await say(ann, bob, 'ancient');
    await age(test, ancient, 30 * dayMs + minuteMs);
    const one = await say(ann, bob, 'one');
    await say(ann, cleo, 'not for bob');
    const two = await say(bob, ann, 'two');

    const missed = await pull(bob);

    expect(missed).toEqual([one, two]);
    expect(await pull(bob)).toEqual([{ ...one, status: statuses.DELIVERED }, two]);
    expect(await pull(bob, one.id)).toEqual([two]);
    expect(await pull(bob, two.id)).toEqual([]);
    expect(await pull(ann, one.id)).toMatchObject([{ content: 'not for bob' }, { content: 'two' }]);
  });

  it('loads what reached no device although later messages did', async () => {
    const { ann, bob } = await startWithFriends(store);
    const missed = await say(ann, bob, 'missed');
    await bob.connect();
    const seen = await say(ann, bob, 'seen');
    await expect
      .poll(() => history(ann, bob, 'page=1&size=1'))
      .toMatchObject([{ status: statuses.DELIVERED }]);

    expect(await pull(bob, seen.id)).toEqual([missed]);
    expect(await pull(bob, seen.id)).toEqual([]);
  });

  it('tells a recall as read once it was received, and to whoever made it', async () => {
    const { ann, bob } = await startWithFriends(store);
    const sent = await say(ann, bob, 'oops');
    const { id } = await recall(ann, sent.id);

    const recallIn = async (person: Person): Promise<PrivateMessage | undefined> =>
      (await pull(person)).find((message) => message.id === id);
    expect(await recallIn(bob)).toMatchObject({ status: statuses.PENDING });
    expect(await recallIn(bob)).toMatchObject({ status: statuses.READED });
    expect(await recallIn(ann)).toMatchObject({ status: statuses.READED });
  });

  it('marks as read what was delivered and what was not yet, and tells both sides', async () => {
    const { test, ann, bob } = await startWithFriends(store);
    const bobOnApp = await test.logIn('bob', { terminal: 1 });
    const [his, hisApp, hers] = [await bob.connect(), await bobOnApp.connect(), await ann.connect()];
    await say(ann, bob, 'one');
    const two = await say(ann, bob, 'two');
    // As if the result of the second were still on its way.
    await test.platform.database
      .sql('im_private_message')
      .where({ id: two.id })
      .update({ status: statuses.PENDING });
    expect(await lastReadId(ann, bob)).toBe(-1);

    await bob.put(`/message/private/readed?friendId=${ann.id}`);

    const people = { sendId: bob.id, recvId: ann.id };
    expect(await nextPrivate(hers)).toEqual({ ...people, type: messageTypes.RECEIPT });
    const told = await hisApp.next(
      ({ cmd, data }) => cmd === 3 && (data as PrivateMessage).type === messageTypes.READED,
    );
    expect(told.data).toEqual({ ...people, type: messageTypes.READED });
    expect(await lastReadId(ann, bob)).toBe(two.id);
    expect(await lastReadId(bob, ann)).toBe(-1);
    expect((await pull(ann)).map(({ status }) => status)).toEqual([statuses.READED, statuses.READED]);
    await say(ann, bob, 'three');
    const types: number[] = [];
    while (types.length < 3) types.push((await nextPrivate(his)).type);
    expect(types).toEqual([messageTypes.TEXT, messageTypes.TEXT, messageTypes.TEXT]);
  });

  it('are read although nobody can be told', async () => {
    const { test, ann, bob } = await startWithFriends(store, startTestPlatform);
    const sent = await say(ann, bob, 'hi');
    await test.platform.im.close();

    await bob.put(`/message/private/readed?friendId=${ann.id}`);

    expect(await lastReadId(ann, bob)).toBe(sent.id);
  });

  it('takes no record of a call for proof that messages were read', async () => {
    const { test, ann, bob } = await startWithFriends(store);
    const sent = await say(ann, bob, 'hi');
    const call = { id: sent.id + 1, number: 2, type: messageTypes.CALL, status: statuses.READED };
    await test.platform.database.sql('im_private_message').insert({
      ...call,
      conversation: `private:${ann.id}:${bob.id}`,
      sendId: ann.id,
      recvId: bob.id,
      content: '已拒绝',
      sendTime: sent.sendTime,
    });

    expect(await lastReadId(ann, bob)).toBe(-1);
  });

  it('tells strangers nothing, and nothing about others', async () => {
    const { test, ann, bob } = await startWithFriends(store);
    const cleo = await test.register('cleo');
    await befriend(test, cleo, ann);
    const device = await ann.connect();
    await say(ann, bob, 'hi');
    await bob.put(`/message/private/readed?friendId=${ann.id}`);
    expect(await nextPrivate(device)).toMatchObject({ type: messageTypes.RECEIPT, sendId: bob.id });

    await cleo.put(`/message/private/readed?friendId=${ann.id}`);
    expect(await lastReadId(cleo, ann)).toBe(-1);
    expect(await history(cleo, ann, 'page=1&size=10')).toEqual([]);
    expect(await pull(cleo)).toEqual([]);
    await say(cleo, ann, 'now we have talked');
    expect(await nextPrivate(device)).toMatchObject({ type: messageTypes.TEXT });
  });

  it('turns the pages of the conversation, newest first', async () => {
    const { ann, bob } = await startWithFriends(store);
    await Promise.all(
      Array.from({ length: 105 }, (_, index) =>
        say(index % 2 === 0 ? ann : bob, index % 2 === 0 ? bob : ann, 'x'),
      ),
    );
    const numbers = async (page: string): Promise<number[]> =>
      (await history(ann, bob, page)).map(({ number }) => number);

    expect(await numbers('page=1&size=3')).toEqual([105, 104, 103]);
    expect(await numbers('page=2&size=3')).toEqual([102, 101, 100]);
    expect(await numbers('page=0&size=0')).toHaveLength(10);
    expect(await numbers('page=1&size=100000')).toHaveLength(100);
    expect(await numbers('page=2&size=100')).toEqual([5, 4, 3, 2, 1]);
    expect(await numbers('page=9007199254740991&size=100')).toEqual([]);
  });
});
