import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from 'im-platform';
import { waitUntil } from '../../support/wait-until.ts';
import { migratedFor } from '../kit/databases.ts';
import { startOwnRedis } from '../kit/few.ts';
import { fillPeople, PlatformProgram, tokenOf, type PlatformChildOptions } from '../kit/platform.ts';
import { firstLine, runFromSource } from '../kit/program.ts';
import { PaymentService } from '../kit/payment-service.ts';
import { Random } from '../kit/random.ts';
import type { Scope } from '../kit/scope.ts';
import { Payers } from './payers.ts';
import type { Row } from './row.ts';

const sender = 1;
const perShare = 100;
/** People of the group who are not in the crowd, and pay in and have paid out meanwhile. */
const payers = 10;

interface Packet {
  readonly id: string;
  readonly taken: number;
  readonly mine: { readonly amount: number } | null;
  readonly refunded: number | null;
}

export interface Answer {
  readonly status: number;
  readonly body: Packet & {
    readonly code?: string;
    readonly items?: readonly { readonly id: string }[];
    readonly nextCursor?: string | null;
  };
  /** Undefined: it had to be asked again. */
  readonly ms: number | undefined;
}

/**
 * Crowds take shares of red packets while platforms are killed, and others pay in and have paid out at a provider that fails in every way.
 * SQLite belongs to one process, which is killed and comes back.
 */
export const redPacketsUnderKills: Row = {
  name: 'red-packets',
  numbers: [],
  holds:
    'platforms are killed while a crowd takes the shares of a red packet: each share goes once, the ledger sums to zero at every moment, the rest goes back once, and each payment is what its provider says, once',
  inTest: 1,
  inFull: 20,
  loadInTest: { devices: 60 },
  async run({ times, seed, scope, devices: users = 2_000 }) {
    const random = new Random(seed);
    const redis = await startOwnRedis(scope);
    const problems: string[] = [];
    const figures: Record<string, { value: number; unit: string; atLeast?: number }> = {};
    let checked = 0;
    for (const store of ['mariadb', 'sqlite'] as const) {
      const service = await PaymentService.start(scope, random);
      const opened = await open(scope, store, { users, redisUrl: redis.url, paymentsAt: service.url });
      const crowd = new Crowd(opened, {
        ...{ random, users },
        // Within the suite each process that starts is dear.
        comeBack: times > 1,
      });
      const userIds = Array.from({ length: payers }, (_, index) => users + index + 1);
      const paying = new Payers({ service, random, userIds, database: opened.database, platforms: crowd });
      await crowd.start(store === 'mariadb' ? 2 : 1);
      await paying.start();
      const quiet: number[] = [];
      const plain: number[] = [];
      const looks = await crowd.watchedWhile(async () => {
        for (let round = 0; round < times; round++) {
          quiet.push(...(await crowd.round(`quiet-${round}`, false)));
          plain.push(...(await crowd.askPlainly()));
          await paying.meanwhile(() => crowd.round(`killed-${round}`, true));
        }
        await crowd.refund(times > 1);
        await crowd.checkByCommand();
      });
      for (const problem of [...crowd.problems, ...paying.problems]) problems.push(`${store}: ${problem}`);
      checked += crowd.checked + paying.checked;
      const took = (name: string, all: number[]): void => {
        all.sort((one, other) => one - other);
        const at = (part: number): number => all[Math.floor(all.length * part)] ?? 0;
        figures[`${store}: ${name} of a crowd of ${users}, half took at most`] = {
          value: at(0.5),
          unit: 'ms',
        };
        figures[`${store}: ${name}, 99 of 100`] = { value: at(0.99), unit: 'ms' };
      };
      took('grabs', quiet);
      took('as many who ask who they are', plain);
      figures[`${store}: had to be asked again`] = { value: crowd.repeated, unit: '', atLeast: 1 };
      figures[`${store}: looks at the sum of all balances`] = { value: looks, unit: '', atLeast: 10 };
      figures[`${store}: payments`] = { value: paying.checked, unit: '', atLeast: times };
      figures[`${store}: payments that a kill broke off`] = { value: paying.repeated, unit: '', atLeast: 1 };
      for (const [how, value] of Object.entries(service.failures))
        figures[`${store}: calls of the provider that were ${how}`] = { value, unit: '' };
      figures[`${store}: disputed payments, all listed`] = { value: paying.disputed, unit: '' };
    }
    return { faults: 2 * times, checked, problems, figures };
  },
};

interface Opened {
  readonly database: Database;
  newInstance(): Promise<PlatformProgram>;
}

