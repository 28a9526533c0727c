import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { Database, Sql } from '../db/database.ts';
import { conversationOfGroup } from '../groups/group.ts';
import { isTextKey } from '../http/texts.ts';
import { conversationOf } from '../messages/private/private-message.ts';
import type { Failure, Said, ScheduledMessage } from './scheduled-message.ts';

interface Row extends Omit<ScheduledMessage, 'said' | 'failure'> {
  readonly saying: string;
  readonly failure: string | null;
  readonly failureValues: string | null;
}

type New = Pick<ScheduledMessage, 'userId' | 'conversation' | 'said' | 'sendTime'>;

/** Whoever has not sent it by then has died, or the database is away. */
const ownedForMs = 60_000;

export class ScheduledStore {
  readonly #database: Pick<Database, 'of'>;
  readonly #sql: Database['sql'];

  constructor(database: Pick<Database, 'sql' | 'of'>) {
    this.#database = database;
    this.#sql = database.sql;
  }

  /** All of them that one user has. */
  async count(sql: Sql, userId: number): Promise<number> {
    const [row] = await sql('im_scheduled_message')
      .where({ userId })
      .count<{ count: number }[]>('* as count');
    return row?.count ?? 0;
  }

  async add(sql: Sql, { userId, conversation, said, sendTime }: New): Promise<number> {
    const [id = 0] = await sql('im_scheduled_message').insert({
      ...{ userId, conversation, sendTime, saying: JSON.stringify(said) },
      ...{ state: 'waiting', nextTime: sendTime, createdTime: Date.now() },
      onceKey: randomBytes(16).toString('base64url'),
    });
    return id;
  }

  async find(id: number, userId: number): Promise<ScheduledMessage | undefined> {
    const row = (await this.#sql('im_scheduled_message').where({ id, userId }).first()) as Row | undefined;
    return row && fromRow(row);
  }

  /** Of one user, in the order of their times. */
  async list(userId: number, { conversation, after, limit }: Wanted): Promise<ScheduledMessage[]> {
    const query = this.#sql('im_scheduled_message').where({ userId });
    if (conversation !== undefined) void query.where({ conversation });
    if (after) {
      const [sendTime, id] = after;
      void query.where(
        (later) =>
          void later
            .where('sendTime', '>', sendTime)
            .orWhere((same) => void same.where({ sendTime }).where('id', '>', id)),
      );
    }
    const rows = (await query.orderBy(['sendTime', 'id']).limit(limit).select()) as Row[];
    return rows.map(fromRow);
  }

  /** False: somebody sends it at this moment, or it is not there. What had failed waits again. */
  async change(
    { id, userId, conversation, onceKey }: ScheduledMessage,
    { said, sendTime }: Pick<ScheduledMessage, 'said' | 'sendTime'>,
  ): Promise<boolean> {
    const changes = { saying: JSON.stringify(said), sendTime, nextTime: sendTime, state: 'waiting' };
    const changed = await this.#atRest(id, userId)
      .where({ userId, conversation, onceKey })
      .update({ ...changes, failure: null, failureValues: null });
    return changed > 0;
  }

  /** False: as above. */
  async remove(id: number, userId: number): Promise<boolean> {
    return (await this.#atRest(id, userId).delete()) > 0;
  }

  /** Those whose time has come. */
  async due(limit: number): Promise<ScheduledMessage[]> {
    const rows = (await this.#sql('im_scheduled_message')
      .where('nextTime', '<=', Date.now())
      .orderBy('nextTime')
      .limit(limit)
      .select()) as Row[];
    return rows.map(fromRow);
  }

  /** It is the caller's from then on, for a while. Undefined: somebody else was faster, or it was changed. */
  async claim({ id, state, nextTime, ...rest }: ScheduledMessage): Promise<ScheduledMessage | undefined> {
    // Never the same as before, or nobody could tell the two apart.
    const mine = {
      state: 'sending',
      nextTime: Math.max(Date.now() + ownedForMs, (nextTime ?? 0) + 1),
    } as const;
    const claimed = await this.#sql('im_scheduled_message').where({ id, state, nextTime }).update(mine);
    return claimed > 0 ? { ...rest, id, ...mine } : undefined;
  }

  /** An instance looks at it again then. */
  async again({ id, nextTime }: ScheduledMessage, inMs: number): Promise<void> {
    await this.#sql('im_scheduled_message')
      .where({ id, nextTime })
      .update({ nextTime: Date.now() + inMs });
  }

  /** Whoever else has it by now: it is sent. */
  async sent({ id }: Pick<ScheduledMessage, 'id'>): Promise<void> {
    await this.#sql('im_scheduled_message').where({ id }).delete();
  }

  /** False: somebody else has it by now. */
  async failed({ id, nextTime }: ScheduledMessage, { key, values }: Failure): Promise<boolean> {
    const failed = await this.#sql('im_scheduled_message')
      .where({ id, nextTime })
      .update({ state: 'failed', nextTime: null, failure: key, failureValues: JSON.stringify(values) });
    return failed > 0;
  }

  /** Whether the message is stored that this one is to be. */
  async isStored(
    userId: number,
    to: { recvId: number } | { groupId: number },
    dedupeKey: string,
  ): Promise<boolean> {
    const isPrivate = 'recvId' in to;
    const table = isPrivate ? 'im_private_message' : 'im_group_message';
    const conversation = isPrivate ? conversationOf(userId, to.recvId) : conversationOfGroup(to.groupId);
    const row: unknown = await this.#database
      .of(conversation)
      .sql(table)
      .where({ sendId: userId, ...to, dedupeKey })
      .first('id');
    return row !== undefined;
  }

  #atRest(id: number, userId: number): Knex.QueryBuilder {
    return this.#sql('im_scheduled_message').where({ id, userId }).whereIn('state', ['waiting', 'failed']);
  }
}

interface Wanted {
  readonly conversation: string | undefined;
  readonly after: readonly [sendTime: number, id: number] | undefined;
  readonly limit: number;
}

function fromRow({ saying, failure, failureValues, ...row }: Row): ScheduledMessage {
  return {
    ...row,
    said: JSON.parse(saying) as Said,
    failure:
      failure === null
        ? null
        : {
            // A text of another version.
            key: isTextKey(failure) ? failure : 'systemBusy',
            values: JSON.parse(failureValues ?? '{}') as Failure['values'],
          },
  };
}
