import { byIndex } from '../db/by-index.ts';
import { askEach } from '../db/by-lane-database.ts';
import { chunksOf } from '../db/chunks.ts';
import type { Sql } from '../db/database.ts';
import type { Readable } from '../db/replica.ts';
import {
  inRanges,
  nameOf,
  type MessageKey,
  type NumberRange,
  type RangeKey,
} from '../message-details/detail-rows.ts';
import { conversationOfGroup, groupIdOf } from '../groups/group.ts';
import {
  fromRow,
  groupColumns,
  type GroupMessage,
  type GroupMessageRow,
} from '../messages/group/group-message.ts';
import { conversationOf, privateColumns, type PrivateMessage } from '../messages/private/private-message.ts';
import { MessageType } from '../wire/message-type.ts';
import { showOfGroup, showPrivate, type Beside, type ShownMessage } from './message-view.ts';

/** A message of either kind, as it is stored. */
export type MessageRow = MessageKey &
  (
    | { readonly kind: 'private'; readonly message: PrivateMessage }
    | { readonly kind: 'group'; readonly message: GroupMessage }
  );

const rangesPerQuery = 200;

/** Reads messages of both kinds by numbers, those that the user may see. */
export class MessageRows {
  readonly #database: Pick<Readable, 'of'>;

  constructor(database: Pick<Readable, 'of'>) {
    this.#database = database;
  }

  /** In the order of their numbers. */
  async find(userId: number, ranges: readonly NumberRange[]): Promise<MessageRow[]> {
    if (ranges.length === 0) return [];
    const rows = await askEach(this.#database, ranges, (database, some) => this.#in(database, userId, some));
    // Here, as MySQL would sort them, too: it goes through several ranges in no order.
    return rows.sort((one, other) => one.number - other.number);
  }

  async #in(
    { sql }: Pick<Readable, 'sql'>,
    userId: number,
    ranges: readonly NumberRange[],
  ): Promise<MessageRow[]> {
    const [ofTwo, ofGroups, deleted] = await Promise.all([
      this.#private(
        sql,
        ranges.filter(({ conversation }) => isPrivate(conversation)),
      ),
      this.#ofGroups(
        sql,
        userId,
        ranges.filter(({ conversation }) => !isPrivate(conversation)),
      ),
      this.#deleted(sql, userId, ranges),
    ]);
    return [...ofTwo, ...ofGroups].filter((row) => deleted.size === 0 || !deleted.has(nameOf(row)));
  }

  async #private(sql: Sql, ranges: readonly NumberRange[]): Promise<MessageRow[]> {
    const found: PrivateMessage[] = [];
    for (const some of chunksOf(ranges, rangesPerQuery))
      found.push(
        ...(await sql('im_private_message')
          .where(inRanges(some))
          .select<PrivateMessage[]>(...privateColumns)),
      );
    return found.filter(isShown).map(ofPrivate);
  }

  async #ofGroups(sql: Sql, userId: number, ranges: readonly NumberRange[]): Promise<MessageRow[]> {
    const found: GroupMessageRow[] = [];
    for (const some of chunksOf(ranges, rangesPerQuery))
      found.push(
        ...(await sql(byIndex(sql, 'im_group_message', 'uk_group_number'))
          .where(inRanges(some, byGroup))
          .select<GroupMessageRow[]>(...groupColumns)),
      );
    return found
      .map(fromRow)
      .filter(isShown)
      .filter(({ recvIds }) => recvIds.length === 0 || recvIds.includes(userId))
      .map(ofGroup);
  }

  /** Those that the user has deleted for themselves. */
  async #deleted(sql: Sql, userId: number, ranges: readonly NumberRange[]): Promise<Set<string>> {
    const names = new Set<string>();
    for (const some of chunksOf(ranges, rangesPerQuery)) {
      const rows = await sql('im_message_deleted')
        .where({ userId })
        .where(inRanges(some))
        .select<MessageKey[]>('conversation', 'number');
      for (const row of rows) names.add(nameOf(row));
    }
    return names;
  }
}

/** One of either kind, whoever may see it. */
export async function findRow(
  sql: Sql,
  { conversation, number }: MessageKey,
): Promise<MessageRow | undefined> {
  if (isPrivate(conversation)) {
    const message = await sql('im_private_message')
      .where({ conversation, number })
      .first<PrivateMessage | undefined>(...privateColumns);
    return message && ofPrivate(message);
  }
  const row = await sql('im_group_message')
    .where({ groupId: groupIdOf(conversation), number })
    .first<GroupMessageRow | undefined>(...groupColumns);
  return row && ofGroup(fromRow(row));
}

export function showRow({ kind, message }: MessageRow, beside: Beside): ShownMessage {
  return kind === 'private' ? showPrivate(message, beside) : showOfGroup(message, beside);
}

function ofPrivate(message: PrivateMessage): MessageRow {
  const { sendId, recvId, number } = message;
  return { kind: 'private', conversation: conversationOf(sendId, recvId), number, message };
}

function ofGroup(message: GroupMessage): MessageRow {
  return {
    kind: 'group',
    conversation: conversationOfGroup(message.groupId),
    number: message.number,
    message,
  };
}

export function isPrivate(conversation: string): boolean {
  return conversation.startsWith('private:');
}

export const byGroup: RangeKey = { column: 'group_id', keyOf: groupIdOf };

/** Who recalled a message is seen at that message. */
function isShown({ type }: { readonly type: number }): boolean {
  return type !== MessageType.RECALL;
}
