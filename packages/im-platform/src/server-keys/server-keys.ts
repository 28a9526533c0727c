import { gather } from 'im-common/internal/bus';
import type { Database } from '../db/database.ts';
import type { CallingServer } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import { KeyStore } from './key-store.ts';
import { isServerScope } from './scopes.ts';
import { idIn, isGood, type ServerKey } from './server-key.ts';

const notedEveryMs = 60_000;

/** Which back end asks: the one that shows its key. What is revoked or rotated counts from the next request on. */
export class ServerKeys {
  readonly #store: KeyStore;
  /** Requests of one moment share one question. */
  readonly #find: (id: string) => Promise<ServerKey | undefined>;
  readonly #notedAt = new Map<string, number>();

  constructor(database: Pick<Database, 'sql'>) {
    this.#store = new KeyStore(database);
    this.#find = gather(async (ids: readonly string[]) => {
      const found = await this.#store.find([...new Set(ids)]);
      const byId = new Map(found.map((key) => [key.id, key]));
      return ids.map((id) => byId.get(id));
    });
  }

  /** Refuses what is no key, or none any more, and a good one without the scope. */
  async check(shown: string | undefined, scope: string): Promise<CallingServer> {
    const id = shown === undefined ? undefined : idIn(shown);
    const key = id === undefined ? undefined : await this.#find(id);
    const now = Date.now();
    if (shown === undefined || !key || !isGood(key, shown, now))
      throw new Refusal('keyInvalid', { code: 401 });
    if (!isServerScope(scope) || !key.scopes.includes(scope))
      throw new Refusal('scopeMissing', { values: { scope, scopes: key.scopes.join(', ') } });
    await this.#noteUse(key.id, now);
    return { keyId: key.id, name: key.name, perMinute: key.perMinute };
  }

  /** Once a minute, so that no request waits for it. */
  async #noteUse(id: string, now: number): Promise<void> {
    if (now - (this.#notedAt.get(id) ?? 0) < notedEveryMs) return;
    this.#notedAt.set(id, now);
    await this.#store.change(id, { usedTime: now });
  }
}
