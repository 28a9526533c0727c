import type { Knex } from 'knex';
import { chunksOf } from '../../db/chunks.ts';
import type { Database, Sql } from '../../db/database.ts';
import type { Membership } from '../../groups/group.ts';
import { MessageStatus } from '../../wire/message-type.ts';
import type { Page } from '../page.ts';
import type { Latecomers } from '../../message-log/latecomers.ts';
import { firstIdBehind, firstIdSince, mayBeMissing, mostPulled, pulledBackMs, unionOf } from '../pull.ts';
import {
  audienceOfGroup,
  fromRow,
  groupColumns,
  type GroupMessage,
  type GroupMessageRow,
} from './group-message.ts';

/** How many have read a message, of those who could. */
interface Readers {
  readonly readers: number;
  readonly others: number;
}

type Period = Pick<Membership, 'groupId' | 'userId' | 'joinedTime' | 'quit' | 'quitTime'>;

const idsPerStatement = 500;
/** SQLite takes 500 in one union. */
const groupsPerStatement = 100;
/** Of each group that the user left. */
const mostOfLeftGroup = 1_000;

export class GroupMessageStore {
  readonly #database: Pick<Database, 'sql' | 'replica'>;
  readonly #latecomers: Pick<Latecomers, 'find'>;

  constructor(database: Pick<Database, 'sql' | 'replica'>, latecomers: Pick<Latecomers, 'find'>) {
    this.#database = database;
    this.#latecomers = latecomers;
  }

  async find(ids: readonly number[], sql: Sql = this.#database.sql): Promise<GroupMessage[]> {
    const rows = await sql('im_group_message')
      .whereIn('id', [...ids])
      .select<GroupMessageRow[]>(...groupColumns);
    return rows.map(fromRow);
  }

  /** What was said after that id in groups while the user was in them, in order. Also what came late. */
  async since(periods: readonly Period[], afterId: number): Promise<GroupMessage[]> {
    const { sql } = this.#database;
    const since = Date.now() - pulledBackMs;
    const oldest = await firstIdSince(sql, 'im_group_message', since);
    if (oldest === undefined) return [];
    const firstId = Math.max(firstIdBehind(afterId), oldest);
    const found = new Set<number>();
    for (const chunk of chunksOf(periods, groupsPerStatement)) {
      const branches = chunk.map((period) =>
        within(sql, period)
          .where('id', '>=', firstId)
          .orderBy('id', 'desc')
          .limit(period.quit === 1 ? mostOfLeftGroup : mostPulled)
          .select('id'),
      );
      const newestOfThem = unionOf(sql, ['id'], branches).orderBy('id', 'desc').limit(mostPulled);
      for (const { id } of (await newestOfThem) as { id: number }[])
        if (mayBeMissing(id, afterId)) found.add(id);
    }
    for (const id of await this.#late(periods, afterId, oldest)) found.add(id);
    const newest = [...found].sort((one, other) => one - other).slice(-mostPulled);
    const messages: GroupMessage[] = [];
    for (const ids of chunksOf(newest, idsPerStatement)) messages.push(...(await this.find(ids)));
    return messages.filter(({ sendTime }) => sendTime >= since).sort((one, other) => one.id - other.id);
  }

  async #late(periods: readonly Period[], afterId: number, oldest: number): Promise<number[]> {
    const audiences = periods.map(({ groupId }) => audienceOfGroup(groupId));
    const late = await this.#latecomers.find(audiences, afterId);
    const ofGroup = new Map(periods.map((period) => [period.groupId, period]));
    const seen: number[] = [];
    for (const ids of chunksOf(late, idsPerStatement))
      for (const { id, groupId, sendTime } of await this.find(ids)) {
        const period = ofGroup.get(groupId);
        if (id >= oldest && period && isWithin(period, sendTime)) seen.push(id);
      }
    return seen;
  }

