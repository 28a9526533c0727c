import type { Database } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { mostBackedUp } from './limits.ts';

export interface Backup {
  readonly version: number;
  readonly auth: string;
  readonly secrets: string;
}

export interface BackedUp {
  readonly conversation: string;
  readonly sessionId: string;
  readonly firstIndex: number;
  readonly data: string;
}

/** One backup of the keys of each person: encrypted before it comes here, for the key that they have written down. */
export class Backups {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;

  constructor(database: Pick<Database, 'sql' | 'transaction'>) {
    this.#database = database;
  }

  async find(userId: number): Promise<Backup | undefined> {
    const found: unknown = await this.#database
      .sql('im_key_backup')
      .where({ userId })
      .first('version', 'auth', 'secrets');
    return found as Backup | undefined;
  }

  /** In place of the one before, whose keys go with it. */
  async begin(userId: number, { auth, secrets }: Pick<Backup, 'auth' | 'secrets'>): Promise<number> {
    return this.#database.transaction(async (sql) => {
      const before = await sql('im_key_backup')
        .where({ userId })
        .first<{ version: number } | undefined>('version');
      const version = Math.max(Date.now(), (before?.version ?? 0) + 1);
      await sql('im_key_backup')
        .insert({ userId, version, auth, secrets, createdTime: Date.now() })
        .onConflict('userId')
        .merge();
      await sql('im_key_backup_session').where({ userId }).whereNot({ version }).delete();
      return version;
    });
  }

  async end(userId: number): Promise<boolean> {
    return this.#database.transaction(async (sql) => {
      await sql('im_key_backup_session').where({ userId }).delete();
      return (await sql('im_key_backup').where({ userId }).delete()) > 0;
    });
  }

  /** Of two of one session the one stays with which more can be read. */
  async put(userId: number, version: number, sessions: readonly BackedUp[]): Promise<void> {
    await this.#database.transaction(async (sql) => {
      const now = await sql('im_key_backup')
        .where({ userId, version })
        .forUpdate()
        .first<object | undefined>('version');
      if (!now) throw new Refusal('backupUnknown', { code: 404 });
      const [row] = await sql('im_key_backup_session')
        .where({ userId, version })
        .count<{ count: number }[]>('* as count');
      if ((row?.count ?? 0) + sessions.length > mostBackedUp) throw new Refusal('tooManyBackedUp');
      for (const session of sessions) {
        const { conversation, sessionId, firstIndex } = session;
        const key = { userId, version, conversation, sessionId };
        const known = await sql('im_key_backup_session')
          .where(key)
          .first<{ firstIndex: number } | undefined>('firstIndex');
        if (!known) await sql('im_key_backup_session').insert({ ...key, ...session });
        else if (known.firstIndex > firstIndex)
          await sql('im_key_backup_session').where(key).update({ firstIndex, data: session.data });
      }
    });
  }

  async page(
    userId: number,
    version: number,
    { after, limit }: { readonly after: number; readonly limit: number },
  ): Promise<(BackedUp & { readonly id: number })[]> {
    const found: unknown = await this.#database
      .sql('im_key_backup_session')
      .where({ userId, version })
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .select('id', 'conversation', 'sessionId', 'firstIndex', 'data');
    return found as (BackedUp & { id: number })[];
  }
}
