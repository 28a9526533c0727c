import { askThere } from '../../db/ask-there.ts';
import { byIndex } from '../../db/by-index.ts';
import { chunksOf } from '../../db/chunks.ts';
import type { Database, LaneDatabase, Sql } from '../../db/database.ts';
import { MessageStatus, MessageType } from '../../wire/message-type.ts';
import type { Page } from '../page.ts';
import { byIdDatabase } from '../../db/by-lane-database.ts';
import { laneOfId } from '../../db/lanes.ts';
import type { Latecomers } from '../../message-log/latecomers.ts';
import { firstIdBehind, firstIdSince, mayBeMissing, mostPulled, pulledBackMs, unionOf } from '../pull.ts';
import { audienceOfUser, conversationOf, privateColumns, type PrivateMessage } from './private-message.ts';

/** So few that an update goes to each by its key: one that reads on from key to key would lock what the log appends. */
const idsPerUpdate = 200;

type PrivateMessageDatabase = Pick<Database, 'of' | 'ofLane' | 'laneDatabases' | 'readAside'>;

export class PrivateMessageStore {
  readonly #database: PrivateMessageDatabase;
  readonly #latecomers: Pick<Latecomers, 'findAt'>;

  constructor(database: PrivateMessageDatabase, latecomers: Pick<Latecomers, 'findAt'>) {
    this.#database = database;
    this.#latecomers = latecomers;
  }

  async find(ids: readonly number[]): Promise<PrivateMessage[]> {
    const found: PrivateMessage[] = [];
    for (const [{ sql }, some] of byIdDatabase(this.#database, ids))
      found.push(
        ...(await sql('im_private_message')
          .whereIn('id', some)
          .select<PrivateMessage[]>(...privateColumns)),
      );
    return found;
  }

  /**
   * What the user sent and received after that id, in order. Also what lies before it and reached none of their devices, or
   * came late: a device that got a later message first has passed over it.
   */
  async since(userId: number, afterId: number): Promise<PrivateMessage[]> {
    // Of a database that is away nothing is told now. What came in there is told later, as it is pending.
    const { found } = await askThere(this.#database, (at) => this.#sinceAt(at, userId, afterId));
    return found
      .flat()
      .sort((one, other) => one.id - other.id)
      .slice(-mostPulled);
  }

  async #sinceAt(at: LaneDatabase, userId: number, afterId: number): Promise<PrivateMessage[]> {
    const { sql } = at;
    const since = Date.now() - pulledBackMs;
    const oldest = await firstIdSince(sql, 'im_private_message', since);
    if (oldest === undefined) return [];
    const first = Math.max(firstIdBehind(afterId), oldest);
    // Not one query with an OR, which no index answers in order.
    const rows = (await unionOf(sql, privateColumns, [
      newestBy(sql, 'idx_private_received').where({ recvId: userId }).where('id', '>=', first),
      newestBy(sql, 'idx_private_sent')
        .where({ sendId: userId })
        .whereNot({ recvId: userId })
        .where('id', '>=', first),
      newestBy(sql, 'idx_private_pending')
        .where({ recvId: userId, status: MessageStatus.PENDING })
        .whereBetween('id', [oldest, first - 1]),
    ])) as PrivateMessage[];
    const found = new Map(rows.map((row) => [row.id, row]));
    for (const { id, recvId, status } of rows)
      if (!mayBeMissing(id, afterId) && !(recvId === userId && status === MessageStatus.PENDING))
        found.delete(id);
    const late = await this.#latecomers.findAt(sql, [audienceOfUser(userId)], afterId);
    for (const chunk of chunksOf(late, idsPerUpdate)) {
      const rows = await sql('im_private_message')
        .whereIn('id', chunk)
        .select<PrivateMessage[]>(...privateColumns);
      for (const row of rows) if (row.id >= oldest) found.set(row.id, row);
    }
    return [...found.values()].filter(
      ({ sendId, recvId, sendTime }) =>
        sendTime >= since &&
        // What is there of a lane that is elsewhere is left of its move.
        (!at.isOneOfSeveral || this.#database.of(conversationOf(sendId, recvId)).name === at.name),
    );
  }

  /** By id: an update that searches would lock the gaps into which the log inserts. */
  async markDelivered(ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    const pending = { status: MessageStatus.PENDING };
    for (const [place, some] of byIdDatabase(this.#database, ids))
      await place.changeIn(some.map(laneOfId), async (sql) => {
        for (const chunk of chunksOf(some, idsPerUpdate))
          await sql('im_private_message')
            .whereIn('id', chunk)
            .where(pending)
            .update({ status: MessageStatus.DELIVERED });
      });
  }

  /** False: it was recalled before. */
  async markRecalled(sql: Sql, id: number): Promise<boolean> {
    const changed = await sql('im_private_message')
      .where({ id })
      .whereNot({ status: MessageStatus.RECALL })
      .update({ status: MessageStatus.RECALL });
    return changed > 0;
  }

  /** The newest message that the receiver has read; records of calls do not count, they are stored as read. */
  async lastReadId(sendId: number, recvId: number): Promise<number | undefined> {
    const row = await this.#database
      .of(conversationOf(sendId, recvId))
      .sql('im_private_message')
      .where({ recvId, sendId, status: MessageStatus.READED })
      .where('type', '<', MessageType.ACT_RT_VOICE)
      .orderBy('id', 'desc')
      .first<{ id: number } | undefined>('id');
    return row?.id;
  }

  /** What two users told each other, newest first. */
  history(one: number, other: number, { offset, size }: Page): Promise<PrivateMessage[]> {
    const conversation = conversationOf(one, other);
    return this.#database.readAside(
      (at) =>
        at
          .of(conversation)
          .sql('im_private_message')
          .where({ conversation })
          .whereNot({ status: MessageStatus.RECALL })
          .orderBy('number', 'desc')
          .offset(offset)
          .limit(size)
          .select(...privateColumns) as Promise<PrivateMessage[]>,
    );
  }
}

function newestBy(sql: Sql, index: string): ReturnType<Sql> {
  return sql(byIndex(sql, 'im_private_message', index))
    .orderBy('id', 'desc')
    .limit(mostPulled)
    .select(...privateColumns);
}
