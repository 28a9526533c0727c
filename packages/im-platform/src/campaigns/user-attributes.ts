import { chunksOf } from '../db/chunks.ts';
import { inKeys } from '../db/in-keys.ts';
import { Refusal } from '../http/refusal.ts';
import type { Database, Sql } from '../db/database.ts';

/** What other back ends say of a user: an attribute has a value, a tag has an empty one. */
export interface UserAttribute {
  readonly userId: number;
  readonly name: string;
  readonly value: string;
}

/** Two names that mean something here: what the receiver reads, and where their clock is. */
export const languageName = 'language';
export const timeZoneName = 'timeZone';

const rowsPerStatement = 500;
/** Of one user. */
const mostAttributes = 100;

export class UserAttributes {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;

  constructor(database: Pick<Database, 'sql' | 'transaction'>) {
    this.#database = database;
  }

  /** All of it or nothing. A null takes one away. */
  async put(
    given: readonly (Omit<UserAttribute, 'value'> & { readonly value: string | null })[],
  ): Promise<void> {
    // In one order, as others write of the same users.
    const ordered = given.toSorted(
      (one, other) => one.userId - other.userId || (one.name < other.name ? -1 : 1),
    );
    const gone = ordered.filter(({ value }) => value === null);
    const kept = ordered.filter(({ value }) => value !== null);
    await this.#database.transaction(async (sql) => {
      await mustBeThere(sql, [...new Set(ordered.map(({ userId }) => userId))]);
      for (const some of chunksOf(gone, rowsPerStatement))
        await sql('im_user_attribute')
          .modify(
            inKeys,
            ['userId', 'name'],
            some.map(({ userId, name }) => [userId, name]),
          )
          .delete();
      for (const some of chunksOf(kept, rowsPerStatement))
        await sql('im_user_attribute').insert(some).onConflict(['userId', 'name']).merge(['value']);
      await mustBeFew(sql, [...new Set(kept.map(({ userId }) => userId))]);
    });
  }

  async of(userId: number): Promise<Record<string, string>> {
    const rows = await this.#database
      .sql('im_user_attribute')
      .where({ userId })
      .orderBy('name')
      .select<UserAttribute[]>('userId', 'name', 'value');
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  }

  /** Which of those are said of somebody. */
  async known(names: readonly string[]): Promise<Set<string>> {
    const found = await Promise.all(
      names.map((name) =>
        this.#database.sql('im_user_attribute').where({ name }).first<{ name: string } | undefined>('name'),
      ),
    );
    return new Set(found.flatMap((row) => row?.name ?? []));
  }
}

/** Of several users, by their ids. */
export async function attributesOf(
  sql: Sql,
  userIds: readonly number[],
  names: readonly string[],
): Promise<Map<number, Record<string, string>>> {
  const rows = await sql('im_user_attribute')
    .whereIn('userId', [...userIds])
    .whereIn('name', [...names])
    .select<UserAttribute[]>('userId', 'name', 'value');
  const found = new Map<number, Record<string, string>>();
  for (const { userId, name, value } of rows) {
    const one = found.get(userId) ?? {};
    one[name] = value;
    found.set(userId, one);
  }
  return found;
}

/** Of accounts that are gone nothing is kept, and nothing of those that come later. Whoever says more of the same waits, and counts this. */
async function mustBeThere(sql: Sql, userIds: readonly number[]): Promise<void> {
  const there = await sql('im_user')
    .whereIn('id', [...userIds])
    .whereNull('deletedTime')
    .orderBy('id')
    .forUpdate()
    .select('id');
  if (there.length < userIds.length) throw new Refusal('userUnknown', { code: 404 });
}

async function mustBeFew(sql: Sql, userIds: readonly number[]): Promise<void> {
  const full = await sql('im_user_attribute')
    .whereIn('userId', [...userIds])
    .groupBy('userId')
    .havingRaw('count(*) > ?', [mostAttributes])
    .first<{ userId: number } | undefined>('userId');
  if (full)
    throw new Refusal('tooManyAttributes', {
      values: { most: String(mostAttributes), user: String(full.userId) },
    });
}
