import { createHash, randomBytes } from 'node:crypto';
import type { Logger } from 'im-common';
import { isDuplicate, type Database, type Sql } from '../db/database.ts';
import type { Ending } from '../feature.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import { entryOf, outside, transfer, type Entry } from '../ledger/ledger.ts';
import { regularly } from '../regularly.ts';
import type { PaymentNotice, PaymentOrder, PaymentProvider, PaymentStanding } from './payment-provider.ts';
import {
  accountOfPayment,
  entryOfPayer,
  findPaymentForUpdate,
  paymentColumns,
  type Payment,
  type PaymentState,
} from './payment.ts';

export interface PaymentDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly provider: PaymentProvider;
  readonly most: number;
  readonly logger: Logger;
  readonly everyMs: number;
  readonly timeoutMs: number;
}

const firstAgainMs = 2_000;
const latestAgainMs = 600_000;
/** Whoever was to pay in and was never heard of has not. */
const givenUpMs = 86_400_000;
const atOnce = 50;
const longestReason = 255;

/**
 * What is paid in and out. Each payment has a row before the provider hears of it, and each thing that the provider says moves it on at most
 * once, under the lock of that row: whether it is said in an answer, in a notice, when asked, or in all of them.
 */
export class Payments {
  readonly #deps: PaymentDeps;

  constructor(deps: PaymentDeps) {
    this.#deps = deps;
  }

  start(): Ending {
    const { everyMs, logger } = this.#deps;
    const failure = 'payments that nobody has heard of could not be asked about; the next round does it';
    return regularly({ everyMs, logger, failure }, (closing) => this.askDue(closing));
  }

  /** What is to be paid out is taken from the balance at once, so that it is not spent twice. */
  async begin(
    { userId }: Pick<Caller, 'userId'>,
    { direction, amount, onceKey }: Pick<PaymentOrder, 'direction' | 'amount'> & { readonly onceKey: string },
  ): Promise<Payment> {
    const { database, most } = this.#deps;
    if (amount > most) throw new Refusal('paymentAmount', { values: { most: String(most) } });
    const key = hash(onceKey);
    const asked = hash(JSON.stringify([direction, amount]));
    const earlier = await this.#begunBefore(userId, key, asked);
    if (earlier) return earlier;
    const id = randomBytes(16).toString('base64url');
    const now = Date.now();
    try {
      await database.transaction(async (sql) => {
        await sql('im_payment').insert({
          ...{ id, userId, direction, amount, state: 'begun', onceKey: key, asked, createdTime: now },
          nextTime: now + this.#deps.timeoutMs + firstAgainMs,
        });
        if (direction === 'out')
          await move(sql, `hold:${id}`, 'pay-out', [
            entryOf(userId, -amount),
            { account: accountOfPayment(id), amount },
          ]);
      });
    } catch (error) {
      const first = isDuplicate(error) ? await this.#begunBefore(userId, key, asked) : undefined;
      if (!first) throw error;
      return first;
    }
    await this.#ask('begin', { id, userId, direction, amount });
    return this.find({ userId }, id);
  }

  async find({ userId }: Pick<Caller, 'userId'>, id: string): Promise<Payment> {
    const payment = await this.#deps.database
      .sql('im_payment')
      .where({ id, userId })
      .first<Payment | undefined>(...paymentColumns);
    if (!payment) throw new Refusal('paymentUnknown', { code: 404 });
    return payment;
  }

  /** What the provider says by itself. Whatever comes that is not signed by it changes nothing. */
  async notice(body: string, headers: Readonly<Record<string, unknown>>): Promise<void> {
    const notice = this.#read(body, headers);
    if (!notice) throw new Refusal('noticeRefused');
    await this.#settle(notice.id, notice);
  }

  /** Those of which nothing was heard for too long. */
  async askDue(closing?: AbortSignal): Promise<void> {
    const { sql } = this.#deps.database;
    const due = await sql('im_payment')
      .where('nextTime', '<=', Date.now())
      .orderBy('nextTime')
      .limit(atOnce)
      .select<Payment[]>(...paymentColumns);
    for (const payment of due) {
      if (closing?.aborted === true) return;
      if (await this.#claim(payment)) await this.#ask('find', payment);
    }
  }

  /** False: another instance asks, or has heard of it. */
  async #claim({ id, nextTime, tries }: Payment): Promise<boolean> {
    const again = Math.min(firstAgainMs * 2 ** Math.min(tries, 20), latestAgainMs) + this.#deps.timeoutMs;
    const claimed = await this.#deps.database
      .sql('im_payment')
      .where({ id, nextTime, state: 'begun' })
      .update({ nextTime: Date.now() + again, tries: tries + 1 });
    return claimed > 0;
  }

