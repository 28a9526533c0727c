import type { Knex } from 'knex';
import { askThere } from '../../db/ask-there.ts';
import { byIndex } from '../../db/by-index.ts';
import { askEach, byIdDatabase, byLaneDatabase, changeAt } from '../../db/by-lane-database.ts';
import { chunksOf } from '../../db/chunks.ts';
import type { Database, LaneDatabase, Sql } from '../../db/database.ts';
import { lanesOfAll } from '../../db/lanes.ts';
import { conversationOfGroup, groupIdOf } from '../../groups/group.ts';
import { MessageStatus, MessageType } from '../../wire/message-type.ts';
import { idsWithin, isTimed } from '../../message-log/ids.ts';
import type { Page } from '../page.ts';
import { recallableForMs } from '../recalled.ts';
import type { Latecomers } from '../../message-log/latecomers.ts';
import { firstIdBehind, firstIdSince, mayBeMissing, mostPulled, pulledBackMs, unionOf } from '../pull.ts';
import {
  audienceOfGroup,
  fromRow,
  groupColumns,
  type GroupMessage,
  type GroupMessageRow,
} from './group-message.ts';
import { asTheyLeft, nameOfMessage } from './as-left.ts';
import { isWithin, maySee, type GroupPlace } from './group-place.ts';

/** How many have read a message, of those who could. */
interface Readers {
  readonly readers: number;
  readonly others: number;
}

const idsPerStatement = 500;
/** SQLite takes 500 in one union. */
const groupsPerStatement = 100;
/** Of each group that the user left. */
const mostOfLeftGroup = 1_000;
/** How long after somebody has left something can be taken back that they saw; by clocks that need not agree. */
const recalledAfterMs = 2 * recallableForMs;

/** The ids between which somebody may see a group. */
interface Span {
  readonly place: GroupPlace;
  readonly from: number;
  readonly to: number;
}

type GroupMessageDatabase = Pick<Database, 'of' | 'ofLane' | 'laneDatabases' | 'readAside'>;

export class GroupMessageStore {
  readonly #database: GroupMessageDatabase;
  readonly #latecomers: Pick<Latecomers, 'findAt'>;

  constructor(database: GroupMessageDatabase, latecomers: Pick<Latecomers, 'findAt'>) {
    this.#database = database;
    this.#latecomers = latecomers;
  }

