import { createHash, randomBytes } from 'node:crypto';
import type { Database, Sql } from '../db/database.ts';
import { PlatformError } from '../platform-error.ts';
import type { User } from './user.ts';

/** Makes a token with which its user sets a new password, once; the one before it is void. What is returned is kept nowhere. */
export async function makeResetToken(
  { sql }: Pick<Database, 'sql'>,
  { userName, hours }: { readonly userName: string; readonly hours: number },
): Promise<string> {
  const user = await sql('im_user')
    .where({ userName })
    .whereNull('deletedTime')
    .first<Pick<User, 'id'> | undefined>('id');
  if (!user) throw new PlatformError('INVALID_OPTION', `There is no user with the name ${userName}.`);
  const token = randomBytes(18).toString('base64url');
  await sql('im_password_reset')
    .insert({ userId: user.id, hash: hashOf(token), endTime: Date.now() + hours * 3_600_000 })
    .onConflict('userId')
    .merge();
  return token;
}

/** Whose it is; undefined when it is none, or over. */
export async function findReset(sql: Sql, token: string): Promise<number | undefined> {
  const found = await sql('im_password_reset')
    .where({ hash: hashOf(token) })
    .where('endTime', '>', Date.now())
    .first<{ userId: number } | undefined>('userId');
  return found?.userId;
}

/** False: somebody was faster. */
export async function useReset(sql: Sql, token: string): Promise<boolean> {
  return (
    (await sql('im_password_reset')
      .where({ hash: hashOf(token) })
      .where('endTime', '>', Date.now())
      .delete()) > 0
  );
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
