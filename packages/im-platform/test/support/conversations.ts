import { ConversationStates } from '../../src/conversations/conversation-states.ts';
import type { Database } from '../../src/index.ts';

/** What somebody has not read, in each conversation that they are in. */
export async function unreadOf(
  database: Pick<Database, 'sql'>,
  userId: number,
): Promise<Record<string, number>> {
  const states = await new ConversationStates(database).of(userId);
  return Object.fromEntries(
    Array.from(states.values())
      .filter(({ isIn }) => isIn)
      .map(({ conversation, unread }) => [conversation, unread]),
  );
}
