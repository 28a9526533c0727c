import type { RawDevice } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { MessageStatus, MessageType } from '../src/wire/message-type.ts';
import { befriend } from './support/friends.ts';
import type { Person } from './support/person.ts';
import {
  sharedPlatform,
  startTestPlatform,
  storeKinds,
  type StoreKind,
  type TestPlatform,
} from './support/test-platform.ts';

interface Push {
  readonly id?: number;
  readonly type: number;
  readonly sendId: number;
  readonly recvId: number;
  readonly content?: string;
  readonly status?: number;
}

const offer = '{"type":"offer",  "sdp":"v=0"}';
const answer = '{"type":"answer","sdp":"v=0"}';

/** Ann and Bob are friends, and both are online. */
async function startWithFriends(
  store: StoreKind,
  options: { instances?: number; bus?: 'redis' } = {},
  start = sharedPlatform,
) {
  const test = await start({ store, ...options });
  const ann = await test.register('ann');
  const bob = await test.register('bob', { at: test.all.at(-1)! });
  await befriend(test, ann, bob);
  return { test, ann, bob, annsDevice: await ann.connect(), bobsDevice: await bob.connect() };
}

async function next(device: RawDevice, type: number): Promise<Push> {
  const { data } = await device.next(({ cmd, data }) => cmd === 3 && (data as Push).type === type);
  return data as Push;
}

const call = (who: Person, whom: Person, mode = 'video'): Promise<unknown> =>
  who.post(`/webrtc/private/call?uid=${whom.id}&mode=${mode}`, offer);

const callOver = { code: 500, message: '通话已结束', data: null };