  /** An answer that does not come says nothing: the payment stays as it is, and is asked about. */
  async #ask(what: 'begin' | 'find', order: PaymentOrder & { readonly createdTime?: number }): Promise<void> {
    const { provider, logger, timeoutMs } = this.#deps;
    const { id, userId, direction, amount } = order;
    const asked = { id, userId, direction, amount };
    try {
      const standing = await within(timeoutMs, (signal) => provider[what](asked, signal));
      if (standing.state !== 'unknown') await this.#settle(id, standing);
      else if (direction === 'out' || Date.now() - (order.createdTime ?? 0) < givenUpMs)
        // It never got there: with the same id it is done once all the same.
        await this.#settle(id, await within(timeoutMs, (signal) => provider.begin(asked, signal)));
      else await this.#settle(id, { state: 'refused', reason: 'nobody paid' });
    } catch (error) {
      logger.warn({ err: error, payment: id }, 'a payment provider did not answer; it is asked again');
    }
  }

  #read(body: string, headers: Readonly<Record<string, unknown>>): PaymentNotice | undefined {
    try {
      return this.#deps.provider.readNotice(body, headers);
    } catch {
      return undefined;
    }
  }

  /** Whatever of it was heard before, or cannot follow what was heard, changes no balance. */
  async #settle(id: string, standing: PaymentStanding): Promise<void> {
    const { database, logger } = this.#deps;
    await database.transaction(async (sql) => {
      const payment = await findPaymentForUpdate(sql, id);
      if (!payment) throw new Refusal('noticeRefused');
      const next = nextState(payment, standing);
      const { url, reason } = standing;
      if (next === payment.state) {
        if (next === 'begun' && url !== undefined) await sql('im_payment').where({ id }).update({ url });
        return;
      }
      if (next === 'disputed') {
        logger.error({ payment: id, was: payment.state, said: standing }, 'a payment is disputed: see to it');
        await dispute(sql, payment, standing.amount);
      } else await pay(sql, payment, next);
      await sql('im_payment')
        .where({ id })
        .update({
          ...{ state: next, nextTime: null },
          ...(reason !== undefined && { reason: reason.slice(0, longestReason) }),
        });
    });
  }

  async #begunBefore(userId: number, onceKey: string, asked: string): Promise<Payment | undefined> {
    const payment = await this.#deps.database
      .sql('im_payment')
      .where({ userId, onceKey })
      .first<Payment | undefined>(...paymentColumns);
    if (payment && payment.asked !== asked) throw new Refusal('idempotencyKeyReused');
    return payment;
  }
}

/** What a payment comes to by what is said of it. */
export function nextState(
  { state, direction, amount }: Pick<Payment, 'state' | 'direction' | 'amount'>,
  said: PaymentStanding,
): PaymentState {
  // Whatever is said then, a person decides, or has decided.
  if (state === 'disputed' || state === 'booked' || state === 'returned') return state;
  if (said.state === 'pending' || said.state === 'unknown') return state;
  if (said.state === 'refused')
    // What was done is done: a refusal that comes after it was on its way for longer.
    return state === 'begun' ? 'refused' : state;
  if (state === 'done') return state;
  if (said.amount !== amount) return 'disputed';
  // Refused, and then paid in after all: it is theirs. Paid out after it was given back: paid twice.
  return state === 'refused' && direction === 'out' ? 'disputed' : 'done';
}

/** An amount that no books can hold is none. */
async function dispute(
  sql: Sql,
  { id: paymentId, userId }: Payment,
  said: number | undefined,
): Promise<void> {
  const paidAmount = Number.isSafeInteger(said) && Number(said) > 0 ? said : null;
  await sql('im_payment_dispute').insert({ paymentId, userId, paidAmount, createdTime: Date.now() });
}

async function pay(sql: Sql, { id, userId, direction, amount }: Payment, next: PaymentState): Promise<void> {
  const theirs = await entryOfPayer(sql, userId, amount);
  if (direction === 'in' && next === 'done')
    await move(sql, `in:${id}`, 'top-up', [{ account: outside, amount: -amount }, theirs]);
  if (direction === 'out' && next === 'done')
    await move(sql, `out:${id}`, 'pay-out', [
      { account: accountOfPayment(id), amount: -amount },
      { account: outside, amount },
    ]);
  if (direction === 'out' && next === 'refused')
    await move(sql, `return:${id}`, 'return', [{ account: accountOfPayment(id), amount: -amount }, theirs]);
}

function move(
  sql: Sql,
  name: string,
  kind: 'top-up' | 'pay-out' | 'return',
  entries: readonly Entry[],
): Promise<void> {
  return transfer(sql, { name, kind, entries });
}

/** Also when the provider does not heed the signal. */
async function within<T>(timeoutMs: number, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs);
  return Promise.race([
    ask(signal),
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error(`no answer within ${timeoutMs} ms`)), {
        once: true,
      });
    }),
  ]);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
