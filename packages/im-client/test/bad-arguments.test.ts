import { createMemoryBus } from 'im-common/bus';
import { cpuMsOf } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { createImClient, jsonText, type ImClient } from '../src/index.ts';
import { failureOf } from './support/inbox.ts';
import { newMemoryWorld } from './support/world.ts';

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

const good = { sender: alice, recvId: 2, data: 1 };
const withGood = (fields: object): Call => {
  return (im) => im.sendPrivateMessage({ ...good, ...fields });
};
const injection = 'true,"receivers":[{"id":3,"terminal":0}],"x":1';
const goneProxy = (): unknown => {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
};
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

/** What is wrong, the call, and what the error must name. */
const badCalls: [string, Call, string][] = [
  ['nothing', (im) => im.sendPrivateMessage(wrong(undefined)), 'a private message is undefined'],
  ['a list', (im) => im.sendGroupMessage(wrong([])), 'a group message is []'],
  ['a text', (im) => im.sendSystemMessage(wrong('hello')), 'a system message is a text'],
  ['no data', withGood({ data: undefined }), 'data is undefined'],
  ['a function as data', withGood({ data: () => 1 }), 'data is a function'],
  ['a bigint in data', withGood({ data: { id: 1n } }), 'data cannot be written as JSON'],
  ['data that throws', withGood({ data: { toJSON: () => goneProxy() } }), 'data cannot be written as JSON'],
  ['data too deep for the server', withGood({ data: nested(200) }), 'data is nested 200 levels deep'],
  ['no sender', withGood({ sender: undefined }), 'sender is undefined'],
  ['a sender without terminal', withGood({ sender: { id: 1 } }), 'sender.terminal is undefined'],
  ['a terminal as a text', withGood({ sender: { id: 1, terminal: '0' } }), 'sender.terminal is "0"'],
  [
    'a field too many of the sender',
    withGood({ sender: { ...alice, name: 'a' } }),
    '"name" is unknown in sender',
  ],
  ['no receiver', withGood({ recvId: undefined }), 'recvId is undefined'],
  ['an unsafe integer', withGood({ recvId: 2 ** 53 }), 'beyond 2^53 as a bigint or a string'],
  ['an integer of 65 bits', withGood({ recvId: 2n ** 64n }), 'recvId is 18446744073709551616n'],
  ['a receiver with a blank', withGood({ recvId: 'a b' }), 'recvId is "a b"'],
  ['text for a flag', withGood({ sendResult: injection }), 'sendResult is "true,\\"receivers'],
  ['a number for a flag', withGood({ sendToSelf: 0 }), 'sendToSelf is 0'],
  ['a misspelt field', withGood({ recvTerminal: [0] }), 'did you mean recvTerminals?'],
  ['the field of another kind', withGood({ recvIds: [2] }), '"recvIds" is unknown'],
  [
    'an object as receiver',
    (im) => im.sendGroupMessage(wrong({ sender: alice, recvIds: [1, { id: 2 }], data: 1 })),
    'recvIds[1] is an object',
  ],
  [
    'a hole among the receivers',
    // eslint-disable-next-line no-sparse-arrays -- that is the case
    (im) => im.sendGroupMessage(wrong({ sender: alice, recvIds: [1, , 3], data: 1 })),
    'recvIds[1] is undefined',
  ],
  [
    'receivers that are no list',
    (im) => im.sendGroupMessage(wrong({ sender: alice, recvIds: '2', data: 1 })),
    'recvIds is "2"',
  ],
  [
    'receivers that cannot be read',
    (im) => im.sendGroupMessage(wrong({ sender: alice, recvIds: goneProxy(), data: 1 })),
    'recvIds cannot be read',
  ],
  [
    'a field that throws',
    (im) =>
      im.sendSystemMessage(
        wrong({
          recvIds: [2],
          get data(): never {
            throw new Error('not today');
          },
        }),
      ),
    'data cannot be read: not today',
  ],
  [
    'a terminal that is no integer',
    (im) => im.sendSystemMessage({ recvIds: [2], recvTerminals: [0, 0.5], data: 1 }),
    'recvTerminals[1] is 0.5',
  ],
  [
    'terminals that are no list',
    (im) => im.sendSystemMessage(wrong({ recvIds: [2], recvTerminals: 1, data: 1 })),
    'recvTerminals is 1',
  ],
  [
    'a sender of a system message',
    (im) => im.sendSystemMessage(wrong({ sender: alice, recvIds: [2], data: 1 })),
    '"sender" is unknown',
  ],
  ['an unknown option', (im) => im.sendPrivateMessage(good, wrong({ signals: 1 })), 'did you mean signal?'],
  ['a signal that is none', (im) => im.sendPrivateMessage(good, wrong({ signal: {} })), 'signal'],
  ['capacity for something else', (im) => im.capacity(wrong({ for: 'all' })), 'for is "all"'],
  ['a user id that is none', (im) => im.isOnline(''), 'userId is ""'],
  ['a terminal that is none', (im) => im.isOnline(1, wrong('0')), 'terminal is "0"'],
  ['user ids that are no list', (im) => im.onlineTerminals(wrong('2')), 'userIds is "2"'],
  ['user ids that are not there', (im) => im.onlineUsers(wrong(undefined)), 'userIds is undefined'],
  [
    'tokens of nobody',
    (im) => im.revokeTokens(wrong(undefined), { expiringBefore: 1e12 }),
    'userId is undefined',
  ],
  ['no moment', (im) => im.revokeTokens(2, wrong({})), 'Neither expiringBefore nor issuedBefore'],
  ['no options', (im) => im.revokeTokens(2, wrong(undefined)), 'expiringBefore'],
  ['no time', (im) => im.revokeTokens(2, { expiringBefore: new Date(Number.NaN) }), 'expiringBefore'],
  // They would revoke nothing, without a word.
  [
    'a time in seconds',
    (im) => im.revokeTokens(2, { expiringBefore: 1_700_000_000 }),
    'must be multiplied by 1000',
  ],
  [
    'a Date of seconds',
    (im) => im.revokeTokens(2, { expiringBefore: new Date(1_700_000_000) }),
    'must be multiplied by 1000',
  ],
  ['a logout of nobody', (im) => im.forceLogout(wrong(undefined)), 'userId is undefined'],
  [
    'terminals of another kind',
    (im) => im.forceLogout(2, wrong({ terminals: ['0'] })),
    'terminals[0] is "0"',
  ],
  ['an option of no logout', (im) => im.forceLogout(2, wrong({ terminal: 0 })), 'did you mean terminals?'],
];

