// Knex has its dialects in files that it does not export, and without types.
declare module 'knex/lib/dialects/sqlite3/index.js' {
  import { Knex } from 'knex';

  class Sqlite3Client extends Knex.Client {
    _driver(): unknown;
    acquireRawConnection(): Promise<unknown>;
    destroyRawConnection(connection: unknown): Promise<void>;
    _query(connection: unknown, query: unknown): Promise<unknown>;
  }
  export = Sqlite3Client;
}
