import { isDuplicate, type Database } from '../db/database.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import type { Audit } from '../operations/audit.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import { noPassword } from '../users/password.ts';
import type { Identity, IdentityStore } from './identity-store.ts';
import type { Outsider } from './outsider.ts';

export interface LinksDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly identities: IdentityStore;
  readonly sessionStore: Pick<SessionStore, 'holdUser' | 'find'>;
  readonly audit: Pick<Audit, 'record'>;
}

/** What accounts elsewhere somebody is signed in with. */
export class Links {
  readonly #deps: LinksDeps;

  constructor(deps: LinksDeps) {
    this.#deps = deps;
  }

  list({ userId }: Pick<Caller, 'userId'>): Promise<Identity[]> {
    return this.#deps.identities.ofUser(this.#deps.database.sql, userId);
  }

  /** While the session goes on in which they asked for it. */
  async add(
    { linkTo: userId, sessionId }: { readonly linkTo: number; readonly sessionId: string },
    outsider: Outsider,
    network: string,
  ): Promise<void> {
    const { database, identities, sessionStore, audit } = this.#deps;
    const known = await identities.find(outsider);
    if (known?.userId === userId) return;
    if (known) throw new Refusal('linkedElsewhere');
    try {
      await database.transaction(async (sql) => {
        const user = await sessionStore.holdUser(sql, userId);
        const session = await sessionStore.find(sql, sessionId);
        if (!user || user.isBanned === 1 || session?.userId !== userId) throw new Refusal('signInOver');
        await identities.add(sql, userId, outsider);
      });
    } catch (error) {
      throw isDuplicate(error) ? new Refusal('linkedElsewhere') : error;
    }
    audit.record({ event: 'identity-linked', userId, network });
  }

  /** Not the last way in. */
  async remove({ userId }: Pick<Caller, 'userId'>, id: number, network: string): Promise<void> {
    const { database, identities, sessionStore, audit } = this.#deps;
    await database.transaction(async (sql) => {
      const user = await sessionStore.holdUser(sql, userId);
      const all = await identities.ofUser(sql, userId);
      if (!all.some((one) => one.id === id)) throw new Refusal('identityUnknown');
      if (all.length === 1 && user?.password === noPassword) throw new Refusal('lastWayIn');
      await identities.remove(sql, id);
    });
    audit.record({ event: 'identity-unlinked', userId, network });
  }
}
