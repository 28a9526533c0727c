import { ConversationStates } from '../../src/conversations/conversation-states.ts';
import type { Database } from '../../src/index.ts';

/** What somebody has not read, in each conversation that they are in. */
export async function unreadOf(database: Database, userId: number): Promise<Record<string, number>> {
  const all = { mine: -1, lanes: [] };
  const states = await new ConversationStates(database).changedSince(userId, all, {
    ...{ after: undefined, limit: 1_000 },
  });
  return Object.fromEntries(
    states.filter(({ isIn }) => isIn).map(({ conversation, unread }) => [conversation, unread]),
  );
}
