import type { Sql } from '../db/database.ts';
import type { Origin } from '../message-details/detail.ts';

/** As far as it may be said. */
export type NamedOrigin = Omit<Origin, 'authorId'>;

const unnamed: NamedOrigin = { senderId: null, senderName: null };

/**
 * Whose messages they were, as it may be said to these people: who has deleted their account, or has blocked one of these, is not named. The
 * name is that of now, and not the one that somebody had in a group.
 */
export async function findOrigins(
  sql: Sql,
  authorIds: ReadonlySet<number>,
  readerIds: readonly number[],
): Promise<(authorId: number | null) => NamedOrigin> {
  const ids = [...authorIds];
  const users = await sql('im_user')
    .whereIn('id', ids)
    .whereNull('deletedTime')
    .select<{ id: number; nickName: string }[]>('id', 'nickName');
  const blocks = await sql('im_block')
    .whereIn('userId', ids)
    .whereIn('blockedId', [...readerIds])
    .select<{ userId: number }[]>('userId');
  const origins = new Map(
    users.map(({ id, nickName }): [number, NamedOrigin] => [id, { senderId: id, senderName: nickName }]),
  );
  for (const { userId } of blocks) origins.delete(userId);
  return (authorId) => (authorId === null ? undefined : origins.get(authorId)) ?? unnamed;
}
