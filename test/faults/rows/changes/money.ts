import type { Judge, Kind } from './kind.ts';
import { ann, bob, type Change, type Stage } from './stage.ts';

const fee = 100;
const withBob = `private:${ann}:${bob}`;

/** Red packets and payments. */
export class Money implements Kind {
  readonly #stage: Stage;
  readonly #round: number;
  #balance = 0;

  constructor(stage: Stage, round: number) {
    this.#stage = stage;
    this.#round = round;
  }

  async prepare(): Promise<void> {
    const [path, body] = ['/me/wallet/top-ups', { amount: 10 * fee }];
    await this.#stage.must({ userId: ann, path, body, key: `paid-${this.#round}` });
    this.#balance = await this.#balanceOf(ann);
    await this.#dispute();
  }

  changes(): readonly Change[] {
    return [
      {
        ...{ userId: ann, path: `/admin/payments/${this.#paymentId}/decision` },
        body: { decision: 'booked', reason: 'seen' },
      },
      {
        ...{ userId: ann, path: `/conversations/${withBob}/red-packets`, key: `packet-${this.#round}` },
        body: { amount: fee, shares: 1, split: 'equal', greeting: 'cheers' },
      },
    ];
  }

  async judge(judge: Judge): Promise<void> {
    const packets = { senderId: ann, conversation: withBob };
    await judge.rows('red packets', 'im_red_packet', packets, this.#round + 1);
    await judge.rows('decided payments', 'im_payment', { id: this.#paymentId, state: 'booked' });
    // What was paid, less what was sent.
    judge.expect('the balance', await this.#balanceOf(ann), this.#balance + 4 * fee - fee);
  }

  get #paymentId(): string {
    return `disputed-${this.#round}`.padEnd(22, 'A');
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