async function open(
  scope: Scope,
  store: 'mariadb' | 'sqlite',
  { users, ...where }: { readonly users: number; readonly redisUrl: string; readonly paymentsAt: string },
): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'im-test-packets-'));
  scope.onEnd(() => rm(folder, { recursive: true, force: true }));
  const database = await migratedFor(scope, store);
  await fillPeople(database, users + payers);
  const platform: PlatformChildOptions['platform'] = {
    ...{ redPackets: true, redPacketsPerDay: 1_000_000_000, sweepMs: 100 },
    requestTimeoutMs: 30_000,
  };
  const common = { ...where, databaseUrl: database.url, filesDir: folder, platform };
  return { database, newInstance: () => PlatformProgram.start(scope, common) };
}

/** All users of a group, of whom the first one sends. */
class Crowd {
  readonly problems: string[] = [];
  checked = 0;
  repeated = 0;
  readonly #opened: Opened;
  readonly #random: Random;
  readonly #users: readonly number[];
  #instances: PlatformProgram[] = [];
  /** Whether who is killed comes back though another one is there. */
  readonly #comeBack: boolean;
  /** Who is dead, and is asked to the end of the round all the same. */
  #gone: PlatformProgram | undefined;
  /** What everybody must have: what they paid in, sent, and took. */
  readonly #owned = new Map<number, number>();
  /** Called with each answer. */
  #heard: () => void = () => undefined;

  constructor(
    opened: Opened,
    {
      random,
      users,
      comeBack,
    }: { readonly random: Random; readonly users: number; readonly comeBack: boolean },
  ) {
    this.#opened = opened;
    this.#comeBack = comeBack;
    this.#random = random;
    this.#users = Array.from({ length: users }, (_, index) => index + 1);
  }

  async start(instances: number): Promise<void> {
    for (let index = 0; index < instances; index++) this.#instances.push(await this.#opened.newInstance());
  }

  /** Everybody asks for a share of one packet at once. Resolves with how long those took that were answered at once. */
  async round(name: string, isKilled: boolean): Promise<number[]> {
    const shares = Math.ceil(this.#users.length / 20);
    const id = await this.#send(name, shares);
    const asking = this.#users.map((userId) => this.ask(userId, `/v1/red-packets/${id}/grab`));
    // When some are answered: from nobody to most of them.
    const killing = isKilled && this.#kill(this.#random.between(0, Math.ceil(this.#users.length * 0.7)));
    const answers = await Promise.all(asking);
    // While who was killed is away still, also when all were answered in one moment.
    const again = await Promise.all(
      this.#users.map((userId) => this.ask(userId, `/v1/red-packets/${id}/grab`)),
    );
    await killing;
    this.#instances = this.#instances.filter((one) => one !== this.#gone);
    await this.#judge(name, { id, shares }, answers, again);
    return answers.flatMap(({ ms }) => ms ?? []);
  }

  /** The same crowd asks for what costs next to nothing: what HTTP and who they are takes of it. */
  async askPlainly(): Promise<number[]> {
    const asking = this.#users.map((userId) => this.ask(userId, '/v1/me', { method: 'GET' }));
    return (await Promise.all(asking)).flatMap(({ ms }) => ms ?? []);
  }

  /** Of a packet of which a few have taken a share the rest goes back, once, whichever instance does it. */
  async refund(isKilled: boolean): Promise<void> {
    const id = await this.#send('refunded', 50);
    const few = this.#users.slice(0, 7);
    const answers = await Promise.all(few.map((userId) => this.ask(userId, `/v1/red-packets/${id}/grab`)));
    for (const [index, { body }] of answers.entries()) this.#owns(few[index] ?? 0, body.mine?.amount ?? 0);
    const { sql } = this.#opened.database;
    await sql('im_red_packet').where({ id }).update({ endTime: 1, dueTime: 1 });
    if (isKilled) await this.#kill();
    const look = (): Promise<Answer> => this.ask(sender, `/v1/red-packets/${id}`, { method: 'GET' });
    await waitUntil('the rest is back', async () => (await look()).body.refunded !== null, 60_000);
    const taken = answers.reduce((all, { body }) => all + (body.mine?.amount ?? 0), 0);
    const { refunded } = (await look()).body;
    if (refunded !== 50 * perShare - taken)
      this.problems.push(`${refunded ?? 0} went back, ${taken} was taken`);
    this.#owns(sender, refunded ?? 0);
    await this.#checkBalances();
  }

  /** Looks at the sum of all balances all the time. Resolves with how often. */
  async watchedWhile(work: () => Promise<void>): Promise<number> {
    let isOver = false;
    let looks = 0;
    const look = async (): Promise<void> => {
      while (!isOver) {
        const [row] = await this.#opened.database
          .sql('im_ledger_account')
          .sum<{ sum: number | string }[]>('balance as sum');
        looks += 1;
        if (Number(row?.sum) !== 0) this.problems.push(`all balances were ${String(row?.sum)} together`);
        await sleep(10);
      }
    };
    const ending = work().finally(() => (isOver = true));
    await Promise.all([ending, look()]);
    return looks;
  }

  async #send(name: string, shares: number): Promise<string> {
    const amount = shares * perShare;
    await this.ask(sender, '/v1/me/wallet/top-ups', { body: { amount }, key: `paid-${name}` });
    const body = { amount, shares, split: 'lucky', greeting: name };
    const path = '/v1/conversations/group:1/red-packets';
    const { status, body: packet } = await this.ask(sender, path, { body, key: name });
    if (status !== 201) throw new Error(`Sending ${name}: ${status} ${JSON.stringify(packet)}`);
    return packet.id;
  }

