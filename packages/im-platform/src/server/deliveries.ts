import type { Readers } from '../conversations/readers.ts';
import type { Database } from '../db/database.ts';
import { findToldUsers } from '../events/told-users.ts';
import { groupIdOf } from '../groups/group.ts';
import { Refusal } from '../http/refusal.ts';
import { MessageStatus } from '../wire/message-type.ts';

export interface Delivery {
  readonly id: number;
  readonly sendId: number;
  readonly sendTime: number;
  readonly status: 'sent' | 'delivered' | 'read' | 'recalled';
  /** How many have read it, of how many that could. */
  readonly readers: number;
  readonly others: number;
}

export interface DeliveryDeps {
  readonly database: Pick<Database, 'sql' | 'of'>;
  readonly readers: Pick<Readers, 'count' | 'list'>;
}

interface Row {
  readonly id: number;
  readonly sendId: number;
  readonly sendTime: number;
  readonly status: number;
}

const columns = ['id', 'sendId', 'sendTime', 'status'] as const;

/** What became of messages. */
export class Deliveries {
  readonly #deps: DeliveryDeps;

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
  }

  find(conversation: string, number: number): Promise<Delivery> {
    return conversation.startsWith('group:')
      ? this.#ofGroup(conversation, number)
      : this.#ofTwo(conversation, number);
  }

  /** Those who have read it, or have not. */
  async readers(
    conversation: string,
    number: number,
    wanted: Parameters<Readers['list']>[2],
  ): Promise<{ readonly userId: number; readonly externalId: string | null }[]> {
    const { database, readers } = this.#deps;
    const { sendId } = await this.find(conversation, number);
    const rows = await readers.list(conversation, { number, sendId }, wanted);
    const users = await findToldUsers(
      database.sql,
      rows.map(({ userId }) => userId),
    );
    return rows.map(({ userId }) => ({ userId, externalId: users.get(userId)?.externalId ?? null }));
  }

  async #ofTwo(conversation: string, number: number): Promise<Delivery> {
    const { sql } = this.#deps.database.of(conversation);
    const row = await sql('im_private_message')
      .where({ conversation, number })
      .first<(Row & { readonly recvId: number }) | undefined>(...columns, 'recvId');
    if (!row) throw new Refusal('messageUnknown');
    const place = await sql('im_conversation_member')
      .where({ userId: row.recvId, conversation })
      .first<{ readNumber: number; deliveredNumber: number } | undefined>('readNumber', 'deliveredNumber');
    const { readNumber = 0, deliveredNumber = 0 } = place ?? {};
    const isRead = readNumber >= number;
    const isDelivered = isRead || deliveredNumber >= number;
    return {
      ...toDelivery(row, isRead ? 'read' : isDelivered ? 'delivered' : 'sent'),
      ...{ readers: isRead ? 1 : 0, others: 1 },
    };
  }

  async #ofGroup(conversation: string, number: number): Promise<Delivery> {
    const { database, readers } = this.#deps;
    const row = await database
      .of(conversation)
      .sql('im_group_message')
      .where({ groupId: groupIdOf(conversation), number })
      .first<Row | undefined>(...columns);
    if (!row) throw new Refusal('messageUnknown');
    const [count] = await readers.count(conversation, [{ number, sendId: row.sendId }]);
    return { ...toDelivery(row, 'sent'), readers: count?.readers ?? 0, others: count?.others ?? 0 };
  }
}

function toDelivery(
  { id, sendId, sendTime, status }: Row,
  reached: Delivery['status'],
): Omit<Delivery, 'readers' | 'others'> {
  return { id, sendId, sendTime, status: status === MessageStatus.RECALL ? 'recalled' : reached };
}
