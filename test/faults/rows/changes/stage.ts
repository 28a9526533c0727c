import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, PlatformOptions } from 'im-platform';
import { CuttingWire, type CutHow } from '../../kit/cutting-wire.ts';
import { migratedFor } from '../../kit/databases.ts';
import { startOwnRedis } from '../../kit/few.ts';
import { fillPeople, PlatformProgram, tokenOf } from '../../kit/platform.ts';
import { platformCommand } from '../../kit/platform-command.ts';
import type { Random } from '../../kit/random.ts';
import type { Scope } from '../../kit/scope.ts';

export const [ann, bob, cleo] = [1, 2, 3];
/** Somebody who has no account: the other back end, with its key. */
export const backEnd = 'back end';
export const masterKey = `one:${Buffer.alloc(32, 1).toString('base64')}`;
const patienceMs = 120_000;

export interface Answer {
  readonly status: number;
  readonly body: {
    readonly id: string;
    readonly code?: string;
    readonly url?: string;
    readonly users?: number;
    readonly items?: readonly Answer['body'][];
    readonly content?: { readonly text?: string };
  };
}

/** What somebody asks for; `also`: what is answered when it was done before, and its answer was lost. */
export interface Change {
  readonly userId: number | typeof backEnd;
  readonly method?: string;
  readonly path: string;
  readonly body?: object;
  readonly key?: string;
  readonly also?: readonly string[];
}

export interface StageOptions {
  readonly store: 'sqlite' | 'mariadb';
  readonly random: Random;
  readonly users: number;
}

/** A platform that is killed, and comes back where it was. */
export class Stage {
  kills = 0;
  readonly databaseUrl: string;
  readonly filesDir: string;
  readonly users: number;
  readonly database: Database;
  readonly #serverKey: string;
  readonly #wire: CuttingWire;
  readonly #begin: (differs?: Partial<PlatformOptions>) => Promise<PlatformProgram>;
  #program: PlatformProgram;

  static async start(scope: Scope, { store, random, users }: StageOptions): Promise<Stage> {
    const filesDir = await mkdtemp(join(tmpdir(), 'im-test-changes-'));
    scope.onEnd(() => rm(filesDir, { recursive: true, force: true }));
    const database = await migratedFor(scope, store);
    const databaseUrl = database.url;
    await fillPeople(database, users);
    await befriend(database);
    await database.sql('im_admin').insert({ userId: ann, createdTime: Date.now() });
    const { url: redisUrl } = await startOwnRedis(scope);
    const platform = {
      ...{ drive: true, campaigns: true, campaignRate: 100_000, redPackets: true, sweepMs: 50 },
      ...{ playPayments: true, uploadsPerMinute: 1_000_000, requestTimeoutMs: 30_000 },
      encryptionKeys: [masterKey],
    };
    const key = ['--name', 'back end', '--scopes', 'campaigns', '--per-minute', '1000000'];
    const serverKey = (await platformCommand(['key', 'create', '--database', databaseUrl, ...key])).trim();
    const begin = (differs?: Partial<PlatformOptions>) =>
      PlatformProgram.start(scope, {
        ...{ databaseUrl, redisUrl, filesDir, platform: { ...platform, ...differs } },
      });
    const program = await begin();
    return new Stage({ database, databaseUrl, filesDir, serverKey, random, users, begin, program });
  }

  private constructor(given: {
    readonly database: Database;
    readonly databaseUrl: string;
    readonly filesDir: string;
    readonly serverKey: string;
    readonly random: Random;
    readonly users: number;
    readonly begin: (differs?: Partial<PlatformOptions>) => Promise<PlatformProgram>;
    readonly program: PlatformProgram;
  }) {
    this.database = given.database;
    this.databaseUrl = given.databaseUrl;
    this.filesDir = given.filesDir;
    this.#serverKey = given.serverKey;
    this.users = given.users;
    this.#begin = given.begin;
    this.#program = given.program;
    this.#wire = new CuttingWire(given.random, () => undefined);
  }

  /** One kill in the midst of all of them. Each is asked again until it is answered. `look`: before anybody asks again. */
  async killIn(how: CutHow, changes: readonly Change[], look: () => Promise<void>): Promise<void> {
    const named = changes.map((change, index) => ({ change, who: `change ${index}` }));
    this.#wire.arm(
      named.map(({ who }) => ({ who, is: /./ })),
      how,
    );
    const done = Promise.all(named.map(({ change, who }) => this.must(change, who)));
    // What it says is heard below.
    done.catch(() => undefined);
    await Promise.race([
      this.#wire.cut(() => this.#program.kill()),
      done.then(() => new Promise(() => undefined)),
    ]);
    this.kills += 1;
    await look();
    await this.#leasesEnd();
    this.#program = await this.#begin();
    await done;
  }

  /** Another one in its place, which knows what it finds in the database alone. */
  async startAnew(platform: Partial<PlatformOptions> = {}): Promise<void> {
    await this.#program.kill();
    this.#program = await this.#begin(platform);
  }

  /** As if the minutes had passed, for which pages and slices are the instance's alone that is dead now. */
  async #leasesEnd(): Promise<void> {
    const { sql } = this.database;
    const now = Date.now();
    await sql('im_campaign_slice').where('nextTime', '>', now).update({ nextTime: now });
    await sql('im_campaign').where({ state: 'active' }).where('planAt', '>', now).update({ planAt: now });
  }

  /** Rejects when it is refused. */
  async must(change: Change, who = ''): Promise<Answer['body']> {
    const { method = 'POST', path, also = [] } = change;
    const until = performance.now() + patienceMs;
    for (;;) {
      const answer = await this.#ask(change, who);
      if (performance.now() > until)
        throw new Error(`${method} ${path} is answered by nobody: ${JSON.stringify(answer)}`);
      if (!answer || answer.status >= 500) {
        await sleep(30);
        continue;
      }
      const { status, body } = answer;
      if (status < 300 || also.includes(body.code ?? '')) return body;
      throw new Error(`${method} ${path} was answered ${status} ${JSON.stringify(body)}`);
    }
  }

  async #ask({ userId, method = 'POST', path, body, key }: Change, who: string): Promise<Answer | undefined> {
    const isForm = body instanceof FormData;
    const headers = {
      authorization: `Bearer ${userId === backEnd ? this.#serverKey : await tokenOf(userId)}`,
      ...(body && !isForm && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    const sent = body && (isForm ? body : JSON.stringify(body));
    const request = new Request(`${this.#program.url}/v1${path}`, {
      ...{ method, headers, ...(sent !== undefined && { body: sent }) },
    });
    try {
      const answer = await this.#wire.ask(who, request);
      const text = await answer.text();
      return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Answer['body'] };
    } catch (error) {
      if (error instanceof TypeError) return undefined;
      throw error;
    }
  }
}

async function befriend({ sql }: Database): Promise<void> {
  const createdTime = Date.now();
  for (const [userId, friendId] of [
    [ann, bob],
    [bob, ann],
  ] as const)
    await sql('im_friend').insert({ userId, friendId, friendNickName: `u${friendId}`, createdTime });
}
