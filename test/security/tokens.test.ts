import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createImServer, type ImServerOptions } from 'im-server';
import { connectDevice, makeToken, onCleanup, testRedis } from 'im-test/support';
import { Redis } from 'ioredis';
import { SignJWT, type JWTHeaderParameters } from 'jose';
import { expect, test } from 'vitest';

// What OWASP and RFC 8725 tell of attacks on tokens, each against the socket of a running server: refused with 4401, and
// the bus never asked (P-9.7).

const secret = 'only-for-the-security-tests';
const claims = { info: '{"userId":7,"terminal":0}', exp: now() + 600 };

function now(): number {
  return Math.floor(Date.now() / 1_000);
}

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token put together by hand. */
function forge(
  header: object | string,
  payload: object | string,
  key?: string | Buffer,
  hash = 'sha256',
): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${key === undefined ? '' : createHmac(hash, key).update(signed).digest('base64url')}`;
}

function sign(key: KeyObject, alg: string, more: Partial<JWTHeaderParameters> = {}): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg, ...more }).sign(key);
}

interface Answer {
  readonly code: number;
  readonly reason: string;
}

/** How the server answers a login with this token: how it closed, or the frame. */
async function logIn(options: Partial<ImServerOptions>, token: unknown): Promise<Answer | string> {
  const { url, prefix } = testRedis();
  const server = createImServer({
    redis: { url, keyPrefix: prefix },
    host: '127.0.0.1',
    port: 0,
    drainMs: 0,
    ...options,
  });
  onCleanup(() => server.close());
  await server.start();
  const device = await connectDevice(server.url);
  device.send(`{"cmd":0,"data":{"accessToken":${JSON.stringify(token)},"devId":"d"}}`);
  const answer = await device.nextText().catch(() => device.closed);
  const redis = new Redis(url);
  onCleanup(() => redis.disconnect());
  const routes = await redis.keys(`${prefix}im:user:server_id:*`);
  expect(routes).toHaveLength(typeof answer === 'string' ? 1 : 0);
  return answer;
}

const accepted = '{"cmd":0,"data":null}';
const refused: Answer = { code: 4401, reason: 'token refused' };
const expired: Answer = { code: 4401, reason: 'token expired' };
const hs256 = { alg: 'HS256', typ: 'JWT' };
const good = forge(hs256, claims, secret);
const [goodHead = '', goodBody = '', goodSignature = ''] = good.split('.');
const byServerSecret = { jwtSecret: secret };

test('the good one is accepted, so that what follows is refused for its own sake', async () => {
  expect(await logIn(byServerSecret, good)).toBe(accepted);
});

const flipped = `${goodSignature.startsWith('A') ? 'B' : 'A'}${goodSignature.slice(1)}`;

test.for<readonly [what: string, token: unknown]>([
  ...['none', 'None', 'NONE', 'nOnE', 'noNE'].map((alg) => [`alg ${alg}`, forge({ alg }, claims)] as const),
  ['alg none behind a good signature', `${encode({ alg: 'none' })}.${goodBody}.${goodSignature}`],
  ['no alg', forge({ typ: 'JWT' }, claims, secret)],
  ['an alg that is no text', forge({ alg: ['HS256', 'none'] }, claims, secret)],
  ['two algs, the second none', forge('{"alg":"HS256","alg":"none"}', claims)],
  ['HS384 with the right secret', forge({ alg: 'HS384' }, claims, secret, 'sha384')],
  ['HS512 with the right secret', forge({ alg: 'HS512' }, claims, secret, 'sha512')],
  ['HS256 in small letters', forge({ alg: 'hs256' }, claims, secret)],
  ['another secret', forge(hs256, claims, `${secret}x`)],
  ['an empty secret', forge(hs256, claims, '')],
  ['a secret of zeros', forge(hs256, claims, Buffer.alloc(32))],
  ["box-im's published secret", forge(hs256, claims, 'MIIBIjANBgkq')],
  ['the secret decoded as base64', forge(hs256, claims, Buffer.from(secret, 'base64'))],
  ['no signature', `${goodHead}.${goodBody}.`],
  ['no signature and no dot', `${goodHead}.${goodBody}`],
  ['a cut signature', good.slice(0, -6)],
  ['a signature of one byte', `${goodHead}.${goodBody}.AA`],
  ['a changed signature', `${goodHead}.${goodBody}.${flipped}`],
  ['a signature twice', `${good}${goodSignature}`],
  [
    'another user behind a good signature',
    `${goodHead}.${encode({ ...claims, info: '{"userId":8,"terminal":0}' })}.${goodSignature}`,
  ],
  ['a fourth part', `${good}.AA`],
  ['five parts, as encrypted ones have', `${goodHead}.AA.AA.AA.AA`],
  ['only dots', '..'],
  ['base64 with padding', `${goodHead}==.${goodBody}==.${goodSignature}=`],
  ['a space before it', ` ${good}`],
  ['a line end behind it', `${good}\n`],
  ['Bearer before it', `Bearer ${good}`],
  ['an unknown critical header', forge({ ...hs256, crit: ['exp'], exp: 1 }, claims, secret)],
  ['an unencoded payload', forge({ ...hs256, b64: false, crit: ['b64'] }, claims, secret)],
  ['a payload that is no JSON', forge(hs256, 'hello', secret)],
  ['a payload that is an array', forge(hs256, '[]', secret)],
  ['a payload that is null', forge(hs256, 'null', secret)],
  ['no user', forge(hs256, { exp: now() + 600 }, secret)],
  ['info without a user', forge(hs256, { info: '{"terminal":0}' }, secret)],
  ['info without a terminal', forge(hs256, { info: '{"userId":7}' }, secret)],
  ['info that is no JSON', forge(hs256, { info: '{"userId":7,' }, secret)],
  ['info that hides beside a sub', forge(hs256, { info: '{}', sub: '7' }, secret)],
  ['a user id that is an object', forge(hs256, { info: '{"userId":{"a":1},"terminal":0}' }, secret)],
  ['a user id of another key', forge(hs256, { sub: '7:0' }, secret)],
  ['a user id with a star', forge(hs256, { sub: '*' }, secret)],
  ['a user id with braces', forge(hs256, { sub: '{7}' }, secret)],
  ['a user id with a line end', forge(hs256, { sub: '7\nDEL x' }, secret)],
  ['a user id of a megabyte', forge(hs256, { sub: 'x'.repeat(40_000) }, secret)],
  ['an empty user id', forge(hs256, { sub: '' }, secret)],
  ['a terminal that is not allowed', forge(hs256, { info: '{"userId":7,"terminal":99}' }, secret)],
  ['an exp that is a text', forge(hs256, { ...claims, exp: String(now() + 600) }, secret)],
  ['an exp that is null', forge(hs256, { ...claims, exp: null }, secret)],
  ['an nbf that is a text', forge(hs256, { ...claims, nbf: 'tomorrow' }, secret)],
  ['an nbf in an hour', forge(hs256, { ...claims, nbf: now() + 3_600 }, secret)],
  ['an nbf in two minutes', forge(hs256, { ...claims, nbf: now() + 120 }, secret)],
  ['an empty text', ''],
  ['a number', 7],
  ['an object', { token: good }],
  ['an array of good ones', [good]],
  ['true', true],
  ['null', null],
])('a token with %s is refused', async ([, token]) => {
  expect(await logIn(byServerSecret, token)).toEqual(refused);
});

test.for<readonly [what: string, exp: number]>([
  ['half a minute ago', now() - 30],
  ['a year ago', now() - 31_536_000],
  ['at the beginning of time', 0],
  ['before it', -1],
])('a token that ended %s is refused as expired', async ([, exp]) => {
  expect(await logIn(byServerSecret, forge(hs256, { ...claims, exp }, secret))).toEqual(expired);
});

test('a token that may be used in half a minute is accepted: clocks differ', async () => {
  expect(await logIn(byServerSecret, forge(hs256, { ...claims, nbf: now() + 30 }, secret))).toBe(accepted);
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();

test('a token by the private key is accepted, and by any other refused', async () => {
  expect(await logIn({ jwtPublicKey: pem }, await sign(rsa.privateKey, 'RS256'))).toBe(accepted);
  expect(await logIn({ jwtPublicKey: pem }, await sign(otherRsa.privateKey, 'RS256'))).toEqual(refused);
});

test.for<readonly [what: string, make: () => string | Promise<string>]>([
  ['HS256 by the public key as it is', () => forge(hs256, claims, pem)],
  ['HS256 by it without its last line end', () => forge(hs256, claims, pem.trimEnd())],
  ['HS256 by it with Windows line ends', () => forge(hs256, claims, pem.replaceAll('\n', '\r\n'))],
  ['HS256 by its bytes', () => forge(hs256, claims, rsa.publicKey.export({ type: 'spki', format: 'der' }))],
  [
    'HS256 by its PKCS 1 form',
    () => forge(hs256, claims, rsa.publicKey.export({ type: 'pkcs1', format: 'pem' })),
  ],
  ['RS384 by the right key', () => sign(rsa.privateKey, 'RS384')],
  ['PS256 by the right key', () => sign(rsa.privateKey, 'PS256')],
  ['ES256 by a key of the sender', () => sign(ec.privateKey, 'ES256')],
  [
    'a key of the sender in its header',
    () => sign(otherRsa.privateKey, 'RS256', { jwk: otherRsa.publicKey.export({ format: 'jwk' }) }),
  ],
  [
    'an address of keys in its header',
    () => sign(otherRsa.privateKey, 'RS256', { jku: 'http://127.0.0.1:9/keys' }),
  ],
  [
    'a certificate in its header',
    () =>
      sign(otherRsa.privateKey, 'RS256', {
        x5c: [otherRsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')],
      }),
  ],
  ['the name of a file for a key', () => forge({ ...hs256, kid: '../../../../dev/null' }, claims, '')],
  ['alg none', () => forge({ alg: 'none' }, claims)],
])('where tokens are checked with a public key, a token with %s is refused', async ([, make]) => {
  expect(await logIn({ jwtPublicKey: pem }, await make())).toEqual(refused);
});

test.for(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'a user who is called %s is a user like any other',
  async (userId) => {
    expect(await logIn(byServerSecret, forge(hs256, { sub: userId, terminal: 1 }, secret))).toBe(accepted);
  },
);

test('a token in the address is not taken for a login', async () => {
  const { url, prefix } = testRedis();
  const server = createImServer({
    redis: { url, keyPrefix: prefix },
    host: '127.0.0.1',
    port: 0,
    jwtSecret: secret,
    loginTimeoutMs: 300,
  });
  onCleanup(() => server.close());
  await server.start();
  const token = await makeToken({ userId: 7, terminal: 0, secret });

  const device = await connectDevice(`${server.url}?token=${token}&accessToken=${token}`, {
    headers: { Authorization: `Bearer ${token}`, Cookie: `accessToken=${token}` },
  });

  expect((await device.closed).code).toBe(4408);
});
