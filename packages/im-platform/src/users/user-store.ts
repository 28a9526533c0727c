import { isDuplicate, type Database, type Sql } from '../db/database.ts';
import { toName } from '../http/names.ts';
import { keepAsTheyWere } from '../groups/who-left.ts';
import type { User } from './user.ts';

/** The columns that make a new account; the rest have defaults. */
export type NewUser = Pick<User, 'userName' | 'nickName' | 'password'> &
  Partial<Pick<User, 'externalId' | 'isBot' | 'headImage' | 'headImageThumb'>>;

/** What users may change of themselves. Absent: stays as it is. */
export type Profile = Pick<User, 'nickName'> & {
  readonly [Name in 'sex' | 'signature' | 'headImage' | 'headImageThumb']?: User[Name] | undefined;
};

const mostFound = 20;

export class UserStore {
  readonly #database: Pick<Database, 'sql' | 'readAside'>;

  constructor(database: Pick<Database, 'sql' | 'readAside'>) {
    this.#database = database;
  }

  find(id: number, sql: Sql = this.#database.sql): Promise<User | undefined> {
    return sql('im_user').where({ id }).first() as Promise<User | undefined>;
  }

  /** Nobody else changes the user, or copies the name somewhere, until the transaction ends. */
  findForUpdate(sql: Sql, id: number): Promise<User | undefined> {
    return sql('im_user').where({ id }).forUpdate().first() as Promise<User | undefined>;
  }

  findByExternalId(externalId: string): Promise<User | undefined> {
    return this.#database.sql('im_user').where({ externalId }).first() as Promise<User | undefined>;
  }

  /** Whoever has the name as it was typed, or else as new names are written; in one question, which takes as long either way. */
  async findByUserName(typed: string): Promise<User | undefined> {
    const users = (await this.#database
      .sql('im_user')
      .whereIn('userName', [typed, toName(typed)])
      .orderBy('id')
      .select()) as User[];
    return users.find(({ userName }) => userName === typed) ?? users[0];
  }

  /** Users whose nickname contains the text, whatever the case of its letters, and whose login name is it: parts of that would give it away. */
  search(text: string): Promise<User[]> {
    // Not a backslash: MySQL takes one for its own before LIKE sees it, and SQLite does not.
    const pattern = `%${text.replace(/[!%_]/g, '!$&')}%`;
    return this.#database.readAside(
      (at) =>
        at
          .sql('im_user')
          .where(
            (found) =>
              void found
                .where({ userName: text })
                .orWhereRaw("lower(nick_name) like lower(:pattern) escape '!'", { pattern }),
          )
          .whereNull('deletedTime')
          .orderBy('id')
          .limit(mostFound)
          .select() as Promise<User[]>,
    );
  }

  /** The id of the new account; undefined when the name is taken. */
  async create(user: NewUser, sql: Sql = this.#database.sql): Promise<number | undefined> {
    try {
      const [id] = await sql('im_user').insert({ ...user, createdTime: Date.now() });
      return id;
    } catch (error) {
      if (isDuplicate(error)) return undefined;
      throw error;
    }
  }

  async setPassword(sql: Sql, id: number, password: string): Promise<void> {
    await sql('im_user').where({ id }).update({ password });
  }

  /** Unless it has changed meanwhile. */
  async replacePassword(id: number, before: string, password: string): Promise<void> {
    await this.#database.sql('im_user').where({ id, password: before }).update({ password });
  }

  async setProfile(sql: Sql, id: number, profile: Profile): Promise<void> {
    await sql('im_user').where({ id }).update(profile);
  }

  /** How the user is shown to friends and in groups, which keep copies. Former friends and groups keep the old ones. */
  async setShownAs(sql: Sql, id: number, nickName: string, headImageThumb: string): Promise<void> {
    await sql('im_friend')
      .where({ friendId: id, deleted: 0 })
      .update({ friendNickName: nickName, friendHeadImage: headImageThumb });
    await keepAsTheyWere(sql, (places) => void places.where({ userId: id, quit: 0 }), Date.now());
    await sql('im_group_member')
      .where({ userId: id, quit: 0 })
      .update({ userNickName: nickName, headImage: headImageThumb });
  }

  /** Those of the users of whom this one may know: the user, their friends, and members of the same groups. */
  async acquaintancesOf(userId: number, among: readonly number[]): Promise<number[]> {
    const known = new Set([userId, ...(await this.friendsOf(userId, among))]);
    // The page asks about friends, so this is rarely asked.
    const others = among.filter((id) => !known.has(id));
    if (others.length > 0) for (const id of await this.#fellowMembersOf(userId, others)) known.add(id);
    return among.filter((id) => known.has(id));
  }

  async loggedIn(id: number): Promise<void> {
    await this.#database.sql('im_user').where({ id }).update({ lastLoginTime: Date.now() });
  }

  /** Those of the users who are friends of this one. */
  async friendsOf(userId: number, among: readonly number[]): Promise<number[]> {
    const rows = await this.#database
      .sql('im_friend')
      .where({ userId, deleted: 0 })
      .whereIn('friendId', [...among])
      .select<{ friendId: number }[]>('friendId');
    return rows.map(({ friendId }) => friendId);
  }

  async #fellowMembersOf(id: number, among: readonly number[]): Promise<number[]> {
    const rows = await this.#database
      .sql('im_group_member as mine')
      .join('im_group_member as theirs', 'theirs.groupId', 'mine.groupId')
      .where({ 'mine.userId': id, 'mine.quit': 0, 'theirs.quit': 0 })
      .whereIn('theirs.userId', [...among])
      .distinct<{ userId: number }[]>('theirs.userId');
    return rows.map(({ userId }) => userId);
  }
}
