import type { Database, Sql } from '../db/database.ts';
import { conversationOf } from '../messages/private/private-message.ts';
import { isBusyIn, type Call, type Side } from './call.ts';

/** A call without any sign of life from its two ends is over after this. */
const callTtlMs = 60_000;
/** And after this somebody counts as free again, though they may still come back to the call. */
const busyTtlMs = 30_000;

export type NewCall = Pick<Call, 'mode' | 'callerId' | 'callerTerminal' | 'acceptorId'>;

export class CallStore {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;

  constructor(database: Pick<Database, 'sql' | 'transaction'>) {
    this.#database = database;
  }

  /** Lets it ring, unless the one who is called is busy: false then. */
  async begin(call: NewCall): Promise<boolean> {
    const both = [call.callerId, call.acceptorId].sort((one, other) => one - other);
    return this.#database.transaction(async (sql) => {
      // Whoever calls one of the two at the same moment waits here, on whichever instance.
      await sql('im_user').whereIn('id', both).orderBy('id').forUpdate().select('id');
      const now = Date.now();
      const calls = (await sql('im_call')
        .whereIn('callerId', both)
        .orWhereIn('acceptorId', both)
        .select()) as (Call & { conversation: string })[];
      if (calls.some((other) => isBusyIn(other, call.acceptorId, now))) return false;

      const conversation = conversationOf(call.callerId, call.acceptorId);
      const over = calls.filter((other) => other.expiresAt <= now || other.conversation === conversation);
      const ids = over.map(({ id }) => id);
      await sql('im_call').whereIn('id', ids).delete();
      const busyUntil = now + busyTtlMs;
      await sql('im_call').insert({
        ...call,
        conversation,
        callerBusyUntil: busyUntil,
        acceptorBusyUntil: busyUntil,
        expiresAt: now + callTtlMs,
      });
      return true;
    });
  }

  /** The call between two users, if there is one. */
  find(one: number, other: number): Promise<Call | undefined> {
    return this.#database
      .sql('im_call')
      .where({ conversation: conversationOf(one, other) })
      .where('expiresAt', '>', Date.now())
      .first() as Promise<Call | undefined>;
  }

  /** False when another terminal was quicker, or the call is over. */
  async answer(id: number, terminal: number): Promise<boolean> {
    const now = Date.now();
    const busyUntil = now + busyTtlMs;
    const answered = await this.#database
      .sql('im_call')
      .where({ id })
      .whereNull('acceptorTerminal')
      .update({
        acceptorTerminal: terminal,
        answeredTime: now,
        callerBusyUntil: busyUntil,
        acceptorBusyUntil: busyUntil,
        expiresAt: now + callTtlMs,
      });
    return answered > 0;
  }

  /** The call lives on, and who says so stays busy. */
  async extend(id: number, side: Side): Promise<void> {
    const now = Date.now();
    await this.#database
      .sql('im_call')
      .where({ id })
      .update({ expiresAt: now + callTtlMs, [`${side}BusyUntil`]: now + busyTtlMs });
  }

  /** Both are free again. False when it was over already, or another terminal has taken the call meanwhile. */
  async end(sql: Sql, id: number, side: Side, terminal: number): Promise<boolean> {
    const call = sql('im_call').where({ id });
    if (side === 'acceptor')
      void call.where(
        (mine) => void mine.whereNull('acceptorTerminal').orWhere({ acceptorTerminal: terminal }),
      );
    return (await call.delete()) > 0;
  }
}
