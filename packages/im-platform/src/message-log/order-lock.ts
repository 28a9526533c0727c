import type { Connection } from 'mysql2/promise';
import type { Database } from '../db/database.ts';

/** Lets one instance at a time append and push, so that pushes leave in the order of the commits. */
export interface OrderLock {
  /** After so many batches whoever holds it lets others have it. */
  readonly batchesPerTurn: number;
  hold<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** SQLite belongs to one process, and the log of a process does one thing at a time anyway. */
const noLock: OrderLock = {
  batchesPerTurn: Infinity,
  hold: (work) => work(),
  close: () => Promise.resolve(),
};

/** `longestWaitMs`: how long an instance waits for the lock. After that it works without it, and from then on waits only briefly: the holder hangs. */
export function openOrderLock(
  database: Pick<Database, 'dialect' | 'url'>,
  name: string,
  longestWaitMs: number,
): OrderLock {
  return database.dialect === 'sqlite' ? noLock : new NamedLock(database.url, name, longestWaitMs / 1_000);
}

const waitForHungHolderS = 0.05;

/**
 * A named lock of MySQL, which ends with the connection of whoever holds it. It orders pushes and guards nothing: ids
 * are guarded by the row of their counter, so a lock that is lost costs the order of two batches at most.
 */
class NamedLock implements OrderLock {
  /** Few, as others wait; enough that an instance that is alone loses little by asking again. */
  readonly batchesPerTurn = 4;
  readonly #url: string;
  readonly #name: string;
  readonly #longestWaitS: number;
  #connecting: Promise<Connection> | undefined;
  #holderHangs = false;

  constructor(url: string, name: string, longestWaitS: number) {
    this.#url = url;
    this.#name = name;
    this.#longestWaitS = longestWaitS;
  }

  async hold<T>(work: () => Promise<T>): Promise<T> {
    const connection = await this.#connection();
    const waitS = this.#holderHangs ? waitForHungHolderS : this.#longestWaitS;
    const isMine = await this.#ask(
      connection,
      `SELECT GET_LOCK(LEFT(CONCAT(DATABASE(), ?), 64), ${waitS}) AS mine`,
    );
    this.#holderHangs = isMine !== 1;
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
      const [rows] = await connection.query({ sql: statement, timeout: 2_000 * this.#longestWaitS }, [
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
