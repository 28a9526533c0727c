import { added } from '../db/added.ts';
import type { Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';

// Who has how much, as books have kept it for five hundred years: nothing is made and nothing vanishes, it only goes from one account to
// another. So all balances together are nothing at every moment, and each is the sum of its entries. Amounts are whole numbers of the
// smallest unit. What came from outside stands there as less than nothing, and no other account ever does: the tables say so, too.

/** Where money comes from, and where it goes. */
export const outside = 'outside';
/** Of accounts that were deleted. */
export const unclaimed = 'unclaimed';

export function accountOf(userId: number): string {
  return `user:${userId}`;
}

/** What it was for, as its owner reads it. */
export type EntryKind = 'send' | 'grab' | 'refund' | 'top-up' | 'pay-out' | 'return' | 'unclaimed';

/** What one account gets, or gives. */
export interface Entry {
  readonly account: string;
  /** More than nothing: it gets so much. */
  readonly amount: number;
  /** Whose account it is, if it is somebody's. */
  readonly userId?: number | undefined;
}

export interface Transfer {
  /** What it is for: a second one with this name breaks the transaction of the database. */
  readonly name: string;
  readonly kind: EntryKind;
  /** Nothing together. */
  readonly entries: readonly Entry[];
}

export function entryOf(userId: number, amount: number): Entry {
  return { account: accountOf(userId), amount, userId };
}

/**
 * Within a transaction of the database. Who gives is looked at first, so that two who spend the same wait for each other; refuses when
 * there is not enough. In the order of their names, so that no two transfers wait in a circle.
 */
export async function transfer(sql: Sql, { name, kind, entries }: Transfer): Promise<void> {
  const sum = entries.reduce((all, { amount }) => all + amount, 0);
  if (sum !== 0 || !entries.every(({ amount }) => Number.isSafeInteger(amount) && amount !== 0))
    throw new Error(`The transfer ${name} makes ${sum} of nothing: ${JSON.stringify(entries)}`);
  const sorted = entries.toSorted((one, other) => (one.account < other.account ? -1 : 1));
  for (const { account, amount } of sorted) if (amount < 0) await take(sql, account, -amount);
  const gets = sorted.filter(({ amount }) => amount > 0);
  await sql('im_ledger_account')
    .insert(gets.map(({ account, amount: balance }) => ({ account, balance })))
    .onConflict('account')
    .merge({ balance: added(sql, 'balance') });
  const createdTime = Date.now();
  await sql('im_ledger_transaction').insert({ name, kind, createdTime });
  await sql('im_ledger_entry').insert(
    entries.map(({ account, amount, userId = null }) => ({
      ...{ transactionName: name, account, userId, kind, amount, createdTime },
    })),
  );
}

async function take(sql: Sql, account: string, amount: number): Promise<void> {
  const query = sql('im_ledger_account').where({ account });
  if (account !== outside) void query.where('balance', '>=', amount);
  const found = await query.update({ balance: sql.raw('balance - ?', [amount]) });
  if (found === 0) throw new Refusal('balanceTooLow');
}

/** An account that nobody has paid into is empty. */
export async function balanceOf(sql: Sql, account: string): Promise<number> {
  const row = await sql('im_ledger_account')
    .where({ account })
    .first<{ balance: number } | undefined>('balance');
  return row?.balance ?? 0;
}

/** What somebody leaves behind whose account is gone; their entries stay, without a name. */
export async function leaveUnclaimed(sql: Sql, userId: number): Promise<void> {
  const left = await balanceOf(sql, accountOf(userId));
  if (left === 0) return;
  const [last] = await entriesOf(sql, userId, { before: Number.MAX_SAFE_INTEGER, limit: 1 });
  await transfer(sql, {
    name: `unclaimed:${userId}:${last?.id ?? 0}`,
    kind: 'unclaimed',
    entries: [entryOf(userId, -left), { account: unclaimed, amount: left }],
  });
}

export interface EntryRow {
  readonly id: number;
  readonly transactionName: string;
  readonly kind: EntryKind;
  readonly amount: number;
  readonly createdTime: number;
}

/** Of one user, the latest first. */
export async function entriesOf(
  sql: Sql,
  userId: number,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<EntryRow[]> {
  return sql('im_ledger_entry')
    .where({ userId })
    .where('id', '<', before)
    .orderBy('id', 'desc')
    .limit(limit)
    .select<EntryRow[]>('id', 'transactionName', 'kind', 'amount', 'createdTime');
}
