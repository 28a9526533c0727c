import { Refusal } from '../http/refusal.ts';
import type { Audit, AuditEntry } from '../operations/audit.ts';
import type { SecondFactors } from '../second-factor/second-factors.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { TokenPair } from '../sessions/tokens.ts';
import type { UserStore } from '../users/user-store.ts';
import type { User } from '../users/user.ts';
import type { ResolvedProvider } from './identity-provider.ts';
import type { Outsider } from './outsider.ts';
import type { Outsiders } from './outsiders.ts';

export interface EntranceDeps {
  readonly outsiders: Outsiders;
  readonly users: Pick<UserStore, 'find' | 'loggedIn'>;
  readonly secondFactors: Pick<SecondFactors, 'demand'>;
  readonly sessions: Pick<Sessions, 'open'>;
  readonly audit: Pick<Audit, 'record'>;
}

/** Where somebody comes in, and at what. */
export interface Device {
  readonly network: string;
  readonly terminal: number;
  readonly deviceName: string;
}

/** The door for those for whom others vouch. */
export class Entrance {
  readonly #deps: EntranceDeps;

  constructor(deps: EntranceDeps) {
    this.#deps = deps;
  }

  /** A session of ours. Who is banned here gets none, whatever is said elsewhere. */
  async letIn(outsider: Outsider, provider: ResolvedProvider, device: Device): Promise<TokenPair> {
    const user = await this.userOf(outsider, provider, device.network);
    return this.#open(user, provider, device);
  }

  /** Whom they are here. */
  async userOf(outsider: Outsider, provider: ResolvedProvider, network: string): Promise<User> {
    return this.#noting({ network, target: provider.id }, () =>
      this.#deps.outsiders.userOf(outsider, provider, network),
    );
  }

  /** The same, for who was found before. */
  async openFor(userId: number, provider: ResolvedProvider, device: Device): Promise<TokenPair> {
    const user = await this.#deps.users.find(userId);
    if (!user) throw new Refusal('userUnknown');
    return this.#open(user, provider, device);
  }

  async #open(
    { id: userId, userName, nickName }: User,
    provider: ResolvedProvider,
    device: Device,
  ): Promise<TokenPair> {
    const { users, secondFactors, sessions, audit } = this.#deps;
    const { network, terminal, deviceName } = device;
    const about = { userId, terminal, network, target: provider.id };
    return this.#noting(about, async () => {
      await secondFactors.demand({ userId, terminal, deviceName, lifeS: provider.sessionTtlS }, undefined);
      const pair = await sessions.open(
        { userId, terminal, userName, nickName },
        { network, deviceName, passwordHash: undefined, lifeS: provider.sessionTtlS },
      );
      await users.loggedIn(userId);
      audit.record({ event: 'login', ...about, reason: 'provider' });
      return pair;
    });
  }

  async #noting<T>(about: Omit<AuditEntry, 'event'>, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refusal)
        this.#deps.audit.record({ event: 'login-refused', ...about, reason: error.key });
      throw error;
    }
  }
}
