import { createHash } from 'node:crypto';
import { Refusal } from '../http/refusal.ts';
import type { CreateLimiter, Limiter } from '../limits/limiter.ts';
import type { Audit, AuditEntry } from '../operations/audit.ts';

export interface LoginLimitOptions {
  readonly createLimiter: CreateLimiter;
  readonly audit: Pick<Audit, 'record'>;
  /** Of one account, from one network. */
  readonly perAccount: number;
  /** Of one account, from all networks together. */
  readonly perAccountFromAnywhere: number;
  /** From one network, for any accounts. */
  readonly perNetwork: number;
  /** Beyond `perAccount`, from a network of the owner, there is one attempt in so many seconds. @default 15 */
  readonly slowS?: number;
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

interface AccountAttempt extends Omit<PasswordAttempt, 'userName'> {
  /** Names the account, and `both` it and the network. */
  readonly account: string;
  readonly both: string;
}

/** An attempt that was let through, and is counted as one with a wrong password until it is told otherwise. */
export interface Admission {
  /** The password was right. */
  succeeded(): Promise<void>;
  /** Nobody looked at it. */
  notMade(): Promise<void>;
}

const windowS = 15 * 60;
/** With the ten before it fewer than a network may make: one account must not shut out all others there. */
const usualSlowS = 15;

/**
 * Holds up those who guess passwords. Every attempt is counted before the password is looked at, so that of many at once
 * no more than are allowed are looked at; a right password gives its count back.
 *
 * Counted is by account and network first: whoever guesses is shut out, not the owner. Where the owner has logged in
 * before, the owner may be the one shut out: there it goes on slowly instead. What comes for one account from ever new networks
 * has a limit, too; networks of the owner are not under it.
 */
export class LoginLimits {
  readonly #audit: Pick<Audit, 'record'>;
  readonly #byNetwork: Limiter;
  readonly #byAccountAndNetwork: Limiter;
  readonly #byAccount: Limiter;
  readonly #slowly: Limiter;

  constructor({
    createLimiter,
    audit,
    perAccount,
    perAccountFromAnywhere,
    perNetwork,
    slowS = usualSlowS,
  }: LoginLimitOptions) {
    this.#audit = audit;
    this.#slowly = createLimiter({ name: 'login-slow', times: 1, durationS: slowS });
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
    try {
      await this.#takeOfAccount({ account, both, network, userId, isKnownNetwork });
    } catch (error) {
      // Nobody looks at the password, and whoever keeps asking must not shut out all others in their network.
      await this.#byNetwork.giveBack(network);
      throw error;
    }
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

  async #takeOfAccount({ account, both, network, userId, isKnownNetwork }: AccountAttempt): Promise<void> {
    const about = { network, userId, reason: 'account-and-network' };
    if (!isKnownNetwork) {
      await this.#take(this.#byAccountAndNetwork, both, about);
      await this.#take(this.#byAccount, account, { network, userId, reason: 'account' });
      return;
    }
    const count = await this.#byAccountAndNetwork.take(both);
    // Also by those that are within: the first that is not comes no sooner after them.
    const slow = await this.#slowly.take(both);
    if (count.isWithin) return;
    if (count.isFirstBeyond) this.#audit.record({ event: 'account-locked', ...about });
    if (!slow.isWithin) throw tooManyLogins(slow.waitS);
  }

  async #take(limiter: Limiter, key: string, about: Omit<AuditEntry, 'event'>): Promise<void> {
    const { isWithin, isFirstBeyond, waitS } = await limiter.take(key);
    if (isWithin) return;
    if (isFirstBeyond) this.#audit.record({ event: 'account-locked', ...about });
    throw tooManyLogins(waitS);
  }
}

function tooManyLogins(waitS: number): Refusal {
  return new Refusal('tooManyLogins', { code: 429, retryAfterS: waitS });
}

/** What is typed as a name may be long, and it may be a password. */
function shortened(name: string): string {
  return createHash('sha256').update(name.trim().toLowerCase()).digest('base64url').slice(0, 22);
}
