import { createHash } from 'node:crypto';
import { Refusal } from '../http/refusal.ts';
import type { CreateLimiter, Limiter } from '../limits/limiter.ts';
import type { Audit } from '../operations/audit.ts';

export interface LoginLimitOptions {
  readonly createLimiter: CreateLimiter;
  readonly audit: Pick<Audit, 'record'>;
  /** Of one account, from one network. */
  readonly perAccount: number;
  /** Of one account, from all networks together. */
  readonly perAccountFromAnywhere: number;
  /** From one network, for any accounts. */
  readonly perNetwork: number;
}

/** Somebody shows a password, at whatever route. */
export interface PasswordAttempt {
  readonly network: string;
  /** Undefined when there is no such account, which must not be seen from outside. */
  readonly userId: number | undefined;
  /** As it was typed. */
  readonly userName: string;
  /** Whether the account has been used from this network before. */
  readonly isKnownNetwork: boolean;
}

/** An attempt that was let through, and is counted as one with a wrong password until it is told otherwise. */
export interface Admission {
  /** The password was right. */
  succeeded(): Promise<void>;
  /** Nobody looked at it. */
  notMade(): Promise<void>;
}

const windowS = 15 * 60;

/**
 * Holds up those who guess passwords. Every attempt is counted before the password is looked at, so that of many at once
 * no more than are allowed are looked at; a right password gives its count back.
 *
 * Counted is by account and network first: who guesses shuts himself out, not the owner. What comes for one account from
 * ever new networks has a limit, too; networks from which the owner has logged in before are not under it.
 */
export class LoginLimits {
  readonly #audit: Pick<Audit, 'record'>;
  readonly #byNetwork: Limiter;
  readonly #byAccountAndNetwork: Limiter;
  readonly #byAccount: Limiter;

  constructor({ createLimiter, audit, perAccount, perAccountFromAnywhere, perNetwork }: LoginLimitOptions) {
    this.#audit = audit;
    this.#byNetwork = createLimiter({ name: 'login-network', times: perNetwork, durationS: windowS });
    this.#byAccountAndNetwork = createLimiter({ name: 'login', times: perAccount, durationS: windowS });
    this.#byAccount = createLimiter({
      name: 'login-account',
      times: perAccountFromAnywhere,
      durationS: windowS,
    });
  }

  /** Before the password is looked at; refuses when there have been too many. */
  async admit({ network, userId, userName, isKnownNetwork }: PasswordAttempt): Promise<Admission> {
    const account = userId === undefined ? `name:${shortened(userName)}` : `user:${userId}`;
    const both = `${account}@${network}`;
    await this.#take(this.#byNetwork, network, { network, userId, reason: 'network' });
    await this.#take(this.#byAccountAndNetwork, both, { network, userId, reason: 'account-and-network' });
    if (!isKnownNetwork) await this.#take(this.#byAccount, account, { network, userId, reason: 'account' });
    const giveBack = async (): Promise<void> => {
      await this.#byNetwork.giveBack(network);
      if (!isKnownNetwork) await this.#byAccount.giveBack(account);
    };
    return {
      succeeded: async () => {
        await giveBack();
        await this.#byAccountAndNetwork.forget(both);
      },
      notMade: async () => {
        await giveBack();
        await this.#byAccountAndNetwork.giveBack(both);
      },
    };
  }

  async #take(
    limiter: Limiter,
    key: string,
    about: { network: string; userId?: number | undefined; reason: string },
  ): Promise<void> {
    const { isWithin, isFirstBeyond, waitS } = await limiter.take(key);
    if (isWithin) return;
    if (isFirstBeyond) this.#audit.record({ event: 'account-locked', ...about });
    throw new Refusal('tooManyLogins', { code: 429, retryAfterS: waitS });
  }
}

/** What is typed as a name may be long, and it may be a password. */
function shortened(name: string): string {
  return createHash('sha256').update(name.trim().toLowerCase()).digest('base64url').slice(0, 22);
}
