import { checkLedger, isSound } from '../../src/ledger/check-ledger.ts';
import { entryOf, outside, transfer } from '../../src/ledger/ledger.ts';
import { unwrap, type ApiClient, type ApiProblem } from '../../src/client/index.ts';
import type { Database } from '../../src/index.ts';

let count = 0;

/** As if somebody had paid it in. */
export function credit(database: Pick<Database, 'transaction'>, userId: number, amount: number) {
  return database.transaction((sql) =>
    transfer(sql, {
      ...{ name: `test:${++count}:${userId}`, kind: 'top-up' },
      entries: [{ account: outside, amount: -amount }, entryOf(userId, amount)],
    }),
  );
}

/** Throws unless the books are as they must be. */
export async function assertSound(database: Pick<Database, 'transaction'>): Promise<void> {
  const check = await checkLedger(database);
  if (!isSound(check)) throw new Error(`The ledger is not as it must be: ${JSON.stringify(check)}`);
}

export async function balanceOf(api: ApiClient): Promise<number> {
  return (await unwrap(api.GET('/v1/me/wallet'))).balance;
}

/** Of the problem that it ends with; undefined: it is done. */
export function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  return promise.then(
    () => undefined,
    (error: unknown) => (error as ApiProblem).code,
  );
}

/** A red packet of this user's, who has money, and a payment that is disputed, under the ids of the examples. */
export async function insertRedPacket(
  database: Pick<Database, 'sql' | 'transaction'>,
  { senderId, groupId }: { readonly senderId: number; readonly groupId: number },
): Promise<void> {
  const id = 'A'.repeat(22);
  await credit(database, senderId, 50_000);
  await database.transaction(async (sql) => {
    await transfer(sql, {
      ...{ name: `send:${id}`, kind: 'send' },
      entries: [entryOf(senderId, -1_000), { account: `packet:${id}`, amount: 1_000 }],
    });
    const endTime = Date.now() + 86_400_000;
    await sql('im_red_packet').insert({
      ...{ id, senderId, conversation: `group:${groupId}`, amount: 1_000, shares: 10, split: 'equal' },
      ...{ greeting: 'cheers', amounts: JSON.stringify(Array.from({ length: 10 }, () => 100)) },
      ...{ createdTime: Date.now(), endTime, dueTime: endTime, onceKey: id, asked: id },
    });
    await sql('im_payment').insert({
      ...{ id, userId: senderId, direction: 'in', amount: 50_000, state: 'disputed', onceKey: id, asked: id },
      createdTime: Date.now(),
    });
    await sql('im_payment_dispute').insert({
      ...{ paymentId: id, userId: senderId, paidAmount: 40_000, createdTime: Date.now() },
    });
  });
}
