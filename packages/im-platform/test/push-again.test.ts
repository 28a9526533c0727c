import { connectDevice } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { messageTypes, nextInGroup, nextPrivate, say, statuses } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { sharedPlatform, startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';

async function statusOf({ platform }: TestPlatform, id: number): Promise<number | undefined> {
  const row = await platform.database
    .sql('im_private_message')
    .where({ id })
    .first<{ status: number } | undefined>('status');
  return row?.status;
}

async function pendingPushes({ platform }: TestPlatform): Promise<unknown[]> {
  return platform.database.sql('im_pending_push').select();
}

/** What an instance leaves behind that dies after it stored a message and before it pushed it. */
async function storeWithoutPush(
  { platform: { database } }: TestPlatform,
  kind: 'private' | 'group',
  message: { id: number; [column: string]: unknown },
): Promise<void> {
  const row = { number: message.id, content: 'from beyond', type: messageTypes.TEXT, sendTime: Date.now() };
  await database.transaction(async (sql) => {
    await sql(`im_${kind}_message`).insert({ ...row, status: statuses.PENDING, ...message });
    await sql('im_pending_push').insert({ kind, messageId: message.id, nextAt: Date.now() - 1 });
  });
}

function privately(from: Person, to: Person): { conversation: string; sendId: number; recvId: number } {
  return { conversation: `private:${from.id}:${to.id}`, sendId: from.id, recvId: to.id };
}

/** The machine may be busy. */
describe.each(storeKinds)('what becomes of a push on %s', (store) => {
  it('makes a message delivered when a device has it, and not before', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    const cleo = await test.register('cleo');
    await befriend(test, ann, bob, cleo);
    await test.logIn('ann', { terminal: 1 }).then((app) => app.connect());
    await bob.connect();

    const toOffline = await say(ann, cleo, 'are you there?');
    const toOnline = await say(ann, bob, 'hi');

    await expect.poll(() => statusOf(test, toOnline.id)).toBe(statuses.DELIVERED);
    await expect.poll(() => pendingPushes(test)).toEqual([]);
    // Her own other terminal has it: that delivers nothing.
    expect(await statusOf(test, toOffline.id)).toBe(statuses.PENDING);
  });

  it('is tried again when the device did not prove it, and the same device came back', async () => {
    const test = await startTestPlatform({
      store,
      server: { proofTimeoutMs: 300 },
      platform: { sweepMs: 250 },
    });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const silent = await connectDevice(test.imUrl, { autoPong: false });
    await silent.login({ token: bob.tokens.accessToken, devId: 7 });
    const sent = await say(ann, bob, 'hi');
    expect(await nextPrivate(silent)).toMatchObject({ id: sent.id });
    await silent.closed;
    expect(await statusOf(test, sent.id)).toBe(statuses.PENDING);

    const device = await bob.connect(7);

    const { tmpId: _absent, ...pushed } = sent;
    expect(await nextPrivate(device)).toMatchObject(pushed);
    await expect.poll(() => statusOf(test, sent.id)).toBe(statuses.DELIVERED);
    await expect.poll(() => pendingPushes(test)).toEqual([]);
  });

  it('is made up for when the instance died before it, on all terminals of both', async () => {
    const test = await sharedPlatform({ store, platform: { sweepMs: 250 } });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    const bobOnApp = await test.logIn('bob', { terminal: 1 });
    const devices = [await ann.connect(), await bob.connect(), await bobOnApp.connect()];

    await storeWithoutPush(test, 'private', { id: 1, ...privately(ann, bob) });

    for (const device of devices)
      expect(await nextPrivate(device)).toMatchObject({ id: 1, content: 'from beyond' });
    await expect.poll(() => statusOf(test, 1)).toBe(statuses.DELIVERED);
    await expect.poll(() => pendingPushes(test)).toEqual([]);
  });

  it('is made up for in a group too', async () => {
    const test = await sharedPlatform({ store, platform: { sweepMs: 250 } });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const { id: groupId } = await openGroup(ann, [bob]);
    const devices = [await ann.connect(), await bob.connect()];

    await storeWithoutPush(test, 'group', { id: 9, groupId, sendId: ann.id });

    for (const device of devices)
      expect(await nextInGroup(device)).toMatchObject({ id: 9, content: 'from beyond' });
    await expect.poll(() => pendingPushes(test)).toEqual([]);
  });

  it('does not bring back what was recalled meanwhile', async () => {
    const test = await startTestPlatform({ store, platform: { sweepMs: 250 } });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    const device = await bob.connect();

    await storeWithoutPush(test, 'private', { id: 1, ...privately(ann, bob), status: statuses.RECALL });

    expect(await nextPrivate(device)).toMatchObject({ id: 1, content: '', status: statuses.RECALL });
  });

  it('is given up when nobody is there to get it, who loads it when he comes', async () => {
    const test = await startTestPlatform({ store, platform: { sweepMs: 250 } });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];

    await storeWithoutPush(test, 'private', { id: 1, ...privately(ann, bob) });

    await expect.poll(() => pendingPushes(test)).toEqual([]);
    expect(await statusOf(test, 1)).toBe(statuses.PENDING);
    expect(await bob.get('/message/private/loadOfflineMessage?minId=0')).toMatchObject([{ id: 1 }]);
  });
});
