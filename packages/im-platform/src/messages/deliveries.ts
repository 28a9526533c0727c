import { IMListener, IMListenerType, ResultCode, type GroupResult, type PrivateResult } from 'im-client';
import type { DeliveredPositions } from '../conversations/delivered-positions.ts';
import { byIdDatabase, changeAt } from '../db/by-lane-database.ts';
import type { Database } from '../db/database.ts';
import { laneOfId } from '../db/lanes.ts';
import { conversationOf } from './private/private-message.ts';
import { MessageStatus } from '../wire/message-type.ts';
import type { PlatformMessages, PrivatePush } from '../push/platform-im.ts';

/** Counts outcomes by kind and reason. */
export type CountOutcome = (kind: 'private' | 'group', reason: string, receivers: number) => void;

/**
 * A private message is DELIVERED when a device of its receiver has it: the result says so truly, whichever instance
 * sent it.
 */
@IMListener(IMListenerType.PRIVATE_MESSAGE)
export class PrivateDeliveries {
  readonly #database: Pick<Database, 'ofLane'>;
  readonly #positions: Pick<DeliveredPositions, 'note'>;
  readonly #count: CountOutcome;

  constructor(
    database: Pick<Database, 'ofLane'>,
    positions: Pick<DeliveredPositions, 'note'>,
    count: CountOutcome,
  ) {
    this.#database = database;
    this.#positions = positions;
    this.#count = count;
  }

  async process(results: PrivateResult<PrivatePush>[]): Promise<void> {
    const delivered = new Set<number>();
    for (const { code, reason, receiver, data } of results) {
      this.#count('private', reason ?? 'DELIVERED', 1);
      if (code !== ResultCode.SUCCESS || data.id === undefined) continue;
      if (receiver.id !== String(data.recvId)) continue;
      delivered.add(data.id);
      const { sendId, recvId: userId, number = 0 } = data;
      this.#positions.note({ userId, conversation: conversationOf(sendId, userId), number });
    }
    await Promise.all(
      Array.from(byIdDatabase(this.#database, delivered), ([place, ids]) =>
        changeAt(place, ids.map(laneOfId), (sql) =>
          sql('im_private_message')
            .whereIn('id', ids)
            .where({ status: MessageStatus.PENDING })
            .update({ status: MessageStatus.DELIVERED }),
        ),
      ),
    );
  }
}

/** What becomes of group messages is followed by whoever sent them; here it is counted. */
@IMListener(IMListenerType.GROUP_MESSAGE)
export class GroupDeliveries {
  readonly #count: CountOutcome;

  constructor(count: CountOutcome) {
    this.#count = count;
  }

  process(results: GroupResult<PlatformMessages['group']>[]): void {
    for (const { receivers, reason, count } of results) {
      for (const receiver of receivers) this.#count('group', receiver.reason ?? 'DELIVERED', 1);
      // Of topics only their number is known.
      if (receivers.length === 0) this.#count('group', reason ?? 'DELIVERED', count);
    }
  }
}