  /** What was said in a group since the member came, newest first. */
  async history(period: Period, { offset, size }: Page): Promise<GroupMessage[]> {
    const rows = await within(this.#database.replica, period)
      .whereNot({ status: MessageStatus.RECALL })
      .where((forHim) => {
        const named = `%,${period.userId},%`;
        void forHim.where({ recvIds: '' }).orWhereRaw("concat(',', ??, ',') like ?", ['recvIds', named]);
      })
      .orderBy('number', 'desc')
      .offset(offset)
      .limit(size)
      .select<GroupMessageRow[]>(...groupColumns);
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

  async lastId(groupId: number): Promise<number | undefined> {
    // Not the first one of an order, for which MySQL may sort the whole group.
    const [last] = await this.#database
      .sql('im_group_message')
      .where({ groupId })
      .select<{ lastId: number | null }[]>(this.#database.sql.raw('max(id) as last_id'));
    return last?.lastId ?? undefined;
  }

  /** Of the last message up to that number. */
  async lastIdUpTo(groupId: number, number: number): Promise<number | undefined> {
    const last = await this.#database
      .sql('im_group_message')
      .where({ groupId })
      .where('number', '<=', number)
      .orderBy('number', 'desc')
      .first<{ id: number } | undefined>('id');
    return last?.id;
  }

  /** The number of the last message of the group up to that id. */
  async numberUpTo(groupId: number, id: number): Promise<number> {
    const row = await this.#database
      .sql('im_group_message')
      .where({ groupId })
      .where('id', '<=', id)
      .orderBy('id', 'desc')
      .first<{ number: number } | undefined>('number');
    return row?.number ?? 0;
  }

  // How far a member has read is one number in their row: it is right when Redis has lost its memory, it changes together
  // with the membership, and who has read what follows from it for every message there is.

  /** Moves it forward. False: it was there already, or the user is no member. */
  async moveReadPosition(groupId: number, userId: number, readId: number): Promise<boolean> {
    const moved = await this.#database
      .sql('im_group_member')
      .where({ groupId, userId, quit: 0 })
      .where('readId', '<', readId)
      .update({ readId });
    return moved > 0;
  }

  /** The newest messages of others that ask for receipts, of those after one and up to another. */
  async receiptsBetween(
    { groupId, userId, joinedTime }: Period,
    [after, upTo]: readonly [number, number],
    limit: number,
  ): Promise<GroupMessage[]> {
    const rows = await this.#database
      .sql('im_group_message')
      .where({ groupId, receipt: 1 })
      .whereBetween('id', [after + 1, upTo])
      .where('sendTime', '>=', joinedTime)
      .whereNot({ status: MessageStatus.RECALL })
      .whereNot({ sendId: userId })
      .orderBy('id', 'desc')
      .limit(limit)
      .select<GroupMessageRow[]>(...groupColumns);
    return rows.map(fromRow);
  }

  async countReaders(ids: readonly number[]): Promise<Map<number, Readers>> {
    if (ids.length === 0) return new Map();
    const { sql } = this.#database;
    const rows = await couldRead(sql)
      .whereIn('message.id', [...ids])
      .groupBy('message.id')
      .select<({ id: number } & Readers)[]>(
        'message.id',
        sql.raw('count(*) as others'),
        sql.raw('count(case when ?? >= ?? then 1 end) as readers', ['member.readId', 'message.id']),
      );
    return new Map(rows.map(({ id, readers, others }) => [id, { readers, others }]));
  }

  async findReaders(messageId: number): Promise<number[]> {
    const { sql } = this.#database;
    const rows = await couldRead(sql)
      .where('message.id', messageId)
      .where('member.readId', '>=', messageId)
      .orderBy('member.userId')
      .select<{ userId: number }[]>('member.userId');
    return rows.map(({ userId }) => userId);
  }

  async markReceiptOk(ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#database
      .sql('im_group_message')
      .whereIn('id', [...ids])
      .update({ receiptOk: 1 });
  }
}

/** Messages of a time of membership; times rise with ids, so its bounds are exact. */
function within(sql: Sql, { groupId, joinedTime, quit, quitTime }: Period): Knex.QueryBuilder {
  const messages = sql('im_group_message').where({ groupId }).where('sendTime', '>=', joinedTime);
  return quit === 1 ? messages.where('sendTime', '<=', quitTime) : messages;
}

function isWithin({ joinedTime, quit, quitTime }: Period, sendTime: number): boolean {
  return sendTime >= joinedTime && (quit === 0 || sendTime <= (quitTime ?? 0));
}

/** Messages, each with those members beside its sender who were there when it was sent. */
function couldRead(sql: Sql): Knex.QueryBuilder {
  return sql('im_group_message as message')
    .join('im_group_member as member', 'member.groupId', 'message.groupId')
    .where('member.quit', 0)
    .where('member.userId', '<>', sql.ref('message.sendId'))
    .where('member.createdTime', '<=', sql.ref('message.sendTime'));
}
