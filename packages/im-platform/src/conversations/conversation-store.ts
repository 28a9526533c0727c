import type { Database, Sql } from '../db/database.ts';
import { findConversations } from './conversation-rows.ts';
import type { Conversation, ConversationMember } from './conversation.ts';
import { lift } from './places.ts';

/** What somebody makes of a conversation. Absent: stays as it is. */
export interface Settings {
  readonly isPinned?: boolean | undefined;
  readonly isArchived?: boolean | undefined;
  readonly isMarkedUnread?: boolean | undefined;
  /** Off the list until something new is said in it. */
  readonly isHidden?: boolean | undefined;
  readonly draft?: string | null | undefined;
}

/** Conversations and places in them, and what people change of their own. What they see is in conversation-states.ts. */
export class ConversationStore {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;

  constructor(database: Pick<Database, 'sql' | 'transaction'>) {
    this.#database = database;
  }

  find(names: readonly string[], sql: Sql = this.#database.sql): Promise<Map<string, Conversation>> {
    return findConversations(sql, names);
  }

  /** The number of its last message; 0: there is none. */
  async last(conversation: string): Promise<number> {
    return (await this.find([conversation])).get(conversation)?.lastNumber ?? 0;
  }

  member(userId: number, conversation: string, sql: Sql = this.#database.sql) {
    return sql('im_conversation_member')
      .where({ userId, conversation })
      .first<ConversationMember | undefined>();
  }

  /**
   * Everything up to that number is read, as far as there is something. Resolves with the stamp of the change; undefined: it was
   * read before, or the user is not in it.
   */
  moveRead(userId: number, conversation: string, upTo: number): Promise<number | undefined> {
    return this.#database.transaction((sql) => this.#moveRead(sql, userId, conversation, upTo));
  }

  /** Resolves with the stamp of the change; undefined: nothing changes, or they never were in it. */
  set(userId: number, conversation: string, settings: Settings): Promise<number | undefined> {
    const { isPinned, isArchived, isMarkedUnread, isHidden, draft } = settings;
    return this.#database.transaction(async (sql) => {
      // What is off the list is not waited for.
      if (isHidden === true) await this.#moveRead(sql, userId, conversation, Infinity);
      const changes: Record<string, unknown> = {};
      if (isPinned !== undefined) changes['pinned'] = isPinned ? 1 : 0;
      if (isArchived !== undefined) changes['archived'] = isArchived ? 1 : 0;
      if (isMarkedUnread !== undefined) changes['markedUnread'] = isMarkedUnread ? 1 : 0;
      if (isHidden !== undefined)
        changes['hiddenNumber'] = isHidden ? sql.raw('coalesce(??, ??)', ['leftNumber', 'readNumber']) : null;
      if (draft !== undefined) changes['draft'] = draft;
      if (Object.keys(changes).length === 0) return undefined;
      const found = await sql('im_conversation_member').where({ userId, conversation }).update(changes);
      return found > 0 ? lift(sql, userId, conversation) : undefined;
    });
  }

  async #moveRead(sql: Sql, userId: number, conversation: string, upTo: number): Promise<number | undefined> {
    // Locked first: what is theirs and what is last are of one moment then.
    const place = await sql('im_conversation_member')
      .where({ userId, conversation })
      .forUpdate()
      .first<ConversationMember | undefined>();
    if (place?.leftNumber !== null) return undefined;
    const last = (await findConversations(sql, [conversation])).get(conversation);
    if (!last) return undefined;
    const readNumber = Math.max(place.readNumber, Math.min(upTo, last.lastNumber));
    if (readNumber === place.readNumber && place.markedUnread === 0) return undefined;
    const sums =
      readNumber === last.lastNumber
        ? { skippedAtRead: last.skipped, ownAtRead: place.own }
        : await sumsAt(sql, place, readNumber);
    await sql('im_conversation_member')
      .where({ userId, conversation })
      .update({ readNumber, markedUnread: 0, ...sums });
    await sql('im_mention').where({ userId, conversation }).where('number', '<=', readNumber).delete();
    return lift(sql, userId, conversation);
  }
}

/** From where it was to where it is to be; the messages in between are looked at. */
async function sumsAt(
  sql: Sql,
  { userId, conversation, readNumber, skippedAtRead, ownAtRead }: ConversationMember,
  upTo: number,
): Promise<Pick<ConversationMember, 'skippedAtRead' | 'ownAtRead'>> {
  const isPrivate = conversation.startsWith('private:');
  const where = isPrivate ? { conversation } : { groupId: Number(conversation.slice('group:'.length)) };
  const [sums] = await sql(isPrivate ? 'im_private_message' : 'im_group_message')
    .where(where)
    .whereBetween('number', [readNumber + 1, upTo])
    .select<Record<'skipped' | 'own', number | string | null>[]>(
      sql.raw(`sum(case when ${countsForNobody} then 1 else 0 end) as skipped`),
      sql.raw(`sum(case when ${countsForNobody} then 0 when ?? = ? then 1 else 0 end) as own`, [
        'sendId',
        userId,
      ]),
    );
  return {
    skippedAtRead: skippedAtRead + Number(sums?.skipped ?? 0),
    ownAtRead: ownAtRead + Number(sums?.own ?? 0),
  };
}

/** As `counts` in conversation.ts. */
const countsForNobody = '(type in (10, 21) or (type in (40, 41) and status = 3))';
