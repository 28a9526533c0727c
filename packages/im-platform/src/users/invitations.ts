import { createHash, randomBytes } from 'node:crypto';
import type { Database, Sql } from '../db/database.ts';

export interface Invitation {
  /** How many accounts it opens. */
  readonly uses: number;
  readonly days: number;
}

/** Makes an invitation; what is returned is its code, which is kept nowhere. */
export async function invite({ sql }: Pick<Database, 'sql'>, { uses, days }: Invitation): Promise<string> {
  const code = randomBytes(12).toString('base64url');
  const endTime = Date.now() + days * 86_400_000;
  await sql('im_invitation').where('endTime', '<', Date.now()).delete();
  await sql('im_invitation').insert({ hash: hashOf(code), usesLeft: uses, endTime });
  return code;
}

/** Uses it once; false when it is none, or used up, or over. */
export async function useInvitation(sql: Sql, code: string): Promise<boolean> {
  const used = await sql('im_invitation')
    .where({ hash: hashOf(code) })
    .where('usesLeft', '>', 0)
    .where('endTime', '>', Date.now())
    .decrement('usesLeft', 1);
  return used > 0;
}

function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('base64url');
}
