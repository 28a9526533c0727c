import type { Knex } from 'knex';
import { askThere } from '../db/ask-there.ts';
import { askEach } from '../db/by-lane-database.ts';
import type { Database, LaneDatabase, Sql } from '../db/database.ts';
import { namedAfter } from '../db/errors-of.ts';
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
  /** Their last change in the first database. */
  readonly mine: number;
  /** And in each of the others, by its name: each counts for itself. */
  readonly elsewhere?: Readonly<Record<string, number>> | undefined;
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

type StatesDatabase = Pick<Database, 'sql' | 'of' | 'laneDatabases' | 'lanesAt'>;

export class ConversationStates {
  readonly #database: StatesDatabase;

  constructor(database: StatesDatabase) {
    this.#database = database;
  }

  /** Of those that somebody is in or was. */
  ofPlaces(places: readonly PlaceKey[]): Promise<ConversationState[]> {
    return askEach(this.#database, places, async ({ sql }, here) => {
      const states: ConversationState[] = [];
      for (const some of chunksOf(here, placesPerStatement))
        states.push(...(await this.#show(sql, placesIn(sql).where(inPlaces(some, 'm')))));
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

  /** The user's list, the newest activity first. `there`: in these databases. */
  list(
    userId: number,
    { archived, among }: Which,
    wanted: Wanted,
    there = this.#database.laneDatabases,
  ): Promise<ConversationState[]> {
    return this.#newestFirst(userId, wanted, there, () => (query) => {
      void query.whereRaw(`not ${isHidden}`);
      if (archived !== undefined) void query.where('m.archived', archived ? 1 : 0);
      if (among) void query.whereIn('m.conversation', [...among]);
    });
  }

  /** Those that have changed since, those that were taken off the list as well. Who has left hears of nothing since. */
  changedSince(
    userId: number,
    vector: Vector,
    wanted: Wanted,
    there = this.#database.laneDatabases,
  ): Promise<ConversationState[]> {
    const { lanes } = vector;
    const since = lanes.map((stamp, lane) => `when ${lane} then ${stamp}`).join(' ');
    const known = since === '' ? '0' : `case c.lane ${since} else 0 end`;
    return this.#newestFirst(userId, wanted, there, (at) => (query) => {
      const changed = `(m.stamp > ? or (m.left_number is null and c.stamp > ${known}))`;
      void query.whereRaw(changed, [mineAt(vector, at.name)]);
    });
  }

