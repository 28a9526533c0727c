import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { onCleanup, runnable } from 'im-test/support';
import { describe, expect, test } from 'vitest';
import { IMListener, IMListenerType, type ImClient, type PrivateResult } from '../src/index.ts';
import {
  createTestIm,
  groupResult,
  keptResult,
  privateResult,
  systemResult,
  type TestIm,
  type TestImOptions,
} from '../src/testing/index.ts';

const sender = { id: 1, terminal: 0 };
const data = { text: 'hi' };

function testIm(options?: TestImOptions): TestIm {
  const im = createTestIm(options);
  onCleanup(() => im.close());
  return im;
}

function toUser(im: TestIm, recvId: number, more = {}): ReturnType<ImClient['sendPrivateMessage']> {
  return im.client.sendPrivateMessage({ sender, recvId, recvTerminals: [0], data, ...more });
}

/** What a user of the kit tests. */
@IMListener(IMListenerType.PRIVATE_MESSAGE)
class Tally {
  readonly heard: string[] = [];
  fails = 0;

  process(results: PrivateResult[]): void {
    if (this.fails-- > 0) throw new Error('the database is away');
    for (const { receiver, reason } of results) this.heard.push(`${receiver.id}: ${reason ?? 'arrived'}`);
  }
}

function tally(im: TestIm): Tally {
  const listener = new Tally();
  im.client.register(listener);
  return listener;
}

describe('scripted devices', () => {
  test('one takes a message, another does not, a third is not there', async () => {
    const im = testIm();
    const { heard } = tally(im);
    const phone = im.device(2);
    im.device(3, { answers: 'SLOW_READER' });

    for (const id of [2, 3, 4]) await toUser(im, id);
    await im.flush();

    expect(phone.received).toMatchObject([{ kind: 'private', data, sender: { id: '1', terminal: 0 } }]);
    expect(heard).toEqual(expect.arrayContaining(['2: arrived', '3: SLOW_READER', '4: NOT_ONLINE']));
    expect(heard).toHaveLength(3);
  });

  test('a silent one leaves EXPIRED at the deadline, and not before', async () => {
    const im = testIm({ resultDeadlineMs: 10_000 });
    const { heard } = tally(im);
    im.device(2, { answers: 'silence' });
    await toUser(im, 2);

    await im.advance(9_999);
    expect(heard).toEqual([]);
    await im.advance(1);

    expect(heard).toEqual(['2: EXPIRED']);
  });

  test('a slow one takes it in its time', async () => {
    const im = testIm();
    const phone = im.device(2, { afterMs: 3_000 });
    const { results } = await toUser(im, 2);

    await im.advance(2_999);
    expect(phone.received).toEqual([]);
    await im.advance(1);

    expect(phone.received).toHaveLength(1);
    expect(results).toBeTypeOf('function');
  });

  test('one that goes before it answered has not proved it', async () => {
    const im = testIm();
    const { heard } = tally(im);
    const phone = im.device(2, { afterMs: 3_000 });
    await toUser(im, 2);
    await im.flush(); // it has come
    phone.disconnect();
    await im.advance(3_000);

    expect(heard).toEqual(['2: CLOSED_BEFORE_PROOF']);
    expect((await toUser(im, 2)).offline).toHaveLength(1);
  });

  test('groups, topics and everyone reach those they are for', async () => {
    const im = testIm();
    const devices = [2, 3, 4].map((id) => im.device(id));
    await im.client.topics.add('room', [2, 3]);
    const group = await im.client.sendGroupMessage({ sender, recvIds: [2, 9], data: 'group' });
    const topic = await im.client.sendGroupMessage({ sender, topic: 'room', data: 'topic' });
    const all = await im.client.sendSystemMessage({ recvIds: 'everyone', data: 'all' });

    expect((await group.results()).filter(({ reason }) => reason === undefined)).toHaveLength(1);
    expect(await topic.counts()).toMatchObject([{ count: 2, code: 0 }]);
    expect(await all.results()).toHaveLength(3);
    await im.flush();
    expect(devices.map(({ received }) => received.map((message) => message.data))).toEqual([
      expect.arrayContaining(['group', 'topic', 'all']),
      expect.arrayContaining(['topic', 'all']),
      ['all'],
    ]);
  });

  test('who was added to a topic before coming online is reached', async () => {
    const im = testIm();
    await im.client.topics.add('room', [2]);
    const phone = im.device(2);
    await im.client.sendGroupMessage({ sender, topic: 'room', data });
    await im.flush();

    expect(phone.received).toHaveLength(1);
  });

  test('what is kept waits for the login, and its end is told', async () => {
    const im = testIm();
    const ends: (string | undefined)[] = [];
    im.client.on('kept', (results) => void ends.push(...results.map(({ receiver }) => receiver.id)));
    const { kept } = await toUser(im, 2, { keep: { forMs: 60_000 } });
    const late = await toUser(im, 3, { keep: { forMs: 60_000 } });
    await im.advance(59_999);
    const phone = im.device(2);
    await im.advance(1);
    const tooLate = im.device(3);
    await im.flush();

    expect(kept).toHaveLength(1);
    expect(late.kept).toHaveLength(1);
    expect(phone.received).toHaveLength(1);
    expect(tooLate.received).toEqual([]);
    expect(ends).toEqual(['2']);
  });

  test('they reply to requests, and are logged out', async () => {
    const im = testIm();
    const phone = im.device(2);
    const ask = (): Promise<unknown> => im.client.request({ userId: 2, terminal: 0, data: 2 });
    await expect(ask()).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
    phone.onRequest((asked) => Number(asked) + 1);
    expect(await ask()).toBe(3);

    expect(await im.client.forceLogout(2, { reason: 'banned' })).toEqual([0]);
    await im.flush();

    expect(phone).toMatchObject({ isOnline: false, loggedOut: { reason: 'banned' } });
    await expect(ask()).rejects.toMatchObject({ code: 'NOT_ONLINE' });
  });
});

