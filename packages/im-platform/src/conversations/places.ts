import type { Knex } from 'knex';
import { added } from '../db/added.ts';
import { chunksOf } from '../db/chunks.ts';
import type { Sql } from '../db/database.ts';
import { findConversations } from './conversation-rows.ts';
import type { ConversationMember } from './conversation.ts';
import { laneOf } from '../db/lanes.ts';
import { inPlaces, peopleOf, placesPerStatement, risingPlaces, type PlaceKey } from './place-keys.ts';

// Changes of places in a conversation that belong to a message: within the transaction of the log that stores it.

/** A message that was taken back. */
export interface Recalled {
  readonly conversation: string;
  readonly number: number;
  readonly sendId: number;
  /** Of its lane, with this change. */
  readonly stamp: number;
}

const idsPerStatement = 500;

/** From the next message on they are in it, which begins with the first of them; what they have set stays. */
export async function joinConversation(
  sql: Sql,
  conversation: string,
  userIds: readonly number[],
  now: number,
): Promise<void> {
  let found = (await findConversations(sql, [conversation])).get(conversation);
  if (!found) {
    found = {
      conversation,
      lane: laneOf(conversation),
      lastNumber: 0,
      lastId: 0,
      lastTime: now,
      skipped: 0,
      stamp: 0,
    };
    await sql('im_conversation').insert(found);
  }
  const { lastNumber: readNumber, skipped: skippedAtRead } = found;
  const floor = {
    ...{ firstNumber: readNumber + 1, leftNumber: null, leftTime: null, hiddenNumber: null },
    ...{ readNumber, skippedAtRead, markedUnread: 0 },
  };
  for (const some of chunksOf(rising(userIds), idsPerStatement)) {
    await sql('im_conversation_member')
      .insert(some.map((userId) => ({ ...floor, userId, conversation })))
      .onConflict(['userId', 'conversation'])
      .merge({ ...floor, ownAtRead: sql.ref('own') });
    await liftAll(sql, some, conversation);
  }
}

/** The next message is the last one that they see. */
export async function leaveConversation(
  sql: Sql,
  conversation: string,
  userIds: readonly number[],
  leftTime: number,
): Promise<void> {
  const found = (await findConversations(sql, [conversation])).get(conversation);
  const leftNumber = (found?.lastNumber ?? 0) + 1;
  for (const some of chunksOf(rising(userIds), idsPerStatement)) {
    await places(sql, some, conversation).update({ leftNumber, leftTime });
    await liftAll(sql, some, conversation);
  }
}

/** As box-im's row of the friend or the member says it, in one transaction with that; also before anything was said. */
export async function mutePlace(
  sql: Sql,
  userId: number,
  conversation: string,
  isMuted: boolean,
): Promise<number> {
  await sql('im_conversation_member')
    .insert({ userId, conversation, muted: isMuted ? 1 : 0 })
    .onConflict(['userId', 'conversation'])
    .merge(['muted']);
  return lift(sql, userId, conversation);
}

/** It no longer counts, calls nobody, and who keeps it has to hear of it. */
export async function noteRecall(sql: Sql, { conversation, number, sendId, stamp }: Recalled): Promise<void> {
  await sql('im_uncounted')
    .insert({ conversation, number, sendId })
    .onConflict(['conversation', 'number'])
    .ignore();
  await sql('im_message_change').insert({ conversation, stamp, number });
  await sql('im_mention').where({ conversation, number }).delete();
}

/** Those who saw one of these messages before they left: that it was taken back they hear with their next sync, and nothing else of the time since. */
export async function liftThoseWhoLeft(
  sql: Sql,
  conversation: string,
  first: number,
  last = first,
): Promise<number[]> {
  const rows = await sql('im_conversation_member')
    .where({ conversation })
    .where('leftNumber', '>=', first)
    .where('firstNumber', '<=', last)
    .select<{ userId: number }[]>('userId');
  const userIds = rising(rows.map(({ userId }) => userId));
  for (const some of chunksOf(userIds, idsPerStatement)) await liftAll(sql, some, conversation);
  return userIds;
}

/** The user's own place has changed: it gets the next of their stamps. */
export async function lift(sql: Sql, userId: number, conversation: string): Promise<number> {
  await liftAll(sql, [userId], conversation);
  const row = await sql('im_user_stamp').where({ userId }).first<{ stamp: number } | undefined>('stamp');
  return row?.stamp ?? 0;
}

/** Of private conversations both, as both change; all in one order, so that nobody waits in a circle. */
export async function lockPlaces(sql: Sql, keys: readonly PlaceKey[]): Promise<ConversationMember[]> {
  const both = keys.flatMap(({ userId, conversation }) =>
    [userId, ...peopleOf(conversation)].map((one) => ({ userId: one, conversation })),
  );
  const found: ConversationMember[] = [];
  for (const some of chunksOf(risingPlaces(both), placesPerStatement))
    found.push(
      ...(await sql('im_conversation_member')
        .where(inPlaces(some))
        .orderBy(['userId', 'conversation'])
        .forUpdate()
        .select<ConversationMember[]>()),
    );
  return found;
}

/** Places have changed: each gets the next stamp of its user. Whoever locks several places does so before. */
export async function liftPlaces(sql: Sql, keys: readonly PlaceKey[]): Promise<void> {
  for (const some of chunksOf(risingPlaces(keys), placesPerStatement)) {
    await sql('im_user_stamp')
      .insert(rising(some.map(({ userId }) => userId)).map((userId) => ({ userId, stamp: 1 })))
      .onConflict('userId')
      .merge({ stamp: added(sql, 'stamp') });
    await sql('im_conversation_member')
      .where(inPlaces(some))
      .update({ stamp: stampOfUser(sql) });
  }
}

async function liftAll(sql: Sql, userIds: readonly number[], conversation: string): Promise<void> {
  await sql('im_user_stamp')
    .insert(userIds.map((userId) => ({ userId, stamp: 1 })))
    .onConflict('userId')
    .merge({ stamp: added(sql, 'stamp') });
  await places(sql, userIds, conversation).update({ stamp: stampOfUser(sql) });
}

function stampOfUser(sql: Sql): Knex.QueryBuilder {
  return sql('im_user_stamp as s')
    .whereRaw('?? = ??', ['s.userId', 'im_conversation_member.userId'])
    .select('s.stamp');
}

/** So and not by pairs, for which MariaDB goes through the whole table, and locks it. */
function places(sql: Sql, userIds: readonly number[], conversation: string): Knex.QueryBuilder {
  return sql('im_conversation_member').whereIn('userId', userIds).where({ conversation });
}

/** In one order for everybody who locks them. */
function rising(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((one, other) => one - other);
}
