import { Refusal } from '../http/refusal.ts';
import type { Audit } from '../operations/audit.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { TokenPair } from '../sessions/tokens.ts';
import type { UserStore } from '../users/user-store.ts';
import type { ResolvedProvider } from './identity-provider.ts';
import type { Outsider } from './outsider.ts';
import type { Outsiders } from './outsiders.ts';

export interface EntranceDeps {
  readonly outsiders: Outsiders;
  readonly users: Pick<UserStore, 'loggedIn'>;
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
    const { outsiders, users, sessions, audit } = this.#deps;
    const { network, terminal, deviceName } = device;
    const about = { terminal, network, target: provider.id };
    let userId: number | undefined;
    try {
      const user = await outsiders.userOf(outsider, provider, network);
      userId = user.id;
      const pair = await sessions.open(
        { userId, terminal, userName: user.userName, nickName: user.nickName },
        { network, deviceName, passwordHash: undefined, lifeS: provider.sessionTtlS },
      );
      await users.loggedIn(userId);
      audit.record({ event: 'login', userId, ...about, reason: 'provider' });
      return pair;
    } catch (error) {
      if (error instanceof Refusal)
        audit.record({ event: 'login-refused', userId, ...about, reason: error.key });
      throw error;
    }
  }
}
