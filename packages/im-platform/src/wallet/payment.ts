import type { Sql } from '../db/database.ts';
import { entryOf, unclaimed, type Entry } from '../ledger/ledger.ts';
import type { PaymentOrder } from './payment-provider.ts';

/**
 * `disputed`: the provider has said two things that cannot both be, or paid another amount: somebody has to look.
 * `booked`, `returned`: somebody did, and decided so.
 */
export const paymentStates = ['begun', 'done', 'refused', 'disputed', 'booked', 'returned'] as const;
export type PaymentState = (typeof paymentStates)[number];

export interface Payment extends PaymentOrder {
  readonly state: PaymentState;
  readonly url: string | null;
  readonly reason: string | null;
  readonly tries: number;
  readonly createdTime: number;
  readonly nextTime: number | null;
  readonly asked: string;
}

export const paymentColumns = [
  ...(['id', 'userId', 'direction', 'amount', 'state', 'url', 'reason', 'tries'] as const),
  ...(['createdTime', 'nextTime', 'asked'] as const),
] as const;

/** Nobody else changes it until the transaction ends. */
export function findPaymentForUpdate(sql: Sql, id: string): Promise<Payment | undefined> {
  return sql('im_payment')
    .where({ id })
    .forUpdate()
    .first<Payment | undefined>(...paymentColumns);
}

/** Where its money is that was taken from a balance and has not left. */
export function accountOfPayment(id: string): string {
  return `payment:${id}`;
}

/** To whom is gone nothing can be given. */
export async function entryOfPayer(sql: Sql, userId: number, amount: number): Promise<Entry> {
  const user = await sql('im_user')
    .where({ id: userId })
    .forUpdate()
    .first<{ deletedTime: number | null } | undefined>('deletedTime');
  return user?.deletedTime === null ? entryOf(userId, amount) : { account: unclaimed, amount };
}
