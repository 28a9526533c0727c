import type { Sql } from '../db/database.ts';

/** Somebody in it has said so, and it is for ever. */
export async function isEncrypted(sql: Sql, conversation: string): Promise<boolean> {
  const found: unknown = await sql('im_encrypted_conversation').where({ conversation }).first('conversation');
  return found !== undefined;
}
