import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { verify as verifyBoxIms } from '@node-rs/bcrypt';
import { Refusal } from '../http/refusal.ts';
import { Lane } from '../limits/lane.ts';

/** Argon2id with the parameters that OWASP recommends, which are the library's defaults. */
export function hashPassword(password: string): Promise<string> {
  return hash(password);
}

/** Of nobody: looked at when there is no such account, so that an answer takes as long as with one. */
export const nobodysHash =
  '$argon2id$v=19$m=19456,t=2,p=1$eMpBF36ACpoo9jnbQv6rgA$Uk00liaatAqxSyuy7w+QxEzwPjpswQdXmJCSZCGS5n4';

/** Stands where the hash of an account would be that nobody signs in to with a password. */
export const noPassword = '!';

/** Who waits longer than a request may take waits in vain. */
const mostWaitingLogins = 400;
const mostWaitingRegistrations = 40;

/**
 * Passwords cost 20 ms of a core and 19 MiB each, on purpose. So only so many are looked at together, the rest waits its
 * turn; and new accounts have a lane of their own, so that a crowd of them does not hold up those who have one.
 */
export class Passwords {
  readonly #logins: Lane;
  readonly #registrations: Lane;

  constructor() {
    // They run on threads that the file system and the resolver use, too, of which there are four.
    const together = Math.min(Math.max(availableParallelism(), 2), 3);
    this.#logins = new Lane(together, mostWaitingLogins, busy);
    this.#registrations = new Lane(1, mostWaitingRegistrations, busy);
  }

  /** `endsAt`: when it is too late to be of use, on the clock of `performance.now()`. */
  isRight(stored: string | undefined, password: string, endsAt: number): Promise<boolean> {
    return this.#logins.run(endsAt, async () => {
      const hasPassword = stored !== undefined && stored !== noPassword;
      const isEqual = await isPassword(hasPassword ? stored : nobodysHash, password);
      return isEqual && hasPassword;
    });
  }

  hash(password: string, endsAt: number): Promise<string> {
    return this.#logins.run(endsAt, () => hash(password));
  }

  hashOfNewAccount(password: string, endsAt: number): Promise<string> {
    return this.#registrations.run(endsAt, () => hash(password));
  }
}

/** Of an account that came from box-im: it is kept as ours are once its password has been shown. */
export function isBoxImsHash(stored: string): boolean {
  return /^\$2[aby]\$/.test(stored);
}

async function isPassword(stored: string, password: string): Promise<boolean> {
  try {
    return await (isBoxImsHash(stored) ? verifyBoxIms(password, stored) : verify(stored, password));
  } catch {
    return false; // not a hash of ours
  }
}

function busy(): Refusal {
  return new Refusal('unavailable', { code: 503 });
}
