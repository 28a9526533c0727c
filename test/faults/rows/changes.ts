import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate, openDatabase, type Database } from 'im-platform';
import { startMariaDb } from '../../support/index.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { CuttingWire, type CutHow } from '../kit/cutting-wire.ts';
import { startOwnRedis } from '../kit/few.ts';
import { fillPeople, PlatformProgram, tokenOf } from '../kit/platform.ts';
import { Random } from '../kit/random.ts';
import type { Scope } from '../kit/scope.ts';
import type { Row } from './row.ts';

const [ann, bob, cleo] = [1, 2, 3];
const fee = 100;
const patienceMs = 120_000;

/**
 * A platform is killed in the midst of what people and admins change in drives, campaigns, wallets and encrypted chats. One kill cuts off a request of
 * each kind. In every second round they were done, and their answers are lost; then all are asked again as clients do.
 */
export const changesUnderKills: Row = {
  name: 'changes',
  numbers: [],
  holds:
    'a platform is killed in the midst of changes of drives, campaigns, red packets, payments and encrypted chats: each is done as a whole and once, and what is counted is what is there',
  inTest: 1,
  inFull: 20,
  loadInTest: { devices: 600 },
  // Whom campaigns are for: some pages of planning, and some slices.
  async run({ times, seed, scope, devices: users = 4_500 }) {
    const random = new Random(seed);
    const problems: string[] = [];
    let [checked, kills] = [0, 0];
    // Within the suite the one or the other.
    const stores = (['sqlite', 'mariadb'] as const).filter(
      (_, index) => times > 1 || index === Math.floor(seed / 2) % 2,
    );
    for (const store of stores) {
      const stage = await Stage.start(scope, { store, random, users });
      for (let round = 0; round < times; round++) {
        const work = new Work(stage, round);
        await work.prepare();
        await stage.killIn((seed + round) % 2 === 0 ? 'answered' : 'begun', work.changes());
        await work.judge();
        checked += work.checked;
        for (const problem of work.problems) problems.push(`${store}, round ${round}: ${problem}`);
      }
      for (const problem of await wrongAtTheEnd(stage)) problems.push(`${store}: ${problem}`);
      kills += stage.kills;
    }
    return { faults: kills, checked, problems: problems.slice(0, 20) };
  },
};

interface Answer {
  readonly status: number;
  readonly body: {
    readonly id: string;
    readonly code?: string;
    readonly url?: string;
    readonly items?: readonly Answer['body'][];
    readonly content?: { readonly text?: string };
  };
}

/** What somebody asks for; `also`: what is answered when it was done before, and its answer was lost. */
interface Change {
  readonly userId: number;
  readonly method?: string;
  readonly path: string;
  readonly body?: object;
  readonly key?: string;
  readonly also?: readonly string[];
}

interface StageOptions {
  readonly store: 'sqlite' | 'mariadb';
  readonly random: Random;
  readonly users: number;
}

/** A platform that is killed, and comes back where it was. */
class Stage {
  kills = 0;
  readonly users: number;
  readonly database: Database;
  readonly #wire: CuttingWire;
  readonly #begin: () => Promise<PlatformProgram>;
  #program: PlatformProgram;

  static async start(scope: Scope, { store, random, users }: StageOptions): Promise<Stage> {
    const filesDir = await mkdtemp(join(tmpdir(), 'im-test-changes-'));
    scope.onEnd(() => rm(filesDir, { recursive: true, force: true }));
    const databaseUrl = store === 'sqlite' ? `sqlite:${join(filesDir, 'im.db')}` : await newMariaDb(scope);
    const database = openDatabase({ url: databaseUrl });
    scope.onEnd(() => database.close());
    await migrate(database.sql);
    await fillPeople(database, users);
    await befriend(database);
    await database.sql('im_admin').insert({ userId: ann, createdTime: Date.now() });
    const { url: redisUrl } = await startOwnRedis(scope);
    const platform = {
      ...{ drive: true, campaigns: true, campaignRate: 100_000, redPackets: true, sweepMs: 50 },
      ...{ playPayments: true, uploadsPerMinute: 1_000_000, requestTimeoutMs: 30_000 },
      encryptionKeys: [`one:${Buffer.alloc(32, 1).toString('base64')}`],
    };
    const begin = () => PlatformProgram.start(scope, { databaseUrl, redisUrl, filesDir, platform });
    return new Stage({ database, random, users, begin, program: await begin() });
  }

