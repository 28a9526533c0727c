import { isDuplicate, type Database, type Sql } from '../db/database.ts';
import type { User } from './user.ts';

/** The columns that make a new account; the rest have defaults. */
export type NewUser = Pick<User, 'userName' | 'nickName' | 'password'>;

/** What a user may change of himself. Absent: stays as it is. */
export type Profile = Partial<Pick<User, 'nickName' | 'sex' | 'signature' | 'headImage' | 'headImageThumb'>>;

const mostFound = 20;

export class UserStore {
  readonly #database: Pick<Database, 'sql' | 'replica'>;

  constructor(database: Pick<Database, 'sql' | 'replica'>) {
    this.#database = database;
  }

  find(id: number, sql: Sql = this.#database.sql): Promise<User | undefined> {
    return sql('im_user').where({ id }).first() as Promise<User | undefined>;
  }

  findByUserName(userName: string): Promise<User | undefined> {
    return this.#database.sql('im_user').where({ userName }).first() as Promise<User | undefined>;
  }

  /** Users whose name or nickname contains the text. */
  search(text: string): Promise<User[]> {
    const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
    return this.#database
      .replica('im_user')
      .whereRaw("lower(user_name) like ? escape '\\\\' or lower(nick_name) like ? escape '\\\\'", [
        pattern,
        pattern,
      ])
      .orderBy('id')
      .limit(mostFound)
      .select() as Promise<User[]>;
  }

  /** The id of the new account; undefined when the name is taken. */
  async create(user: NewUser): Promise<number | undefined> {
    try {
      const [id] = await this.#database.sql('im_user').insert({ ...user, createdTime: Date.now() });
      return id;
    } catch (error) {
      if (isDuplicate(error)) return undefined;
      throw error;
    }
  }

  async setPassword(sql: Sql, id: number, password: string): Promise<void> {
    await sql('im_user').where({ id }).update({ password });
  }

  async setProfile(sql: Sql, id: number, profile: Profile): Promise<void> {
    if (Object.keys(profile).length > 0) await sql('im_user').where({ id }).update(profile);
  }

  async loggedIn(id: number): Promise<void> {
    await this.#database.sql('im_user').where({ id }).update({ lastLoginTime: Date.now() });
  }
}