test('devices stay online for as long as the test says', async () => {
  const im = testIm();
  im.device(2);
  await im.advance(3_600_000);

  expect(await im.client.onlineUsers([2, 3])).toEqual(['2']);
});

test('a listener that fails is called again in its time, and then its results are dead letters', async () => {
  const im = testIm({ retryDelaysMs: [1_000, 5_000] });
  const listener = tally(im);
  listener.fails = 2;
  im.device(2);
  await toUser(im, 2);
  await im.advance(1_000);
  expect(listener).toMatchObject({ fails: 0, heard: [] });
  await im.advance(5_000);
  expect(listener.heard).toEqual(['2: arrived']);

  listener.fails = 3;
  await toUser(im, 2);
  await im.advance(6_000);

  expect((await im.client.deadLetters.read()).letters).toMatchObject([{ by: 'listener Tally' }]);
});

test('flush waits for listeners, and names one that never ends', async () => {
  const im = testIm({ listenerTimeoutMs: 1_000 });
  let isDone = false;
  const off = im.client.on('private', async () => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    isDone = true;
  });
  await toUser(im, 2);
  await im.flush();
  expect(isDone).toBe(true);
  off();

  im.client.on('private', function stuck() {
    return new Promise(() => undefined);
  });
  await toUser(im, 2);
  await expect(im.flush({ timeoutMs: 50 })).rejects.toThrow(/stuck is still at work/);
  const attempts: number[] = [];
  im.client.events.on('listenerFailed', ({ attempt }) => attempts.push(attempt));
  await im.advance(1_000);

  expect(attempts).toEqual([1]);
});

