import { onCleanup } from 'im-test/support';
import { describe, expect, it, vi } from 'vitest';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { messageTypes, pull, say, sayInGroup } from './support/messages.ts';
import { sharedPlatform, startTestPlatform, storeKinds } from './support/test-platform.ts';

interface Message {
  readonly id: number;
  readonly number: number;
  readonly content: string;
  readonly sendId: number;
  readonly sendTime: number;
}

describe.each(storeKinds)('the log of messages on %s', (store) => {
  it('stores a message and pushes it to the receiver, numbered', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const device = await bob.connect();

    const sent = await ann.post<Message>('/message/private/send', {
      tmpId: '1',
      recvId: bob.id,
      content: 'hi',
      type: 0,
    });

    const { data } = await device.next(({ cmd }) => cmd === 3);
    // The first change of its conversation; the rest of what pushes say of one is in pushed-state.test.ts.
    expect(data).toEqual({ ...sent, status: 0, conversation: { skipped: 0, stamp: 1 } });
    expect(sent).toMatchObject({ number: 1, content: 'hi' });
  });

  it('refuses strangers and what only the platform may say, and goes on', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];

    const text = { tmpId: '1', recvId: bob.id, content: 'hi', type: 0 };
    expect(await ann.ask('POST', '/message/private/send', text)).toMatchObject({
      code: 500,
      message: '您已不是对方好友，无法发送消息',
    });
    await befriend(test, ann, bob);
    expect(await ann.ask('POST', '/message/private/send', { ...text, type: 10 })).toMatchObject({
      code: 500,
    });
    expect(await ann.ask('POST', '/message/private/send', text)).toMatchObject({ code: 200 });
  });

  it('numbers without holes or doubles, and pushes in that order, from two instances at once', async () => {
    const test = await startTestPlatform({ store, instances: store === 'sqlite' ? 1 : 2, bus: 'redis' });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const device = await bob.connect();
    const elsewhere = await test.logIn('ann', { at: test.all.at(-1) ?? test.platform });

    const sends = Array.from({ length: 200 }, (_, index) => {
      const body = { tmpId: `t${index}`, recvId: bob.id, content: `m${index}`, type: 0 };
      return (index % 2 === 0 ? ann : elsewhere).post<Message>('/message/private/send', body);
    });
    const sent = await Promise.all(sends);

    const inOrder = sent.toSorted((one, other) => one.id - other.id);
    expect(inOrder.map(({ number }) => number)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    const seen: number[] = [];
    while (seen.length < 200) seen.push(((await device.next(({ cmd }) => cmd === 3)).data as Message).number);
    expect(seen).toEqual(inOrder.map(({ number }) => number));
  });

  it('gives a repeated send its first result, also at the same moment', async () => {
    const test = await startTestPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const body = { tmpId: 'once', recvId: bob.id, content: 'hi', type: 0 };

    const sent = await Promise.all(
      Array.from({ length: 20 }, () => ann.post<Message>('/message/private/send', body)),
    );

    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    const [row] = await test.platform.database
      .sql('im_private_message')
      .count<{ rows: number }[]>('* as rows');
    expect(row?.rows).toBe(1);
  });

  it('takes what says something else for another message, though box-im drew the same id in the same moment', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const { id: groupId } = await openGroup(ann, [bob]);
    const tmpId = '1700000000000999';
    const picture = { tmpId, type: messageTypes.IMAGE };

    const [text, image, again] = await Promise.all([
      say(ann, bob, 'look', { tmpId }),
      say(ann, bob, '{"originUrl":"http://localhost/files/x"}', picture),
      say(ann, bob, '{"originUrl":"http://localhost/files/x"}', picture),
    ]);
    const [textThere, imageThere, againThere] = await Promise.all([
      sayInGroup(ann, groupId, 'look', { tmpId }),
      sayInGroup(ann, groupId, '{"originUrl":"http://localhost/files/x"}', picture),
      sayInGroup(ann, groupId, '{"originUrl":"http://localhost/files/x"}', picture),
    ]);

    expect(text).toMatchObject({ tmpId, content: 'look', type: messageTypes.TEXT });
    expect(image).toMatchObject({
      tmpId,
      content: '{"originUrl":"http://localhost/files/x"}',
      type: messageTypes.IMAGE,
    });
    expect(again).toEqual(image);
    expect(textThere).toMatchObject({ tmpId, content: 'look', type: messageTypes.TEXT });
    expect(imageThere).toMatchObject({
      tmpId,
      content: '{"originUrl":"http://localhost/files/x"}',
      type: messageTypes.IMAGE,
    });
    expect(againThere).toEqual(imageThere);
    expect(await pull(bob)).toHaveLength(2);
  });

  it('gives times that rise with ids, whatever the clock of an instance says', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const send = (tmpId: string): Promise<Message> =>
      ann.post('/message/private/send', { tmpId, recvId: bob.id, content: 'hi', type: 0 });
    const first = await send('1');
    vi.useFakeTimers({ toFake: ['Date'], now: first.sendTime - 5_000 });
    onCleanup(async () => void vi.useRealTimers());

    const second = await send('2');

    expect(second.sendTime).toBe(first.sendTime + 1);
  });
});
