import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openDatabase, type Database } from 'im-platform';
import { startMariaDb } from '../../support/index.ts';
import { runnable } from '../../support/program-files.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { startOwnRedis } from '../kit/few.ts';
import { PlatformProgram, startPeople, tokenOf, type PlatformChildOptions } from '../kit/platform.ts';
import type { Scope } from '../kit/scope.ts';
import type { Row } from './row.ts';

const [owner, member, comer] = [1, 2, 3];
/** A change that has not ended by then asks for ever. */
const mostDeaths = 30;

interface Group {
  readonly id: number;
  /** Of the message of the owner. */
  readonly number: number;
}

/** Whoever asks again is answered by what was done before: that they are no member any more, or that it was done. */
interface Change {
  readonly by: number;
  readonly method: string;
  readonly path: (group: Group) => string;
  readonly body?: object;
  /** Tips that tell of it. */
  readonly tips: number;
  readonly members: readonly number[];
}

const messages = ({ id }: Group): string => `/v1/conversations/group:${id}/messages`;
const members = ({ id }: Group): string => `/v1/groups/${id}/members`;
const text = (said: string): object => ({ content: { type: 'text', text: said } });
const stay = { tips: 0, members: [owner, member] };

const changes: Readonly<Record<string, Change>> = {
  send: { by: owner, method: 'POST', path: messages, body: text('sent'), ...stay },
  edit: { by: owner, method: 'PATCH', path: ofMessage, body: text('edited'), ...stay },
  recall: { by: owner, method: 'DELETE', path: ofMessage, ...stay },
  reaction: {
    by: member,
    method: 'PUT',
    path: (group) => `${ofMessage(group)}/reactions/%F0%9F%91%8D`,
    ...stay,
  },
  read: {
    by: member,
    method: 'PUT',
    path: ({ id }) => `/v1/conversations/group:${id}/read`,
    body: { number: 2 },
    ...stay,
  },
  join: {
    ...{ by: owner, method: 'POST', path: members, body: { userIds: [String(comer)] } },
    ...{ tips: 1, members: [owner, member, comer] },
  },
  'put out': {
    ...{ by: owner, method: 'DELETE', path: (group) => `${members(group)}/${member}` },
    ...{ tips: 1, members: [owner] },
  },
  leave: {
    ...{ by: member, method: 'DELETE', path: (group) => `${members(group)}/${member}` },
    ...{ tips: 1, members: [owner] },
  },
  dismissal: { by: owner, method: 'DELETE', path: ({ id }) => `/v1/groups/${id}`, tips: 1, members: [] },
};

function ofMessage(group: Group): string {
  return `${messages(group)}/${group.number}`;
}

/** Dies by SIGKILL before the n-th statement that changes what a group is or has. What it does by itself beside it touches none of these. */
function dyingAt(nth: number): readonly string[] {
  const platform = new URL('../../../packages/im-platform/package.json', import.meta.url).href;
  const tables =
    'group|group_member|group_message|conversation|conversation_member|lane_order|message_detail|reaction';
  const preload = `
    let left = ${nth};
    const { Connection } = process.getBuiltinModule('module').createRequire(${JSON.stringify(platform)})('mysql2');
    for (const name of ['query', 'execute']) {
      const ask = Connection.prototype[name];
      Connection.prototype[name] = function (asked, ...more) {
        const sql = asked.sql ?? asked;
        if (/\\b(?:insert into|update|delete from) \`im_(?:${tables})\`/i.test(sql) && --left === 0) process.kill(process.pid, 'SIGKILL');
        return ask.call(this, asked, ...more);
      };
    }`;
  return ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
}

/** An instance is killed before each of the statements of each kind of change in a group that is in another database. */
export const severalDatabasesUnderKills: Row = {
  name: 'several-databases',
  numbers: [],
  holds:
    'a platform is killed in the middle of each kind of change in a group whose lane is in another database: asked again it is done once, numbers have no holes, and places are those of the members',
  inTest: 1,
  inFull: 1,
  async run({ times, scope }) {
    const world = await World.start(scope);
    for (let round = 0; round < times; round++)
      for (const [name, change] of Object.entries(changes)) await world.killIn(name, change);
    const { deaths, checked, problems } = world;
    const figures = Object.fromEntries(
      Object.entries(deaths).map(([name, value]) => [
        `killed in: ${name}`,
        { value, unit: '', atLeast: times },
      ]),
    );
    return { faults: Object.values(deaths).reduce((sum, one) => sum + one, 0), checked, problems, figures };
  },
};

class World {
  readonly problems: string[] = [];
  readonly deaths: Record<string, number> = {};
  checked = 0;
  readonly #scope: Scope;
  readonly #child: PlatformChildOptions;
  readonly #database: Database;
  readonly #survivor: PlatformProgram;

