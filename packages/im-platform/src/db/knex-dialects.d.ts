// Knex has its dialects in files that it does not export, and without types.
declare module 'knex/lib/dialects/sqlite3/index.js' {
  import type { Knex } from 'knex';

  class Sqlite3Client extends Knex.Client {
    _driver(): unknown;
    acquireRawConnection(): Promise<unknown>;
    destroyRawConnection(connection: unknown): Promise<void>;
    _query(connection: unknown, query: unknown): Promise<unknown>;
  }
  export = Sqlite3Client;
}

declare module 'knex/lib/dialects/mysql2/index.js' {
  import type { Knex } from 'knex';

  class MySql2Client extends Knex.Client {
    _query(connection: object, query: object): Promise<unknown>;
  }
  export = MySql2Client;
}

declare module 'knex/lib/dialects/mysql2/transaction.js' {
  class MySql2Transaction {
    constructor(client: unknown, ...how: unknown[]);
    _completed: boolean;
    _resolver(value: unknown): void;
    _rejecter(error: unknown): void;
    begin(connection: object): Promise<unknown>;
    commit(connection: object, value: unknown): Promise<unknown>;
    rollback(connection: object, error: unknown): Promise<unknown>;
  }
  export = MySql2Transaction;
}
