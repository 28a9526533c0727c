import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Database, Sql } from '../db/database.ts';
import { isLanguage, type Language } from '../http/texts.ts';
import type { AwayRegistration, AwaySecrets } from './channel.ts';

/** A device that wants to be told, as its session has registered it. */
export interface Registration extends AwayRegistration {
  readonly sessionId: string;
  readonly channel: string;
  /** Its service does not want to hear of it before; and how often in a row that was said. */
  readonly retryTime: number;
  readonly failures: number;
}

export interface NewRegistration extends AwayRegistration {
  readonly sessionId: string;
  readonly channel: string;
}

/** As the table has it. */
export interface RegistrationRow {
  readonly sessionId: string;
  readonly userId: number;
  readonly channel: string;
  readonly address: string;
  readonly secrets: string | null;
  readonly language: string;
  readonly retryTime: number;
  readonly failures: number;
}

export const registrationColumns = [
  ...(['r.sessionId', 'r.userId', 'r.channel', 'r.address', 'r.secrets', 'r.language'] as const),
  ...(['r.retryTime', 'r.failures'] as const),
];

const shortestPauseMs = 5_000;
const longestPauseMs = 600_000;

/** One for each session at most, so that they end with it, and are as few. */
export class Registrations {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;

  constructor(database: Pick<Database, 'sql' | 'transaction'>) {
    this.#database = database;
  }

  async isAny(): Promise<boolean> {
    return (await this.#database.sql('im_away_registration').first('sessionId')) !== undefined;
  }

  async of(sessionId: string): Promise<Pick<Registration, 'channel'> | undefined> {
    return this.#database
      .sql('im_away_registration')
      .where({ sessionId })
      .first<Pick<Registration, 'channel'> | undefined>('channel');
  }

  /**
   * In place of the session's own one, and of those of the same address: a device that signs in again has left its session before. Of a
   * device on which several people are at once (tabs of a browser) those of others stay. Calls `whenFirst` before the first one of all.
   */
  async put(
    { sessionId, userId, channel, address, secrets, language }: NewRegistration,
    isShared: boolean,
    whenFirst: (sql: Sql) => Promise<void>,
  ): Promise<void> {
    const addressHash = createHash('sha256').update(address).digest('base64url');
    await this.#database.transaction(async (sql) => {
      if ((await sql('im_away_registration').first('sessionId')) === undefined) await whenFirst(sql);
      await sql('im_away_registration')
        .where({ addressHash, channel, ...(isShared && { userId }) })
        .whereNot({ sessionId })
        .delete();
      await sql('im_away_registration')
        .insert({
          ...{ sessionId, userId, channel, address, addressHash, language, createdTime: Date.now() },
          ...{ secrets: secrets ? JSON.stringify(secrets) : null, retryTime: 0, failures: 0 },
        })
        .onConflict('sessionId')
        .merge();
    });
  }

  async remove(sessionId: string, address?: string): Promise<void> {
    await this.#database
      .sql('im_away_registration')
      .where({ sessionId, ...(address !== undefined && { address }) })
      .delete();
  }

  /** Resolves with when it may be tried again. */
  async pause({ sessionId, failures }: Registration, afterMs: number | undefined): Promise<number> {
    const pauseMs = afterMs ?? Math.min(longestPauseMs, shortestPauseMs * 2 ** Math.min(failures, 20));
    const retryTime = Date.now() + pauseMs;
    await this.#database
      .sql('im_away_registration')
      .where({ sessionId })
      .update({ retryTime, failures: failures + 1 });
    return retryTime;
  }

  async worked({ sessionId, failures }: Registration): Promise<void> {
    if (failures > 0)
      await this.#database
        .sql('im_away_registration')
        .where({ sessionId })
        .update({ retryTime: 0, failures: 0 });
  }

  /** Those of sessions that have ended, and what they were told. */
  async sweep(): Promise<number> {
    const { sql } = this.#database;
    const ended = await sql('im_away_registration')
      .whereNotIn('sessionId', sql('im_session').select('id'))
      .delete();
    await sql('im_away_place')
      .whereNotIn('sessionId', sql('im_away_registration').select('sessionId'))
      .delete();
    return ended;
  }
}

export function toRegistration(row: RegistrationRow): Registration {
  const { language, secrets, ...more } = row;
  return {
    ...more,
    language: isLanguage(language) ? language : ('en' satisfies Language),
    // Written by `put`.
    secrets: secrets === null ? undefined : (JSON.parse(secrets) as AwaySecrets),
  };
}

/** Those of them who have a device that wants to be told. */
export async function findRegisteredOf(
  { sql }: Pick<Database, 'sql'>,
  userIds: readonly number[],
): Promise<number[]> {
  const rows = await sql('im_away_registration')
    .whereIn('userId', [...userIds])
    .distinct<{ userId: number }[]>('userId');
  return rows.map(({ userId }) => userId);
}

const membersAtOnce = 500;

/** Members of a group who have one, some at a time: of a group that is in another database than they are. */
export async function* registeredMembers(
  there: Pick<Database, 'sql'>,
  first: Pick<Database, 'sql'>,
  conversation: string,
): AsyncGenerator<number[], void, undefined> {
  for (let after = 0; ;) {
    const members = await there
      .sql('im_conversation_member')
      .where({ conversation })
      .where('userId', '>', after)
      .whereNull('leftNumber')
      .orderBy('userId')
      .limit(membersAtOnce)
      .select<{ userId: number }[]>('userId');
    const last = members.at(-1);
    if (!last) return;
    const registered = new Set(
      await findRegisteredOf(
        first,
        members.map(({ userId }) => userId),
      ),
    );
    if (registered.size > 0) yield members.flatMap(({ userId }) => (registered.has(userId) ? [userId] : []));
    after = last.userId;
  }
}

/** In a conversation of this table. */
export function isSomebodyRegistered(table: string) {
  return (query: Knex.QueryBuilder): void =>
    void query.whereRaw(
      `exists (select 1 from im_conversation_member m join im_away_registration r on r.user_id = m.user_id
        where m.conversation = ${table}.conversation)`,
    );
}
