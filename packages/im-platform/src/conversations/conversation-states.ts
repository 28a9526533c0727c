import type { Knex } from 'knex';
import { askEach } from '../db/by-lane-database.ts';
import type { Database, Sql } from '../db/database.ts';
import { byIndex } from '../db/by-index.ts';
import { chunksOf } from '../db/chunks.ts';
import { everybody } from './conversation-rows.ts';
import { inPlaces, placesPerStatement, type PlaceKey } from './place-keys.ts';

// What a member has not read is (last − read) without what counts for nobody, without what is theirs, and without what was
// recalled. Of the first two the conversation and the place have running numbers, and the place knows those of when it
// read; only what was recalled since is looked up. So it is one row for each conversation, however many messages wait.

/** A conversation as one of its people has it: its row, their place in it, and what follows from both. */
export interface ConversationState extends PlaceKey {
  readonly isIn: boolean;
  /** The numbers that they may see; with none `last` is before `first`. */
  readonly first: number;
  readonly last: number;
  readonly read: number;
  /** Of a private one: up to where a device of theirs has it. */
  readonly delivered: number;
  /** And how far the other one has read it, and has it; null: it is of a group. */
  readonly otherRead: number | null;
  readonly otherDelivered: number | null;
  readonly unread: number;
  /** Which of them name the user, or everybody. */
  readonly mentions: number;
  /** When something was said last that they may see, or they left. */
  readonly activeTime: number;
  readonly isHidden: boolean;
  readonly isMarkedUnread: boolean;
  readonly isPinned: boolean;
  readonly isMuted: boolean;
  readonly isArchived: boolean;
  readonly draft: string | null;
  /** How many messages of it count for nobody. */
  readonly skipped: number;
  readonly lane: number;
  /** Of the last change that all of it hear of, within its lane. */
  readonly stamp: number;
  /** Of the last change that the user made of it, among all of theirs. */
  readonly myStamp: number;
}

/** Where a list goes on: after the one that was active at that time. */
export type ListPlace = readonly [activeTime: number, conversation: string];

export interface Positions {
  readonly read: number;
  readonly delivered: number;
}

/** How far somebody knows what has changed. */
export interface Vector {
  readonly mine: number;
  /** The stamp of each lane. */
  readonly lanes: readonly number[];
}

export interface Wanted {
  readonly after: ListPlace | undefined;
  readonly limit: number;
}

/** Of the list: those alone that are archived, or are not; and of these. */
export interface Which {
  readonly archived?: boolean | undefined;
  readonly among?: readonly string[] | undefined;
}

const last = 'coalesce(m.left_number, c.last_number)';
const activeTime = 'coalesce(m.left_time, c.last_time)';
const newestFirst = `${activeTime} desc, m.conversation desc`;
const isHidden = `(m.hidden_number is not null and m.hidden_number >= ${last})`;
const isUncounted = 'u.conversation = m.conversation and u.number > m.read_number and u.send_id <> m.user_id';
const saidSince =
  '(c.last_number - m.read_number - (c.skipped - m.skipped_at_read) - (m.own - m.own_at_read))';
const unread = `(${saidSince} - (select count(*) from im_uncounted u where ${isUncounted}))`;
/** Of somebody, or of everybody. By its key, and not by "one or the other", for which there is no index. */
const mentionsOf = (who: string): string => `(select count(*) from im_mention n
  where n.user_id = ${who} and n.conversation = m.conversation and n.number > m.read_number and n.send_id <> m.user_id)`;
const mentions = `${mentionsOf('m.user_id')} + ${mentionsOf(String(everybody))}`;
const ifPrivate = (value: string): string => `(case when m.conversation like 'private:%' then ${value} end)`;
/** The place of the other one in a private conversation. Not of each member of a group, to be left out then. */
const withOther = `left join im_conversation_member o
  on o.conversation = ${ifPrivate('m.conversation')} and o.user_id <> m.user_id`;
const other = (column: string): string => ifPrivate(`coalesce(o.${column}, 0)`);

export class ConversationStates {
  readonly #database: Pick<Database, 'of'>;
  readonly #sql: Database['sql'];

  constructor(database: Pick<Database, 'sql' | 'of'>) {
    this.#database = database;
    this.#sql = database.sql;
  }

