import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLogger } from 'im-common';
import { createImServer, type ImServer } from 'im-server';
import { connectDevice, makeToken, onCleanup } from 'im-test/support';
import { expect, test, vi } from 'vitest';
import { corner, firstWord, startServer } from './support.ts';

// P-9.1, P-9.2, P-9.6.
// Signed by hand with node:crypto, so that a bug of the JWT library in both ends cannot hide.

const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const ed = generateKeyPairSync('ed25519');

function pem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

const inAnHour = Math.floor(Date.now() / 1_000) + 3_600;

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function token(
  alg: 'RS256' | 'ES256' | 'EdDSA' | 'Ed25519',
  key: KeyObject,
  claims: object,
  header: object = {},
): string {
  const text = `${encode({ alg, ...header })}.${encode({ exp: inAnHour, ...claims })}`;
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const signature = sign(hash, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

/** What a login with this token comes to: `in`, or the close code. */
async function tryToken(server: ImServer, accessToken: string, more: object = {}): Promise<'in' | number> {
  const device = await connectDevice(server.url);
  device.send({ cmd: 0, data: { accessToken, devId: 1, ...more } });
  const word = await firstWord(device);
  return typeof word === 'string' ? 'in' : word.code;
}

test('each of several secrets lets in, so that one can be rolled over', async () => {
  const server = await startServer(corner(), { jwtSecret: ['new', 'old'] });

  expect(await tryToken(server, await makeToken({ userId: 1, terminal: 0, secret: 'new' }))).toBe('in');
  expect(await tryToken(server, await makeToken({ userId: 2, terminal: 0, secret: 'old' }))).toBe('in');
  expect(await tryToken(server, await makeToken({ userId: 3, terminal: 0, secret: 'older' }))).toBe(4401);
});

test.each([
  ['RS256', rsa, ec],
  ['ES256', ec, rsa],
  ['EdDSA', ed, rsa],
  ['Ed25519', ed, rsa],
] as const)('%s tokens are checked with the public key', async (alg, pair, other) => {
  const server = await startServer(corner(), { jwtPublicKey: pem(pair.publicKey) });
  const otherAlg = alg === 'RS256' ? 'ES256' : 'RS256';
  const stranger = {
    RS256: () => generateKeyPairSync('rsa', { modulusLength: 2_048 }),
    ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: () => generateKeyPairSync('ed25519'),
    Ed25519: () => generateKeyPairSync('ed25519'),
  }[alg]();

  expect(await tryToken(server, token(alg, pair.privateKey, { sub: 'anna' }))).toBe('in');
  expect(await tryToken(server, token(alg, stranger.privateKey, { sub: 'anna' }))).toBe(4401);
  expect(await tryToken(server, token(otherAlg, other.privateKey, { sub: 'anna' }))).toBe(4401);
});

test('a secret of less than 32 bytes is refused in production, and warned of elsewhere', async () => {
  const lines: string[] = [];
  const note = (_: object, line: string): void => void lines.push(line);
  const logger = { ...silentLogger, warn: note };
  const server = await startServer(corner(), { jwtSecret: ['x', 'y'.repeat(32)], logger });
  expect(await tryToken(server, await makeToken({ userId: 1, terminal: 0, secret: 'x' }))).toBe('in');
  expect(lines).toEqual([expect.stringMatching(/^jwtSecret has 1 bytes of at least 32: /)]);

  vi.stubEnv('NODE_ENV', 'production');
  onCleanup(() => vi.unstubAllEnvs());
  const redis = 'redis://127.0.0.1:1';
  expect(() => createImServer({ redis, jwtSecret: 'x' })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION' }) as Error,
  );
  expect(() => createImServer({ redis, jwtSecret: 'y'.repeat(32) })).not.toThrow();
});

test('the public key is no HS256 secret', async () => {
  const server = await startServer(corner(), { jwtPublicKey: pem(rsa.publicKey) });
  const text = `${encode({ alg: 'HS256' })}.${encode({ sub: 'anna', exp: inAnHour })}`;
  const forged = createHmac('sha256', pem(rsa.publicKey)).update(text).digest('base64url');

  expect(await tryToken(server, `${text}.${forged}`)).toBe(4401);
});

test('an HS256 secret and a public key may be used side by side, to move from one to the other', async () => {
  const server = await startServer(corner(), { jwtSecret: 'old', jwtPublicKey: pem(rsa.publicKey) });

  expect(await tryToken(server, await makeToken({ userId: 1, terminal: 0, secret: 'old' }))).toBe('in');
  expect(await tryToken(server, token('RS256', rsa.privateKey, { sub: 'anna' }))).toBe('in');
  expect(await tryToken(server, token('ES256', ec.privateKey, { sub: 'anna' }))).toBe(4401);
});

test('keys come from a JWKS document, fetched once', async () => {
  let fetched = 0;
  const jwk = { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' };
  const edJwk = { ...ed.publicKey.export({ format: 'jwk' }), kid: 'k3' };
  const http = createServer((_request, response) => {
    fetched += 1;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk, edJwk] }));
  }).listen(0, '127.0.0.1');
  onCleanup(() => http.close());
  await once(http, 'listening');
  const jwksUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}/jwks.json`;
  const server = await startServer(corner(), { jwksUrl });

  expect(await tryToken(server, token('RS256', rsa.privateKey, { sub: 'anna' }, { kid: 'k1' }))).toBe('in');
  expect(await tryToken(server, token('RS256', rsa.privateKey, { sub: 'bert' }, { kid: 'k1' }))).toBe('in');
  expect(await tryToken(server, token('ES256', ec.privateKey, { sub: 'carl' }, { kid: 'k1' }))).toBe(4401);
  expect(await tryToken(server, token('RS256', rsa.privateKey, { sub: 'dora' }, { kid: 'k2' }))).toBe(4401);
  expect(await tryToken(server, token('EdDSA', ed.privateKey, { sub: 'emil' }, { kid: 'k3' }))).toBe('in');
  expect(fetched).toBe(1);
});

test('while the JWKS document cannot be had, devices are told to try again with the same token', async () => {
  const http = createServer((_request, response) => response.writeHead(500).end()).listen(0, '127.0.0.1');
  onCleanup(() => http.close());
  await once(http, 'listening');
  const jwksUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}/jwks.json`;
  const server = await startServer(corner(), { jwksUrl });

  expect(await tryToken(server, token('RS256', rsa.privateKey, { sub: 'anna' }, { kid: 'k1' }))).toBe(1013);
});

