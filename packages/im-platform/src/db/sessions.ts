import type { Knex } from 'knex';

export interface SessionOptions {
  readonly max: number;
  /** After so long without work the connection is let go. */
  readonly idleMs: number;
  /** What `set session` is told at its beginning. */
  readonly settings: readonly string[];
}

/** One connection, until it is let go: what it holds beside transactions, such as named locks, ends with it. */
export interface Session {
  /** Rejects after so long, and the connection is no longer good for anything then. */
  ask<Row>(
    statement: string,
    values: readonly (string | number)[],
    timeoutMs: number,
  ): Promise<Row | undefined>;
  /** Again when the database chose it as the victim of a deadlock. */
  transaction<T>(work: (sql: Knex.Transaction) => Promise<T>): Promise<T>;
  letGo(): void;
}

type Connection = object & { __knex__disposed?: unknown };

/** Connections of MySQL that are kept over several transactions. */
export class Sessions {
  readonly #sql: Knex;
  readonly #again: <T>(attempt: () => Promise<T>) => Promise<T>;

  constructor(sql: Knex, again: <T>(attempt: () => Promise<T>) => Promise<T>) {
    this.#sql = sql;
    this.#again = again;
  }

  async open(): Promise<Session> {
    const sql = this.#sql;
    const client = sql.client as Knex.Client;
    const connection = (await client.acquireConnection()) as Connection;
    return {
      async ask<Row>(statement: string, values: readonly (string | number)[], timeoutMs: number) {
        try {
          const query = sql
            .raw(statement, [...values])
            .connection(connection)
            .timeout(timeoutMs);
          const [rows] = (await query) as [Row[]];
          return rows[0];
        } catch (error) {
          connection.__knex__disposed = error;
          throw error;
        }
      },
      transaction: (work) =>
        this.#again(() => sql.transaction(work, { connection } as Knex.TransactionConfig)),
      letGo: () => void client.releaseConnection(connection),
    };
  }

  async close(): Promise<void> {
    await this.#sql.destroy();
  }
}
