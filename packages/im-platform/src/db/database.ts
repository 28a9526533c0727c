import type { Socket } from 'node:net';
import { count, readOptions, wrongOption, type Kind, type Kinds } from 'im-common/internal/checks';
import knex, { type Knex } from 'knex';
import MySql2Client from 'knex/lib/dialects/mysql2/index.js';
import { databaseUrl } from '../option-kinds.ts';
import { PlatformError, refused } from '../platform-error.ts';
import { laneCount, laneOf } from './lanes.ts';
import { toCamel, toSnake } from './column-names.ts';
import { databaseOf, namedAfter, nameErrorsOf } from './errors-of.ts';
import { findPlaces, holdLanes } from './lane-fences.ts';
import { PackedMySqlClient } from './packed-mysql.ts';
import { readAside, type Readable, type ReadCounts } from './replica.ts';
import { sealed, withKeys, type Sealing } from './sealing.ts';
import { Sessions, type SessionOptions } from './sessions.ts';
import { Silence } from './silence.ts';
import { Strays } from './strays.ts';
import { isSqliteBusy, isSqliteDuplicate, SqliteClient } from './sqlite.ts';

/** What every store asks: a connection pool, or one transaction of it. Columns are camelCase here and snake_case in SQL. */
export type Sql = Knex | Knex.Transaction;

export interface DatabaseOptions {
  /** `mysql://user:password@host:3306/name` for MySQL 8 and MariaDB 10.6 or newer; `sqlite:./data/im.db`, or `sqlite::memory:`. */
  readonly url: string;
  /** A replica of it, for history and search. @default the same as `url` */
  readonly replicaUrl?: string | undefined;
  /** How long such a read waits for the replica to have all that was stored before it; then `url` is read. @default 50 */
  readonly replicaWaitMs?: number | undefined;
  /** Connections that are kept at most, for each of them. SQLite has one. @default 10 */
  readonly poolSize?: number | undefined;
  /** Others, where lanes may be. Where each lane is stands in the first. @default none */
  readonly laneDatabases?: readonly NamedDatabase[] | undefined;
  /** How long one of those may say nothing to what it was asked; then the connection is given up. Commands ask for what takes long. @default for ever */
  readonly longestSilenceMs?: number | undefined;
}

/** A database of lanes beside the first. */
export interface NamedDatabase {
  readonly name: string;
  readonly url: string;
}

/** A database with lanes: conversations, their messages, and the places of people in them. */
export interface LaneDatabase {
  /** Empty: the first one. */
  readonly name: string;
  /** Whether lanes may be elsewhere, so that who changes one has to look. */
  readonly isOneOfSeveral: boolean;
  readonly dialect: 'mysql' | 'sqlite';
  /** Reads and writes. */
  readonly sql: Knex;
  /** What encrypts it; undefined: nothing does. */
  readonly sealing: Sealing | undefined;
  /** Runs `work` in a transaction, again when the database chose it as the victim of a deadlock, or keys were to be loaded first. */
  transaction<T>(work: (sql: Knex.Transaction) => Promise<T>): Promise<T>;
  /** The same, of what changes these lanes. They do not move meanwhile; those that are not here refuse it (lane-fences.ts). */
  changeIn<T>(lanes: Iterable<number>, work: (sql: Knex.Transaction) => Promise<T>): Promise<T>;
  /** Refuses lanes that are elsewhere, where nobody looks at fences: this process was told of one database (strays.ts). */
  refuseStrays(lanes: Iterable<number>): void;
  /** Connections beside the pool, for the log, which keeps one over several transactions. Not with SQLite, which has one. */
  openSessions(options: SessionOptions): Sessions;
}

/** The database of the platform. MySQL, MariaDB and SQLite differ in `dialect` and nowhere else but in db/ and the log's turn. */
export interface Database extends LaneDatabase, LanePlaces {
  readonly url: string;
  /** What costs, and changes nothing: read of the replica if it has by now all that was stored before, and here otherwise. `work` may run twice. */
  readAside<T>(work: (at: Readable) => Promise<T>): Promise<T>;
  /** Where such reads went; undefined: there is no replica. */
  readonly readCounts: Readonly<ReadCounts> | undefined;
  /** All that have lanes, or may get some; this one comes first. */
  readonly laneDatabases: readonly LaneDatabase[];
  /** Asks where lanes are, which is known from then on. With one database there is nothing to ask. */
  findLanes(): Promise<void>;
  /** Of one that was told of no other database: the names of those where lanes are all the same. What is in these it refuses from now on. */
  findStrays(): Promise<string[]>;
  /** From now on others that hang are hardly waited for. */
  hurry(): void;
  /** The lanes that are there; undefined: all, as there is one database. */
  lanesAt(place: LaneDatabase): readonly number[] | undefined;
  close(): Promise<void>;
}

/** Which database a lane is in. Whoever asks for what is in a lane asks here, and never says that it is the first. */
interface LanePlaces {
  ofLane(lane: number): LaneDatabase;
  of(conversation: string): LaneDatabase;
}

