import { createHash, randomBytes } from 'node:crypto';
import { toBase32 } from './totp.ts';

const howMany = 10;
const bytesEach = 10;
const form = /^[a-z2-7]{16}$/;

/** 80 random bits each: nobody guesses one, also not from a hash that is fast. */
export function newCodes(): string[] {
  return Array.from({ length: howMany }, () =>
    (toBase32(randomBytes(bytesEach)).toLowerCase().match(/.{4}/g) ?? []).join('-'),
  );
}

/** What is kept of one; undefined: it is none. However it was typed. */
export function hashOfCode(typed: string): string | undefined {
  const plain = typed.toLowerCase().replaceAll(/[\s-]/g, '');
  return form.test(plain) ? createHash('sha256').update(plain).digest('base64url') : undefined;
}
