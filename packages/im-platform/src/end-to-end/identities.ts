import type { Database, Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { mostSignatures } from './limits.ts';

export interface Identity {
  readonly userId: number;
  readonly keys: string;
}

export interface Signature {
  readonly userId: number;
  readonly signedUserId: number;
  readonly keyId: string;
  readonly signatures: string;
}

/** What signs people's devices, and who has signed what. */
export class Identities {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;
  readonly #sql: Database['sql'];

  constructor(database: Pick<Database, 'sql' | 'transaction'>) {
    this.#database = database;
    this.#sql = database.sql;
  }

  /** `isFirst`: there are none yet. Of two devices that say so at once, one is right. */
  async put(userId: number, keys: string, isFirst: boolean): Promise<void> {
    await this.#database.transaction(async (sql) => {
      await sql('im_user').where({ id: userId }).forUpdate().first('id');
      const known = await sql('im_encryption_identity')
        .where({ userId })
        .first<{ keysText: string | null } | undefined>('keysText');
      // Asked again, as nobody had heard the answer, they are the same.
      if (isFirst && known?.keysText != null && known.keysText !== keys) throw new Refusal('identityThere');
      await sql('im_encryption_identity')
        .insert({ userId, keysText: keys, changedTime: Date.now() })
        .onConflict('userId')
        .merge();
    });
  }

  async of(userIds: readonly number[]): Promise<Identity[]> {
    const found: unknown = await this.#sql('im_encryption_identity')
      .whereIn('userId', [...userIds])
      .whereNotNull('keysText')
      .select('userId', 'keysText as keys');
    return found as Identity[];
  }

  async changedSince(userIds: readonly number[], since: number): Promise<number[]> {
    const rows = await this.#sql('im_encryption_identity')
      .whereIn('userId', [...userIds])
      .where('changedTime', '>', since)
      .select<{ userId: number }[]>('userId');
    return rows.map(({ userId }) => userId);
  }

  /** All by one user. Others load what somebody has signed of their own: so there is an end to it. */
  async sign(userId: number, signatures: readonly Omit<Signature, 'userId'>[]): Promise<void> {
    if (signatures.length === 0) return;
    await this.#database.transaction(async (sql) => {
      // One after the other, so that there are no more than there may be.
      await sql('im_user').where({ id: userId }).forUpdate().first('id');
      await sql('im_encryption_signature')
        .insert(signatures.map((signature) => ({ userId, ...signature })))
        .onConflict(['userId', 'signedUserId', 'keyId'])
        .merge();
      const beyond: unknown = await sql('im_encryption_signature')
        .where({ userId })
        .whereIn('signedUserId', [...new Set(signatures.map(({ signedUserId }) => signedUserId))])
        .groupBy('signedUserId')
        .havingRaw('count(*) > ?', [mostSignatures])
        .first('signedUserId');
      if (beyond !== undefined)
        throw new Refusal('tooManySignatures', { values: { most: String(mostSignatures) } });
      if (signatures.some(({ signedUserId }) => signedUserId === userId)) await noteChange(sql, userId);
    });
  }

  /** By themselves, which all may see, and by whoever asks: whom somebody has verified is nobody else's business. */
  async signaturesOf(userIds: readonly number[], askedBy: number): Promise<Signature[]> {
    const found: unknown = await this.#sql('im_encryption_signature')
      .whereIn('signedUserId', [...userIds])
      .where((mine) => void mine.where({ userId: askedBy }).orWhereRaw('user_id = signed_user_id'))
      .select('userId', 'signedUserId', 'keyId', 'signatures');
    return found as Signature[];
  }
}

/** Something of their devices is otherwise. Together with it: an instance that dies after it may have told nobody, and whoever comes back asks. */
export async function noteChange(sql: Sql, userId: number): Promise<void> {
  await sql('im_encryption_identity')
    .insert({ userId, changedTime: Date.now() })
    .onConflict('userId')
    .merge(['changedTime']);
}
