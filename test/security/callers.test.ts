import { createImClient, ImError, IMListener, jsonText, OnResult } from 'im-client';
import { createMemoryBus, createRedisBus } from 'im-common/bus';
import { createToken, createTokenVerifier } from 'im-common/token';
import { createDevice } from 'im-device';
import { createIm } from 'im-embedded';
import { createPlatform } from 'im-platform';
import { createImServer } from 'im-server';
import { describe, expect, it } from 'vitest';

// Whatever a program passes to what we export: an ImError that names what is wrong, and never a TypeError of our insides.

const bus = createMemoryBus();
const jwtSecret = 'a secret that is long enough for HS256';
const server = { bus, jwtSecret };
const client = { bus, service: 'shop' };
const subject = { userId: 1, terminal: 0, expiresInS: 60 };

/** What only JavaScript callers can pass. */
const wrong = (value: unknown): never => value as never;
const hostile = {
  get port(): never {
    throw new Error('not today');
  },
};

type Call = () => unknown;

/** The call, and what its error must say. */
const options: [string, Call, string][] = [
  ['createImClient()', () => createImClient(wrong(undefined)), 'the options of a client is undefined'],
  [
    'createImClient(address)',
    () => createImClient(wrong('redis://:pw@x')),
    'the options of a client is a text',
  ],
  [
    'an unknown option',
    () => createImClient(wrong({ ...client, sendTimoutMs: 1 })),
    'did you mean sendTimeoutMs?',
  ],
  [
    'a number as a text',
    () => createImClient(wrong({ ...client, leaseMs: '0' })),
    'The option leaseMs is "0"',
  ],
  ['redis: {}', () => createImClient(wrong({ service: 'shop', redis: {} })), 'The option url is undefined'],
  ['redis: 5', () => createImClient(wrong({ service: 'shop', redis: 5 })), 'The option redis is 5'],
  ['bus: {}', () => createImClient(wrong({ service: 'shop', bus: {} })), 'The option bus is an object'],
  [
    'a logger that cannot',
    () => createImClient(wrong({ ...client, logger: {} })),
    'The option logger is an object',
  ],
  [
    'several at once',
    () => createImClient(wrong({ ...client, leaseMs: 0, terminals: [0, 0] })),
    'The option leaseMs is 0; expected a whole number from 1 to 2147483647.',
  ],
  [
    'a name of listeners together',
    () => createImClient(client).register({}, wrong({ name: 'x' })),
    '"name" is unknown in the options of a listener',
  ],

  ['createImServer()', () => createImServer(wrong(undefined)), 'the options of a server is undefined'],
  ['port 70000', () => createImServer({ ...server, port: 70_000 }), 'The option port is 70000'],
  ['port "0"', () => createImServer(wrong({ ...server, port: '0' })), 'The option port is "0"'],
  ['an option that throws', () => createImServer(wrong(hostile)), 'port cannot be read: not today'],
  [
    'a misspelt one',
    () => createImServer(wrong({ ...server, maxConections: 1 })),
    'did you mean maxConnections?',
  ],
  ['one of the program', () => createImServer(wrong({ ...server, adminPort: 1 })), '"adminPort" is unknown'],
  ['no list', () => createImServer(wrong({ ...server, terminals: 'web' })), 'The option terminals is "web"'],
  ['a path that is none', () => createImServer({ ...server, path: 'im' }), 'The option path is "im"'],
  [
    'an origin that is none',
    () => createImServer({ ...server, allowedOrigins: ['x'] }),
    'allowedOrigins is ["x"]',
  ],
  ['a flag that is none', () => createImServer(wrong({ ...server, trustProxy: 'no' })), 'trustProxy is "no"'],
  [
    'no certificate',
    () => createImServer({ ...server, tls: { cert: 'x', key: 'y' } }),
    'The option tls is no',
  ],
  ['half of one', () => createImServer({ ...server, tls: wrong({ cert: 'x' }) }), 'without cert or key'],
  [
    'more of one',
    () => createImServer({ ...server, tls: wrong({ crt: 'x' }) }),
    '"crt" is unknown in the option tls',
  ],
  ['no way in', () => createImServer({ bus }), 'Say how devices log in'],
  ['no bus', () => createImServer({ jwtSecret }), 'The option redis is missing, and so is bus'],
  ['no function', () => createImServer(wrong({ bus, authenticate: true })), 'authenticate is true'],
  [
    'no HTTP server',
    () => createImServer(wrong({ ...server, httpServer: {} })),
    'The option httpServer is an object',
  ],
  ['no address of keys', () => createImServer({ bus, jwksUrl: 'http://a b' }), 'jwksUrl is "http://a b"'],

  ['createIm()', () => createIm(wrong(undefined)), 'the options of createIm is undefined'],
  ['createIm on a bus', () => createIm(wrong({ jwtSecret, bus })), '"bus" is unknown'],
  ['createIm with a slip', () => createIm(wrong({ jwtSecret, servce: 'x' })), 'did you mean service?'],
  [
    'a client of its own service',
    () => createIm({ jwtSecret, client: wrong({ service: 'x' }) }),
    'client.service',
  ],
  ['a client that is none', () => createIm({ jwtSecret, client: wrong(null) }), 'The option client is null'],

  ['createRedisBus()', () => createRedisBus(wrong(undefined)), 'the options of a Redis bus is undefined'],
  [
    'createRedisBus(address)',
    () => createRedisBus(wrong('redis://:pw@x')),
    'the options of a Redis bus is a text',
  ],
  ['a slip in url', () => createRedisBus(wrong({ ulr: 'redis://x' })), 'did you mean url?'],
  [
    'a prefix with braces',
    () => createRedisBus({ url: 'redis://x', keyPrefix: '{a}' }),
    'keyPrefix is "{a}"',
  ],
  ['no time', () => createRedisBus({ url: 'redis://x', commandTimeoutMs: 0 }), 'commandTimeoutMs is 0'],
  ['a clock that is none', () => createMemoryBus(wrong({ now: 5 })), 'The option now is 5'],

  ['keys of nothing', () => createTokenVerifier(wrong(undefined)), 'the keys of tokens is undefined'],
  [
    'a secret that is no list',
    () => createTokenVerifier(wrong({ secrets: 'geheim' })),
    'secrets is not usable',
  ],
  ['an empty secret', () => createTokenVerifier({ secrets: [''] }), 'anybody could sign'],
  ['another name for it', () => createTokenVerifier(wrong({ secret: 'x' })), 'did you mean secrets?'],
];

