import { added } from '../db/added.ts';
import type { Sql } from '../db/database.ts';
import type { Conversation } from './conversation.ts';
import { laneOf } from './lanes.ts';

// What the log writes of conversations, in the transaction that stores the messages. A message changes its conversation and
// the place of its sender, and nobody else's place, whatever the size of the group: what others have not read follows from
// both (conversation-store.ts).

/** What its conversation has to know of a message. */
export interface Line {
  readonly sendId: number;
  /** Whether it counts as unread for the others. */
  readonly counts: boolean;
  /** Both of a conversation of two; they get their places with the first message. */
  readonly people?: readonly number[] | undefined;
  /** Who is named in it; -1 is everybody. */
  readonly mentioned?: readonly number[] | undefined;
}

export interface StoredLine extends Line {
  readonly conversation: string;
  readonly id: number;
  readonly number: number;
  readonly sendTime: number;
}

export async function findConversations(
  sql: Sql,
  names: readonly string[],
): Promise<Map<string, Conversation>> {
  const rows = await sql('im_conversation')
    .whereIn('conversation', names)
    .select<Conversation[]>('conversation', 'lane', 'lastNumber', 'lastId', 'lastTime', 'skipped', 'stamp');
  return new Map(rows.map((row) => [row.conversation, row]));
}

/** After messages, which stand in the order of their numbers. `before`: the conversations as they were. */
export async function storeLines(
  sql: Sql,
  lines: readonly StoredLine[],
  {
    before,
    stampOf,
  }: { before: ReadonlyMap<string, Conversation>; stampOf: (conversation: string) => number },
): Promise<void> {
  const changed = new Map<string, Conversation>();
  const own = new Map<string, { userId: number; conversation: string; own: number }>();
  const count = (userId: number, conversation: string, messages: number): void => {
    const key = `${userId} ${conversation}`;
    own.set(key, { userId, conversation, own: (own.get(key)?.own ?? 0) + messages });
  };
  for (const { conversation, id, number, sendTime, sendId, counts, people = [] } of lines) {
    const last = changed.get(conversation) ?? before.get(conversation);
    if (!last) for (const userId of people) count(userId, conversation, 0);
    if (counts) count(sendId, conversation, 1);
    const skipped = (last?.skipped ?? 0) + (counts ? 0 : 1);
    const row = {
      conversation,
      lane: laneOf(conversation),
      lastNumber: number,
      lastId: id,
      lastTime: sendTime,
    };
    changed.set(conversation, { ...row, skipped, stamp: stampOf(conversation) });
  }
  await sql('im_conversation')
    .insert([...changed.values()])
    .onConflict('conversation')
    .merge(['lastNumber', 'lastId', 'lastTime', 'skipped', 'stamp']);
  if (own.size > 0)
    await sql('im_conversation_member')
      .insert([...own.values()])
      .onConflict(['userId', 'conversation'])
      .merge({ own: added(sql, 'own') });
  const mentions = lines.flatMap(({ conversation, number, sendId, mentioned = [] }) =>
    // Who is named beside everybody is among them.
    (mentioned.includes(-1) ? [everybody] : mentioned).map((userId) => ({
      ...{ userId, conversation, number, sendId },
    })),
  );
  if (mentions.length > 0)
    await sql('im_mention').insert(mentions).onConflict(['userId', 'conversation', 'number']).ignore();
}

/** Among those who are mentioned. */
export const everybody = 0;
