import type { RawDevice } from 'im-test/support';
import { expect, it } from 'vitest';
import { unwrap, type ApiProblem } from '../src/client/index.ts';
import { MessageType } from '../src/wire/message-type.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform } from './support/test-platform.ts';

interface Push {
  readonly type: number;
  readonly sendId: number;
  readonly content?: string;
}

async function next(device: RawDevice, type: number): Promise<Push> {
  const { data } = await device.next(({ cmd, data }) => cmd === 3 && (data as Push).type === type);
  return data as Push;
}

function codeOf(asked: Promise<unknown>): Promise<string> {
  return asked.then(
    () => 'done',
    (error: unknown) => (error as ApiProblem).code,
  );
}

const offer = '{"type":"offer","sdp":"v=0"}';
const answer = '{"type":"answer","sdp":"v=0"}';

it('calls of /v1 ring, connect and end as those of box-im, and one who may not call is told why', async () => {
  const iceServers = [{ urls: 'stun:stun.example.com' }];
  const test = await startTestPlatform({ store: 'sqlite', platform: { iceServers } });
  const [ann, bob, carl] = [
    await test.register('ann'),
    await test.register('bob'),
    await test.register('carl'),
  ];
  await befriend(test, ann, bob, carl);
  const [asAnn, asBob, asCarl] = [await apiOf(test, ann), await apiOf(test, bob), await apiOf(test, carl)];
  const at = ({ id }: Person) => ({ params: { path: { userId: String(id) } } });
  const end = (who: Person, why?: 'no-answer' | 'failed') => ({
    params: { path: { userId: String(who.id) }, query: why ? { why } : {} },
  });
  const call = () =>
    codeOf(unwrap(asAnn.POST('/v1/calls/{userId}', { ...at(bob), body: { mode: 'video', offer } })));
  expect((await unwrap(asAnn.GET('/v1/ice-servers'))).items).toEqual([
    { ...iceServers[0], username: null, credential: null },
  ]);

  expect(await call()).toBe('NOT_ONLINE');
  const annsDevice = await ann.connect();
  expect(await call()).toBe('NOT_ONLINE');
  const bobsDevice = await bob.connect();
  const bobsPhone = await test.logIn('bob', { terminal: 1 });
  const phone = await bobsPhone.connect();
  await carl.connect();
  expect(await call()).toBe('done');
  expect(await next(bobsDevice, MessageType.RTC_CALL_VIDEO)).toMatchObject({
    sendId: ann.id,
    content: offer,
  });
  expect(
    await codeOf(unwrap(asCarl.POST('/v1/calls/{userId}', { ...at(ann), body: { mode: 'voice', offer } }))),
  ).toBe('BUSY');

  // Somebody else, and whoever answers second, has no part in it.
  const signal = '{"candidate":"a"}';
  expect(await codeOf(unwrap(asCarl.DELETE('/v1/calls/{userId}', end(ann))))).toBe('CALL_OVER');
  await unwrap(asBob.POST('/v1/calls/{userId}/answer', { ...at(ann), body: { answer } }));
  const asPhone = await apiOf(test, bobsPhone);
  const late = asPhone.POST('/v1/calls/{userId}/answer', { ...at(ann), body: { answer } });
  expect(await codeOf(unwrap(late))).toBe('CALL_OVER');
  expect(
    await codeOf(unwrap(asPhone.POST('/v1/calls/{userId}/signals', { ...at(ann), body: { signal } }))),
  ).toBe('CALL_OVER');
  expect(await codeOf(unwrap(asPhone.DELETE('/v1/calls/{userId}', end(ann))))).toBe('CALL_OVER');
  expect(await next(phone, MessageType.RTC_ACCEPT)).toMatchObject({ sendId: bob.id, content: answer });
  expect(await next(annsDevice, MessageType.RTC_ACCEPT)).toMatchObject({ content: answer });
  await unwrap(asAnn.POST('/v1/calls/{userId}/signals', { ...at(bob), body: { signal } }));
  expect(await next(bobsDevice, MessageType.RTC_CANDIDATE)).toMatchObject({ content: signal });
  await unwrap(asAnn.PUT('/v1/calls/{userId}/alive', at(bob)));
  await unwrap(asBob.DELETE('/v1/calls/{userId}', end(ann)));
  expect(await next(annsDevice, MessageType.RTC_HANDUP)).toMatchObject({ sendId: bob.id });
  expect(await codeOf(unwrap(asAnn.DELETE('/v1/calls/{userId}', end(bob))))).toBe('CALL_OVER');

  // The end is what it is by then.
  for (const [one, who, said, why] of [
    [asAnn, bob, MessageType.RTC_CANCEL, undefined],
    [asAnn, bob, MessageType.RTC_CANCEL, 'no-answer'],
    [asBob, ann, MessageType.RTC_REJECT, undefined],
  ] as const) {
    expect(await call()).toBe('done');
    await unwrap(one.DELETE('/v1/calls/{userId}', end(who, why)));
    await next(who === bob ? bobsDevice : annsDevice, said);
  }
  expect(await call()).toBe('done');
  await unwrap(asBob.DELETE('/v1/calls/{userId}', end(ann, 'failed')));
  await next(annsDevice, MessageType.RTC_FAILED);
  const conversationId = `private:${ann.id}:${bob.id}`;
  const params = { path: { conversationId }, query: {} };
  const { items } = await unwrap(asBob.GET('/v1/conversations/{conversationId}/messages', { params }));
  const records = items.flatMap(({ content }) => (content.type === 'call' ? [content.text] : []));
  expect(records.slice(-5)).toEqual([
    expect.stringMatching('通话时长'),
    ...['已取消', '未接通', '已拒绝', '未接通'],
  ]);

  await unwrap(asBob.PUT('/v1/blocks/{userId}', at(ann)));
  expect(await call()).toBe('NOT_WANTED');
  expect(
    await codeOf(unwrap(asBob.POST('/v1/calls/{userId}', { ...at(ann), body: { mode: 'voice', offer } }))),
  ).toBe('BLOCKED_BY_YOU');
  expect(
    await codeOf(unwrap(asCarl.POST('/v1/calls/{userId}', { ...at(bob), body: { mode: 'voice', offer } }))),
  ).toBe('NOT_FRIENDS');
});
