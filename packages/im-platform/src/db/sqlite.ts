import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import Sqlite3Client from 'knex/lib/dialects/sqlite3/index.js';

// SQLite for knex, whose own dialects want libraries that are compiled where they are installed. This one comes with its
// binaries, and has the interface of node:sqlite (docs/decisions/016-sqlite-with-its-binaries.md).

const load = createRequire(import.meta.url);

/** How long a statement waits for another process that writes. */
const lockTimeoutMs = 3_000;
/** Of each connection: those that come again and again. A statement of many rows is as long as they are many, and comes once. */
const mostPrepared = 200;
const longestPrepared = 2_000;

/**
 * A transaction that has read, and writes when another process has written in between, fails at once, however long statements wait. So each
 * waits for its turn to write where it begins: this process has one connection, and nobody in it waits longer for that.
 */
const begin = 'BEGIN IMMEDIATE;';

/** After that others in this thread come first. */
const longestTurnMs = 20;

/** What is used of node:sqlite's interface. */
interface Connection {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

interface Statement {
  /** Of its rows; none when it has no rows. */
  columns(): readonly unknown[];
  all(...bindings: unknown[]): unknown[];
  run(...bindings: unknown[]): {
    readonly changes: number | bigint;
    readonly lastInsertRowid: number | bigint;
  };
}

type ConnectionClass = new (filename: string, options: { timeout: number }) => Connection;

/** What knex asks, and where it looks for the answer. */
interface Query {
  readonly sql: string;
  readonly bindings?: readonly unknown[];
  response?: unknown;
  context?: { readonly lastID: number | bigint; readonly changes: number | bigint };
}

interface Prepared {
  readonly statement: Statement;
  /** Whether it answers with rows. To ask it each time would cost more than a small statement itself. */
  readonly hasRows: boolean;
}

/** By their text; the one that was used longest ago comes first. */
const prepared = new WeakMap<Connection, Map<string, Prepared>>();

function prepare(connection: Connection, sql: string): Prepared {
  if (sql.length > longestPrepared) return prepareAnew(connection, sql);
  let known = prepared.get(connection);
  if (!known) prepared.set(connection, (known = new Map<string, Prepared>()));
  const found = known.get(sql) ?? prepareAnew(connection, sql);
  known.delete(sql);
  known.set(sql, found);
  if (known.size > mostPrepared) {
    const [oldest = ''] = known.keys();
    known.delete(oldest);
  }
  return found;
}

function prepareAnew(connection: Connection, sql: string): Prepared {
  const statement = connection.prepare(sql);
  return { statement, hasRows: statement.columns().length > 0 };
}

/** When the first statement of this turn of the event loop came. */
let turnBegan: number | undefined;

/**
 * Statements run in this thread, and are done at once: thousands of them, each awaited, would be one turn of the event loop, in which nobody is
 * answered (docs/decisions/132-sqlite-lets-others-in.md).
 */
async function letOthersIn(): Promise<void> {
  if (turnBegan === undefined) {
    turnBegan = performance.now();
    setImmediate(() => (turnBegan = undefined));
  } else if (performance.now() - turnBegan > longestTurnMs)
    await new Promise((resolve) => void setImmediate(resolve));
}

export class SqliteClient extends Sqlite3Client {
  /** Loaded here, as whoever uses MySQL must not need it. */
  override _driver(): ConnectionClass {
    return (load('@photostructure/sqlite') as { DatabaseSync: ConnectionClass }).DatabaseSync;
  }

  override async acquireRawConnection(): Promise<Connection> {
    const { filename } = this.connectionSettings as { filename: string };
    if (filename !== ':memory:') createForOwner(filename);
    const connection = new (this.driver as ConnectionClass)(filename, { timeout: lockTimeoutMs });
    connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
    return connection;
  }

  override async destroyRawConnection(connection: Connection): Promise<void> {
    connection.close();
  }

  override async _query(connection: Connection, query: Query): Promise<Query> {
    await letOthersIn();
    const { statement, hasRows } = prepare(connection, query.sql === 'BEGIN;' ? begin : query.sql);
    const bindings = (query.bindings ?? []).map(toSqlite);
    if (hasRows) {
      query.response = statement.all(...bindings);
    } else {
      const { changes, lastInsertRowid } = statement.run(...bindings);
      query.context = { changes, lastID: lastInsertRowid };
    }
    return query;
  }
}

/** Its write-ahead log gets the rights of the file itself. */
function createForOwner(filename: string): void {
  closeSync(openSync(filename, 'a', 0o600));
}

function toSqlite(value: unknown): unknown {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return value;
    case 'boolean':
      return Number(value);
    case 'string':
      // The library would end the text there, without a word.
      return value.replaceAll('\0', '\uFFFD');
    default:
      if (value === null || value instanceof Uint8Array) return value;
      if (value instanceof Date) return value.valueOf();
      // Another object would be taken for named parameters.
      throw new TypeError(`SQLite cannot keep a value of type ${typeof value}.`);
  }
}

/** A unique index or a primary key refused the row. */
export function isSqliteDuplicate(error: unknown): boolean {
  const code = resultCode(error);
  return code === 2067 || code === 1555;
}

/** Another process writes, for longer than we wait. */
export function isSqliteBusy(error: unknown): boolean {
  return (resultCode(error) & 0xff) === 5;
}

/** SQLite's extended result code; 0 for errors that are not SQLite's. */
function resultCode(error: unknown): number {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode : 0;
}
