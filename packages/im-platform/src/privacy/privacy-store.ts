import type { Database, Sql } from '../db/database.ts';

/** From whom somebody takes something, or to whom they show something. */
export const audiences = ['everybody', 'friends', 'nobody'] as const;
export type Audience = (typeof audiences)[number];

export interface PrivacySettings {
  readonly mayWrite: Audience;
  readonly mayCall: Audience;
  /** To groups. */
  readonly mayAdd: Audience;
  /** Of friends and members of the same groups; others never do. */
  readonly seesPresence: Audience;
}

/** What people want who have said nothing. */
const usual: PrivacySettings = {
  mayWrite: 'friends',
  mayCall: 'friends',
  mayAdd: 'friends',
  seesPresence: 'everybody',
};

export class PrivacyStore {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;

  constructor(database: Pick<Database, 'sql' | 'transaction'>) {
    this.#database = database;
  }

  async of(userId: number, sql: Sql = this.#database.sql): Promise<PrivacySettings> {
    const row = await sql('im_privacy')
      .where({ userId })
      .first<PrivacySettings | undefined>('mayWrite', 'mayCall', 'mayAdd', 'seesPresence');
    return row ?? usual;
  }

  async change(
    userId: number,
    changes: { readonly [Name in keyof PrivacySettings]?: PrivacySettings[Name] | undefined },
  ): Promise<PrivacySettings> {
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    return this.#database.transaction(async (sql) => {
      // One after the other, as each writes all of it.
      await sql('im_user').where({ id: userId }).forUpdate().first('id');
      const changed = { ...(await this.of(userId, sql)), ...given };
      await sql('im_privacy')
        .insert({ userId, ...changed })
        .onConflict('userId')
        .merge();
      return changed;
    });
  }

  /** Those of the users who let this one see whether they are online, of whom this one may know at all. */
  async showPresenceTo(userId: number, among: readonly number[]): Promise<number[]> {
    if (among.length === 0) return [];
    const ids = [...among];
    const { sql } = this.#database;
    const shy = await sql('im_privacy')
      .whereIn('userId', ids)
      .whereNot({ seesPresence: 'everybody' })
      .select<{ userId: number; shownTo: string }[]>('userId', 'seesPresence as shownTo')
      .unionAll(
        sql('im_block')
          .where({ blockedId: userId })
          .whereIn('userId', ids)
          .select('userId', sql.raw("'nobody' as shown_to")),
      );
    if (shy.length === 0) return ids;
    const forFriends = shy.filter(({ shownTo }) => shownTo === 'friends').map(({ userId: id }) => id);
    const rows = await sql('im_friend')
      .where({ friendId: userId, deleted: 0 })
      .whereIn('userId', forFriends)
      .select<{ userId: number }[]>('userId');
    const friends = new Set(rows.map(({ userId: id }) => id));
    const hidden = new Set(
      shy
        .filter(({ userId: id, shownTo }) => shownTo === 'nobody' || !friends.has(id))
        .map(({ userId: id }) => id),
    );
    return ids.filter((id) => id === userId || !hidden.has(id));
  }
}
