import { createHmac } from 'node:crypto';
import { SignJWT } from 'jose';
import { makeToken } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { createToken, createTokenVerifier } from '../src/token.ts';

// P-9.3.

const secret = 'MIIBIjANBgkq';
const verify = createTokenVerifier({ secrets: [secret] });

function signed(claims: Record<string, unknown>, alg = 'HS256', key = secret): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg, typ: 'JWT' }).sign(new TextEncoder().encode(key));
}

/** In whole seconds, as tokens count. */
function nowS(): number {
  return Math.floor(Date.now() / 1_000);
}

describe('an access token', () => {
  it('of ours is read by ours, with ids beyond 2^53 digit for digit', async () => {
    const before = Math.floor(Date.now() / 1_000);
    const token = await createToken(secret, {
      userId: 9007199254740993n,
      terminal: 1,
      expiresInS: 100,
      nickName: '张三"',
    });

    const identity = await verify(token);

    expect(identity).toMatchObject({ userId: '9007199254740993', terminal: 1 });
    const endsAtS = identity.expiresAt! / 1_000;
    expect(endsAtS).toBeGreaterThanOrEqual(before + 100);
    expect(endsAtS).toBeLessThanOrEqual(Math.ceil(Date.now() / 1_000) + 100);
  });

  it("of ours is what box-im's platform makes", async () => {
    const token = await createToken(secret, {
      userId: 1,
      terminal: 0,
      userName: 'zhangsan',
      nickName: '张三',
      expiresInS: 60,
    });

    const [header, payload] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString());
    expect(header).toBe('{"typ":"JWT","alg":"HS256"}');
    expect(JSON.parse(payload!)).toEqual({
      aud: '1',
      exp: expect.any(Number) as number,
      info: '{"nickName":"张三","terminal":0,"userId":1,"userName":"zhangsan"}',
    });
  });

  it("of box-im's is read, also with a list for its audience", async () => {
    expect(await verify(await makeToken({ userId: 7, terminal: 2, secret }))).toMatchObject({
      userId: '7',
      terminal: 2,
    });
    const listed = await makeToken({ userId: 7, terminal: 0, secret, extra: { aud: ['7'] } });
    expect(await verify(listed)).toMatchObject({ userId: '7', terminal: 0 });
  });

  it('of somebody else names its user by sub', async () => {
    expect(await verify(await signed({ sub: 'anna', terminal: 1 }))).toEqual({ userId: 'anna', terminal: 1 });
    expect(await verify(await signed({ sub: 'anna' }))).toEqual({ userId: 'anna' });
  });

  it('may be a minute past its end, as clocks differ, and no more', async () => {
    const info = '{"terminal":0,"userId":1}';

    expect(await verify(await signed({ info, exp: nowS() - 50 }))).toMatchObject({ userId: '1' });
    await expect(verify(await signed({ info, exp: nowS() - 70 }))).rejects.toMatchObject({
      code: 'TOKEN_EXPIRED',
    });
  });

  it.each([
    ['another secret', () => signed({ sub: 'anna' }, 'HS256', 'another')],
    ['another algorithm of the same family', () => signed({ sub: 'anna' }, 'HS512')],
    ['no user', () => signed({})],
    ['a user id that is none', () => signed({ sub: 'a b' })],
    ['an info that is no JSON', () => signed({ info: 'text', sub: 'anna' })],
    ['an info without a terminal', () => signed({ info: '{"userId":1}' })],
    ['an info without a user', () => signed({ info: '{"terminal":0}' })],
    ['an info with null for a user', () => signed({ info: '{"userId":null,"terminal":0}' })],
    ['an info with a fraction for a user', () => signed({ info: '{"userId":1.5,"terminal":0}' })],
    ['an info with true for a user', () => signed({ info: '{"userId":true,"terminal":0}' })],
    ['a beginning in the future', () => signed({ sub: 'anna', nbf: nowS() + 600 })],
    ['no signature', () => Promise.resolve(unsigned({ sub: 'anna' }))],
    ['a header that says none', () => Promise.resolve(signedByHand({ alg: 'none' }, { sub: 'anna' }))],
    ['a header that says RS256', () => Promise.resolve(signedByHand({ alg: 'RS256' }, { sub: 'anna' }))],
    ['a header that is a list', () => Promise.resolve(signedByHand([], { sub: 'anna' }))],
    ['a header that is no JSON', () => Promise.resolve(signedByHand(undefined, { sub: 'anna' }))],
    [
      'a critical extension',
      () => Promise.resolve(signedByHand({ ...hs256, crit: ['x'], x: 1 }, { sub: 'a' })),
    ],
    ['claims that are null', () => Promise.resolve(signedByHand(hs256, null))],
    ['claims that are a list', () => Promise.resolve(signedByHand(hs256, ['anna']))],
    [
      'an end that is text',
      () => Promise.resolve(signedByHand(hs256, { sub: 'anna', exp: `${nowS() + 60}` })),
    ],
    ['a beginning that is text', () => Promise.resolve(signedByHand(hs256, { sub: 'anna', nbf: '0' }))],
    ['other claims than were signed', async () => withClaims(await signed({ sub: 'anna' }), { sub: 'bob' })],
    ['half a signature', async () => (await signed({ sub: 'anna' })).slice(0, -20)],
    ['more than a signature', async () => `${await signed({ sub: 'anna' })}AA`],
    ['nothing in it', () => Promise.resolve('')],
    ['two dots and no more', () => Promise.resolve('..')],
    ['a megabyte of noise', () => Promise.resolve('x'.repeat(1_000_000))],
  ])('with %s is invalid', async (_, make) => {
    await expect(verify(await make())).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });

  it.each([
    [
      { info: { userId: 2, terminal: 0 } },
      /info is of type object, and sub absent\. Expected info, a JSON text/,
    ],
    [{ aud: '2' }, /info is absent, and sub absent/],
    [{ sub: 'a b' }, /sub a text that is no user id/],
    [{ sub: 'anna', exp: Date.now() + 60_000 }, /exp of the token is \d+; expected seconds/],
    [{ sub: 'anna', iat: Date.now() }, /iat of the token is \d+; expected seconds/],
  ])('with %o is refused with what it should have', async (claims, message) => {
    const refusal = { code: 'TOKEN_INVALID', message: expect.stringMatching(message) as string };
    await expect(verify(await signed(claims))).rejects.toMatchObject(refusal);
  });

  it('that is not valid says why in one sentence', async () => {
    await expect(verify(await signed({ sub: 'anna' }, 'HS256', 'another'))).rejects.toThrow(/[^.]\.$/);
  });

  it('that has expired is invalid before it is expired when its signature is wrong', async () => {
    const token = await signed({ sub: 'anna', exp: nowS() - 1_000 }, 'HS256', 'another');

    await expect(verify(token)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });

  it('is signed with a secret that is none: refused before any token comes', () => {
    expect(() => createTokenVerifier({ secrets: ['good', ''] })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }) as Error,
    );
  });

  it('of either secret is read while secrets change', async () => {
    const both = createTokenVerifier({ secrets: ['new', 'old'] });

    for (const key of ['new', 'old']) {
      expect(await both(await signed({ sub: 'anna' }, 'HS256', key))).toMatchObject({ userId: 'anna' });
    }
    const expired = await signed({ sub: 'anna', exp: nowS() - 1_000 }, 'HS256', 'old');
    await expect(both(expired)).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' });
  });
});

const hs256 = { alg: 'HS256', typ: 'JWT' };

function encoded(part: unknown): string {
  return Buffer.from(part === undefined ? 'no JSON' : JSON.stringify(part)).toString('base64url');
}

/** With a good signature, whatever it says. */
function signedByHand(header: unknown, claims: unknown): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

function withClaims(token: string, claims: unknown): string {
  const [header, , signature] = token.split('.');
  return `${header}.${encoded(claims)}.${signature}`;
}

function unsigned(claims: Record<string, unknown>): string {
  const parts = [{ alg: 'none', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return `${parts.join('.')}.`;
}
