import { conversationOf } from '../messages/private/private-message.ts';
import { chunksOf } from '../db/chunks.ts';
import type { Database } from '../db/database.ts';

const perQuery = 500;

/** Of these the ones whose keys this user may have: their own, and of friends and people of a group that they are in. */
export async function sharedWith(
  { sql }: Pick<Database, 'sql'>,
  userId: number,
  others: readonly number[],
): Promise<Set<number>> {
  const found = new Set(others.filter((id) => id === userId));
  for (const some of chunksOf(others, perQuery)) {
    const friends = await sql('im_friend')
      .where({ userId, deleted: 0 })
      .whereIn('friendId', some)
      .select<{ id: number }[]>('friendId as id');
    const fellows = await sql('im_group_member as mine')
      .join('im_group_member as theirs', 'theirs.groupId', 'mine.groupId')
      .where({ 'mine.userId': userId, 'mine.quit': 0, 'theirs.quit': 0 })
      .whereIn('theirs.userId', some)
      .distinct<{ id: number }[]>('theirs.userId as id');
    // Of two who write to each other without being friends.
    const ofTwo = new Map(some.map((id) => [conversationOf(userId, id), id]));
    const partners = await sql('im_encrypted_conversation')
      .whereIn('conversation', [...ofTwo.keys()])
      .select<{ conversation: string }[]>('conversation');
    for (const { id } of [...friends, ...fellows]) found.add(id);
    for (const { conversation } of partners) found.add(ofTwo.get(conversation) ?? userId);
  }
  return found;
}