  /** Of those that somebody is in or was. */
  ofPlaces(places: readonly PlaceKey[]): Promise<ConversationState[]> {
    return askEach(this.#database, places, async ({ sql }, here) => {
      const states: ConversationState[] = [];
      for (const some of chunksOf(here, placesPerStatement))
        states.push(...(await this.#show(sql, this.#places(sql).where(inPlaces(some, 'm')))));
      return states;
    });
  }

  /** How far each of them is in a private conversation. */
  positionsOf(places: readonly PlaceKey[]): Promise<(PlaceKey & Positions)[]> {
    return askEach(this.#database, places, async ({ sql }, here) => {
      const positions: (PlaceKey & Positions)[] = [];
      for (const some of chunksOf(here, placesPerStatement)) {
        const rows = await sql('im_conversation_member')
          .where(inPlaces(some))
          .select<(PlaceKey & Record<'readNumber' | 'deliveredNumber', number>)[]>(
            ...['userId', 'conversation', 'readNumber', 'deliveredNumber'],
          );
        for (const { userId, conversation, readNumber: read, deliveredNumber } of rows)
          positions.push({ userId, conversation, read, delivered: Math.max(read, deliveredNumber) });
      }
      return positions;
    });
  }

  /** The user's list, the newest activity first. */
  list(userId: number, { archived, among }: Which, wanted: Wanted): Promise<ConversationState[]> {
    return this.#newestFirst(userId, wanted, (query) => {
      void query.whereRaw(`not ${isHidden}`);
      if (archived !== undefined) void query.where('m.archived', archived ? 1 : 0);
      if (among) void query.whereIn('m.conversation', [...among]);
    });
  }

  /** Those that have changed since, those that were taken off the list as well. Who has left hears of nothing since. */
  changedSince(userId: number, { mine, lanes }: Vector, wanted: Wanted): Promise<ConversationState[]> {
    const since = lanes.map((stamp, lane) => `when ${lane} then ${stamp}`).join(' ');
    const known = since === '' ? '0' : `case c.lane ${since} else 0 end`;
    return this.#newestFirst(
      userId,
      wanted,
      (query) =>
        void query.whereRaw(`(m.stamp > ? or (m.left_number is null and c.stamp > ${known}))`, [mine]),
    );
  }

  /** What is unread in all conversations that are not muted. */
  async unreadInAll(userId: number): Promise<number> {
    const counted = (places: Knex.QueryBuilder): Knex.QueryBuilder =>
      places.where('m.userId', userId).whereNull('m.leftNumber').where('m.muted', 0);
    // Apart from the rest: looked up for each place it took most of the time.
    const recalled = counted(this.#sql('im_conversation_member as m'))
      .join(byIndex(this.#sql, 'im_uncounted as u', 'primary'), (on) => {
        void on.on(this.#sql.raw(isUncounted));
      })
      .count();
    const [sum] = await counted(this.#places()).select<
      { unread: number | string | null; uncounted: number }[]
    >(this.#sql.raw(`sum(${saidSince}) as unread`), recalled.as('uncounted'));
    return Number(sum?.unread ?? 0) - (sum?.uncounted ?? 0);
  }

  /** The same of many, in two questions; who is in none is not among them. */
  async unreadInAllOf(userIds: readonly number[]): Promise<Map<number, number>> {
    const counted = (places: Knex.QueryBuilder): Knex.QueryBuilder =>
      places
        .whereIn('m.userId', [...userIds])
        .whereNull('m.leftNumber')
        .where('m.muted', 0)
        .groupBy('m.userId');
    const [sums, recalled] = await Promise.all([
      counted(this.#places()).select<{ userId: number; unread: number | string }[]>(
        'm.userId',
        this.#sql.raw(`sum(${saidSince}) as unread`),
      ),
      counted(this.#sql('im_conversation_member as m'))
        .join(byIndex(this.#sql, 'im_uncounted as u', 'primary'), (on) => {
          void on.on(this.#sql.raw(isUncounted));
        })
        .select('m.userId')
        .count<{ userId: number; rows: number }[]>('* as rows'),
    ]);
    const unread = new Map(sums.map((sum) => [sum.userId, Number(sum.unread)]));
    for (const { userId, rows } of recalled) unread.set(userId, (unread.get(userId) ?? 0) - rows);
    return unread;
  }

  /** Of the user's last change; and whether they have asked for changes before. */
  async stampOf(userId: number): Promise<{ readonly stamp: number; readonly syncs: boolean }> {
    const row = await this.#sql('im_user_stamp')
      .where({ userId })
      .first<{ stamp: number; syncs: number } | undefined>('stamp', 'syncs');
    return { stamp: row?.stamp ?? 0, syncs: row?.syncs === 1 };
  }

  /** The numbers of messages that were changed after they were sent, since those stamps, the last change last. */
  async changesIn(
    conversations: readonly { readonly conversation: string; readonly after: number }[],
    limit: number,
  ): Promise<{ readonly conversation: string; readonly number: number }[]> {
    if (conversations.length === 0) return [];
    return this.#sql('im_message_change')
      .where((some) => {
        for (const { conversation, after } of conversations)
          void some.orWhere((one) => void one.where({ conversation }).where('stamp', '>', after));
      })
      .orderBy(['conversation', 'stamp', 'number'])
      .limit(limit)
      .select('conversation', 'number');
  }

  /** What the user deleted for themselves since that stamp of theirs. */
  async deletedIn(
    userId: number,
    conversations: readonly string[],
    after: number,
    limit: number,
  ): Promise<{ readonly conversation: string; readonly number: number }[]> {
    if (conversations.length === 0) return [];
    return this.#sql('im_message_deleted')
      .where({ userId })
      .where('stamp', '>', after)
      .whereIn('conversation', [...conversations])
      .limit(limit)
      .select('conversation', 'number');
  }

  /** Which they are is found first, so that what is counted for each is counted for these alone. */
  #newestFirst(
    userId: number,
    { after, limit }: Wanted,
    among: (query: Knex.QueryBuilder) => void,
  ): Promise<ConversationState[]> {
    const listed = this.#mine(userId)
      .modify(among)
      .modify((query) => {
        if (!after) return;
        const [time, conversation] = after;
        void query.whereRaw(`(${activeTime} < ? or (${activeTime} = ? and m.conversation < ?))`, [
          ...[time, time, conversation],
        ]);
      })
      .orderByRaw(newestFirst)
      .limit(limit)
      .select('m.conversation');
    return this.#show(
      this.#sql,
      this.#mine(userId)
        .join(listed.as('listed'), 'listed.conversation', 'm.conversation')
        .orderByRaw(newestFirst),
    );
  }

  async #show(sql: Sql, places: Knex.QueryBuilder): Promise<ConversationState[]> {
    const rows = await places
      .joinRaw(withOther)
      .select<Row[]>(
        ...[
          'm.userId',
          'm.conversation',
          'm.firstNumber',
          'm.leftNumber',
          'm.readNumber',
          'm.deliveredNumber',
        ],
        ...['m.pinned', 'm.muted', 'm.archived', 'm.markedUnread', 'm.draft', 'm.stamp as myStamp'],
        ...['c.lane', 'c.skipped', 'c.stamp', 'c.firstNumber as keptFrom'],
        sql.raw(`${last} as last, ${activeTime} as active_time, ${isHidden} as is_hidden`),
        sql.raw(`${unread} as unread, ${mentions} as mentions`),
        sql.raw(`${other('read_number')} as other_read, ${other('delivered_number')} as other_delivered`),
      );
    return rows.map(toState);
  }

  #mine(userId: number): Knex.QueryBuilder {
    return this.#places().where('m.userId', userId);
  }

  /** Private ones begin with their first message. */
  #places(sql: Sql = this.#sql): Knex.QueryBuilder {
    return sql('im_conversation_member as m').join(
      ...(['im_conversation as c', 'c.conversation', 'm.conversation'] as const),
    );
  }
}