  private constructor(
    scope: Scope,
    child: PlatformChildOptions,
    database: Database,
    survivor: PlatformProgram,
  ) {
    this.#scope = scope;
    this.#child = child;
    this.#database = database;
    this.#survivor = survivor;
  }

  static async start(scope: Scope): Promise<World> {
    const redis = await startOwnRedis(scope);
    const { databaseUrl } = await startPeople(scope, 3);
    const east = await startMariaDb();
    scope.onEnd(() => east.stop());
    const root = openDatabase({ url: `${east.url}mysql` });
    await root.sql.raw('create database lanes');
    await root.close();
    const there = `${east.url}lanes`;
    const where = ['--database', databaseUrl, '--lane-databases', `east=${there}`];
    await command('migrate', ...where);
    await command('lanes', 'move', '0-63', 'east', ...where);
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
    return new World(scope, child, database, await PlatformProgram.start(scope, child));
  }

  /** Before its first statement, before its second one, and so on, until it lives. */
  async killIn(name: string, change: Change): Promise<void> {
    for (let nth = 1; nth <= mostDeaths; nth++) {
      const group = await this.#makeGroup();
      const dying = await PlatformProgram.start(this.#scope, this.#child, dyingAt(nth));
      const key = `${name.replaceAll(' ', '-')}-${group.id}`;
      const asked = { ...change, path: change.path(group), ...(change.path === messages && { key }) };
      const first = await call(dying, asked).catch((error: unknown) => error as Error);
      const isAlive = !(first instanceof Error);
      if (isAlive && first.status >= 400) this.problems.push(`${name}: ${JSON.stringify(first)}`);
      if (!isAlive) {
        this.deaths[name] = (this.deaths[name] ?? 0) + 1;
        await call(this.#survivor, asked);
      }
      await this.#judge(`${name}, killed at ${nth}`, change, group);
      await dying.kill();
      if (isAlive) return;
    }
    this.problems.push(`${name} has more than ${mostDeaths} statements`);
  }

  async #makeGroup(): Promise<Group> {
    const at = this.#survivor;
    const { body } = await call(at, {
      by: owner,
      method: 'POST',
      path: '/v1/groups',
      body: { name: 'club' },
    });
    const group = { id: Number((body as { id: string }).id), number: 2 };
    const invited = { userIds: [String(member)] };
    await call(at, { by: owner, method: 'POST', path: members(group), body: invited });
    await call(at, { by: owner, method: 'POST', path: messages(group), body: text('said') });
    return group;
  }

  async #judge(when: string, change: Change, { id: groupId }: Group): Promise<void> {
    const [first, there] = this.#database.laneDatabases;
    if (!first || !there) throw new Error('There are two databases');
    const conversation = `group:${groupId}`;
    await waitUntil(
      'all that was ordered is done',
      async () => (await first.sql('im_lane_order').where({ conversation }).select()).length === 0,
      60_000,
    );
    const rows = await there
      .sql('im_group_message')
      .where({ groupId })
      .orderBy('number')
      .select<{ number: number; type: number; content: string }[]>('number', 'type', 'content');
    const places = await there
      .sql('im_conversation_member')
      .where({ conversation, leftNumber: null })
      .orderBy('userId')
      .select<{ userId: number }[]>('userId');
    this.checked += rows.length;
    const expect = (what: string, is: unknown, should: unknown): void => {
      if (JSON.stringify(is) !== JSON.stringify(should))
        this.problems.push(`${when}: ${what} ${JSON.stringify(is)}, expected ${JSON.stringify(should)}`);
    };
    expect(
      'numbers are',
      rows.map(({ number }) => number),
      rows.map((_, index) => index + 1),
    );
    expect('tips are', rows.filter(({ type }) => type === 21).length, 1 + change.tips);
    expect(
      'places are',
      places.map(({ userId }) => userId),
      change.members,
    );
    const sent = rows.filter(({ content }) => content === 'sent').length;
    expect('what was sent is there', sent, change === changes['send'] ? 1 : 0);
  }
}

interface Call {
  readonly by: number;
  readonly method: string;
  readonly path: string;
  readonly body?: object | undefined;
  readonly key?: string | undefined;
}

/** Rejects when nothing answers, or it was not done. Whoever asks again may hear that there is nothing to do. */
async function call(
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

async function command(...args: readonly string[]): Promise<void> {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const env = { PATH: process.env['PATH'], NODE_ENV: 'test' };
  const program = [...runnable('packages/im-platform/src/main.ts'), ...args];
  await promisify(execFile)(process.execPath, program, { cwd: root, env });
}
