import { createToken } from 'im-common/token';
import { migrate, openDatabase, type Database, type PlatformOptions } from 'im-platform';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MariaDbServer } from '../../support/index.ts';
import { spawnTied, type TiedProcess } from '../../support/tied-process.ts';
import { migratedFor } from './databases.ts';
import { startOwnRedis } from './few.ts';
import { secret } from './im-server.ts';
import { newMariaDb } from './maria-db.ts';
import { asJson, firstLine, Program, runFromSource } from './program.ts';
import type { WriteAnswer, WriteOrder } from './log-writer.ts';
import type { Scope } from './scope.ts';

export interface PlatformChildOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly filesDir: string;
  /** The call of the bus at which it dies, and a piece of its list's name. */
  readonly dieAt?: { readonly method: string; readonly list: string };
  /** Whether it stores what `say` orders, with no request for each. */
  readonly writes?: boolean;
  /** Where its provider of payments answers. */
  readonly paymentsAt?: string;
  /** What differs from the sample that the other rows use. */
  readonly platform?: Partial<PlatformOptions>;
}

export interface Envelope<T> {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly data: T;
}

export interface StoredMessage {
  readonly id: number;
  readonly number: number;
  readonly content: string;
  readonly status: number;
}

const childFile = 'test/faults/kit/platform-child.ts';

/** An instance of the platform in a process of its own. */
export class PlatformProgram extends Program {
  readonly url: string;
  readonly #orders = new Map<number, (failed: readonly number[]) => void>();
  #lastOrder = 0;

  private constructor(process: TiedProcess, url: string) {
    super('platform', process);
    this.url = url;
    this.onLine((line) => {
      const { order, failed } = (asJson(line) ?? {}) as Partial<WriteAnswer>;
      if (order === undefined || failed === undefined) return;
      this.#orders.get(order)?.(failed);
      this.#orders.delete(order);
    });
  }

  static start(
    scope: Scope,
    options: PlatformChildOptions,
    nodeFlags: readonly string[] = [],
  ): Promise<PlatformProgram> {
    return PlatformProgram.#of(scope, runFromSource(childFile, [JSON.stringify(options)], nodeFlags));
  }

  /** Of other sources, which are in this folder. */
  static startIn(scope: Scope, folder: string, options: PlatformChildOptions): Promise<PlatformProgram> {
    const args = [
      '--conditions=im-source',
      '--import',
      'tsx',
      join(folder, childFile),
      JSON.stringify(options),
    ];
    const env = { PATH: process.env['PATH'], NODE_ENV: 'test' };
    return PlatformProgram.#of(scope, spawnTied({ program: process.execPath, args, cwd: folder, env }));
  }

  static async #of(scope: Scope, process: TiedProcess): Promise<PlatformProgram> {
    const url = await firstLine(process, (line) => asJson(line)?.['url'] as string | undefined);
    const program = new PlatformProgram(process, url);
    scope.onEnd(() => program.kill());
    return program;
  }

  /** A POST by this user. Rejects when nothing answers. */
  async post<T>(userId: number, path: string, body: unknown): Promise<Envelope<T>> {
    return this.ask<T>('POST', path, body, { accesstoken: await tokenOf(userId) });
  }

  /** Has it store these, all at once. Resolves with those that it could not; never when it is dead. */
  say(what: Omit<WriteOrder, 'order'>): Promise<readonly number[]> {
    this.#lastOrder += 1;
    const order: WriteOrder = { ...what, order: this.#lastOrder };
    return new Promise((resolve) => {
      this.#orders.set(order.order, resolve);
      this.process.writeLine(JSON.stringify(order));
    });
  }

  /** By whoever the headers say. */
  async ask<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Envelope<T>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, ...((await response.json()) as Omit<Envelope<T>, 'status'>) };
  }
}

