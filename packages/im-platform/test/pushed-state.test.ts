import type { RawDevice } from 'im-test/support';
import { describe, expect, it, vi } from 'vitest';
import { unwrap, type ApiClient, type components } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { say, sayInGroup } from './support/messages.ts';
import { sharedPlatform, storeKinds } from './support/test-platform.ts';

type Conversation = Omit<components['schemas']['Conversation'], 'lastMessage'>;

interface Pushed {
  readonly type: number;
  readonly number?: number;
  readonly sendId: number;
  readonly content: string;
  readonly conversation?: { readonly skipped: number; readonly stamp: number; readonly recalled?: number };
}

/** The next push of a message. */
async function nextMessage(device: RawDevice): Promise<Pushed> {
  return (await device.next(({ cmd }) => cmd === 3 || cmd === 4)).data as Pushed;
}

/** What somebody has of a conversation after a push, who knew it as it was before. */
function after(
  { unread, last, skipped, read }: Conversation,
  me: number,
  push: Pushed,
): Partial<Conversation> {
  const { number = 0, conversation, sendId } = push;
  const now = conversation!;
  const { recalled } = now;
  const counted = sendId === me ? 0 : number - last - (now.skipped - skipped);
  const gone = recalled !== undefined && recalled > read && sendId !== me ? 1 : 0;
  return { last: number, skipped: now.skipped, stamp: now.stamp, unread: unread + counted - gone };
}

async function stateOf(api: ApiClient, conversationId: string): Promise<Conversation> {
  const params = { path: { conversationId } };
  return unwrap(api.GET('/v1/conversations/{conversationId}', { params }));
}

async function sync(api: ApiClient, cursor?: string): Promise<components['schemas']['Sync']> {
  return unwrap(api.POST('/v1/sync', { body: { messages: 5, ...(cursor !== undefined && { cursor }) } }));
}

describe.each(storeKinds)('what pushes say of conversations, on %s', (store) => {
  it('is all that somebody needs who hears of each message, to know what a list would tell', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const { id: groupId } = await openGroup(ann, [bob]);
    const [club, pair] = [`group:${groupId}`, `private:${ann.id}:${bob.id}`];
    const asBob = await apiOf(test, bob);
    await say(ann, bob, 'zero');
    const device = await bob.connect();
    const steps: [string, () => Promise<unknown>][] = [
      [club, () => sayInGroup(ann, groupId, 'one')],
      [club, async () => ann.delete(`/message/group/recall/${(await sayInGroup(ann, groupId, 'oops')).id}`)],
      [pair, async () => ann.delete(`/message/private/recall/${(await say(ann, bob, 'oops')).id}`)],
    ];
    let pushes = 0;
    for (const [id, step] of steps) {
      let known = await stateOf(asBob, id);
      const { last } = known;
      await step();
      const truth = await stateOf(asBob, id);
      for (let number = last; number < truth.last; number++) {
        const push = await nextMessage(device);
        expect(JSON.stringify({ conversation: push.conversation }).length).toBeLessThan(70);
        known = { ...known, ...after(known, bob.id, push) };
        pushes += 1;
      }
      const { last: lastNow, skipped, stamp, unread } = truth;
      expect(known).toMatchObject({ last: lastNow, skipped, stamp, unread });
    }
    expect(pushes).toBe(5);
  });

  it('is told to those who left a group, of what they saw and was taken back, and of nothing else', async () => {
    const test = await sharedPlatform({ store });
    const ann = await test.register('ann');
    const [bob, cleo] = [await test.register('bob'), await test.register('cleo')];
    await befriend(test, ann, bob, cleo);
    const { id: groupId } = await openGroup(ann, [bob, cleo]);
    const seen = await sayInGroup(ann, groupId, 'seen');
    const asBob = await apiOf(test, bob);
    const { cursor } = await sync(asBob);
    await bob.delete(`/group/quit/${groupId}`);
    const unseen = await sayInGroup(ann, groupId, 'unseen');
    const left = await sync(asBob, cursor);
    const device = await bob.connect();

    await ann.delete(`/message/group/recall/${unseen.id}`);
    await ann.delete(`/message/group/recall/${seen.id}`);

    const { number, ...push } = await nextMessage(device);
    expect(number).toBeUndefined();
    expect(push).toMatchObject({
      type: 10,
      content: String(seen.id),
      conversation: { recalled: seen.number },
    });
    const told = await sync(asBob, left.cursor);
    const [club] = told.conversations;
    const messages = [...club!.messages, ...club!.changed];
    expect(messages.find((message) => message.number === seen.number)).toMatchObject({ status: 'recalled' });
    expect(JSON.stringify(told)).not.toContain('unseen');
    expect(club!.last).toBe(seen.number + 1);
    // Box-im's page hears of it with its next pull.
    const pulled = await bob.get<Pushed[]>('/message/group/loadOfflineMessage?minId=0');
    const notes = pulled.filter(({ type }) => type === 10).map(({ content }) => content);
    expect(notes).toEqual([String(seen.id)]);
    expect(JSON.stringify(pulled)).not.toContain('unseen');
    expect(pulled.find(({ number: of }) => of === seen.number)).toMatchObject({ status: 2, content: '' });
  });
});