interface PoolOptions {
  readonly max: number;
  readonly silence?: Silence | undefined;
  readonly idleMs?: number;
  /** What of its settings each connection has. */
  readonly settings?: readonly string[];
  /** Whether statements may go together: see packed-mysql.ts. */
  readonly inPacks?: boolean;
  readonly isSealed?: boolean;
}

const allLanes = Array.from({ length: laneCount }, (_, lane) => lane);

/** How long anything waits for a connection, so that an outage is answered within five seconds. */
const connectTimeoutMs = 3_000;
const deadlockRetries = 4;

const namedDatabases: Kind<readonly NamedDatabase[]> = {
  expected: 'a list of { name, url }',
  hides: 'value',
  read: (value) => (Array.isArray(value) ? (value as readonly NamedDatabase[]) : undefined),
};

const kinds: Kinds<DatabaseOptions> = {
  ...{ url: databaseUrl, replicaUrl: databaseUrl },
  ...{ replicaWaitMs: count, poolSize: count, laneDatabases: namedDatabases, longestSilenceMs: count },
};

/** `seal`: what encrypts it; it is given what asks beside all transactions. */
export function openDatabase(options: DatabaseOptions, seal?: (sql: Knex) => Sealing): Database {
  const {
    url,
    replicaUrl,
    replicaWaitMs = 50,
    poolSize = 10,
    laneDatabases = [],
    longestSilenceMs,
  } = readDatabase(options);
  const isSealed = seal !== undefined;
  const sql = connect(url, { max: poolSize, isSealed });
  const sealing = seal?.(sql);
  sealWith(sql, sealing);
  const replica = replicaUrl === undefined ? undefined : connect(replicaUrl, { max: poolSize, isSealed });
  if (replica) sealWith(replica, sealing);
  const isOneOfSeveral = laneDatabases.length > 0;
  const silence = longestSilenceMs === undefined ? undefined : new Silence(longestSilenceMs);
  const others = laneDatabases.map((one) => {
    const opened = openNamed(one, { max: poolSize, isSealed, silence }, sealing);
    return toLaneDatabase({ ...one, sealing, isOneOfSeveral, silence, sql: opened });
  });
  const strays = new Strays();
  const database: Database = {
    ...toLaneDatabase({ name: '', url, sql, sealing, isOneOfSeveral, strays }),
    url,
    ofLane: (lane) => places?.[lane] ?? database,
    of: (conversation) => (places ? database.ofLane(laneOf(conversation)) : database),
    get laneDatabases() {
      return [database, ...others];
    },
    async findLanes() {
      if (!isOneOfSeveral) return;
      const names = await findPlaces(sql);
      places = allLanes.map((lane) => placeOf(names.get(lane) ?? '', lane));
    },
    findStrays: () => (isOneOfSeveral ? Promise.resolve([]) : strays.find(sql)),
    hurry: () => {
      silence?.hurry();
    },
    lanesAt: (place) =>
      isOneOfSeveral ? allLanes.filter((lane) => database.ofLane(lane).name === place.name) : undefined,
    readAside: (work) => (aside ? aside.read(work) : work(database)),
    get readCounts() {
      return aside?.counts;
    },
    async close() {
      await sql.destroy();
      await replica?.destroy();
      for (const other of others) await other.sql.destroy();
    },
  };
  let places: readonly LaneDatabase[] | undefined;
  const placeOf = (name: string, lane: number): LaneDatabase => {
    const found = database.laneDatabases.find((one) => one.name === name);
    if (found) return found;
    throw refused(
      `Lane ${lane} is in the database ${name}, which laneDatabases does not name; give its address to every instance.`,
    );
  };
  const aside =
    replica && database.dialect === 'mysql'
      ? readAside(database, replica, { longestWaitMs: replicaWaitMs, isAway: isOfNoOther })
      : undefined;
  return database;
}

function readDatabase(options: DatabaseOptions): DatabaseOptions {
  const read = readOptions('the options of a database', options, kinds, refused);
  if (read.url === undefined) throw refused(wrongOption('url', read.url, kinds.url));
  return { ...read, url: read.url };
}

interface LaneDatabaseParts extends NamedDatabase, Pick<LaneDatabase, 'sql' | 'sealing' | 'isOneOfSeveral'> {
  readonly silence?: Silence | undefined;
  /** Of the first one. */
  readonly strays?: Strays;
}

function toLaneDatabase(parts: LaneDatabaseParts): LaneDatabase {
  const { name, url, sql, sealing, isOneOfSeveral, silence, strays } = parts;
  const transaction: LaneDatabase['transaction'] = (work) =>
    namedAfter(name, () => repeated(() => sql.transaction(work)));
  return {
    ...{ name, isOneOfSeveral, sql, sealing, dialect: dialectOf(url), transaction },
    changeIn: (lanes, work) =>
      transaction(async (within) => {
        strays?.refuse(lanes);
        if (isOneOfSeveral) await holdLanes(within, lanes, name);
        return work(within);
      }),
    refuseStrays: (lanes) => strays?.refuse(lanes),
    openSessions(options) {
      const sessions = connect(url, {
        ...{ ...options, silence },
        ...{ inPacks: true, isSealed: sealing !== undefined },
      });
      sealWith(sessions, sealing);
      // Whoever listens to what is asked hears all of it.
      sessions.on('query', (query) => void sql.emit('query', query));
      return new Sessions(sessions, repeated);
    },
  };
}

