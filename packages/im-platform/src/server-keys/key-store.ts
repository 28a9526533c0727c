import type { Database, Sql } from '../db/database.ts';
import { isServerScope } from './scopes.ts';
import type { ServerKey } from './server-key.ts';

type Row = Omit<ServerKey, 'scopes'> & { readonly scopes: string };

export class KeyStore {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
  }

  async find(ids: readonly string[], sql: Sql = this.#sql): Promise<ServerKey[]> {
    return ((await sql('im_server_key').whereIn('id', [...ids])) as Row[]).map(fromRow);
  }

  /** Nobody else changes it until the transaction ends. */
  async findForUpdate(sql: Sql, id: string): Promise<ServerKey | undefined> {
    const row = (await sql('im_server_key').where({ id }).forUpdate().first()) as Row | undefined;
    return row && fromRow(row);
  }

  async list(): Promise<ServerKey[]> {
    return ((await this.#sql('im_server_key').orderBy('createdTime').orderBy('id')) as Row[]).map(fromRow);
  }

  async add({ scopes, ...key }: ServerKey): Promise<void> {
    await this.#sql('im_server_key').insert({ ...key, scopes: scopes.join(',') });
  }

  async change(
    id: string,
    changes: Partial<Omit<ServerKey, 'id' | 'scopes'>>,
    sql: Sql = this.#sql,
  ): Promise<void> {
    await sql('im_server_key').where({ id }).update(changes);
  }
}

/** A scope that this version does not know is good for nothing. */
function fromRow({ scopes, ...row }: Row): ServerKey {
  return { ...row, scopes: scopes.split(',').filter(isServerScope) };
}
