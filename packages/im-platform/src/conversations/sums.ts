import type { Knex } from 'knex';
import type { Sql } from '../db/database.ts';
import { MessageStatus, MessageType } from '../wire/message-type.ts';
import { counts, type ConversationMember } from './conversation.ts';
import { nameOfPlace } from './place-keys.ts';

// A place that is not read up to the end knows its sums from the messages between where it was and where it is to be.

export interface Sums {
  readonly skippedAtRead: number;
  readonly ownAtRead: number;
}

interface Move {
  readonly place: ConversationMember;
  readonly to: number;
}

/** Numbers that are looked at together for all who read in a conversation; a longer way is summed by the database, for each alone. */
const mostLookedAt = 2_000;

/** By the names of places. */
export async function sumsAt(sql: Sql, moves: readonly Move[]): Promise<Map<string, Sums>> {
  const byConversation = new Map<string, Move[]>();
  for (const move of moves) {
    const { conversation } = move.place;
    byConversation.set(conversation, [...(byConversation.get(conversation) ?? []), move]);
  }
  const sums = new Map<string, Sums>();
  for (const [conversation, ofIt] of byConversation) {
    const near = ofIt.filter(({ place, to }) => to - place.readNumber <= mostLookedAt / 2);
    const from = Math.min(...near.map(({ place }) => place.readNumber));
    const to = Math.max(...near.map((move) => move.to));
    const together = to - from <= mostLookedAt ? near : [];
    const lines = together.length > 0 ? await linesBetween(sql, conversation, from, to) : [];
    for (const move of ofIt) {
      const { place } = move;
      const between = together.includes(move)
        ? sumOf(lines, move)
        : await sumByDatabase(sql, conversation, move);
      sums.set(nameOfPlace(place), {
        skippedAtRead: place.skippedAtRead + between.skipped,
        ownAtRead: place.ownAtRead + between.own,
      });
    }
  }
  return sums;
}

interface Line {
  readonly number: number;
  readonly sendId: number;
  readonly type: number;
  readonly status: number;
}

function linesBetween(sql: Sql, conversation: string, from: number, to: number): Promise<Line[]> {
  return messagesOf(sql, conversation)
    .whereBetween('number', [from + 1, to])
    .select<Line[]>('number', 'sendId', 'type', 'status');
}

interface Between {
  readonly skipped: number;
  readonly own: number;
}

function sumOf(lines: readonly Line[], { place, to }: Move): Between {
  let [skipped, own] = [0, 0];
  for (const line of lines) {
    if (line.number <= place.readNumber || line.number > to) continue;
    if (!counts(line)) skipped += 1;
    else if (line.sendId === place.userId) own += 1;
  }
  return { skipped, own };
}

async function sumByDatabase(sql: Sql, conversation: string, { place, to }: Move): Promise<Between> {
  const [sums] = await messagesOf(sql, conversation)
    .whereBetween('number', [place.readNumber + 1, to])
    .select<Record<'skipped' | 'own', number | string | null>[]>(
      sql.raw(`sum(case when ${countsForNobody} then 1 else 0 end) as skipped`),
      sql.raw(`sum(case when ${countsForNobody} then 0 when ?? = ? then 1 else 0 end) as own`, [
        ...['sendId', place.userId],
      ]),
    );
  return { skipped: Number(sums?.skipped ?? 0), own: Number(sums?.own ?? 0) };
}

function messagesOf(sql: Sql, conversation: string): Knex.QueryBuilder {
  return conversation.startsWith('private:')
    ? sql('im_private_message').where({ conversation })
    : sql('im_group_message').where({ groupId: Number(conversation.slice('group:'.length)) });
}

/** As `counts` in conversation.ts. */
const countsForNobody = `(type in (${MessageType.RECALL}, ${MessageType.TIP_TEXT})
  or (type in (${MessageType.ACT_RT_VOICE}, ${MessageType.ACT_RT_VIDEO}) and status = ${MessageStatus.READED}))`;
