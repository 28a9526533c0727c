import type { Database, Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { mostBackedUp } from './limits.ts';

export interface Backup {
  readonly version: number;
  readonly auth: string;
  readonly secrets: string;
}

export interface NewBackup extends Pick<Backup, 'auth' | 'secrets'> {
  /** @default whichever counts */
  readonly replaces?: number | undefined;
}

export interface BackedUp {
  readonly conversation: string;
  readonly sessionId: string;
  readonly firstIndex: number;
  readonly data: string;
}

/** The backup of each person's keys, and one that is to take its place: encrypted before it comes here, for a key that they have written down. */
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

  /**
   * The first one counts at once; a later one when it is asked for: until then the one before does. Begun again for the same key it is the
   * same one. Of two that are to take the place of the same one at once only one can: `replaces`, 0 for none.
   */
  async begin(userId: number, { auth, secrets, replaces }: NewBackup): Promise<number> {
    return this.#database.transaction(async (sql) => {
      // One after the other, also where there is none yet.
      await sql('im_user').where({ id: userId }).forUpdate().first('id');
      const known = await findRow(sql, userId);
      if (known?.auth === auth) return known.version;
      if (known?.nextVersion != null && known.nextAuth === auth) return known.nextVersion;
      if (replaces !== undefined && replaces !== (known?.version ?? 0))
        throw new Refusal('backupUnknown', { code: 404 });
      const version = Math.max(Date.now(), (known?.version ?? 0) + 1, (known?.nextVersion ?? 0) + 1);
      if (!known) {
        await sql('im_key_backup').insert({ userId, version, auth, secrets, createdTime: Date.now() });
        return version;
      }
      const next = { nextVersion: version, nextAuth: auth, nextSecrets: secrets };
      await sql('im_key_backup').where({ userId }).update(next);
      await forgetOthers(sql, userId, [known.version, version]);
      return version;
    });
  }

  /** From now on it counts, and the one before is gone. */
  async use(userId: number, version: number): Promise<void> {
    await this.#database.transaction(async (sql) => {
      const known = await findRow(sql, userId);
      if (known?.version === version) return;
      if (known?.nextVersion !== version) throw new Refusal('backupUnknown', { code: 404 });
      await sql('im_key_backup')
        .where({ userId })
        .update({
          ...{ version, auth: known.nextAuth, secrets: known.nextSecrets, createdTime: Date.now() },
          ...{ nextVersion: null, nextAuth: null, nextSecrets: null },
        });
      await forgetOthers(sql, userId, [version]);
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
      const known = await findRow(sql, userId);
      if (known?.version !== version && known?.nextVersion !== version)
        throw new Refusal('backupUnknown', { code: 404 });
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

interface Row extends Backup {
  readonly nextVersion: number | null;
  readonly nextAuth: string | null;
  readonly nextSecrets: string | null;
}

/** Locked. */
async function findRow(sql: Sql, userId: number): Promise<Row | undefined> {
  return (await sql('im_key_backup').where({ userId }).forUpdate().first()) as Row | undefined;
}

async function forgetOthers(sql: Sql, userId: number, versions: readonly number[]): Promise<void> {
  await sql('im_key_backup_session')
    .where({ userId })
    .whereNotIn('version', [...versions])
    .delete();
}