describe.each(storeKinds)('how far a message has come, on %s', (store) => {
  it('is known to all devices of its sender: told to those that are there, and to others with their sync', async () => {
    const test = await sharedPlatform({ store });
    const ann = await test.register('ann');
    const elsewhere = await test.logIn('ann', { terminal: 1 });
    const bob = await test.register('bob');
    await befriend(test, ann, bob);
    const pair = `private:${ann.id}:${bob.id}`;
    const [asAnn, away, asBob] = [
      await apiOf(test, ann),
      await apiOf(test, elsewhere),
      await apiOf(test, bob),
    ];
    await say(ann, bob, 'before');
    const { cursor } = await sync(away);
    const known = await sync(asAnn);
    const device = await ann.connect();
    const positions = async (): Promise<object> => {
      const { data } = await device.next(
        ({ cmd, data: said }) => cmd === 5 && (said as { positions?: object }).positions !== undefined,
      );
      return (data as { positions: object }).positions;
    };
    expect(known.conversations[0]).toMatchObject({ otherRead: 0, otherDelivered: 0 });

    const his = await bob.connect();
    await say(ann, bob, 'two');
    expect(await positions()).toEqual({ conversationId: pair, read: 0, delivered: 2 });
    await his.close();
    await say(ann, bob, 'three');
    await sync(asBob);
    expect(await positions()).toEqual({ conversationId: pair, read: 0, delivered: 3 });
    const params = { path: { conversationId: pair } };
    await unwrap(asBob.PUT('/v1/conversations/{conversationId}/read', { params, body: { number: 2 } }));
    expect(await positions()).toEqual({ conversationId: pair, read: 2, delivered: 3 });
    await bob.put(`/message/private/readed?friendId=${ann.id}`);
    expect(await positions()).toEqual({ conversationId: pair, read: 3, delivered: 3 });

    const synced = await sync(away, cursor);
    expect(synced.conversations).toMatchObject([{ id: pair, otherRead: 3, otherDelivered: 3 }]);
    expect(await stateOf(asAnn, pair)).toMatchObject({ otherRead: 3, otherDelivered: 3 });
    expect(await stateOf(asBob, pair)).toMatchObject({ read: 3, otherRead: 0 });
  });

  it('costs those nothing who never ask for changes', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const [hers, his] = [await ann.connect(), await bob.connect()];
    const { sql } = test.platform.database;
    await say(ann, bob, 'hi');
    await vi.waitFor(async () => {
      const place = await sql('im_conversation_member')
        .where({ userId: bob.id })
        .first<Record<string, number>>();
      expect(place).toMatchObject({ deliveredNumber: 1 });
    }, 20_000);
    await bob.put(`/message/private/readed?friendId=${ann.id}`);
    await say(bob, ann, 'end');
    // What is for box-im's pages alone.
    const told = async (device: RawDevice, until: (push: Pushed) => boolean): Promise<number[]> => {
      const cmds: number[] = [];
      for (let push: Pushed | undefined; !push || !until(push);) {
        const frame = await device.next(({ cmd }) => cmd !== 1);
        cmds.push(frame.cmd);
        push = frame.data as Pushed;
      }
      return cmds;
    };
    expect(await told(hers, ({ content }) => content === 'end')).toEqual([3, 3]);
    await his.close();
  });
});
