import { createMemoryBus } from 'im-common/bus';
import { describe, expect, it } from 'vitest';
import { createImClient, jsonText, type ImClient } from '../src/index.ts';
import { failureOf } from './support/inbox.ts';

const alice = { id: 1, terminal: 0 };

/** Its bus is closed: whatever gets as far as the bus fails with another code. */
async function clientWithoutBus(options: { maxMessageBytes?: number } = {}): Promise<ImClient> {
  const bus = createMemoryBus();
  await bus.close();
  return createImClient({ service: 'shop', bus, ...options });
}

type Call = (im: ImClient) => Promise<unknown>;

/** What only JavaScript callers can pass. */
const wrong = (value: unknown): never => value as never;

const badCalls: [string, Call][] = [
  ['no data', (im) => im.sendPrivateMessage(wrong({ sender: alice, recvId: 2 }))],
  ['a function as data', (im) => im.sendPrivateMessage({ sender: alice, recvId: 2, data: () => 1 })],
  ['a bigint in data', (im) => im.sendPrivateMessage({ sender: alice, recvId: 2, data: { id: 1n } })],
  ['no sender', (im) => im.sendPrivateMessage(wrong({ recvId: 2, data: 1 }))],
  [
    'a sender without terminal',
    (im) => im.sendPrivateMessage(wrong({ sender: { id: 1 }, recvId: 2, data: 1 })),
  ],
  ['no receiver', (im) => im.sendPrivateMessage(wrong({ sender: alice, data: 1 }))],
  ['an unsafe integer', (im) => im.sendPrivateMessage({ sender: alice, recvId: 2 ** 53, data: 1 })],
  ['a receiver with a blank', (im) => im.sendPrivateMessage({ sender: alice, recvId: 'a b', data: 1 })],
  [
    'an object as receiver',
    (im) => im.sendGroupMessage(wrong({ sender: alice, recvIds: [{ id: 2 }], data: 1 })),
  ],
  [
    'receivers that are no list',
    (im) => im.sendGroupMessage(wrong({ sender: alice, recvIds: '2', data: 1 })),
  ],
  [
    'a terminal that is no integer',
    (im) => im.sendSystemMessage({ recvIds: [2], recvTerminals: [0.5], data: 1 }),
  ],
  [
    'terminals that are no list',
    (im) => im.sendSystemMessage(wrong({ recvIds: [2], recvTerminals: 1, data: 1 })),
  ],
  ['a user id that is none', (im) => im.isOnline('')],
  ['user ids that are no list', (im) => im.onlineTerminals(wrong('2'))],
  ['tokens of nobody', (im) => im.revokeTokens(wrong(undefined), { expiringBefore: 1 })],
  ['no moment', (im) => im.revokeTokens(2, wrong({}))],
  ['a moment that is no time', (im) => im.revokeTokens(2, { expiringBefore: new Date(Number.NaN) })],
  ['a logout of nobody', (im) => im.forceLogout(wrong(undefined))],
];

describe('a call', () => {
  it.each(badCalls)('with %s is rejected with INVALID_ARGUMENT, before the bus is asked', async (_, call) => {
    const im = await clientWithoutBus();

    const problem = await failureOf(call(im));

    expect(problem).toMatchObject({ name: 'ImError', code: 'INVALID_ARGUMENT' });
  });

  it('with too large a payload is rejected, measured in bytes of JSON, before the bus is asked', async () => {
    const im = await clientWithoutBus({ maxMessageBytes: 10 });
    const send = (data: string): Promise<Error> =>
      failureOf(im.sendPrivateMessage({ sender: alice, recvId: 2, data }));

    expect(await send('é'.repeat(5))).toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
    expect(await send('é'.repeat(4))).not.toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
  });

  it('with an unknown kind or no function to call is refused', async () => {
    const im = await clientWithoutBus();

    expect(() => im.on(wrong('privat'), () => undefined)).toThrow('privat');
    expect(() => im.on('private', wrong('process'))).toThrow('function');
  });
});

describe('jsonText', () => {
  it.each(['', '{', '{"a":1}}', '1 2', "{'a':1}", 'undefined', '[1,]', '"\n"', '01'])(
    'refuses %j',
    (text) => {
      expect(() => jsonText(text)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    },
  );

  it.each(['null', '0', '"x"', ' [1, 2] ', '{"a":{"b":[true,false,-1.5e10]}}'])('takes %j', (text) => {
    expect(() => jsonText(text)).not.toThrow();
  });
});