  /** What is unread in all conversations that are not muted, in these databases. */
  async unreadInAll(userId: number, there = this.#database.laneDatabases): Promise<number> {
    const sums = await Promise.all(there.map((at) => this.#unreadAt(at, userId)));
    return sums.reduce((sum, one) => sum + one, 0);
  }

  /** The same of many, in two questions for each database; who is in none is not among them. Undefined: one is away, and nobody knows. */
  async unreadInAllOf(userIds: readonly number[]): Promise<ReadonlyMap<number, number> | undefined> {
    const unread = new Map<number, number>();
    const { away } = await askThere(this.#database, async (at) => {
      const { sql } = at;
      const counted = (places: Knex.QueryBuilder): Knex.QueryBuilder =>
        places
          .whereIn('m.userId', [...userIds])
          .whereNull('m.leftNumber')
          .where('m.muted', 0)
          .groupBy('m.userId');
      const [sums, recalled] = await Promise.all([
        counted(this.#placesAt(at)).select<{ userId: number; unread: number | string }[]>(
          'm.userId',
          sql.raw(`sum(${saidSince}) as unread`),
        ),
        counted(this.#uncountedAt(at))
          .select('m.userId')
          .count<{ userId: number; rows: number }[]>('* as rows'),
      ]);
      for (const sum of sums) unread.set(sum.userId, (unread.get(sum.userId) ?? 0) + Number(sum.unread));
      for (const { userId, rows } of recalled) unread.set(userId, (unread.get(userId) ?? 0) - rows);
    });
    return away.size === 0 ? unread : undefined;
  }

  /** Of the user's last change there; and, which the first one knows, whether they have asked for changes before. */
  async stampOf(
    userId: number,
    { sql }: Pick<LaneDatabase, 'sql'> = this.#database,
  ): Promise<{ readonly stamp: number; readonly syncs: boolean }> {
    const row = await sql('im_user_stamp')
      .where({ userId })
      .first<{ stamp: number; syncs: number } | undefined>('stamp', 'syncs');
    return { stamp: row?.stamp ?? 0, syncs: row?.syncs === 1 };
  }

  /** The numbers of messages that were changed after they were sent, since those stamps, the last change last. */
  async changesIn(
    conversations: readonly { readonly conversation: string; readonly after: number }[],
    limit: number,
  ): Promise<ChangedNumber[]> {
    const changes = await askEach(this.#database, conversations, ({ sql }, here) =>
      sql('im_message_change')
        .where((some) => {
          for (const { conversation, after } of here)
            void some.orWhere((one) => void one.where({ conversation }).where('stamp', '>', after));
        })
        .orderBy(['conversation', 'stamp', 'number'])
        .limit(limit)
        .select<ChangedNumber[]>('conversation', 'number'),
    );
    return inOrder(changes).slice(0, limit);
  }

  /** What the user deleted for themselves since those stamps of theirs. */
  async deletedIn(
    userId: number,
    conversations: readonly string[],
    vector: Vector,
    limit: number,
  ): Promise<ChangedNumber[]> {
    const wanted = conversations.map((conversation) => ({ conversation }));
    const deleted = await askEach(this.#database, wanted, ({ name, sql }, here) =>
      sql('im_message_deleted')
        .where({ userId })
        .where('stamp', '>', mineAt(vector, name))
        .whereIn(
          'conversation',
          here.map(({ conversation }) => conversation),
        )
        .limit(limit)
        .select<ChangedNumber[]>('conversation', 'number'),
    );
    return deleted.slice(0, limit);
  }

  async #unreadAt(at: LaneDatabase, userId: number): Promise<number> {
    const counted = (places: Knex.QueryBuilder): Knex.QueryBuilder =>
      places.where('m.userId', userId).whereNull('m.leftNumber').where('m.muted', 0);
    // Apart from the rest: looked up for each place it took most of the time.
    const recalled = counted(this.#uncountedAt(at)).count();
    const [sum] = await counted(this.#placesAt(at)).select<
      { unread: number | string | null; uncounted: number }[]
    >(at.sql.raw(`sum(${saidSince}) as unread`), recalled.as('uncounted'));
    return Number(sum?.unread ?? 0) - (sum?.uncounted ?? 0);
  }

  async #newestFirst(
    userId: number,
    wanted: Wanted,
    there: readonly LaneDatabase[],
    among: (at: LaneDatabase) => (query: Knex.QueryBuilder) => void,
  ): Promise<ConversationState[]> {
    const found = await Promise.all(
      there.map((at) => namedAfter(at.name, () => this.#newestAt(at, userId, wanted, among(at)))),
    );
    const [first = []] = found;
    return found.length === 1 ? first : found.flat().sort(byNewest).slice(0, wanted.limit);
  }

  /** Which they are is found first, so that what is counted for each is counted for these alone. */
  #newestAt(
    at: LaneDatabase,
    userId: number,
    { after, limit }: Wanted,
    among: (query: Knex.QueryBuilder) => void,
  ): Promise<ConversationState[]> {
    const mine = (): Knex.QueryBuilder => this.#placesAt(at).where('m.userId', userId);
    const listed = mine()
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
      at.sql,
      mine().join(listed.as('listed'), 'listed.conversation', 'm.conversation').orderByRaw(newestFirst),
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

  /** What is there of a lane that is elsewhere is not there yet, or not any more. */
  #placesAt(at: LaneDatabase): Knex.QueryBuilder {
    const lanes = this.#database.lanesAt(at);
    return placesIn(at.sql).modify((query) => void (lanes && query.whereIn('c.lane', [...lanes])));
  }

  #uncountedAt(at: LaneDatabase): Knex.QueryBuilder {
    const { sql } = at;
    const places = this.#database.lanesAt(at) ? this.#placesAt(at) : sql('im_conversation_member as m');
    return places.join(byIndex(sql, 'im_uncounted as u', 'primary'), (on) => {
      void on.on(sql.raw(isUncounted));
    });
  }
}

interface ChangedNumber {
  readonly conversation: string;
  readonly number: number;
}

/** Private ones begin with their first message. */
function placesIn(sql: Sql): Knex.QueryBuilder {
  return sql('im_conversation_member as m').join(
    ...(['im_conversation as c', 'c.conversation', 'm.conversation'] as const),
  );
}

export function mineAt({ mine, elsewhere }: Vector, name: string): number {
  return name === '' ? mine : (elsewhere?.[name] ?? 0);
}

/** By the bytes of names, as the databases have it. */
function byNewest(one: ConversationState, other: ConversationState): number {
  return other.activeTime - one.activeTime || (one.conversation < other.conversation ? 1 : -1);
}

function inOrder(changes: ChangedNumber[]): ChangedNumber[] {
  return changes.sort((one, other) =>
    one.conversation === other.conversation ? 0 : one.conversation < other.conversation ? -1 : 1,
  );
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