  async find(ids: readonly number[]): Promise<GroupMessage[]> {
    const found: GroupMessage[] = [];
    for (const [{ sql }, some] of byIdDatabase(this.#database, ids)) found.push(...(await findIn(sql, some)));
    return found;
  }

  /** One of that group. */
  async findOf(groupId: number, id: number): Promise<GroupMessage | undefined> {
    const [message] = await findIn(this.#of(groupId).sql, [id]);
    return message?.groupId === groupId ? message : undefined;
  }

  /**
   * What was said after that id in groups while the user was in them, in order. Also what came late, and what was taken back since. Of a
   * database that is away nothing is told.
   */
  async since(places: readonly GroupPlace[], afterId: number): Promise<GroupMessage[]> {
    const { found } = await askThere(this.#database, ({ name, sql }) => {
      const here = places.filter(({ groupId }) => this.#of(groupId).name === name);
      return this.#sinceAt(sql, here, afterId);
    });
    const told = found.flat().sort((one, other) => one.id - other.id);
    return found.length === 1 ? told : told.slice(-mostPulled);
  }

  async #sinceAt(sql: Sql, places: readonly GroupPlace[], afterId: number): Promise<GroupMessage[]> {
    if (places.length === 0) return [];
    const since = Date.now() - pulledBackMs;
    const oldest = await firstIdSince(sql, 'im_group_message', since);
    if (oldest === undefined) return [];
    const firstId = Math.max(firstIdBehind(afterId), oldest);
    const found = new Set<number>();
    const spans = await spansOf(sql, places, firstId);
    for (const chunk of chunksOf(spans, groupsPerStatement)) {
      const branches = chunk.map(({ place: { groupId, last }, from, to }) =>
        sql(byIndex(sql, 'im_group_message', 'idx_group_messages'))
          .where({ groupId })
          .whereBetween('id', [Math.max(firstId, from), to])
          .orderBy('id', 'desc')
          .limit(last === null ? mostPulled : mostOfLeftGroup)
          .select('id'),
      );
      const newestOfThem = unionOf(sql, ['id'], branches).orderBy('id', 'desc').limit(mostPulled);
      for (const { id } of (await newestOfThem) as { id: number }[])
        if (mayBeMissing(id, afterId)) found.add(id);
    }
    for (const id of await this.#late(sql, places, afterId, oldest)) found.add(id);
    const newest = [...found].sort((one, other) => one - other).slice(-mostPulled);
    const messages = await recallsAfterLeaving(sql, spans, firstId);
    for (const ids of chunksOf(newest, idsPerStatement)) messages.push(...(await findIn(sql, ids)));
    const told = messages.filter(({ sendTime }) => sendTime >= since);
    return saidWhenTheyLeft(sql, places, told);
  }

  async #late(sql: Sql, places: readonly GroupPlace[], afterId: number, oldest: number): Promise<number[]> {
    const audiences = places.map(({ groupId }) => audienceOfGroup(groupId));
    const late = await this.#latecomers.findAt(sql, audiences, afterId);
    const ofGroup = new Map(places.map((place) => [place.groupId, place]));
    const seen: number[] = [];
    for (const ids of chunksOf(late, idsPerStatement))
      for (const message of await findIn(sql, ids)) {
        const place = ofGroup.get(message.groupId);
        if (message.id >= oldest && place && isWithin(place, message)) seen.push(message.id);
      }
    return seen;
  }

  /** What was said in a group since the member came, newest first. */
  async history(place: GroupPlace, { offset, size }: Page): Promise<GroupMessage[]> {
    const { groupId, first, last } = place;
    const rows = await this.#database.readAside((at) =>
      at
        .of(conversationOfGroup(groupId))
        .sql('im_group_message')
        .where({ groupId })
        .whereBetween('number', [first, last ?? Number.MAX_SAFE_INTEGER])
        .whereNot({ status: MessageStatus.RECALL })
        .where((forHim) => {
          const named = `%,${place.userId},%`;
          void forHim.where({ recvIds: '' }).orWhereRaw("concat(',', ??, ',') like ?", ['recvIds', named]);
        })
        .orderBy('number', 'desc')
        .offset(offset)
        .limit(size)
        .select<GroupMessageRow[]>(...groupColumns),
    );
    return rows.map(fromRow);
  }

  /** False: it was recalled before. */
  async markRecalled(sql: Sql, id: number): Promise<boolean> {
    const changed = await sql('im_group_message')
      .where({ id })
      .whereNot({ status: MessageStatus.RECALL })
      .update({ status: MessageStatus.RECALL });
    return changed > 0;
  }

  /** The number of the last message of the group up to that id. */
  async numberUpTo(groupId: number, id: number): Promise<number> {
    const { sql } = this.#of(groupId);
    const row = await sql(byIndex(sql, 'im_group_message', 'idx_group_messages'))
      .where({ groupId })
      .where('id', '<=', id)
      .orderBy('id', 'desc')
      .first<{ number: number } | undefined>('number');
    return row?.number ?? 0;
  }

  // Who has read what follows from how far each member has read; see conversations/readers.ts.

  /** The newest messages that ask for receipts, of those with these numbers. */
  async receiptsBetween(
    groupId: number,
    [from, to]: readonly [number, number],
    limit: number,
  ): Promise<GroupMessage[]> {
    const rows = await this.#of(groupId)
      .sql('im_group_message')
      .where({ groupId, receipt: 1 })
      .whereBetween('number', [from, to])
      .whereNot({ status: MessageStatus.RECALL })
      .orderBy('id', 'desc')
      .limit(limit)
      .select<GroupMessageRow[]>(...groupColumns);
    return rows.map(fromRow);
  }

  async countReaders(
    messages: readonly Pick<GroupMessage, 'id' | 'groupId'>[],
  ): Promise<Map<number, Readers>> {
    const counts = await askEach(this.#database, inConversations(messages), async ({ sql }, here) =>
      couldRead(sql)
        .whereIn(
          'message.id',
          here.map(({ id }) => id),
        )
        .groupBy('message.id')
        .select<({ id: number } & Readers)[]>(
          'message.id',
          sql.raw('count(*) as others'),
          sql.raw('count(case when ?? >= ?? then 1 end) as readers', ['place.readNumber', 'message.number']),
        ),
    );
    return new Map(counts.map(({ id, readers, others }) => [id, { readers, others }]));
  }

  async findReaders(groupId: number, messageId: number): Promise<number[]> {
    const { sql } = this.#of(groupId);
    const rows = await couldRead(sql)
      .where('message.id', messageId)
      .where('place.readNumber', '>=', sql.ref('message.number'))
      .orderBy('place.userId')
      .select<{ userId: number }[]>('place.userId');
    return rows.map(({ userId }) => userId);
  }

  async markReceiptOk(messages: readonly Pick<GroupMessage, 'id' | 'groupId'>[]): Promise<void> {
    for (const [place, some] of byLaneDatabase(this.#database, inConversations(messages)))
      await changeAt(place, lanesOfAll(some), (sql) =>
        sql('im_group_message')
          .whereIn(
            'id',
            some.map(({ id }) => id),
          )
          .update({ receiptOk: 1 }),
      );
  }

  #of(groupId: number): LaneDatabase {
    return this.#database.of(conversationOfGroup(groupId));
  }
}

function inConversations(messages: readonly Pick<GroupMessage, 'id' | 'groupId'>[]) {
  return messages.map(({ id, groupId }) => ({ id, conversation: conversationOfGroup(groupId) }));
}

async function findIn(sql: Sql, ids: readonly number[]): Promise<GroupMessage[]> {
  const rows = await sql('im_group_message')
    .whereIn('id', [...ids])
    .select<GroupMessageRow[]>(...groupColumns);
  return rows.map(fromRow);
}

/** What was edited since they left is told as it was. */
async function saidWhenTheyLeft(
  sql: Sql,
  places: readonly GroupPlace[],
  messages: GroupMessage[],
): Promise<GroupMessage[]> {
  const left = new Map(places.flatMap((place) => (place.last === null ? [] : [[place.groupId, place]])));
  const [someone] = left.values();
  if (!someone) return messages;
  const then = await asTheyLeft(
    sql,
    someone.userId,
    messages.filter(({ groupId }) => left.has(groupId)),
  );
  return messages.map((one) => then.get(nameOfMessage(one))?.message ?? one);
}

/**
 * The ids between which each may see, of groups in which something was said from that id on. All ends are of one moment: if
 * one group were read later than another of the same lane, the highest id would be above one that was not read.
 */
async function spansOf(sql: Sql, places: readonly GroupPlace[], firstId: number): Promise<Span[]> {
  const ends = await newestIds(sql, places, firstId);
  const withNews = places.filter(({ groupId }) => ends.has(groupId));
  const bounds = withNews.flatMap(({ groupId, first, last }) =>
    [first > 1 ? first : undefined, last ?? undefined].flatMap((number) =>
      number === undefined ? [] : [[groupId, number] as const],
    ),
  );
  const idAt = new Map<string, number>();
  for (const some of chunksOf(bounds, groupsPerStatement)) {
    const rows = await sql('im_group_message')
      .where((any) => {
        for (const [groupId, number] of some) void any.orWhere((one) => void one.where({ groupId, number }));
      })
      .select<{ groupId: number; number: number; id: number }[]>('groupId', 'number', 'id');
    for (const { groupId, number, id } of rows) idAt.set(`${groupId}:${number}`, id);
  }
  return withNews.flatMap((place) => {
    const { groupId, first, last } = place;
    const from = first > 1 ? idAt.get(`${groupId}:${first}`) : 0;
    const to = last === null ? ends.get(groupId) : idAt.get(`${groupId}:${last}`);
    return from === undefined || to === undefined ? [] : [{ place, from, to }];
  });
}

/** Of the user's groups with something from that id on. In one statement, however many they are. */
async function newestIds(
  sql: Sql,
  places: readonly GroupPlace[],
  firstId: number,
): Promise<Map<number, number>> {
  const [someone] = places;
  if (!someone) return new Map();
  const rows = await sql('im_conversation_member as m')
    .join('im_conversation as c', 'c.conversation', 'm.conversation')
    .where('m.userId', someone.userId)
    .where('m.conversation', 'like', 'group:%')
    .where('c.lastId', '>=', firstId)
    .select<{ conversation: string; lastId: number }[]>('m.conversation', 'c.lastId');
  return new Map(rows.map(({ conversation, lastId }) => [groupIdOf(conversation), lastId]));
}

/** Notes that something was taken back which they had seen before they left: nothing else is told of the time after. */
async function recallsAfterLeaving(
  sql: Sql,
  spans: readonly Span[],
  firstId: number,
): Promise<GroupMessage[]> {
  const left = spans.filter(({ place, to }) => place.last !== null && isTimed(to));
  const told: GroupMessage[] = [];
  for (const some of chunksOf(left, groupsPerStatement)) {
    const rows = await sql('im_group_message')
      .where((any) => {
        for (const { place, to } of some)
          void any.orWhere((one) => {
            const { groupId } = place;
            void one.where({ groupId, type: MessageType.RECALL });
            void one.whereBetween('id', [Math.max(firstId, to + 1), to + idsWithin(recalledAfterMs)]);
          });
      })
      .limit(mostOfLeftGroup)
      .select<GroupMessageRow[]>(...groupColumns);
    const notes = rows.map(fromRow);
    const recalled = new Map(
      (
        await findIn(
          sql,
          notes.map(({ content }) => Number(content)),
        )
      ).map((one) => [one.id, one]),
    );
    const placeIn = new Map(some.map(({ place }) => [place.groupId, place]));
    for (const note of notes) {
      const message = recalled.get(Number(note.content));
      if (message && maySee(placeIn.get(message.groupId), message)) told.push(note);
    }
  }
  return told;
}

/** Messages, each with those members beside its sender who were there when it was sent. */
function couldRead(sql: Sql): Knex.QueryBuilder {
  return sql('im_group_message as message')
    .joinRaw(
      "join im_conversation_member as place on place.conversation = concat('group:', message.group_id)",
    )
    .whereNull('place.leftNumber')
    .where('place.userId', '<>', sql.ref('message.sendId'))
    .where('place.firstNumber', '<=', sql.ref('message.number'));
}
