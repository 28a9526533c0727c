import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { Refusal } from '../http/refusal.ts';

export interface LoginLimitOptions {
  readonly perAccount: number;
  readonly perAddress: number;
}

const windowS = 15 * 60;

/**
 * Holds up those who guess passwords: failed logins are counted by account and by address. Kept per process, so that it
 * needs nothing; with n instances a guesser has n times as many tries.
 */
export class LoginLimits {
  readonly #byAccount: RateLimiterMemory;
  readonly #byAddress: RateLimiterMemory;

  constructor({ perAccount, perAddress }: LoginLimitOptions) {
    this.#byAccount = new RateLimiterMemory({ points: perAccount, duration: windowS });
    this.#byAddress = new RateLimiterMemory({ points: perAddress, duration: windowS });
  }

  async check(userName: string, address: string): Promise<void> {
    const [account, from] = await Promise.all([this.#byAccount.get(userName), this.#byAddress.get(address)]);
    if (isUsedUp(account) || isUsedUp(from)) throw new Refusal('tooManyLogins');
  }

  async failed(userName: string, address: string): Promise<void> {
    const counted = [this.#byAccount.consume(userName), this.#byAddress.consume(address)];
    // Beyond the limit `consume` rejects; `check` is what tells.
    await Promise.allSettled(counted);
  }

  async succeeded(userName: string): Promise<void> {
    await this.#byAccount.delete(userName);
  }
}

function isUsedUp(state: RateLimiterRes | null): boolean {
  return state !== null && state.remainingPoints <= 0;
}
