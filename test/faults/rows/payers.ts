import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, PaymentNotice, PaymentOrder, PaymentStanding } from 'im-platform';
import { notice } from '../../support/bad-provider.ts';
import { waitUntil } from '../../support/wait-until.ts';
import type { PaymentService } from '../kit/payment-service.ts';
import type { Random } from '../kit/random.ts';

/** What becomes of a payment at the provider, and what its row may say in the end: when it was paid in, and when it was paid out. */
const fates = {
  done: { in: ['done'], out: ['done'] },
  refused: { in: ['refused'], out: ['refused'] },
  'done late, and told of twice': { in: ['done'], out: ['done'] },
  'refused late': { in: ['refused'], out: ['refused'] },
  // Whoever has heard the refusal has given the money back.
  'refused, and done all the same': { in: ['done'], out: ['done', 'disputed'] },
  'done, and a refusal behind it': { in: ['done'], out: ['done', 'disputed'] },
  'another amount': { in: ['disputed'], out: ['disputed'] },
} as const;
/** Who runs the platform. */
const adminId = 1;
type Fate = keyof typeof fates;
const allFates = Object.keys(fates) as Fate[];

interface Row extends PaymentOrder {
  readonly state: string;
}

interface Deps {
  readonly service: PaymentService;
  readonly random: Random;
  readonly userIds: readonly number[];
  readonly database: Pick<Database, 'sql'>;
  readonly platforms: {
    readonly url: string;
    /** `ms` undefined: it had to be asked again. */
    ask(
      userId: number,
      path: string,
      asked: { readonly method?: string; readonly body?: object; readonly key?: string },
    ): Promise<{
      readonly body: {
        readonly id: string;
        readonly code?: string;
        readonly items?: readonly { readonly id: string }[];
        readonly nextCursor?: string | null;
      };
      readonly ms: number | undefined;
    }>;
  };
}

