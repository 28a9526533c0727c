import type { Sql } from '../db/database.ts';
import { markPrivatelyRead } from './box-im-statuses.ts';
import type { ConversationMember } from './conversation.ts';
import { findConversations } from './conversation-rows.ts';
import { nameOfPlace, peopleOf, type PlaceKey } from './place-keys.ts';
import { liftPlaces, lockPlaces } from './places.ts';
import { sumsAt } from './sums.ts';

/** Somebody has read a conversation up to that number, or as far as there is something. */
export interface Read extends PlaceKey {
  readonly upTo: number;
}

/** What became of it. */
export interface Moved extends PlaceKey {
  /** Up to where they had read before, and up to where they have now. */
  readonly from: number;
  readonly to: number;
  /** The number of the last message. */
  readonly last: number;
  /** Something of their place is not as it was. */
  readonly isChanged: boolean;
}

/**
 * Moves all of them forward, with the same few statements for one as for a hundred. Of a private conversation the other one's place has
 * changed as well: up to where they are read. Who is not in the conversation has no answer.
 */
export async function moveReads(sql: Sql, reads: readonly Read[]): Promise<Map<string, Moved>> {
  const wanted = new Map<string, number>();
  for (const read of reads) {
    const name = nameOfPlace(read);
    wanted.set(name, Math.max(read.upTo, wanted.get(name) ?? 0));
  }
  const places = await lockPlaces(sql, reads);
  const lasts = await findConversations(sql, [...new Set(reads.map(({ conversation }) => conversation))]);
  const answers = new Map<string, Moved>();
  const moves: { place: ConversationMember; to: number; isAll: boolean }[] = [];
  for (const place of places) {
    const { userId, conversation, readNumber: from, leftNumber, markedUnread } = place;
    const name = nameOfPlace(place);
    const last = lasts.get(conversation)?.lastNumber;
    const upTo = wanted.get(name);
    if (upTo === undefined || last === undefined || leftNumber !== null) continue;
    const to = Math.max(from, Math.min(upTo, last));
    const isChanged = to > from || markedUnread === 1;
    answers.set(name, { userId, conversation, from, to, last, isChanged });
    if (isChanged) moves.push({ place, to, isAll: to === last });
  }
  if (moves.length === 0) return answers;

  const sums = await sumsAt(
    sql,
    moves.filter(({ isAll }) => !isAll),
  );
  await sql('im_conversation_member')
    .insert(
      moves.map(({ place, to }) => {
        const { userId, conversation, own } = place;
        const atEnd = { skippedAtRead: lasts.get(conversation)?.skipped ?? 0, ownAtRead: own };
        return {
          ...{ userId, conversation, readNumber: to, markedUnread: 0 },
          ...(sums.get(nameOfPlace(place)) ?? atEnd),
        };
      }),
    )
    .onConflict(['userId', 'conversation'])
    .merge(['readNumber', 'markedUnread', 'skippedAtRead', 'ownAtRead']);
  await sql('im_mention')
    .where((some) => {
      for (const { place, to } of moves)
        void some.orWhere((mine) => {
          const { userId, conversation } = place;
          void mine.where({ userId, conversation }).where('number', '<=', to);
        });
    })
    .delete();
  await markPrivatelyRead(
    sql,
    moves.map(({ place, to }) => ({ ...place, to })),
  );
  await liftPlaces(
    sql,
    moves.flatMap(({ place: { userId, conversation } }) =>
      [...new Set([userId, ...peopleOf(conversation)])].map((one) => ({ userId: one, conversation })),
    ),
  );
  return answers;
}
