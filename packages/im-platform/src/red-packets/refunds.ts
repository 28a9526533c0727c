import type { Logger } from 'im-common';
import { isUnavailable, type Database } from '../db/database.ts';
import type { Ending } from '../feature.ts';
import { entryOf, transfer, unclaimed } from '../ledger/ledger.ts';
import { regularly } from '../regularly.ts';
import { packetAccount, type RedPacket } from './red-packet.ts';
import { redPacketStore } from './red-packet-store.ts';

export interface RefundDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly logger: Logger;
  readonly everyMs: number;
  readonly onRefunded: (packet: RedPacket) => void;
}

const atOnce = 100;

/**
 * Gives back what nobody took, when the time of a packet is over. Runs in every instance: whoever holds the row of a packet sees whether
 * another one was faster, and the ledger takes each refund once.
 */
export class Refunds {
  readonly #deps: RefundDeps;

  constructor(deps: RefundDeps) {
    this.#deps = deps;
  }

  start(): Ending {
    const { everyMs, logger } = this.#deps;
    const failure = 'what is left of red packets could not be given back; the next round does it';
    return regularly({ everyMs, logger, failure }, (closing) => this.refundDue(closing));
  }

  async refundDue(closing?: AbortSignal): Promise<void> {
    const { database, logger } = this.#deps;
    let failed = 0;
    for (;;) {
      const page = { skip: failed, limit: atOnce };
      const due = closing?.aborted === true ? [] : await redPacketStore.due(database.sql, page);
      if (due.length === 0) return;
      for (const id of due)
        await this.#refund(id).catch((error: unknown) => {
          if (isUnavailable(error)) throw error;
          // Of one that cannot be given back the others are not to wait.
          failed += 1;
          logger.error({ err: error, packet: id }, 'the rest of a red packet could not be given back');
        });
    }
  }

  async #refund(id: string): Promise<void> {
    const packet = await this.#deps.database.transaction(async (sql) => {
      const held = await redPacketStore.hold(sql, id);
      if (!held || held.dueTime === null) return undefined;
      const { senderId, amount, takenAmount } = held;
      const left = amount - takenAmount;
      // An account that is being deleted is waited for.
      const sender = await sql('im_user')
        .where({ id: senderId })
        .forUpdate()
        .first<{ deletedTime: number | null } | undefined>('deletedTime');
      // To whom is gone nothing can be given.
      const isThere = sender?.deletedTime === null;
      await transfer(sql, {
        ...{ name: `refund:${id}`, kind: 'refund' },
        entries: [
          { account: packetAccount(id), amount: -left },
          isThere ? entryOf(senderId, left) : { account: unclaimed, amount: left },
        ],
      });
      await redPacketStore.refunded(sql, id, left);
      return { ...held, dueTime: null, refunded: left };
    });
    if (packet) this.#deps.onRefunded(packet);
  }
}
