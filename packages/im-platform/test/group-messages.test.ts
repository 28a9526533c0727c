import { onCleanup } from 'im-test/support';
import { describe, expect, it, vi } from 'vitest';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import {
  messageTypes,
  nextInGroup,
  pullGroups,
  sayInGroup,
  statuses,
  type GroupMessage,
} from './support/messages.ts';
import type { Person } from './support/person.ts';
import { sharedPlatform, storeKinds, type StoreKind, type TestPlatform } from './support/test-platform.ts';

const minuteMs = 60_000;

interface Club {
  readonly test: TestPlatform;
  /** The owner. */
  readonly ann: Person;
  readonly bob: Person;
  readonly cleo: Person;
  readonly groupId: number;
}

async function startClub(store: StoreKind): Promise<Club> {
  const test = await sharedPlatform({ store });
  const ann = await test.register('ann');
  const [bob, cleo] = [await test.register('bob'), await test.register('cleo')];
  await befriend(test, ann, bob, cleo);
  const { id: groupId } = await openGroup(ann, [bob, cleo]);
  return { test, ann, bob, cleo, groupId };
}

function recall(person: Person, id: number): Promise<GroupMessage> {
  return person.delete(`/message/group/recall/${id}`);
}

function markRead(person: Person, groupId: number, messageId?: number): Promise<unknown> {
  const upTo = messageId === undefined ? '' : `&messageId=${messageId}`;
  return person.put(`/message/group/readed?groupId=${groupId}${upTo}`);
}

function readersOf(person: Person, { groupId, id }: GroupMessage): Promise<number[]> {
  return person.get(`/message/group/findReadedUsers?groupId=${groupId}&messageId=${id}`);
}

function history(person: Person, groupId: number, page = 'page=1&size=50'): Promise<GroupMessage[]> {
  return person.get(`/message/group/history?groupId=${groupId}&${page}`);
}

/** What people have said, without the tips. */
function texts(messages: readonly GroupMessage[]): string[] {
  return messages.filter(({ type }) => type === messageTypes.TEXT).map(({ content }) => content);
}

const anyNumber: unknown = expect.any(Number);

