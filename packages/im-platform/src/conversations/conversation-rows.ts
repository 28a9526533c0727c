import { added } from '../db/added.ts';
import { chunksOf } from '../db/chunks.ts';
import type { Sql } from '../db/database.ts';
import { ask, type Query } from '../db/together.ts';
import type { Conversation } from './conversation.ts';
import { laneOf } from '../db/lanes.ts';
import { risingPlaces } from './place-keys.ts';

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
  const rows = await ask<Conversation>(
    sql,
    sql('im_conversation')
      .whereIn('conversation', names)
      .select('conversation', 'lane', 'lastNumber', 'lastId', 'lastTime', 'skipped', 'stamp'),
  );
  return new Map(rows.map((row) => [row.conversation, row]));
}

export interface LinesContext {
  /** The conversations as they were. */
  readonly before: ReadonlyMap<string, Conversation>;
  readonly stampOf: (conversation: string) => number;
}

/** After messages, which stand in the order of their numbers. */
export async function storeLines(
  sql: Sql,
  lines: readonly StoredLine[],
  context: LinesContext,
): Promise<void> {
  for (const query of linesToStore(sql, lines, context)) await query;
}

/** The same, for whoever stores more with it. */
export function linesToStore(
  sql: Sql,
  lines: readonly StoredLine[],
  { before, stampOf }: LinesContext,
): Query[] {
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
  const queries: Query[] = [
    sql('im_conversation')
      .insert([...changed.values()])
      .onConflict('conversation')
      .merge(['lastNumber', 'lastId', 'lastTime', 'skipped', 'stamp']),
  ];
  // Of new conversations there are two for each.
  for (const some of chunksOf(risingPlaces(own.values()), rowsPerStatement))
    queries.push(
      sql('im_conversation_member')
        .insert(some)
        .onConflict(['userId', 'conversation'])
        .merge({ own: added(sql, 'own') }),
    );
  const mentions = lines.flatMap(({ conversation, number, sendId, mentioned = [] }) =>
    // Who is named beside everybody is among them.
    (mentioned.includes(-1) ? [everybody] : mentioned).map((userId) => ({
      ...{ userId, conversation, number, sendId },
    })),
  );
  for (const some of chunksOf(mentions, rowsPerStatement))
    queries.push(sql('im_mention').insert(some).onConflict(['userId', 'conversation', 'number']).ignore());
  return queries;
}

/** SQLite takes as many in one insert. */
const rowsPerStatement = 500;

/** Among those who are mentioned. */
export const everybody = 0;
