import type { Database, Sql } from '../db/database.ts';
import { findConversations } from './conversation-rows.ts';
import type { Conversation, ConversationMember } from './conversation.ts';
import { lift } from './places.ts';

// What a member has not read is (last − read) without what counts for nobody, without what is theirs, and without what was
// recalled. Of the first two the conversation and the place have running numbers, and the place knows those of when it
// read; only what was recalled since is looked up. So it is one row for each conversation, however many messages wait.

/** What somebody makes of a conversation. Absent: stays as it is. */
export interface Settings {
  readonly pinned?: boolean | undefined;
  readonly muted?: boolean | undefined;
  readonly archived?: boolean | undefined;
  readonly draft?: string | null | undefined;
}

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

  /** How many messages of each conversation that the user is in count and are not read. @default all of them */
  async unread(userId: number, conversations?: readonly string[]): Promise<Map<string, number>> {
    const { sql } = this.#database;
    const uncounted = sql('im_uncounted as u')
      .whereRaw('?? = ?? and ?? > ?? and ?? <= ?? and ?? <> ??', [
        ...['u.conversation', 'm.conversation', 'u.number', 'm.readNumber', 'u.number', 'c.lastNumber'],
        ...['u.sendId', 'm.userId'],
      ])
      .count('*')
      .as('uncounted');
    const rows = await sql('im_conversation_member as m')
      .join('im_conversation as c', 'c.conversation', 'm.conversation')
      .where({ userId })
      .whereNull('m.leftNumber')
      .modify((query) => {
        if (conversations) void query.whereIn('m.conversation', conversations);
      })
      .select<(Sums & { readonly conversation: string; readonly uncounted: number | string })[]>(
        'm.conversation',
        'm.readNumber',
        'm.skippedAtRead',
        'm.ownAtRead',
        'm.own',
        'c.lastNumber',
        'c.skipped',
        uncounted,
      );
    return new Map(rows.map((row) => [row.conversation, unreadIn(row) - Number(row.uncounted)]));
  }

  /**
   * Everything up to that number is read, as far as there is something. Resolves with the stamp of the change; undefined: it was
   * read before, or the user is not in it.
   */
  moveRead(userId: number, conversation: string, upTo: number): Promise<number | undefined> {
    return this.#database.transaction((sql) => this.#moveRead(sql, userId, conversation, upTo));
  }

  /** Takes the conversation off the user's list, with what it holds so far. */
  hide(userId: number, conversation: string): Promise<number | undefined> {
    return this.#database.transaction(async (sql) => {
      await this.#moveRead(sql, userId, conversation, Infinity);
      const hidden = await sql('im_conversation_member')
        .where({ userId, conversation })
        .update({ hiddenNumber: sql.raw('coalesce(??, ??)', ['leftNumber', 'readNumber']) });
      return hidden > 0 ? lift(sql, userId, conversation) : undefined;
    });
  }

  set(userId: number, conversation: string, { draft, ...flags }: Settings): Promise<number | undefined> {
    return this.#database.transaction(async (sql) => {
      const changes: Record<string, unknown> = draft === undefined ? {} : { draft };
      for (const [name, value] of Object.entries(flags))
        if (value !== undefined) changes[name] = value ? 1 : 0;
      if (Object.keys(changes).length === 0) return undefined;
      const found = await sql('im_conversation_member').where({ userId, conversation }).update(changes);
      return found > 0 ? lift(sql, userId, conversation) : undefined;
    });
  }

  /** How far members have read, and how many so far; the lowest first. */
  async readCounts(
    conversation: string,
  ): Promise<{ readonly readNumber: number; readonly members: number }[]> {
    const rows: { readNumber: number; members: number }[] = await this.#database
      .sql('im_conversation_member')
      .where({ conversation })
      .whereNull('leftNumber')
      .groupBy('readNumber')
      .orderBy('readNumber')
      .select('readNumber')
      .count('* as members');
    return rows;
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
    const readNumber = Math.min(upTo, last.lastNumber);
    if (readNumber <= place.readNumber) return undefined;
    const sums =
      readNumber === last.lastNumber
        ? { skippedAtRead: last.skipped, ownAtRead: place.own }
        : await sumsAt(sql, place, readNumber);
    await sql('im_conversation_member')
      .where({ userId, conversation })
      .update({ readNumber, ...sums });
    await sql('im_mention').where({ userId, conversation }).where('number', '<=', readNumber).delete();
    return lift(sql, userId, conversation);
  }
}

interface Sums extends Pick<ConversationMember, 'readNumber' | 'skippedAtRead' | 'ownAtRead' | 'own'> {
  readonly lastNumber: number;
  readonly skipped: number;
}

function unreadIn({ lastNumber, readNumber, skipped, skippedAtRead, own, ownAtRead }: Sums): number {
  return lastNumber - readNumber - (skipped - skippedAtRead) - (own - ownAtRead);
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