/** Instances with a database and a Redis of their own, and two users who are friends. */
export async function startPlatforms(
  scope: Scope,
  options: {
    readonly instances?: number;
    readonly platform?: Partial<PlatformOptions>;
    readonly nodeFlags?: readonly string[];
  } = {},
): Promise<{ all: readonly PlatformProgram[]; database: Database }> {
  const { instances = 1, platform = {}, nodeFlags = [] } = options;
  const redis = await startOwnRedis(scope);
  const { databaseUrl, database } = await startPeople(scope, 2);
  const filesDir = await mkdtemp(join(tmpdir(), 'im-test-files-'));
  scope.onEnd(() => rm(filesDir, { recursive: true, force: true }));
  const child = { databaseUrl, redisUrl: redis.url, filesDir, platform };
  const all: PlatformProgram[] = [];
  for (let n = 0; n < instances; n++) all.push(await PlatformProgram.start(scope, child, nodeFlags));
  return { all, database };
}

/** A platform takes none that is older than half an hour, whatever end it has. */
const renewTokensMs = 15 * 60_000;
const tokens = new Map<number, { readonly issuedAt: number; readonly token: Promise<string> }>();

/** Of another terminal than the devices', which would otherwise be those that send. */
export function tokenOf(userId: number): Promise<string> {
  const known = tokens.get(userId);
  const issuedAt = Date.now();
  if (known && issuedAt - known.issuedAt < renewTokensMs) return known.token;
  const token = createToken(secret, {
    ...{ userId, terminal: 1, expiresInS: 14_400 },
    ...{ issuedAt, session: `session-${userId}` },
  });
  tokens.set(userId, { issuedAt, token });
  return token;
}

export interface People {
  readonly databaseUrl: string;
  readonly database: Database;
}

/** A database of MariaDB, with users 1 to `users` of whom everybody is everybody's friend, all in group 1. */
export async function startPeople(scope: Scope, users: number): Promise<People> {
  return peopleIn(await migratedFor(scope, 'mariadb'), users);
}

/** The same people on a durable MariaDB of their own, which may be hurt. */
export async function startPeopleAlone(
  scope: Scope,
  users: number,
): Promise<People & { readonly mariadb: MariaDbServer }> {
  const { mariadb, databaseUrl } = await newMariaDb(scope);
  const database = openDatabase({ url: databaseUrl });
  scope.onEnd(() => database.close());
  await migrate(database.sql);
  return { mariadb, ...(await peopleIn(database, users)) };
}

async function peopleIn(database: Database, users: number): Promise<People> {
  await fillPeople(database, users);
  await befriendAll(database, users);
  return { databaseUrl: database.url, database };
}

/** The same people in any database that is migrated, without friendships: so there may be thousands. */
export async function fillPeople({ sql }: Database, users: number): Promise<void> {
  const createdTime = Date.now();
  const endTime = createdTime + 86_400_000;
  await sql('im_group').insert({ id: 1, name: 'all', ownerId: 1, createdTime });
  // SQLite takes no more in one statement.
  for (let first = 1; first <= users; first += rowsPerInsert) {
    const ids = oneTo(users).slice(first - 1, first - 1 + rowsPerInsert);
    await sql('im_user').insert(
      ids.map((id) => ({ id, userName: `u${id}`, nickName: `u${id}`, password: '', createdTime })),
    );
    await sql('im_session').insert(
      ids.map((id) => ({
        ...{ id: `session-${id}`, userId: id, terminal: 1, network: '', refreshNumber: 1 },
        ...{ createdTime, issuedTime: createdTime, confirmedTime: createdTime },
        ...{ accessEndTime: createdTime, idleEndTime: endTime, endTime },
      })),
    );
    await sql('im_group_member').insert(
      ids.map((userId) => ({ groupId: 1, userId, userNickName: `u${userId}`, createdTime })),
    );
  }
}

const rowsPerInsert = 400;

function oneTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

async function befriendAll(database: Database, users: number): Promise<void> {
  const createdTime = Date.now();
  const ids = oneTo(users);
  for (const userId of ids) {
    const friends = ids.filter((id) => id !== userId);
    await database
      .sql('im_friend')
      .insert(friends.map((friendId) => ({ userId, friendId, friendNickName: `u${friendId}`, createdTime })));
  }
}