describe.each(storeKinds)('calls on %s', (store) => {
  it('ring on every terminal, connect two of them, and leave a record with their duration', async () => {
    const { test, ann, bob, annsDevice, bobsDevice } = await startWithFriends(store);
    const bobsPhone = await test.logIn('bob', { terminal: 1 });
    const phone = await bobsPhone.connect();

    await call(ann, bob);
    const ring = { type: MessageType.RTC_CALL_VIDEO, sendId: ann.id, recvId: bob.id, content: offer };
    expect(await next(bobsDevice, MessageType.RTC_CALL_VIDEO)).toEqual(ring);
    expect(await next(phone, MessageType.RTC_CALL_VIDEO)).toEqual(ring);

    await bobsPhone.post(`/webrtc/private/accept?uid=${ann.id}`, answer);
    const accepted = { type: MessageType.RTC_ACCEPT, sendId: bob.id, recvId: ann.id, content: answer };
    expect(await next(annsDevice, MessageType.RTC_ACCEPT)).toEqual(accepted);
    expect(await next(bobsDevice, MessageType.RTC_ACCEPT)).toEqual(accepted);

    await ann.post(`/webrtc/private/candidate?uid=${bob.id}`, '{"candidate":"a"}');
    expect(await next(phone, MessageType.RTC_CANDIDATE)).toMatchObject({ content: '{"candidate":"a"}' });
    await bobsPhone.post(`/webrtc/private/candidate?uid=${ann.id}`, '{"candidate":"b"}');
    expect(await next(annsDevice, MessageType.RTC_CANDIDATE)).toMatchObject({
      content: '{"candidate":"b"}',
    });

    const answeredTime = Date.now() - 65_000;
    await test.platform.database.sql('im_call').update({ answeredTime });
    await bobsPhone.post(`/webrtc/private/handup?uid=${ann.id}`);
    expect(await next(annsDevice, MessageType.RTC_HANDUP)).toEqual({
      type: MessageType.RTC_HANDUP,
      sendId: bob.id,
      recvId: ann.id,
    });
    const longest = Math.floor((Date.now() - answeredTime) / 1_000);
    const durations = Array.from(
      { length: longest - 64 },
      (_, n) => `通话时长 01:${String(n + 5).padStart(2, '0')}`,
    );
    for (const device of [annsDevice, bobsDevice, phone])
      expect(await next(device, MessageType.ACT_RT_VIDEO)).toMatchObject({
        number: 1,
        sendId: ann.id,
        recvId: bob.id,
        content: expect.toBeOneOf(durations) as unknown,
        status: MessageStatus.READED,
      });
    expect(
      bobsDevice.frames.some(({ data }) => (data as Push | null)?.type === MessageType.RTC_CANDIDATE),
    ).toBe(false);
  });

  it('are rejected, and the other terminals stop ringing', async () => {
    const { test, ann, bob, annsDevice, bobsDevice } = await startWithFriends(store);
    const phone = await (await test.logIn('bob', { terminal: 1 })).connect();
    await call(ann, bob, 'voice');
    await next(bobsDevice, MessageType.RTC_CALL_VOICE);

    await bob.post(`/webrtc/private/reject?uid=${ann.id}`);

    expect(await next(annsDevice, MessageType.RTC_REJECT)).toMatchObject({ sendId: bob.id, recvId: ann.id });
    expect(await next(phone, MessageType.RTC_REJECT)).toMatchObject({ sendId: bob.id, recvId: ann.id });
    expect(await next(annsDevice, MessageType.ACT_RT_VOICE)).toMatchObject({ content: '已拒绝', status: 3 });
    await call(ann, bob);
  });

  it('are cancelled, which the one who missed it finds unread', async () => {
    const { ann, bob, bobsDevice } = await startWithFriends(store);
    await call(ann, bob);

    await ann.post(`/webrtc/private/cancel?uid=${bob.id}`);

    expect(await next(bobsDevice, MessageType.RTC_CANCEL)).toMatchObject({ sendId: ann.id, recvId: bob.id });
    expect(await next(bobsDevice, MessageType.ACT_RT_VIDEO)).toMatchObject({ content: '已取消', status: 0 });
  });

  it('fail with a reason that the caller is told', async () => {
    const { ann, bob, annsDevice } = await startWithFriends(store);
    await call(ann, bob);

    await bob.post(`/webrtc/private/failed?uid=${ann.id}&reason=${encodeURIComponent('对方无应答')}`);

    expect(await next(annsDevice, MessageType.RTC_FAILED)).toMatchObject({ content: '对方无应答' });
    expect(await next(annsDevice, MessageType.ACT_RT_VIDEO)).toMatchObject({ content: '未接通', status: 3 });
  });

  it('need both to be online, and tell the one who missed it', async () => {
    const { test, ann, bob, annsDevice, bobsDevice } = await startWithFriends(store);
    await bobsDevice.close();
    await expect.poll(() => test.platform.im.isOnline(bob.id)).toBe(false);

    expect(await ann.ask('POST', `/webrtc/private/call?uid=${bob.id}`, offer)).toMatchObject({
      code: 500,
      message: '对方目前不在线',
    });
    expect(await next(annsDevice, MessageType.ACT_RT_VIDEO)).toMatchObject({ content: '未接通' });
    expect(await bob.ask('POST', `/webrtc/private/call?uid=${ann.id}`, offer)).toMatchObject({
      code: 500,
      message: '您当前的网络连接已断开,请稍后重试',
    });
  });

  it('are refused between strangers, to oneself, to nobody, and without an offer', async () => {
    const { test, ann, bob, annsDevice } = await startWithFriends(store);
    const eve = await test.register('eve');
    await eve.connect();

    const notFriends = { code: 500, message: '您已不是对方好友，无法发送消息' };
    for (const [who, uid] of [
      [eve, ann.id],
      [ann, ann.id],
      [ann, 999_999],
    ] as const)
      expect(await who.ask('POST', `/webrtc/private/call?uid=${uid}`, offer)).toMatchObject(notFriends);
    expect(await ann.ask('POST', `/webrtc/private/call?uid=${bob.id}`)).toMatchObject({ code: 500 });
    expect(await ann.ask('POST', '/webrtc/private/call', offer)).toMatchObject({ code: 500 });

    await call(bob, ann, 'voice');
    expect(await next(annsDevice, MessageType.RTC_CALL_VOICE)).toMatchObject({ sendId: bob.id });
    expect(annsDevice.frames.filter(({ cmd }) => cmd === 3)).toHaveLength(1);
  });

  it('belong to the two who have them: nobody else ends, answers or reads them', async () => {
    const { test, ann, bob, annsDevice, bobsDevice } = await startWithFriends(store);
    const [eve, annsPhone] = [await test.register('eve'), await test.logIn('ann', { terminal: 1 })];
    await call(ann, bob);
    await next(bobsDevice, MessageType.RTC_CALL_VIDEO);

    for (const path of ['accept', 'reject', 'cancel', 'failed', 'handup', 'candidate'])
      for (const [who, uid] of [
        [eve, bob.id],
        [eve, ann.id],
        [annsPhone, bob.id],
      ] as const)
        expect(await who.ask('POST', `/webrtc/private/${path}?uid=${uid}`, '{}'), path).toMatchObject(
          callOver,
        );
    expect(await ann.ask('POST', `/webrtc/private/accept?uid=${bob.id}`, answer)).toMatchObject(callOver);
    expect(await ann.ask('POST', `/webrtc/private/reject?uid=${bob.id}`)).toMatchObject(callOver);
    expect(await bob.ask('POST', `/webrtc/private/cancel?uid=${ann.id}`)).toMatchObject(callOver);

    await bob.post(`/webrtc/private/accept?uid=${ann.id}`, answer);
    await next(annsDevice, MessageType.RTC_ACCEPT);
    expect(annsDevice.frames.filter(({ cmd }) => cmd === 3)).toHaveLength(1);
  });

  it('reach somebody once: of two callers at the same moment, on two instances, one hears that he is busy', async () => {
    const several = store === 'sqlite' ? {} : { instances: 2, bus: 'redis' as const };
    const { test, ann, bob, annsDevice } = await startWithFriends(store, several);
    const callers: Person[] = [];
    for (let index = 0; index < 6; index++) {
      const caller = await test.register(`caller${index}`, { at: test.all[index % test.all.length]! });
      await befriend(test, caller, ann);
      await caller.connect();
      callers.push(caller);
    }

    const answers = await Promise.all(
      [...callers, bob].map((caller) => caller.ask('POST', `/webrtc/private/call?uid=${ann.id}`, offer)),
    );

    expect(answers.filter(({ code }) => code === 200)).toHaveLength(1);
    expect(answers.filter(({ message }) => message === '对方正忙')).toHaveLength(callers.length);
    await next(annsDevice, MessageType.RTC_CALL_VIDEO);
    const missed = callers.map(() => next(annsDevice, MessageType.ACT_RT_VIDEO));
    for (const record of await Promise.all(missed))
      expect(record).toMatchObject({ content: '未接通', status: 0 });
    expect(annsDevice.frames.filter(({ cmd }) => cmd === 3)).toHaveLength(1 + callers.length);
  });

  it('meet when two call each other at the same moment', async () => {
    const { ann, bob } = await startWithFriends(store);

    const answers = await Promise.all([
      ann.ask('POST', `/webrtc/private/call?uid=${bob.id}`, offer),
      bob.ask('POST', `/webrtc/private/call?uid=${ann.id}`, offer),
    ]);

    expect(answers.map(({ message }) => message).sort()).toEqual(['对方正忙', '成功']);
  });

  it('are taken by one terminal and ended once, however many try', async () => {
    const { test, ann, bob, annsDevice } = await startWithFriends(store, {}, startTestPlatform);
    const bobsPhone = await test.logIn('bob', { terminal: 1 });
    await call(ann, bob);

    const accepts = await Promise.all(
      [bob, bobsPhone].map((who) => who.ask('POST', `/webrtc/private/accept?uid=${ann.id}`, answer)),
    );
    expect(accepts.map(({ code }) => code).sort()).toEqual([200, 500]);
    const [talker, other] = accepts[0]!.code === 200 ? [bob, bobsPhone] : [bobsPhone, bob];
    expect(await other.ask('POST', `/webrtc/private/reject?uid=${ann.id}`)).toMatchObject(callOver);

    const ends = await Promise.all([
      ann.ask('POST', `/webrtc/private/handup?uid=${bob.id}`),
      talker.ask('POST', `/webrtc/private/handup?uid=${ann.id}`),
      ann.ask('POST', `/webrtc/private/handup?uid=${bob.id}`),
    ]);
    expect(ends.map(({ code }) => code).sort()).toEqual([200, 500, 500]);
    await next(annsDevice, MessageType.ACT_RT_VIDEO);
    const [row] = await count(test);
    expect(row).toEqual({ rows: 1 });
  });

  it('take heartbeats of pages that have none, and live no longer by those of others', async () => {
    const { test, ann, bob } = await startWithFriends(store, {}, startTestPlatform);
    const [eve, annsPhone] = [await test.register('eve'), await test.logIn('ann', { terminal: 1 })];
    const beat = (who: Person, uid: number): Promise<unknown> =>
      who.post(`/webrtc/private/heartbeat?uid=${uid}`);
    const lives = async (): Promise<unknown> =>
      test.platform.database.sql('im_call').select('expiresAt', 'callerBusyUntil', 'acceptorBusyUntil');

    await beat(ann, bob.id);
    await beat(ann, 4711);
    expect(await lives()).toEqual([]);
    await call(ann, bob);
    const before = await lives();
    await beat(eve, bob.id);
    await beat(annsPhone, bob.id);
    expect(await lives()).toEqual(before);
    await ann.post(`/webrtc/private/cancel?uid=${bob.id}`);
    await beat(ann, bob.id);
    await beat(bob, ann.id);
    expect(await lives()).toEqual([]);
  });

  it('live by heartbeats: a silent one is over, and the people in it are free before', async () => {
    const { test, ann, bob, bobsDevice } = await startWithFriends(store, {}, startTestPlatform);
    const cem = await test.register('cem');
    await befriend(test, cem, bob);
    await cem.connect();
    const age = (ms: number): Promise<unknown> =>
      test.platform.database
        .sql('im_call')
        .decrement({ expiresAt: ms, callerBusyUntil: ms, acceptorBusyUntil: ms });
    const cemCalls = () => cem.ask('POST', `/webrtc/private/call?uid=${bob.id}`, offer);
    await call(ann, bob);
    await bob.post(`/webrtc/private/accept?uid=${ann.id}`, answer);

    // Busy for 30 s from the last heartbeat on.
    await age(20_000);
    await bob.post(`/webrtc/private/heartbeat?uid=${ann.id}`);
    await age(20_000);
    expect(await cemCalls()).toMatchObject({ message: '对方正忙' });

    await age(10_000);
    expect(await cemCalls()).toMatchObject({ code: 200 });
    await ann.post(`/webrtc/private/heartbeat?uid=${bob.id}`);

    await age(61_000);
    for (const path of ['handup', 'cancel'])
      expect(await ann.ask('POST', `/webrtc/private/${path}?uid=${bob.id}`)).toMatchObject(callOver);
    await call(ann, bob);
    const rings = [1, 2, 3].map(() => next(bobsDevice, MessageType.RTC_CALL_VIDEO));
    expect((await Promise.all(rings)).map(({ sendId }) => sendId)).toEqual([ann.id, cem.id, ann.id]);
    // Expired calls leave neither records nor rows: the one record is of Cem's first attempt.
    expect(await count(test)).toEqual([{ rows: 1 }]);
    expect(await test.platform.database.sql('im_call').select('callerId')).toEqual([{ callerId: ann.id }]);
  });
});

function count({ platform }: TestPlatform): Promise<{ rows: number }[]> {
  return platform.database.sql('im_private_message').count('* as rows');
}
