import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Database, type PlatformOptions } from 'im-platform';
import { startMariaDb } from '../../../support/index.ts';
import { startOwnRedis } from '../../kit/few.ts';
import { platformCommand } from '../../kit/platform-command.ts';
import { PlatformProgram, startPeople, tokenOf, type PlatformChildOptions } from '../../kit/platform.ts';
import type { Scope } from '../../kit/scope.ts';
import type { RowOptions } from '../row.ts';

export const [owner, member, comer] = [1, 2, 3];
/** A change that has not ended by then asks for ever. */
export const mostDeaths = 60;

/** Two databases, an instance that lives, and others that die. */
export class World {
  readonly problems: string[] = [];
  readonly deaths: Record<string, number> = {};
  checked = 0;
  readonly #scope: Scope;
  readonly #child: PlatformChildOptions;
  readonly #say: RowOptions['say'];
  readonly database: Database;
  readonly survivor: PlatformProgram;
  /** For commands. */
  readonly where: readonly string[];

  private constructor(
    scope: Scope,
    child: PlatformChildOptions,
    database: Database,
    survivor: PlatformProgram,
    where: readonly string[],
    say: RowOptions['say'],
  ) {
    this.#scope = scope;
    this.#child = child;
    this.database = database;
    this.survivor = survivor;
    this.where = where;
    this.#say = say;
  }

  /** `lanes`: those that are in the second one. */
  static async start(scope: Scope, lanes: string, say: RowOptions['say']): Promise<World> {
    const redis = await startOwnRedis(scope);
    const { databaseUrl } = await startPeople(scope, 3);
    const east = await startMariaDb();
    scope.onEnd(() => east.stop());
    const root = openDatabase({ url: `${east.url}mysql` });
    await root.sql.raw('create database lanes');
    await root.close();
    const there = `${east.url}lanes`;
    const where = ['--database', databaseUrl, '--lane-databases', `east=${there}`];
    await platformCommand(['migrate', ...where]);
    await platformCommand(['lanes', 'move', lanes, 'east', ...where]);
    const database = openDatabase({ url: databaseUrl, laneDatabases: [{ name: 'east', url: there }] });
    scope.onEnd(() => database.close());
    const filesDir = await mkdtemp(join(tmpdir(), 'im-test-lanes-'));
    scope.onEnd(() => rm(filesDir, { recursive: true, force: true }));
    const platform = {
      laneDatabases: [`east=${there}`],
      sweepMs: 200,
      requestTimeoutMs: 30_000,
      search: false,
    };
    const child = { databaseUrl, redisUrl: redis.url, filesDir, platform };
    return new World(scope, child, database, await PlatformProgram.start(scope, child), where, say);
  }

  /** Another instance. `flags`: of Node, by which it dies. */
  startAnother(
    flags: readonly string[] = [],
    differs: Partial<PlatformOptions> = {},
  ): Promise<PlatformProgram> {
    const platform = { ...this.#child.platform, ...differs };
    return PlatformProgram.start(this.#scope, { ...this.#child, platform }, flags);
  }

  noteDeath(name: string): void {
    this.deaths[name] = (this.deaths[name] ?? 0) + 1;
    this.#say?.(`killed in: ${name}, ${this.deaths[name]}`);
  }

  expect(when: string, is: unknown, should: unknown): void {
    this.checked += 1;
    if (JSON.stringify(is) !== JSON.stringify(should))
      this.problems.push(`${when}: ${JSON.stringify(is)}, expected ${JSON.stringify(should)}`);
  }
}

export interface Call {
  readonly by: number;
  readonly method: string;
  readonly path: string;
  readonly body?: object | undefined;
  readonly key?: string | undefined;
}

/** Rejects when nothing answers, or it was not done. Whoever asks again may hear that there is nothing to do. */
export async function call(
  { url }: { readonly url: string },
  { by, method, path, body, key }: Call,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await tokenOf(by)}`,
      ...(body && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = await response.text();
  if (response.status >= 500) throw new Error(`${method} ${path}: ${response.status} ${answer}`);
  return { status: response.status, body: answer === '' ? undefined : JSON.parse(answer) };
}
