import type { Database, Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { balanceOf, outside, transfer, type Entry } from '../ledger/ledger.ts';
import {
  accountOfPayment,
  entryOfPayer,
  findPaymentForUpdate,
  paymentColumns,
  type Payment,
  type PaymentState,
} from './payment.ts';

/** `booked`: the money went as the provider says. `returned`: it did not, or whoever paid has it back. */
export type Decision = Extract<PaymentState, 'booked' | 'returned'>;

/** What is known of one that was disputed; nothing of others. */
interface Dispute {
  readonly paidAmount: number | null;
  readonly disputedTime: number | null;
  readonly decidedBy: number | null;
  readonly decidedTime: number | null;
  readonly decisionReason: string | null;
}

export type SeenPayment = Payment & Dispute;

/** Those of which nobody is sure: the oldest first, from that place on. */
export interface PaymentPlace {
  readonly time: number;
  readonly id: string;
}

export interface Verdict {
  readonly decision: Decision;
  readonly reason: string;
  readonly adminId: number;
}

const columns = [
  ...paymentColumns.map((name) => `p.${name}` as const),
  ...(['d.paidAmount', 'd.decidedBy', 'd.decidedTime', 'd.decisionReason'] as const),
  'd.createdTime as disputedTime',
];

/** Where those who run the platform look at payments, and decide about those that are disputed. */
export class PaymentDesk {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;

  constructor(database: Pick<Database, 'sql' | 'transaction'>) {
    this.#database = database;
  }

  /** `begun`: nobody has heard how they stand. */
  async list(
    state: 'disputed' | 'begun',
    { after, limit }: { readonly after: PaymentPlace | undefined; readonly limit: number },
  ): Promise<SeenPayment[]> {
    const query = this.#database.sql('im_payment as p');
    if (state === 'disputed')
      void query.join('im_payment_dispute as d', 'd.paymentId', 'p.id').whereNull('d.decision');
    // As the index has it: those that are asked about, and no others, have a time for that.
    else void query.leftJoin('im_payment_dispute as d', 'd.paymentId', 'p.id').whereNotNull('p.nextTime');
    if (after) {
      const { time, id } = after;
      void query.whereRaw('(p.created_time > ? or (p.created_time = ? and p.id > ?))', [time, time, id]);
    }
    return query
      .orderBy([{ column: 'p.createdTime' }, { column: 'p.id' }])
      .limit(limit)
      .select<SeenPayment[]>(...columns);
  }

  async find(id: string, sql: Sql = this.#database.sql): Promise<SeenPayment> {
    const payment = await sql('im_payment as p')
      .leftJoin('im_payment_dispute as d', 'd.paymentId', 'p.id')
      .where('p.id', id)
      .first<SeenPayment | undefined>(...columns);
    if (!payment) throw new Refusal('paymentUnknown', { code: 404 });
    return payment;
  }

  /** Once, under the lock of the payment. The same of the same admin again is what it was: `isNew` is false. `also`: in its transaction. */
  decide(
    id: string,
    { decision, reason, adminId }: Verdict,
    also: (sql: Sql, isNew: boolean) => Promise<void>,
  ): Promise<SeenPayment> {
    return this.#database.transaction(async (sql) => {
      const locked = await findPaymentForUpdate(sql, id);
      const payment = await this.find(id, sql);
      const isAgain = locked?.state === decision && payment.decidedBy === adminId;
      if (!isAgain) {
        if (locked?.state !== 'disputed')
          throw new Refusal('paymentState', { values: { state: payment.state } });
        await move(sql, payment, decision);
        await sql('im_payment').where({ id }).update({ state: decision });
        await sql('im_payment_dispute')
          .where({ paymentId: id })
          .update({ decision, decidedBy: adminId, decidedTime: Date.now(), decisionReason: reason });
      }
      await also(sql, !isAgain);
      return this.find(id, sql);
    });
  }
}

/** What is held of it goes where it was decided; what was paid beyond that, or less, is between them and us. */
async function move(sql: Sql, payment: SeenPayment, decision: Decision): Promise<void> {
  const { id, userId, direction, amount } = payment;
  const account = accountOfPayment(id);
  const held = await balanceOf(sql, account);
  const paid = decision === 'returned' ? 0 : (payment.paidAmount ?? amount);
  const left = direction === 'in' ? -paid : paid;
  const entries: Entry[] = [
    { account, amount: -held },
    { account: outside, amount: left },
    await entryOfPayer(sql, userId, held - left),
  ].filter((one) => one.amount !== 0);
  if (entries.length === 0) return;
  const paidOut = decision === 'booked' ? 'pay-out' : 'return';
  await transfer(sql, { name: `decided:${id}`, kind: direction === 'in' ? 'top-up' : paidOut, entries });
}