describe.each(storeKinds)('group messages on %s', (store) => {
  it('reach all other members and the other terminals of the sender', async () => {
    const { test, ann, bob, cleo, groupId } = await startClub(store);
    const annOnApp = await test.logIn('ann', { terminal: 1 });
    const [web, app, his, hers] = [
      await ann.connect(),
      await annOnApp.connect(),
      await bob.connect(),
      await cleo.connect(),
    ];

    const sent = await sayInGroup(ann, groupId, 'hi', { tmpId: '1', atUserIds: [`${bob.id}`, '-1'] });

    expect(sent).toMatchObject({
      tmpId: '1',
      groupId,
      sendId: ann.id,
      sendNickName: 'ann',
      content: 'hi',
      receipt: false,
      receiptOk: false,
      readedCount: 0,
      atUserIds: [bob.id, -1],
      status: statuses.PENDING,
    });
    for (const device of [app, his, hers])
      expect(await nextInGroup(device)).toEqual({ ...sent, conversation: { skipped: 1, stamp: anyNumber } });
    await sayInGroup(bob, groupId, 'hello');
    expect(await nextInGroup(web)).toMatchObject({ content: 'hello' });
  });

  it('call everybody only when the owner does', async () => {
    const { bob, cleo, groupId } = await startClub(store);

    const sent = await sayInGroup(bob, groupId, 'look', { atUserIds: [-1, cleo.id, cleo.id] });
    expect(sent.atUserIds).toEqual([cleo.id]);
    expect((await sayInGroup(bob, groupId, 'look', { atUserIds: ['-1'] })).atUserIds).toBeNull();
    const many = Array.from({ length: 21 }, (_, index) => index + 1);
    const body = { groupId, content: 'x', type: messageTypes.TEXT, atUserIds: many };
    expect(await bob.ask('POST', '/message/group/send', body)).toMatchObject({
      code: 500,
      message: '一次最多只能@20个小伙伴哦',
    });
  });

  it('are refused from strangers, in a closed group, and when only the platform may say them', async () => {
    const { test, ann, bob, groupId } = await startClub(store);
    const dave = await test.register('dave');
    const send = (person: Person, more: object = {}): ReturnType<Person['ask']> =>
      person.ask('POST', '/message/group/send', { groupId, content: 'x', type: messageTypes.TEXT, ...more });

    expect(await send(dave)).toMatchObject({ message: '您已不在群聊里面，无法发送消息' });
    expect(await send(bob, { groupId: 999 })).toMatchObject({ message: '群组不存在' });
    expect(await send(bob, { groupId: null })).toMatchObject({ message: '群聊id不可为空' });
    expect(await send(bob, { type: messageTypes.TIP })).toMatchObject({ code: 500 });
    expect(await send(bob, { content: ' ' })).toMatchObject({ message: '发送内容不可为空' });
    await bob.delete(`/group/quit/${groupId}`);
    expect(await send(bob)).toMatchObject({ message: '您已不在群聊里面，无法发送消息' });
    await ann.delete(`/group/delete/${groupId}`);
    expect(await send(ann)).toMatchObject({ message: "群组'club'已解散" });
  });

  it('are taken back on all terminals, once', async () => {
    const { ann, bob, groupId } = await startClub(store);
    const [hers, his] = [await ann.connect(), await bob.connect()];
    const sent = await sayInGroup(ann, groupId, 'oops');
    expect(await nextInGroup(his)).toMatchObject({ id: sent.id });

    const recalled = await recall(ann, sent.id);

    expect(recalled).toMatchObject({ type: messageTypes.RECALL, content: String(sent.id), tmpId: null });
    for (const device of [hers, his])
      expect(await nextInGroup(device)).toMatchObject({ id: recalled.id, type: messageTypes.RECALL });
    expect(await recall(ann, sent.id)).toEqual(recalled);
    const pulled = await pullGroups(bob);
    expect(pulled.slice(-2)).toMatchObject([
      { id: sent.id, status: statuses.RECALL, content: '' },
      { id: recalled.id, status: statuses.READED },
    ]);
    expect((await history(bob, groupId)).map(({ id }) => id)).not.toContain(sent.id);
  });

  it('are taken back only by whoever said them, in the group, within five minutes', async () => {
    const { test, ann, bob, groupId } = await startClub(store);
    const dave = await test.register('dave');
    const [tip] = await pullGroups(bob);
    const old = await sayInGroup(bob, groupId, 'old');
    const fresh = await sayInGroup(bob, groupId, 'fresh');
    await test.platform.database
      .sql('im_group_message')
      .where({ id: old.id })
      .update({ sendTime: old.sendTime - 5 * minuteMs - 1_000 });
    const ask = (person: Person, id = 0): ReturnType<Person['ask']> =>
      person.ask('DELETE', `/message/group/recall/${id}`);

    expect(await ask(bob, 999)).toMatchObject({ message: '消息不存在' });
    expect(await ask(ann, tip?.id)).toMatchObject({ message: '消息不存在' });
    expect(await ask(dave, fresh.id)).toMatchObject({ message: '消息不存在' });
    expect(await ask(ann, fresh.id)).toMatchObject({ message: '这条消息不是由您发送,无法撤回' });
    expect(await ask(bob, old.id)).toMatchObject({ message: '消息已发送超过5分钟，无法撤回' });
    await bob.delete(`/group/quit/${groupId}`);
    expect(await ask(bob, fresh.id)).toMatchObject({ message: '您已不在群聊里面，无法撤回消息' });
    expect(texts(await pullGroups(ann))).toContain('fresh');
  });

  it('load for the time of a membership, its first and its last tip included', async () => {
    const { test, ann, bob, cleo, groupId } = await startClub(store);
    const dave = await test.register('dave');
    await befriend(test, ann, dave);
    await sayInGroup(ann, groupId, 'before dave');
    await ann.post('/group/invite', { groupId, friendIds: [dave.id] });
    const during = await sayInGroup(bob, groupId, 'during');
    await dave.delete(`/group/quit/${groupId}`);
    await sayInGroup(ann, groupId, 'after dave');

    expect((await pullGroups(dave)).map(({ content }) => content)).toEqual([
      "'ann'邀请'dave'加入了群聊",
      'during',
      '您已退出群聊',
    ]);
    expect((await pullGroups(dave, during.id)).map(({ content }) => content)).toEqual(['您已退出群聊']);
    expect((await pullGroups(cleo)).map(({ content }) => content)).toEqual([
      "'ann'邀请'bob,cleo'加入了群聊",
      'before dave',
      "'ann'邀请'dave'加入了群聊",
      'during',
      'after dave',
    ]);
    expect((await history(cleo, groupId, 'page=1&size=2')).map(({ content }) => content)).toEqual([
      'after dave',
      'during',
    ]);
    expect(await dave.ask('GET', `/message/group/history?groupId=${groupId}`)).toMatchObject({
      message: '您已不在群聊中',
    });
  });

  it('are exact about who was there, when everything happens at once', async () => {
    const { test, ann, bob, groupId } = await startClub(store);
    const dave = await test.register('dave');
    await befriend(test, ann, dave);
    // Even within one millisecond.
    vi.useFakeTimers({ toFake: ['Date'] });
    onCleanup(async () => void vi.useRealTimers());

    const talk = async (from: number): Promise<void> => {
      await Promise.all(
        Array.from({ length: 20 }, (_, index) => sayInGroup(bob, groupId, `m${from + index}`)),
      );
    };
    await Promise.all([
      talk(0),
      ann.post('/group/invite', { groupId, friendIds: [dave.id] }).then(() => talk(20)),
      talk(40),
    ]);
    await Promise.all([
      talk(60),
      ann.delete('/group/members/remove', { groupId, userIds: [dave.id] }),
      talk(80),
    ]);

    const hers = await pullGroups(ann);
    const all = [...hers, ...(await pullGroups(dave)).filter(({ content }) => content === '您已被移出群聊')];
    const inOrder = all.toSorted((one, other) => one.id - other.id).map(({ content }) => content);
    const stay = inOrder.slice(
      inOrder.indexOf("'ann'邀请'dave'加入了群聊"),
      inOrder.indexOf('您已被移出群聊') + 1,
    );
    // Both tips, and what bob said after the first and before anybody knew of the second. Of the rest it may be none.
    expect(stay.length).toBeGreaterThanOrEqual(22);
    expect((await pullGroups(dave)).map(({ content }) => content)).toEqual(stay);
  });

  it('are read up to a position, which counts on all terminals', async () => {
    const { test, ann, bob, cleo, groupId } = await startClub(store);
    const bobOnApp = await test.logIn('bob', { terminal: 1 });
    const [his, hisApp] = [await bob.connect(), await bobOnApp.connect()];
    const one = await sayInGroup(ann, groupId, 'one');
    await sayInGroup(ann, groupId, 'two');

    await markRead(bob, groupId, one.id);
    const told = await hisApp.next(
      ({ cmd, data }) => cmd === 4 && (data as GroupMessage).type === messageTypes.READED,
    );
    expect(told.data).toMatchObject({ groupId, sendId: bob.id });
    const statusOf = async (person: Person): Promise<[string, number][]> =>
      (await pullGroups(person)).slice(-2).map(({ content, status }) => [content, status]);
    expect(await statusOf(bob)).toEqual([
      ['one', statuses.READED],
      ['two', statuses.PENDING],
    ]);
    expect(await statusOf(cleo)).toEqual([
      ['one', statuses.PENDING],
      ['two', statuses.PENDING],
    ]);
    // Nobody reads what is not there yet, and the position never goes back.
    await markRead(bob, groupId, Number.MAX_SAFE_INTEGER);
    await markRead(bob, groupId, one.id);
    const three = await sayInGroup(ann, groupId, 'three');
    expect(await statusOf(bob)).toEqual([
      ['two', statuses.READED],
      ['three', statuses.PENDING],
    ]);
    const seen: number[] = [];
    while (seen.at(-1) !== three.id) seen.push((await nextInGroup(his)).id);
    expect(seen).not.toContain(undefined);
  });

  it('tell their sender alone who has read them, until all have', async () => {
    const { test, ann, bob, cleo, groupId } = await startClub(store);
    const dave = await test.register('dave');
    await befriend(test, ann, dave);
    const sent = await sayInGroup(ann, groupId, 'please read', { receipt: true });
    // Whoever came later cannot have read it, and is not waited for.
    await ann.post('/group/invite', { groupId, friendIds: [dave.id] });
    await markRead(dave, groupId);
    const [hers, his] = [await ann.connect(), await bob.connect()];
    expect(sent).toMatchObject({ receipt: true, receiptOk: false, readedCount: 0 });
    expect(await readersOf(ann, sent)).toEqual([]);

    const receipt = { id: sent.id, groupId, type: messageTypes.RECEIPT };
    await markRead(bob, groupId);
    expect(await nextInGroup(hers)).toEqual({ ...receipt, readedCount: 1, receiptOk: false });
    expect(await readersOf(ann, sent)).toEqual([bob.id]);
    await markRead(cleo, groupId);
    expect(await nextInGroup(hers)).toEqual({ ...receipt, readedCount: 2, receiptOk: true });
    expect((await pullGroups(ann)).find(({ id }) => id === sent.id)).toMatchObject({
      readedCount: 2,
      receiptOk: true,
    });
    await sayInGroup(cleo, groupId, 'done');
    expect(await nextInGroup(his)).toMatchObject({ content: 'done' });
  });

  it('tell nobody outside the group who has read them', async () => {
    const { test, ann, bob, groupId } = await startClub(store);
    const dave = await test.register('dave');
    await befriend(test, dave, ann);
    const sent = await sayInGroup(ann, groupId, 'hi', { receipt: true });
    const { id: otherId } = await openGroup(dave, [ann], 'other');
    const ask = (person: Person, group: number): ReturnType<Person['ask']> =>
      person.ask('GET', `/message/group/findReadedUsers?groupId=${group}&messageId=${sent.id}`);
    const device = await ann.connect();

    expect(await ask(dave, groupId)).toMatchObject({ code: 500, message: '您已不在群聊里面' });
    expect(await ask(dave, otherId)).toMatchObject({ code: 500, message: '消息不存在' });
    await markRead(dave, groupId);
    await markRead(bob, groupId);
    expect(await nextInGroup(device)).toMatchObject({ type: messageTypes.RECEIPT, readedCount: 1 });
    expect((await pullGroups(dave)).map(({ groupId: group }) => group)).not.toContain(groupId);
  });
});