  async #judge(
    name: string,
    { id, shares }: { readonly id: string; readonly shares: number },
    answers: readonly Answer[],
    again: readonly Answer[],
  ): Promise<void> {
    const rows = await this.#opened.database
      .sql('im_red_packet_grab')
      .where({ packetId: id })
      .select<{ userId: number; amount: number }[]>('userId', 'amount');
    const stored = new Map(rows.map(({ userId, amount }) => [userId, amount]));
    const sum = rows.reduce((all, { amount }) => all + amount, 0);
    if (stored.size !== shares || sum !== shares * perShare)
      this.problems.push(`${name}: ${rows.length} shares of ${shares}, ${sum} of ${shares * perShare}`);
    for (const [index, userId] of this.#users.entries()) {
      this.checked += 1;
      const amount = stored.get(userId);
      this.#owns(userId, amount ?? 0);
      for (const one of [answers[index], again[index]]) {
        const isRight =
          amount === undefined
            ? one?.body.code === 'RED_PACKET_CLOSED'
            : one?.status === 200 && one.body.mine?.amount === amount;
        if (!isRight)
          this.problems.push(
            `${name}: user ${userId} has ${amount ?? 0}, and was told ${JSON.stringify(one)}`,
          );
      }
    }
    await this.#checkBalances();
  }

  /** What each has is what they were told. */
  async #checkBalances(): Promise<void> {
    const { sql } = this.#opened.database;
    const rows = await sql('im_ledger_account')
      .where('account', 'like', 'user:%')
      .select<{ account: string; balance: number }[]>('account', 'balance');
    for (const { account, balance } of rows) {
      const userId = Number(account.slice('user:'.length));
      if (userId > this.#users.length) continue;
      const expected = this.#owned.get(userId) ?? 0;
      if (balance !== expected) this.problems.push(`${account} has ${balance}, and should have ${expected}`);
    }
  }

  /** What the program says of the books. */
  async checkByCommand(): Promise<void> {
    const { url } = this.#opened.database;
    const command = runFromSource('packages/im-platform/src/main.ts', ['check-ledger', '--database', url]);
    const sum = await firstLine(command, (line) => /^sum +(\S+)/.exec(line)?.[1]);
    const { code } = await command.ended;
    if (code !== 0 || sum !== '0') this.problems.push(`the books: ${command.output}`);
  }

  #owns(userId: number, amount: number): void {
    this.#owned.set(userId, (this.#owned.get(userId) ?? 0) + amount);
  }

  async #kill(afterAnswers = 0): Promise<void> {
    await new Promise<void>((resolve) => {
      let left = afterAnswers;
      this.#heard = () => {
        if (left-- <= 0) resolve();
      };
      if (afterAnswers === 0) setImmediate(resolve);
    });
    const at = this.#random.between(0, this.#instances.length);
    await this.#instances[at]?.kill();
    if (this.#comeBack || this.#instances.length === 1)
      this.#instances[at] = await this.#opened.newInstance();
    else this.#gone = this.#instances[at];
  }

  /** Of one of those that were there last. */
  get url(): string {
    return this.#random.pick(this.#instances).url;
  }

  /** Until it is answered by what is there; the same again is the same. */
  async ask(
    userId: number,
    path: string,
    { method = 'POST', body, key }: { method?: string; body?: object; key?: string } = {},
  ): Promise<Answer> {
    const headers = {
      authorization: `Bearer ${await tokenOf(userId)}`,
      ...(body && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    for (let isFirst = true; ; isFirst = false) {
      const startedAt = performance.now();
      const answer = await fetch(this.url + path, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      })
        .then(async (response) => ({
          status: response.status,
          body: (await response.json()) as Answer['body'],
        }))
        .catch(() => undefined);
      this.#heard();
      if (answer && answer.status < 500)
        return { ...answer, ms: isFirst ? performance.now() - startedAt : undefined };
      this.repeated += 1;
      await sleep(this.#random.between(20, 100));
    }
  }
}