describe('a call', () => {
  it.each(badCalls)('with %s is rejected, named, before the bus is asked', async (_, call, named) => {
    const im = await clientWithoutBus();

    const problem = await failureOf(call(im));

    expect(problem).toMatchObject({ name: 'ImError', code: 'INVALID_ARGUMENT', retryable: false });
    expect(problem.message).toContain(named);
  });

  it('reads each field once, so that it sends what it has checked', async () => {
    const world = await newMemoryWorld();
    const server = await world.server();
    await server.connect('2');
    let reads = 0;
    const changing = {
      sender: alice,
      recvId: 2,
      recvTerminals: [0],
      data: 1,
      get sendResult(): boolean {
        reads += 1;
        return reads === 1 ? true : wrong(injection);
      },
    };

    await world.client().sendPrivateMessage(changing);

    expect(reads).toBe(1);
    expect(await server.take('private')).toMatchObject([
      { sendResult: true, receivers: [{ id: '2', terminal: 0 }] },
    ]);
  });

  it('takes data as deep as the server reads', async () => {
    const world = await newMemoryWorld();
    const server = await world.server();
    await server.connect('2');

    await world
      .client()
      .sendPrivateMessage({ sender: alice, recvId: 2, recvTerminals: [0], data: nested(199) });

    expect(await server.take('private')).toHaveLength(1);
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

  it('refuses what is no text, and half a character', () => {
    expect(() => jsonText(wrong(5))).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('The text is 5') as unknown,
      }),
    );
    expect(() => jsonText('"\ud800"')).toThrow('half a surrogate pair');
    expect(() => jsonText('"\\ud800"')).not.toThrow();
  });

  it('makes what nobody else can make: its class checks too, and what claims to be of it is an object', async () => {
    const proto = Object.getPrototypeOf(jsonText('1')) as { constructor: new (text: string) => unknown };
    expect(() => new proto.constructor(`1,${injection}`)).toThrow('not JSON');
    const world = await newMemoryWorld();
    const server = await world.server();
    await server.connect('2');
    const forged = Object.assign(Object.create(proto) as object, { bytes: injection });

    await world.client().sendPrivateMessage({ sender: alice, recvId: 2, recvTerminals: [0], data: forged });

    const [entry] = await server.take('private');
    expect(JSON.parse(entry!.dataText)).toEqual({ bytes: injection });
  });

  it('takes ten times as long for a megabyte of space as for a tenth of it, and not a hundred times', async () => {
    const take = (spaces: number): Promise<number> => cpuMsOf(() => jsonText(`[1,${' '.repeat(spaces)}2]`));
    await take(100_000); // as it is when it has run a while
    const short = await take(100_000);
    expect(await take(1_000_000)).toBeLessThan(30 * short + 100);
  });

  it.each(['null', '0', '"x"', ' [1, 2] ', '{"a":{"b":[true,false,-1.5e10]}}'])('takes %j', (text) => {
    expect(() => jsonText(text)).not.toThrow();
  });
});