/** People who pay in and have paid out, one payment after the other, and what their provider says of it. */
export class Payers {
  readonly problems: string[] = [];
  checked = 0;
  repeated = 0;
  disputed = 0;
  readonly #deps: Deps;
  readonly #fates = new Map<string, Fate>();
  /** Payments, by what they were asked for with. */
  readonly #answered = new Map<string, string>();
  readonly #telling: Promise<void>[] = [];
  #rounds = 0;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { service, database } = this.#deps;
    service.provider.decides = (order) => this.#decide(order);
    await database.sql('im_admin').insert({ userId: adminId, createdTime: Date.now() });
  }

  /** All of it is judged when the work is done and the provider's line is good again. */
  async meanwhile(work: () => Promise<unknown>): Promise<void> {
    const { service, userIds } = this.#deps;
    const round = (this.#rounds += 1);
    // The crowd's money is there at once.
    service.isBadFor = (userId) => userIds.includes(userId);
    const working = { isOver: false };
    const paying = userIds.map((userId) => this.#pay(userId, round, working));
    await work().finally(() => (working.isOver = true));
    service.isBadFor = () => false;
    await Promise.all(paying);
    await this.#judge();
  }

  async #pay(userId: number, round: number, working: { readonly isOver: boolean }): Promise<void> {
    const { random, platforms } = this.#deps;
    for (let payment = 0; !working.isOver; payment++) {
      const path = random.chance(0.6) ? '/v1/me/wallet/top-ups' : '/v1/me/wallet/pay-outs';
      const key = `${userId}-${round}-${payment}`;
      const body = { amount: random.between(1, 500) };
      const answer = await platforms.ask(userId, path, { body, key });
      if (answer.ms === undefined) this.repeated += 1;
      if (answer.body.code === undefined) this.#answered.set(key, answer.body.id);
      else if (answer.body.code !== 'BALANCE_TOO_LOW')
        this.problems.push(`${key}: ${JSON.stringify(answer.body)}`);
    }
  }

  #decide(order: PaymentOrder): PaymentStanding {
    const { random, userIds } = this.#deps;
    const { id, amount } = order;
    // The crowd's own.
    if (!userIds.includes(order.userId)) return { state: 'done', amount };
    const done: PaymentNotice = { id, state: 'done', amount };
    const refused: PaymentNotice = { id, state: 'refused', reason: 'no' };
    const fate = random.pick(allFates);
    this.#fates.set(id, fate);
    switch (fate) {
      case 'done':
        return done;
      case 'refused':
        return refused;
      case 'done late, and told of twice':
        this.#later(id, done, [done, done]);
        return { state: 'pending' };
      case 'refused late':
        this.#later(id, refused, []);
        return { state: 'pending' };
      case 'refused, and done all the same':
        this.#later(id, done, [done]);
        return refused;
      case 'done, and a refusal behind it':
        this.#later(id, done, random.chance(0.5) ? [refused, done] : [done, refused]);
        return done;
      case 'another amount':
        return { state: 'done', amount: amount + 1 };
    }
  }

  #later(id: string, standing: PaymentStanding, notices: readonly PaymentNotice[]): void {
    const { service, random } = this.#deps;
    const waits = random.between(0, 500);
    const tell = async (): Promise<void> => {
      await sleep(waits);
      service.provider.becomes(id, standing);
      for (const one of notices) await this.#tell(one);
    };
    this.#telling.push(tell());
  }

  /** As long as nobody has taken it, as providers do. */
  async #tell(said: PaymentNotice): Promise<void> {
    await waitUntil(
      `the notice of ${said.id} is taken`,
      async () => (await notice(this.#deps.platforms.url, said)).status === 204,
      60_000,
    );
  }

  async #judge(): Promise<void> {
    const { database, userIds, service } = this.#deps;
    const { sql } = database;
    await waitUntil(
      'all is asked and told',
      async () => {
        // As if the platform had not heard of them for long. What got lost on its way is decided only now, and told of after that.
        const begun = await sql('im_payment').where({ state: 'begun' }).update({ nextTime: 1 });
        const telling = this.#telling.splice(0);
        await Promise.all(telling);
        return begun === 0 && telling.length === 0;
      },
      60_000,
    );
    const rows = await sql('im_payment')
      .whereIn('userId', userIds)
      .select<Row[]>('id', 'userId', 'direction', 'amount', 'state');
    this.checked = rows.length;
    const disputed = rows.filter(({ state }) => state === 'disputed').map(({ id }) => id);
    this.disputed = disputed.length;
    const listed = await this.#listed();
    if (listed.toSorted().join() !== disputed.toSorted().join())
      this.problems.push(`${disputed.length} are disputed, and admins are shown ${listed.length}`);
    const ids = new Set(rows.map(({ id }) => id));
    if (ids.size !== this.#answered.size)
      this.problems.push(`${ids.size} payments, of which ${this.#answered.size} were answered`);
    for (const [key, id] of this.#answered)
      if (!ids.has(id)) this.problems.push(`${key}: its payment ${id} is lost`);
    for (const row of rows) this.#judgeOne(row);
    for (const id of service.provider.orders.keys())
      if (this.#fates.has(id) && !ids.has(id))
        this.problems.push(`The provider has ${id}, and the platform not`);
    await this.#judgeBalances(rows);
  }

  /** What those who run the platform are shown to decide. */
  async #listed(): Promise<string[]> {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const path: string = `/v1/admin/payments?limit=200${cursor && `&cursor=${cursor}`}`;
      const { body } = await this.#deps.platforms.ask(adminId, path, { method: 'GET' });
      ids.push(...(body.items ?? []).map(({ id }) => id));
      cursor = body.nextCursor ?? null;
    }
    return ids;
  }

  #judgeOne({ id, direction, state }: Row): void {
    const fate = this.#fates.get(id);
    const may: readonly string[] = fate ? fates[fate][direction] : [];
    if (!may.includes(state))
      this.problems.push(
        `${direction} ${id} is ${state}, and at the provider it was ${fate ?? 'never heard of'}`,
      );
  }

  /** Each has what was paid in less what was paid out; of a payment that is disputed what is held stays so. */
  async #judgeBalances(rows: readonly Row[]): Promise<void> {
    const accounts = await this.#deps.database
      .sql('im_ledger_account')
      .select<{ account: string; balance: number }[]>('account', 'balance');
    const balances = new Map(accounts.map(({ account, balance }) => [account, balance]));
    const expected = new Map(this.#deps.userIds.map((userId) => [userId, 0]));
    for (const { id, userId, direction, amount, state } of rows) {
      const held = balances.get(`payment:${id}`) ?? 0;
      const mayHold = state === 'disputed' && this.#fates.get(id) === 'another amount' && direction === 'out';
      if (held !== (mayHold ? amount : 0))
        this.problems.push(`${direction} ${id} is ${state}, and holds ${held}`);
      const moved = state !== 'done' ? 0 : direction === 'in' ? amount : -amount;
      expected.set(userId, (expected.get(userId) ?? 0) + moved - held);
    }
    for (const [userId, amount] of expected) {
      const has = balances.get(`user:${userId}`) ?? 0;
      if (has !== amount) this.problems.push(`Payer ${userId} has ${has}, and should have ${amount}`);
    }
  }
}
