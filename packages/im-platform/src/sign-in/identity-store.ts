import type { Database, Sql } from '../db/database.ts';
import type { Outsider } from './outsider.ts';

/** That somebody here is somebody there. */
export interface Identity {
  readonly id: number;
  readonly issuer: string;
  readonly subject: string;
  readonly userId: number;
  /** As it was when they were linked, for people to know it by. */
  readonly email: string;
  readonly createdTime: number;
}

export class IdentityStore {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
  }

  find({ issuer, subject }: Pick<Outsider, 'issuer' | 'subject'>): Promise<Identity | undefined> {
    return this.#sql('im_identity').where({ issuer, subject }).first() as Promise<Identity | undefined>;
  }

  ofUser(sql: Sql, userId: number): Promise<Identity[]> {
    return sql('im_identity').where({ userId }).orderBy('id').select() as Promise<Identity[]>;
  }

  async remove(sql: Sql, id: number): Promise<void> {
    await sql('im_identity').where({ id }).delete();
  }

  /** Fails when somebody is linked to it already. */
  async add(sql: Sql, userId: number, { issuer, subject, email }: Outsider): Promise<void> {
    await sql('im_identity').insert({ issuer, subject, email, userId, createdTime: Date.now() });
  }
}