interface Row extends PlaceKey {
  readonly firstNumber: number;
  /** Those before it are not kept any more. */
  readonly keptFrom: number;
  readonly leftNumber: number | null;
  readonly readNumber: number;
  readonly deliveredNumber: number;
  readonly otherRead: number | null;
  readonly otherDelivered: number | null;
  readonly last: number;
  readonly activeTime: number;
  readonly unread: number | string;
  readonly mentions: number | string;
  readonly isHidden: number;
  readonly pinned: number;
  readonly muted: number;
  readonly archived: number;
  readonly markedUnread: number;
  readonly draft: string | null;
  readonly skipped: number;
  readonly lane: number;
  readonly stamp: number;
  readonly myStamp: number;
}

function toState(row: Row): ConversationState {
  const isIn = row.leftNumber === null;
  return {
    userId: row.userId,
    conversation: row.conversation,
    isIn,
    first: Math.max(row.firstNumber, row.keptFrom),
    last: row.last,
    read: row.readNumber,
    delivered: Math.max(row.readNumber, row.deliveredNumber),
    otherRead: row.otherRead,
    otherDelivered: row.otherDelivered && Math.max(row.otherDelivered, row.otherRead ?? 0),
    unread: isIn ? Number(row.unread) : 0,
    mentions: isIn ? Number(row.mentions) : 0,
    activeTime: row.activeTime,
    isHidden: row.isHidden === 1,
    isMarkedUnread: row.markedUnread === 1,
    isPinned: row.pinned === 1,
    isMuted: row.muted === 1,
    isArchived: row.archived === 1,
    draft: row.draft,
    // What has changed since they left is not theirs.
    skipped: isIn ? row.skipped : 0,
    lane: row.lane,
    stamp: isIn ? row.stamp : 0,
    myStamp: row.myStamp,
  };
}
