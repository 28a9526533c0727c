import { expect, it } from 'vitest';
import { hashPassword, nobodysHash } from '../src/users/password.ts';

it('a password of nobody is looked at for as long as one of somebody', async () => {
  expect(costOf(nobodysHash)).toBe(costOf(await hashPassword('any other')));
});

/** What a hash says of the work that it takes: all before its salt. */
function costOf(hash: string): string {
  return hash.slice(0, hash.indexOf('$', hash.indexOf('p=')));
}
