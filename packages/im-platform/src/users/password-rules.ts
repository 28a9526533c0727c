import { Refusal } from '../http/refusal.ts';
import { commonPasswords } from './common-passwords.ts';

/** Longer ones are no safer, and cost memory before anybody has shown who they are. */
export const longestPassword = 128;

/** Refuses a new password that is soon guessed. What it is made of is for whoever chooses it: rules about that make them worse. */
export function checkNewPassword(password: string, userName: string, shortest: number): void {
  const { length } = password;
  if (length < shortest || length > longestPassword)
    throw new Refusal('passwordLength', { values: { min: String(shortest), max: String(longestPassword) } });
  const folded = password.normalize('NFKC').toLowerCase();
  if (commonPasswords.has(folded) || folded === userName.toLowerCase()) throw new Refusal('passwordCommon');
}
