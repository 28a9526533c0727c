import { askThere } from '../db/ask-there.ts';
import { byLaneDatabase } from '../db/by-lane-database.ts';
import { chunksOf } from '../db/chunks.ts';
import type { Database, Sql } from '../db/database.ts';
import { findConversations } from './conversation-rows.ts';
import type { Conversation, ConversationMember } from './conversation.ts';
import { moveReads, type Moved, type Read } from './move-reads.ts';
import { laneOf, lanesOfAll } from '../db/lanes.ts';
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

const usersPerStatement = 500;

/** Conversations and places in them, and what people change of their own. What they see is in conversation-states.ts. */
export class ConversationStore {
  readonly #database: Pick<Database, 'sql' | 'of' | 'laneDatabases'>;

  constructor(database: Pick<Database, 'sql' | 'of' | 'laneDatabases'>) {
    this.#database = database;
  }

  async find(names: readonly string[]): Promise<Map<string, Conversation>> {
    const wanted = names.map((conversation) => ({ conversation }));
    const found = await Promise.all(
      Array.from(byLaneDatabase(this.#database, wanted), ([{ sql }, some]) =>
        findConversations(
          sql,
          some.map(({ conversation }) => conversation),
        ),
      ),
    );
    return new Map(found.flatMap((some) => [...some]));
  }

  /** The number of its last message; 0: there is none. */
  async last(conversation: string): Promise<number> {
    return (await this.find([conversation])).get(conversation)?.lastNumber ?? 0;
  }

  /** The numbers of those of its messages that are kept; with none the last is before the first. */
  async span(conversation: string): Promise<{ readonly first: number; readonly last: number }> {
    const row = await this.#database
      .of(conversation)
      .sql('im_conversation')
      .where({ conversation })
      .first<{ firstNumber: number; lastNumber: number } | undefined>('firstNumber', 'lastNumber');
    return { first: row?.firstNumber ?? 1, last: row?.lastNumber ?? 0 };
  }

  member(userId: number, conversation: string, sql: Sql = this.#database.of(conversation).sql) {
    return sql('im_conversation_member')
      .where({ userId, conversation })
      .first<ConversationMember | undefined>();
  }

  /** In groups that they are in, or have left since. Not those of a database that is away. */
  async groupPlaces(userId: number, leftSince: number): Promise<ConversationMember[]> {
    const { found } = await askThere(this.#database, async (at) => {
      const places = await at
        .sql('im_conversation_member')
        .where({ userId })
        .where('conversation', 'like', 'group:%')
        .where((shown) => void shown.whereNull('leftNumber').orWhere('leftTime', '>=', leftSince))
        .select<ConversationMember[]>();
      // What is there of a lane that is elsewhere is not there yet, or not any more.
      return places.filter(({ conversation }) => this.#database.of(conversation).name === at.name);
    });
    return found.flat();
  }

  /** All of them, in one transaction of each database, and what else belongs to it; by the names of places. See read-positions.ts. */
  async moveReads(
    reads: readonly Read[],
    also?: (sql: Sql, moved: Iterable<Moved>) => Promise<void>,
  ): Promise<Map<string, Moved>> {
    const moved = await Promise.all(
      Array.from(byLaneDatabase(this.#database, reads), ([database, some]) =>
        database.changeIn(lanesOfAll(some), async (sql) => {
          const found = await moveReads(sql, some);
          await also?.(sql, found.values());
          return found;
        }),
      ),
    );
    return new Map(moved.flatMap((some) => [...some]));
  }

  /** From now on the user's devices are told of what changes. Before they look at anything. */
  async noteSync(userId: number): Promise<void> {
    await this.#database
      .sql('im_user_stamp')
      .insert({ userId, stamp: 0, syncs: 1 })
      .onConflict('userId')
      .merge(['syncs']);
  }

  /** Those of them who ask for changes, and so are told of them. */
  async findSyncing(userIds: Iterable<number>): Promise<Set<number>> {
    const found = new Set<number>();
    for (const some of chunksOf([...new Set(userIds)], usersPerStatement)) {
      const rows = await this.#database
        .sql('im_user_stamp')
        .whereIn('userId', some)
        .where({ syncs: 1 })
        .select<{ userId: number }[]>('userId');
      for (const { userId } of rows) found.add(userId);
    }
    return found;
  }

  /** Resolves with the stamp of the change; undefined: nothing changes, or they never were in it. */
  set(userId: number, conversation: string, settings: Settings): Promise<number | undefined> {
    const { isPinned, isArchived, isMarkedUnread, isHidden, draft } = settings;
    return this.#database.of(conversation).changeIn([laneOf(conversation)], async (sql) => {
      // What is off the list is not waited for.
      if (isHidden === true) await moveReads(sql, [{ userId, conversation, upTo: Infinity }]);
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
}
