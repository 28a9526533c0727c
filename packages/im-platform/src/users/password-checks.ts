import { Refusal } from '../http/refusal.ts';
import type { KnownNetworks } from './known-networks.ts';
import type { LoginLimits } from './login-limits.ts';
import { noPassword, type Passwords } from './password.ts';
import type { User } from './user.ts';

export interface PasswordCheckDeps {
  readonly knownNetworks: Pick<KnownNetworks, 'has'>;
  readonly passwords: Pick<Passwords, 'isRight'>;
  readonly limits: LoginLimits;
}

interface Shown {
  readonly network: string;
  readonly actBy: number;
}

/** Looks at passwords, wherever they are shown: whoever has tried too often is refused before that. */
export class PasswordChecks {
  readonly #deps: PasswordCheckDeps;

  constructor(deps: PasswordCheckDeps) {
    this.#deps = deps;
  }

  async isRight(
    account: { readonly userId: number | undefined; readonly userName: string },
    stored: string | undefined,
    password: string,
    { network, actBy }: Shown,
  ): Promise<boolean> {
    const { knownNetworks, passwords, limits } = this.#deps;
    const { userId } = account;
    // Asked for nobody, too, so that it takes as long.
    const isKnownNetwork = await knownNetworks.has(userId ?? 0, network);
    const admission = await limits.admit({ ...account, network, isKnownNetwork });
    try {
      const isRight = await passwords.isRight(stored, password, actBy);
      if (isRight) await admission.succeeded();
      return isRight;
    } catch (error) {
      await admission.notMade();
      throw error;
    }
  }

  /** For what a session that somebody has found open must not be enough for. An account without a password shows none. */
  async confirm(user: User | undefined, password: string | undefined, shown: Shown): Promise<void> {
    if (user?.password === noPassword) return;
    const account = { userId: user?.id, userName: user?.userName ?? '' };
    if (password === undefined || !(await this.isRight(account, user?.password, password, shown)))
      throw new Refusal('ownPasswordWrong');
  }
}