const calls: [string, Call, string][] = [
  ['no handler', () => createImClient(client).on('all', wrong(5)), 'The handler is 5'],
  [
    'no kind',
    () => createImClient(client).on(wrong('privat'), () => undefined),
    'The kind of results is "privat"',
  ],
  [
    'no event',
    () => createImClient(client).events.on(wrong('busLots'), () => undefined),
    'did you mean busLost?',
  ],
  [
    'no event listener',
    () => createImClient(client).events.once('busLost', wrong(5)),
    'The event listener is 5',
  ],
  ['register()', () => createImClient(client).register(wrong(undefined)), 'The instance is undefined'],
  [
    'register(nothing)',
    () => createImClient(client).register(Object.create(null) as object),
    'The instance is an object',
  ],
  ['a decorator without a type', () => IMListener(wrong(Map)), 'The type of @IMListener is a function'],
  ['another without one', () => OnResult(wrong(undefined)), 'The type of @OnResult is undefined'],
  ['jsonText(5)', () => jsonText(wrong(5)), 'The text is 5'],
  [
    'a token of nobody',
    () => createToken(jwtSecret, wrong(undefined)),
    'the subject of a token is undefined',
  ],
  [
    // It would be a token of user 1.
    'a terminal that says more',
    () => createToken(jwtSecret, wrong({ ...subject, terminal: '0,"userId":1' })),
    'The option terminal is "0,',
  ],
  ['no secret', () => createToken('', subject), 'The secret is not usable'],
  [
    'a time that is none',
    () => createToken(jwtSecret, { ...subject, expiresInS: Number.NaN }),
    'expiresInS is NaN',
  ],
  ['no time', () => createToken(jwtSecret, wrong({ userId: 1, terminal: 0 })), 'expiresInS is undefined'],
];

describe.each([
  ['INVALID_OPTION', options],
  ['INVALID_ARGUMENT', calls],
] as const)('%s', (code, cases) => {
  it.each(cases)('says what is wrong with %s', async (_, call, text) => {
    const error = await errorOf(call);

    expect(error).toBeInstanceOf(ImError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(text) as string });
    expect(String(error)).not.toMatch(/:pw@|geheim/);
  });
});

it('an address of another machine, and a host that has none, is no TypeError of the system', async () => {
  for (const host of ['192.0.2.1', 'no-such-host.invalid']) {
    const one = createImServer({ jwtSecret, bus: createMemoryBus(), host, port: 0 });
    const error = await errorOf(() => one.start());
    expect(error).toMatchObject({ name: 'ImError', code: 'INVALID_OPTION' });
    expect(String(error)).toContain(`Cannot listen on ${host}`);
    await one.close();
  }
});

it.each<[string, Call, string]>([
  ['createDevice()', () => createDevice(wrong(undefined)), 'The option token is wrong'],
  [
    'a slip of a device',
    () => createDevice(wrong({ url: 'ws://x', tokn: 'x' })),
    'The option tokn is unknown',
  ],
  ['createPlatform()', () => createPlatform(wrong(undefined)), 'the options of a platform is undefined'],
  ['a slip of a platform', () => createPlatform(wrong({ databse: 'x' })), 'did you mean database?'],
])('INVALID_OPTION says what is wrong with %s', async (_, call, text) => {
  expect(await errorOf(call)).toMatchObject({
    code: 'INVALID_OPTION',
    message: expect.stringContaining(text) as string,
  });
});

it('options are read once, and are not asked again when they change', () => {
  let reads = 0;
  const changing = {
    ...server,
    get port(): number {
      reads += 1;
      return reads === 1 ? 0 : wrong('x');
    },
  };

  createImServer(changing);

  expect(reads).toBe(1);
});

async function errorOf(call: Call): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return 'no error';
}
