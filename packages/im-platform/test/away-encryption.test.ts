import { createECDH, randomBytes } from 'node:crypto';
import { decrypt } from 'http_ece';
import { expect, it } from 'vitest';
import { areSecrets, encrypt } from '../src/away/web/encrypt.ts';

it('is that of the example in RFC 8291, appendix A', () => {
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
  const plain = bytes('V2hlbiBJIGdyb3cgdXAsIEkgd2FudCB0byBiZSBhIHdhdGVybWVsb24');
  const p256dh = 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4';
  const secrets = { p256dh, auth: 'BTBZMqHH6r4Tts7J_aSIgg' };
  const salt = bytes('DGv6ra1nlYgDCS1FRnbzlw');
  const chance = { salt, privateKey: bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw') };

  expect(encrypt(plain, secrets, { chance, padTo: plain.length }).toString('base64url')).toBe(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  );
});

it('is read by others, whatever it says, says nothing by its length, and fits what services take', () => {
  const browser = createECDH('prime256v1');
  const auth = randomBytes(16).toString('base64url');
  const secrets = { p256dh: browser.generateKeys('base64url'), auth };
  const texts = ['', 'a', '你好 👋'.repeat(20), 'x'.repeat(3_990)];
  const bodies = texts.map((text) => encrypt(Buffer.from(text), secrets));

  const read = bodies.map((body) =>
    decrypt(body, { version: 'aes128gcm', privateKey: browser, authSecret: auth }).toString(),
  );
  expect(read).toEqual(texts);
  expect(encrypt(Buffer.from('ab'), secrets)).toHaveLength(encrypt(Buffer.from('a'), secrets).length);
  for (const body of bodies) expect(body.length).toBeLessThanOrEqual(4_096);
});

it('takes keys that are points of the curve, and no others', () => {
  const browser = createECDH('prime256v1');
  const p256dh = browser.generateKeys('base64url');
  const auth = randomBytes(16).toString('base64url');
  const off = Buffer.from(p256dh, 'base64url');
  off[40] = (off[40] ?? 0) ^ 1;

  expect(areSecrets({ p256dh, auth })).toBe(true);
  for (const wrong of ['', 'BA', off.toString('base64url'), browser.getPublicKey('base64url', 'compressed')])
    expect(areSecrets({ p256dh: wrong, auth })).toBe(false);
  for (const wrong of ['', auth.slice(2), `${auth}AAAA`])
    expect(areSecrets({ p256dh, auth: wrong })).toBe(false);
});