  private constructor(given: {
    readonly database: Database;
    readonly random: Random;
    readonly users: number;
    readonly begin: () => Promise<PlatformProgram>;
    readonly program: PlatformProgram;
  }) {
    this.database = given.database;
    this.users = given.users;
    this.#begin = given.begin;
    this.#program = given.program;
    this.#wire = new CuttingWire(given.random, () => undefined);
  }

  /** One kill in the midst of all of them. Each is asked again until it is answered. */
  async killIn(how: CutHow, changes: readonly Change[]): Promise<void> {
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
    await this.#leasesEnd();
    this.#program = await this.#begin();
    await done;
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
      authorization: `Bearer ${await tokenOf(userId)}`,
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

/** One round: what there is before, one change of each kind, and what has to have come of it. */
class Work {
  readonly problems: string[] = [];
  checked = 0;
  readonly #stage: Stage;
  readonly #round: number;
  readonly #nodes: Record<string, string> = {};
  readonly #urls: Record<string, string> = {};
  readonly #campaigns: Record<string, string> = {};
  #shareId = '';
  #listId = '';
  #group = '';
  #balance = 0;

  constructor(stage: Stage, round: number) {
    this.#stage = stage;
    this.#round = round;
  }

  async prepare(): Promise<void> {
    const stage = this.#stage;
    const root = await stage.must({ userId: ann, method: 'GET', path: '/drive' });
    this.#nodes['root'] = root.id;
    const top = await this.#folder(root.id, `round ${this.#round}`);
    this.#nodes['top'] = top;
    for (const name of ['to', 'moved', 'shared', 'unshared', 'trashed', 'restored', 'gone'])
      this.#nodes[name] = await this.#folder(top, name);
    for (const name of ['new', 'version', 'again']) this.#urls[name] = await this.#upload(name);
    for (const name of ['versioned', 'offered']) {
      const body = { url: await this.#upload(name), name };
      this.#nodes[name] = (await stage.must({ userId: ann, path: `/drive/nodes/${top}/files`, body })).id;
    }
    for (const name of ['restored', 'gone'])
      await stage.must({ userId: ann, method: 'DELETE', path: `/drive/nodes/${this.#nodes[name]}` });
    const body = { userId: String(bob), level: 'view' };
    const path = `/drive/nodes/${this.#nodes['unshared']}/shares`;
    this.#shareId = (await stage.must({ userId: ann, path, body })).id;

    for (const name of ['planned', 'stopped', 'paused']) this.#campaigns[name] = await this.#campaign(name);
    await this.#order('stopped', 'start');
    await this.#order('paused', 'start');
    const list = { name: `round ${this.#round}` };
    this.#listId = (await stage.must({ userId: ann, path: '/admin/campaign-lists', body: list })).id;

    const amount = 10 * fee;
    await stage.must({
      userId: ann,
      path: '/me/wallet/top-ups',
      body: { amount },
      key: `paid-${this.#round}`,
    });
    this.#balance = await this.#balanceOf(ann);
    await this.#dispute();
    // A conversation that has no key yet.
    this.#group = await this.#newGroup();
  }

  changes(): Change[] {
    const round = this.#round;
    const node = (name: string, more = ''): string => `/drive/nodes/${this.#nodes[name] ?? ''}${more}`;
    const packet = { amount: fee, shares: 1, split: 'equal', greeting: 'cheers' };
    const userIds = Array.from({ length: 2_000 }, (_, index) => String(index + 1));
    return [
      ...[
        { path: node('top', '/folders'), body: { name: 'made' }, key: `folder-${round}` },
        {
          path: node('top', '/files'),
          body: { url: this.#urls['new'], name: 'new.txt' },
          key: `file-${round}`,
        },
        {
          path: node('versioned', '/versions'),
          body: { url: this.#urls['version'] },
          also: ['FILE_REFUSED', 'NOT_FOUND'],
        },
        {
          ...{ method: 'PATCH', path: node('moved') },
          body: { parentId: this.#nodes['to'], name: 'moved, renamed' },
        },
        { path: node('shared', '/shares'), body: { userId: String(bob), level: 'edit' } },
        { path: node('shared', '/links'), body: { downloads: 3 } },
        { method: 'DELETE', path: `/drive/shares/${this.#shareId}`, also: ['NOT_FOUND'] },
        { method: 'DELETE', path: node('trashed'), also: ['DRIVE_STATE'] },
        { path: `/drive/trash/${this.#nodes['restored'] ?? ''}/restore`, also: ['DRIVE_STATE', 'NOT_FOUND'] },
        { method: 'DELETE', path: `/drive/trash/${this.#nodes['gone'] ?? ''}`, also: ['NOT_FOUND'] },
        { path: node('offered', '/message-file') },
        {
          ...{ path: '/admin/campaigns', key: `campaign-${round}` },
          body: toAll(`new ${round}`),
        },
        {
          ...{ path: `/admin/campaigns/${this.#campaigns['planned'] ?? ''}/orders` },
          ...{ body: { order: 'start' }, also: ['CAMPAIGN_STATE'] },
        },
        {
          ...{ path: `/admin/campaigns/${this.#campaigns['stopped'] ?? ''}/orders` },
          ...{ body: { order: 'stop' }, also: ['CAMPAIGN_STATE'] },
        },
        {
          ...{ path: `/admin/campaigns/${this.#campaigns['paused'] ?? ''}/orders` },
          ...{ body: { order: 'pause' }, also: ['CAMPAIGN_STATE'] },
        },
        { path: `/admin/campaign-lists/${this.#listId}/users`, body: { userIds } },
        {
          ...{ path: `/admin/payments/${this.#paymentId}/decision` },
          body: { decision: 'booked', reason: 'seen' },
        },
      ].map((change) => ({ userId: ann, ...change })),
      {
        ...{ userId: ann, path: `/conversations/${this.#withBob}/red-packets` },
        ...{ body: packet, key: `packet-${round}` },
      },
      {
        ...{ userId: cleo, path: `/conversations/${this.#group}/messages` },
        ...{ body: { content: { type: 'text', text: `secret ${round}` } }, key: `message-${round}` },
      },
    ];
  }

  async judge(): Promise<void> {
    const { sql } = this.#stage.database;
    const one = async (what: string, table: string, where: object, expected = 1): Promise<void> => {
      const [row] = await sql(table).where(where).count<{ rows: number | string }[]>('* as rows');
      this.checked += 1;
      if (Number(row?.rows) !== expected)
        this.problems.push(`${what}: ${row?.rows ?? 0}, expected ${expected}`);
    };
    const id = (name: string): number => Number(this.#nodes[name]);
    const top = id('top');
    await one('folders that were made', 'im_drive_node', { parentId: top, name: 'made', isFile: 0 });
    await one('files that were put', 'im_drive_node', { parentId: top, name: 'new.txt', version: 1 });
    await one('moved and renamed', 'im_drive_node', { id: id('moved'), parentId: id('to') });
    await one('shares', 'im_drive_share', { nodeId: id('shared'), kind: 'user', level: 2 });
    await one('shares that ended', 'im_drive_share', { nodeId: id('unshared') }, 0);
    await one('in the trash', 'im_drive_node', { id: id('trashed'), parentId: -ann });
    await one('restored', 'im_drive_node', { id: id('restored'), parentId: top });
    await one('removed for good', 'im_drive_node', { id: id('gone') }, 0);
    await one('versions', 'im_drive_node', { id: id('versioned'), version: 2 });
    await one('campaigns that were made', 'im_campaign', { name: `new ${this.#round}` });
    await one('stopped', 'im_campaign', { id: Number(this.#campaigns['stopped']), state: 'stopped' });
    await one('paused', 'im_campaign', { id: Number(this.#campaigns['paused']), state: 'paused' });
    await one('in the list', 'im_campaign_list_user', { listId: Number(this.#listId) }, 2_000);
    await one(
      'red packets',
      'im_red_packet',
      { senderId: ann, conversation: this.#withBob },
      this.#round + 1,
    );
    await one('decided payments', 'im_payment', { id: this.#paymentId, state: 'booked' });
    // What was paid, less what was sent.
    const balance = await this.#balanceOf(ann);
    if (balance !== this.#balance + 4 * fee - fee)
      this.problems.push(`the balance is ${balance}, and was ${this.#balance}`);

    await this.#isPlanned();
    const read = await this.#stage.must({
      ...{ userId: cleo, method: 'GET', path: `/conversations/${this.#group}/messages` },
    });
    const texts = (read.items ?? []).flatMap(({ content }) => content?.text ?? []);
    if (texts.filter((text) => text === `secret ${this.#round}`).length !== 1)
      this.problems.push(`the message is not there once: ${JSON.stringify(texts)}`);
  }

  /** Whom it is for: each once, though planning was cut off. */
  async #isPlanned(): Promise<void> {
    const { sql } = this.#stage.database;
    const id = Number(this.#campaigns['planned']);
    await waitUntil(
      `campaign ${id} is done`,
      async () => (await sql('im_campaign').where({ id }).first<{ state: string }>('state')).state === 'done',
      180_000,
    );
    const [row] = await sql('im_campaign_receiver')
      .where({ campaignId: id })
      .count<{ rows: number | string }[]>('* as rows');
    this.checked += 1;
    const { users } = this.#stage;
    if (Number(row?.rows) !== users) this.problems.push(`${row?.rows ?? 0} receivers, expected ${users}`);
  }

  get #withBob(): string {
    return `private:${ann}:${bob}`;
  }

  get #paymentId(): string {
    return `disputed-${this.#round}`.padEnd(22, 'A');
  }

  async #folder(parentId: string, name: string): Promise<string> {
    return (await this.#stage.must({ userId: ann, path: `/drive/nodes/${parentId}/folders`, body: { name } }))
      .id;
  }

  async #upload(name: string): Promise<string> {
    const body = new FormData();
    body.append('file', new Blob([`${name} of round ${this.#round}`]), 'a.txt');
    return (await this.#stage.must({ userId: ann, path: '/files?as=drive', body })).url ?? '';
  }

  async #campaign(name: string): Promise<string> {
    // Those that are ended are to be under way still.
    const pace = name === 'planned' ? {} : { ratePerSecond: 20 };
    const body = { ...toAll(`${name} ${this.#round}`), ...pace };
    return (await this.#stage.must({ userId: ann, path: '/admin/campaigns', body })).id;
  }

  async #order(name: string, order: string): Promise<void> {
    const path = `/admin/campaigns/${this.#campaigns[name] ?? ''}/orders`;
    await this.#stage.must({ userId: ann, path, body: { order }, also: ['CAMPAIGN_STATE'] });
  }

  async #newGroup(): Promise<string> {
    const { sql } = this.#stage.database;
    const createdTime = Date.now();
    const [id = 0] = await sql('im_group').insert({ name: 'new', ownerId: cleo, createdTime });
    await sql('im_group_member').insert({ groupId: id, userId: cleo, userNickName: 'cleo', createdTime });
    return `group:${id}`;
  }

  async #balanceOf(userId: number): Promise<number> {
    const row = await this.#stage.database
      .sql('im_ledger_account')
      .where({ account: `user:${userId}` })
      .first<{ balance: number } | undefined>('balance');
    return row?.balance ?? 0;
  }

  async #dispute(): Promise<void> {
    const { sql } = this.#stage.database;
    const [id, createdTime] = [this.#paymentId, Date.now()];
    await sql('im_payment').insert({
      ...{ id, userId: ann, direction: 'in', amount: 5 * fee, state: 'disputed', onceKey: id, asked: id },
      createdTime,
    });
    await sql('im_payment_dispute').insert({ paymentId: id, userId: ann, paidAmount: 4 * fee, createdTime });
  }
}

function toAll(name: string): object {
  return {
    ...{ name, segment: { everybody: true }, language: 'en' },
    variants: [{ name: 'A', share: 100, texts: { en: { title: 'Hello', body: 'News' } } }],
  };
}

/** Whether what is counted is what is there, and the books are right. */
async function wrongAtTheEnd({ database: { sql } }: Stage): Promise<string[]> {
  const problems: string[] = [];
  const same = async (what: string, said: string, are: string): Promise<void> => {
    const [one, other] = [await rowsOf(said), await rowsOf(are)];
    if (one !== other) problems.push(`${what}: said ${one}, and there is ${other}`);
  };
  const rowsOf = async (query: string): Promise<string> => {
    const answer: unknown = await sql.raw(query);
    const rows = (Array.isArray(answer) && Array.isArray(answer[0]) ? answer[0] : answer) as object[];
    return JSON.stringify(rows.map((row) => Object.values(row).map(String)));
  };
  const drives = 'from im_drive_node where parent_id = 0 order by owner_id';
  await same(
    'things in drives',
    `select owner_id, nodes ${drives}`,
    `select owner_id, (select count(*) - 1 from im_drive_node n where n.owner_id = im_drive_node.owner_id) ${drives}`,
  );
  const use = 'from im_file_usage where user_id > 0 order by user_id';
  await same(
    'bytes of files',
    `select user_id, bytes ${use}`,
    `select user_id, coalesce((select sum(stored_bytes) from im_file_info f where f.user_id = im_file_usage.user_id), 0) ${use}`,
  );
  await same(
    'rows that have the same bytes',
    'select id, refs from im_file_content order by id',
    'select id, (select count(*) from im_file_info f where f.content_id = im_file_content.id) from im_file_content order by id',
  );
  const fates = 'campaign_id, variant, state, reason';
  await same(
    'receivers of campaigns',
    `select ${fates}, receivers from im_campaign_count where receivers <> 0 order by ${fates}`,
    `select ${fates}, count(*) from im_campaign_receiver group by ${fates} order by ${fates}`,
  );
  await same('all balances', 'select sum(balance) from im_ledger_account', 'select 0');
  await same(
    'balances',
    'select account, balance from im_ledger_account order by account',
    'select a.account, coalesce((select sum(amount) from im_ledger_entry e where e.account = a.account), 0) from im_ledger_account a order by account',
  );
  return problems;
}

async function befriend({ sql }: Database): Promise<void> {
  const createdTime = Date.now();
  for (const [userId, friendId] of [
    [ann, bob],
    [bob, ann],
  ] as const)
    await sql('im_friend').insert({ userId, friendId, friendNickName: `u${friendId}`, createdTime });
}

async function newMariaDb(scope: Scope): Promise<string> {
  const mariadb = await startMariaDb();
  scope.onEnd(() => mariadb.stop());
  const root = openDatabase({ url: `${mariadb.url}mysql` });
  await root.sql.raw('create database im');
  await root.close();
  return `${mariadb.url}im`;
}