test('a token without info names the user by sub, and the terminal itself or by the login frame', async () => {
  const at = corner();
  const server = await startServer(at, { jwtPublicKey: pem(ec.publicKey) });

  await tryToken(server, token('ES256', ec.privateKey, { sub: 'anna@example.org', terminal: 2 }), {
    terminal: 1,
  });
  await tryToken(server, token('ES256', ec.privateKey, { sub: 'bert' }), { terminal: 1 });
  await tryToken(server, token('ES256', ec.privateKey, { sub: 'carl' }));

  const routes = (await at.keys()).filter((key) => key.startsWith('im:user:server_id:'));
  expect(routes).toEqual([
    'im:user:server_id:anna@example.org:2',
    'im:user:server_id:bert:1',
    'im:user:server_id:carl:0',
  ]);
});

test('a token without sub and info is closed with 4401', async () => {
  const server = await startServer(corner(), { jwtPublicKey: pem(ec.publicKey) });

  expect(await tryToken(server, token('ES256', ec.privateKey, {}))).toBe(4401);
});

test('an authenticate function of your own decides, and sees devId and address', async () => {
  const at = corner();
  const server = await startServer(at, {
    authenticate: (text, { devId, remoteAddress }) => {
      if (text !== 'sesame') throw new Error('no such token');
      return { userId: `u-${devId}-${remoteAddress}` };
    },
  });

  expect(await tryToken(server, 'sesame')).toBe('in');
  expect(await tryToken(server, 'simsim')).toBe(4401);
  expect(await at.keys()).toContain('im:user:server_id:u-1-127.0.0.1:0');
});

test.each([
  ['nothing', () => undefined],
  ['no user', () => ({})],
  ['an id with a colon', () => ({ userId: '1:0' })],
  ['an id that is too long', () => ({ userId: 'x'.repeat(65) })],
])('an authenticate function that returns %s refuses the login', async (_name, authenticate) => {
  const server = await startServer(corner(), { authenticate: authenticate as never });

  expect(await tryToken(server, 'x')).toBe(4401);
});

test('an authenticate function may return a number for an id', async () => {
  const at = corner();
  const server = await startServer(at, { authenticate: (() => ({ userId: 7, terminal: 1 })) as never });

  expect(await tryToken(server, 'x')).toBe('in');
  expect(await at.keys()).toContain('im:user:server_id:7:1');
});

test.each([
  ['neither a key nor a function', {}],
  ['both a secret and a function', { jwtSecret: 'x', authenticate: () => ({ userId: '1' }) }],
  ['an empty secret', { jwtSecret: '' }],
  ['something that is no public key', { jwtPublicKey: 'ssh-rsa AAAA' }],
])('a server with %s cannot be made', (_name, options) => {
  expect(() => createImServer({ redis: 'redis://127.0.0.1', ...options })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION' }),
  );
});