function openNamed({ name, url }: NamedDatabase, pool: PoolOptions, sealing: Sealing | undefined): Knex {
  const sql = connect(url, pool);
  sealWith(sql, sealing);
  nameErrorsOf(sql, name);
  return sql;
}

/** Also with keys that it needed. */
function repeated<T>(attempt: () => Promise<T>): Promise<T> {
  return withKeys(() => again(attempt));
}

/** Once more, when the database chose it as the victim of a deadlock. */
async function again<T>(attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isDeadlock(error) || attempts > deadlockRetries) throw error;
    }
  }
}

function dialectOf(url: string): Database['dialect'] {
  return url.startsWith('mysql:') ? 'mysql' : 'sqlite';
}

function connect(url: string, pool: PoolOptions): Knex {
  try {
    return open(url, pool);
  } catch (error) {
    // Knex says it with the whole stack of the module loader. The other is what a package says that has no binary for us.
    if (!(error instanceof Error) || !/Cannot find module|No native build/.test(error.message)) throw error;
    const library = dialectOf(url) === 'sqlite' ? '@photostructure/sqlite' : 'mysql2';
    throw new PlatformError(
      'DRIVER_MISSING',
      `The library ${library} is not installed, or not for this system and Node. Run: npm install ${library}`,
      { cause: error },
    );
  }
}

function open(
  url: string,
  { max, silence, idleMs, settings = [], inPacks = false, isSealed = false }: PoolOptions,
): Knex {
  const naming: Knex.Config = {
    // Keys of SQLite may have no name.
    wrapIdentifier: (name: string | undefined, wrap) => wrap(name === undefined ? '' : toSnake(name)),
    postProcessResponse: toCamel,
    // What it would print reaches whoever asked as an error.
    log: {
      warn: () => undefined,
      error: () => undefined,
      deprecate: () => undefined,
      debug: () => undefined,
    },
  };
  if (dialectOf(url) === 'sqlite') {
    return knex({
      ...naming,
      client: isSealed ? sealed(SqliteClient) : SqliteClient,
      connection: { filename: url.slice('sqlite:'.length) },
      useNullAsDefault: true,
      pool: { min: 1, max: 1, ...forEver },
      acquireConnectionTimeout: connectTimeoutMs,
    });
  }
  return knex({
    ...naming,
    client: inPacks ? packedClient(isSealed) : isSealed ? sealed(MySql2Client) : 'mysql2',
    connection: {
      ...{ uri: url, charset: 'utf8mb4', connectTimeout: connectTimeoutMs },
      // An update that changes nothing has still found its row.
      flags: ['FOUND_ROWS'],
      multipleStatements: inPacks,
    },
    pool: {
      ...{ min: 0, max },
      ...(idleMs !== undefined && { idleTimeoutMillis: idleMs }),
      ...((silence ?? settings.length > 0) && {
        afterCreate: (connection: RawConnection, done: SetUp) => {
          silence?.watch(connection.stream);
          setUp(connection, settings, done);
        },
      }),
    },
    acquireConnectionTimeout: connectTimeoutMs,
  });
}

function packedClient(isSealed: boolean): typeof PackedMySqlClient {
  return isSealed ? sealed(PackedMySqlClient) : PackedMySqlClient;
}

function sealWith({ client }: Knex, sealing: Sealing | undefined): void {
  if (sealing) (client as { config: { sealing?: Sealing } }).config.sealing = sealing;
}

interface RawConnection {
  readonly stream: Socket;
  query(statement: string, done: (error: Error | null) => void): void;
}

type SetUp = (error: Error | null, connection: RawConnection) => void;

function setUp(connection: RawConnection, [first, ...rest]: readonly string[], done: SetUp): void {
  if (first === undefined) done(null, connection);
  else
    connection.query(`set session ${first}`, (error) => {
      if (error) done(error, connection);
      else setUp(connection, rest, done);
    });
}

/** The one connection of SQLite is the database itself when it is in memory: it must never be let go. */
const forEver = { idleTimeoutMillis: 2_147_483_647 };

function isDeadlock(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'ER_LOCK_DEADLOCK' || code === 'ER_LOCK_WAIT_TIMEOUT' || code === 'ER_CHECKREAD';
}

/** Whether a unique key refused the row. */
export function isDuplicate(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'ER_DUP_ENTRY' || isSqliteDuplicate(error);
}

const unavailableCodes: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'ER_CON_COUNT_ERROR',
  'ER_SERVER_SHUTDOWN',
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
]);

/** The same of the first one, or of its replica. */
function isOfNoOther(error: unknown): boolean {
  return isUnavailable(error) && databaseOf(error) === undefined;
}

/** Whether the database is away or too busy, so that the same may work later. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, fatal } = error as { code?: unknown; fatal?: unknown };
  return (
    error.name === 'KnexTimeoutError' || fatal === true || unavailableCodes.has(code) || isSqliteBusy(error)
  );
}
