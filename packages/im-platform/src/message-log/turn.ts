import type { Connection } from 'mysql2/promise';
import type { Database } from '../db/database.ts';

/** Who may append and push now: one instance at a time, so that pushes leave in the order of the commits. */
export interface Turn {
  take<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** SQLite belongs to one process, and the log of a process does one thing at a time anyway. */
const alone: Turn = {
  take: (work) => work(),
  close: () => Promise.resolve(),
};

export function createTurn(database: Pick<Database, 'dialect' | 'url'>, name: string): Turn {
  return database.dialect === 'sqlite' ? alone : new SharedTurn(database.url, name);
}

/** After so long the turn is taken without asking, and without patience from then on: somebody sleeps on it. */
const patienceS = 3;
const patienceWithSleepersS = 0.05;

/**
 * A named lock of MySQL, which ends with the connection of whoever holds it. It orders pushes and guards nothing: ids
 * are guarded by the row of their counter, so a lock that is lost costs the order of two batches at most.
 */
class SharedTurn implements Turn {
  readonly #url: string;
  readonly #name: string;
  #connecting: Promise<Connection> | undefined;
  #somebodySleeps = false;

  constructor(url: string, name: string) {
    this.#url = url;
    this.#name = name;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    const connection = await this.#connection();
    const waitS = this.#somebodySleeps ? patienceWithSleepersS : patienceS;
    const mine = await this.#ask(
      connection,
      `SELECT GET_LOCK(LEFT(CONCAT(DATABASE(), ?), 64), ${waitS}) AS mine`,
    );
    this.#somebodySleeps = mine !== 1;
    try {
      return await work();
    } finally {
      // Not waited for: the next batch of this process stands behind it on the same connection.
      this.#ask(connection, 'SELECT RELEASE_LOCK(LEFT(CONCAT(DATABASE(), ?), 64)) AS mine').catch(
        () => undefined,
      );
    }
  }

  async close(): Promise<void> {
    const connecting = this.#connecting;
    this.#connecting = undefined;
    if (connecting) await connecting.then((connection) => connection.end()).catch(() => undefined);
  }

  async #ask(connection: Connection, statement: string): Promise<unknown> {
    try {
      const [rows] = await connection.query({ sql: statement, timeout: 2_000 * patienceS }, [
        `:${this.#name}`,
      ]);
      return (rows as { mine: unknown }[])[0]?.mine;
    } catch (error) {
      this.#connecting = undefined;
      connection.destroy();
      throw error;
    }
  }

  #connection(): Promise<Connection> {
    this.#connecting ??= this.#connect().catch((error: unknown) => {
      this.#connecting = undefined;
      throw error;
    });
    return this.#connecting;
  }

  async #connect(): Promise<Connection> {
    const { createConnection } = await import('mysql2/promise');
    const connection = await createConnection({ uri: this.#url, connectTimeout: 3_000 });
    connection.on('error', () => {
      this.#connecting = undefined;
    });
    return connection;
  }
}
