import type { Knex } from 'knex';
import type { Sql } from '../db/database.ts';
import { kindOf, laneInSql } from '../db/lanes.ts';
import { groupIdOf } from '../groups/group.ts';

// Which rows of which tables are of a lane. Words that messages are found by are not among them: they are noted anew where the lane is.

/** A table whose rows say of which conversation they are. */
export interface OfConversations {
  readonly table: string;
  /** Rows of one conversation are compared and copied by so many numbers; absent: there are few. */
  readonly byNumber: boolean;
  /** What counts in the database where the row is, and is given out anew in the other one. */
  readonly without: readonly string[];
  /** Its rows say which group it is, and not which conversation. */
  readonly byGroup?: true;
}

const plain = { byNumber: false, without: [] } as const;
const numbered = { byNumber: true, without: [] } as const;

const messages = {
  private: { table: 'im_private_message', ...numbered },
  group: { table: 'im_group_message', ...numbered, byGroup: true },
} as const;

const ofBoth: readonly OfConversations[] = [
  { table: 'im_message_detail', ...numbered },
  { table: 'im_message_edit', ...numbered },
  { table: 'im_message_change', ...numbered },
  { table: 'im_reaction', ...numbered },
  { table: 'im_uncounted', ...numbered },
  { table: 'im_mention', ...numbered },
  { table: 'im_message_deleted', byNumber: true, without: ['stamp'] },
  { table: 'im_conversation_member', byNumber: false, without: ['stamp'] },
  { table: 'im_away_conversation', ...plain },
  // Last: a list that has the conversation has the rest of it.
  { table: 'im_conversation', ...plain },
];

export function tablesOf(lane: number): readonly OfConversations[] {
  return [messages[kindOf(lane)], ...ofBoth];
}

/** The rows of a table that are of these conversations. */
export function ofThese(
  { byGroup }: OfConversations,
  conversations: readonly string[],
): (query: Knex.QueryBuilder) => void {
  return (query) =>
    void (byGroup
      ? query.whereIn('groupId', conversations.map(groupIdOf))
      : query.whereIn('conversation', [...conversations]));
}

/** Tables whose rows are known by the id of a message: the lane is in it (message-log/ids.ts). */
export function idTablesOf(lane: number) {
  return [
    { table: 'im_pending_push', only: { kind: kindOf(lane) } },
    { table: 'im_latecomer', only: {} },
  ] as const;
}

export function inLane(lane: number, column = 'message_id'): (query: Knex.QueryBuilder) => void {
  return (query) => void query.whereRaw(`floor(${column} / 64) % 64 = ?`, [lane]);
}

/** Conversations of the lane that have a row there, in order, from the first one after that. Places may be there before anything was said. */
export async function conversationsOf(
  sql: Sql,
  lane: number,
  after: string,
  limit: number,
): Promise<string[]> {
  const said = sql('im_conversation').where({ lane }).where('conversation', '>', after);
  const places = sql('im_conversation_member')
    .where('conversation', '>', after)
    .where('conversation', 'like', `${kindOf(lane)}:%`)
    .whereRaw(`${laneInSql('conversation')} = ?`, [lane]);
  const firsts = [said, places].map((query) =>
    sql
      .select('conversation')
      .from(query.distinct('conversation').orderBy('conversation').limit(limit).as('some')),
  );
  const [one, other] = firsts;
  if (!one || !other) return [];
  const rows = (await one.union(other)) as { conversation: string }[];
  return rows
    .map(({ conversation }) => conversation)
    .sort((first, second) => (first < second ? -1 : 1))
    .slice(0, limit);
}
