import type { Database } from '../db/database.ts';
import type { PrivacyStore } from '../privacy/privacy-store.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import type { UserStore } from '../users/user-store.ts';
import type { Watchers } from './watchers.ts';

export interface PresenceDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly users: Pick<UserStore, 'acquaintancesOf'>;
  readonly privacy: Pick<PrivacyStore, 'showPresenceTo'>;
  readonly watchers: Pick<Watchers, 'estrangedFrom'>;
  readonly im: Pick<PlatformIm, 'onlineTerminals'>;
  /** Told that somebody looks at it. */
  readonly news: { isWanted(): void; wereOnline(userIds: Iterable<number>): void };
}

/** Whether somebody is there. */
export interface Presence {
  readonly userId: number;
  readonly isOnline: boolean;
  /** Epoch milliseconds; null: they are there, or it is not known. */
  readonly lastSeenTime: number | null;
}

/** Whether people are there, told to those who may know: friends, and members of the same groups. */
export class PresenceService {
  readonly #deps: PresenceDeps;

  constructor(deps: PresenceDeps) {
    this.#deps = deps;
  }

  /** Of those who show it to the caller; that others are left out says nothing of them. From now on changes are pushed to friends. */
  async of(userId: number, userIds: readonly number[]): Promise<Presence[]> {
    const { database, users, privacy, watchers, im, news } = this.#deps;
    news.isWanted();
    const asked = [...new Set(userIds)].filter((id) => id !== userId);
    const known = await privacy.showPresenceTo(userId, await users.acquaintancesOf(userId, asked));
    const estranged = new Set(await watchers.estrangedFrom(userId, known));
    const shown = known.filter((id) => !estranged.has(id));
    const online = await im.onlineTerminals(shown);
    news.wereOnline([...online.keys()].map(Number));
    const rows = await database
      .sql('im_last_seen')
      .whereIn('userId', shown)
      .select<{ userId: number; seenTime: number }[]>('userId', 'seenTime');
    const seen = new Map(rows.map((row) => [row.userId, row.seenTime]));
    return shown.map((id) => {
      const isOnline = online.has(String(id));
      return { userId: id, isOnline, lastSeenTime: isOnline ? null : (seen.get(id) ?? null) };
    });
  }
}