test('all that is sent is written down, but what was refused', async () => {
  const im = testIm();
  await toUser(im, 2);
  await im.client.sendSystemMessage({ recvIds: [3, 4], data: 'news' });
  await expect(toUser(im, 2, { recvTerminals: 'all' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });

  expect(im.sent).toMatchObject([
    { kind: 'private', recvId: 2, data },
    { kind: 'system', recvIds: [3, 4], data: 'news' },
  ]);
});

describe('faults', () => {
  test('a bus that is away refuses at once, is reported once, and comes back', async () => {
    const im = testIm();
    const told: string[] = [];
    im.client.events.on('busLost', () => told.push('lost'));
    im.client.events.on('busBack', () => told.push('back'));
    const phone = im.device(2);
    im.breakBus('away');
    await expect(toUser(im, 2)).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE', effect: 'none' });
    await expect(im.client.isOnline(2)).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
    im.mendBus();
    await toUser(im, 2);
    await im.flush();

    expect(phone.received).toHaveLength(1);
    expect(im.sent).toHaveLength(1);
    expect(told).toEqual(['lost', 'back']);
  });

  test('an answer that is lost leaves the message: a repetition under its own id does not double it', async () => {
    const im = testIm();
    const phone = im.device(2);
    im.breakBus('answer-lost');
    const send = (): ReturnType<typeof toUser> => toUser(im, 2, { messageId: 'order-7' });
    await expect(send()).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE', effect: 'unknown' });
    im.mendBus();
    await send();
    await im.flush();

    expect(phone.received).toHaveLength(1);
  });

  test('a full one refuses sends, and answers questions; a slow one takes its time', async () => {
    const im = testIm();
    im.device(2);
    im.breakBus('full');
    await expect(toUser(im, 2)).rejects.toMatchObject({ code: 'BUS_FULL', effect: 'none' });
    expect(await im.client.isOnline(2)).toBe(true);

    im.breakBus({ slowMs: 500 });
    let isSent = false;
    const sending = toUser(im, 2).then(() => (isSent = true));
    await im.advance(499);
    expect(isSent).toBe(false);
    await im.advance(1);
    await sending;
    expect(() => im.breakBus('gone' as 'away')).toThrow(/The fault is "gone"/);
  });

  test('a server that dies loses what was not answered, and its devices come back elsewhere', async () => {
    const im = testIm();
    const { heard } = tally(im);
    const phone = im.device(2, { answers: 'silence' });
    await toUser(im, 2);
    await im.flush();
    await im.killServer();
    expect(heard).toEqual(['2: SERVER_LOST']);
    expect((await toUser(im, 2)).offline).toHaveLength(1);

    phone.script({});
    phone.connect();
    const again = await toUser(im, 2);
    expect(await again.results()).toMatchObject([{ code: 0, stage: 'proved' }]);
    expect(phone.received).toHaveLength(1);
  });
});

test('a process that does not close it ends all the same, as a runner would wait for ever after a test that failed', async () => {
  const program = runnable('packages/im-client/test/fixtures/never-closed.ts');
  const { stdout } = await promisify(execFile)(process.execPath, program, { timeout: 60_000 });

  expect(stdout).toBe('all is done\n');
}, 80_000);

test('the results that it builds are those that listeners get', async () => {
  const im = testIm();
  const got: unknown[] = [];
  im.client.on('all', (results) => void got.push(...results));
  im.device(2);
  await toUser(im, 2);
  await toUser(im, 3);
  await im.client.sendGroupMessage({ sender, recvIds: [2], recvTerminals: [0], sendToSelf: false, data });
  await im.client.sendSystemMessage({ recvIds: [2], recvTerminals: [0], data });
  await im.flush();
  const built = [
    privateResult({ data }),
    privateResult({ data, reason: 'NOT_ONLINE', receiver: { id: 3 } }),
    groupResult({ data }),
    systemResult({ data }),
  ];

  const plain = (result: unknown): unknown => {
    const {
      messageId: _,
      serverId,
      takenAt,
      queuedAt,
      resolvedAt,
      ...rest
    } = JSON.parse(JSON.stringify(result)) as Record<string, unknown>;
    delete rest['dataText'];
    return rest;
  };
  const byKind = (results: readonly unknown[]): unknown[] =>
    results.map(plain).sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  expect(byKind(got)).toHaveLength(4);
  for (const result of byKind(built))
    expect(byKind(got)).toContainEqual(expect.objectContaining(result as object));
  expect(keptResult({ reason: 'OUTDATED' })).toMatchObject({ kind: 'kept', code: 2, messageKind: 'private' });
});
