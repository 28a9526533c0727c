import { z } from 'zod';
import { readCursor, toPage, type Page } from '../api/cursor.ts';
import type { Database } from '../db/database.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import type { ShownMessage } from '../inbox/message-view.ts';
import { hasLeft } from '../inbox/place.ts';
import type { ReactionCounts } from '../message-details/detail.ts';
import { changeDetail } from '../message-details/detail-rows.ts';
import type { Found, MessageChanges } from './message-changes.ts';

/** Different ones of a person at one message, and of all at one. */
const mostOfOne = 8;
const mostDifferent = 40;

interface Of {
  readonly id: string;
  readonly number: number;
  readonly emoji: string;
}

export interface ReactionRow {
  readonly userId: number;
  readonly emoji: string;
  readonly createdTime: number;
}

/** Thumbs and the like. How many there are stands at the message, and rises and falls within its lane; who they are in rows of their own. */
export class Reactions {
  readonly #database: Pick<Database, 'of'>;
  readonly #changes: MessageChanges;

  constructor(database: Pick<Database, 'of'>, changes: MessageChanges) {
    this.#database = database;
    this.#changes = changes;
  }

  add(caller: Caller, { emoji, ...of }: Of): Promise<ShownMessage> {
    return this.#change(caller, of, async (found) => {
      const { sql, key, detail, moment } = found;
      const { userId } = caller;
      const mine = await sql('im_reaction')
        .where({ userId, ...key })
        .select<{ emoji: string }[]>('emoji');
      if (mine.some((one) => one.emoji === emoji)) return undefined;
      const counts = detail?.reactions ?? {};
      if (mine.length >= mostOfOne) throw new Refusal('tooManyReactions');
      if (!(emoji in counts) && Object.keys(counts).length >= mostDifferent)
        throw new Refusal('tooManyReactions');
      await sql('im_reaction').insert({ userId, ...key, emoji, createdTime: moment.sendTime });
      return { ...counts, [emoji]: (counts[emoji] ?? 0) + 1 };
    });
  }

  remove(caller: Caller, { emoji, ...of }: Of): Promise<ShownMessage> {
    return this.#change(caller, of, async ({ sql, key, detail }) => {
      const removed = await sql('im_reaction')
        .where({ userId: caller.userId, ...key, emoji })
        .delete();
      if (removed === 0) return undefined;
      const { [emoji]: count = 1, ...others } = detail?.reactions ?? {};
      // In its place, so that they stand as they did.
      return count > 1 ? { ...detail?.reactions, [emoji]: count - 1 } : others;
    });
  }

  /** Who has reacted, for those who see the message; by emoji, then by user. */
  async list(
    caller: Caller,
    { id, number }: Omit<Of, 'emoji'>,
    { emoji, cursor, limit }: { emoji?: string | undefined; cursor?: string | undefined; limit: number },
  ): Promise<Page<ReactionRow>> {
    const { place, message } = await this.#changes.seen(caller, id, number);
    if (message.status === 'recalled' || hasLeft(place)) return { items: [], nextCursor: null };
    const after = readCursor(cursor, z.tuple([z.string().max(64), z.int()]));
    const rows = await this.#database
      .of(place.conversation.id)
      .sql('im_reaction')
      .where({ conversation: place.conversation.id, number, ...(emoji !== undefined && { emoji }) })
      .modify((query) => {
        if (!after) return;
        const [last, userId] = after;
        void query.where(
          (rest) =>
            void rest
              .where('emoji', '>', last)
              .orWhere((same) => void same.where({ emoji: last }).where('userId', '>', userId)),
        );
      })
      .orderBy(['emoji', 'userId'])
      .limit(limit + 1)
      .select<ReactionRow[]>('userId', 'emoji', 'createdTime');
    return toPage(rows, limit, { placeOf: (row) => [row.emoji, row.userId], toItem: (row) => row });
  }

  #change(
    caller: Caller,
    of: Omit<Of, 'emoji'>,
    count: (found: Found) => Promise<ReactionCounts | undefined>,
  ): Promise<ShownMessage> {
    return this.#changes.change(caller, of, {
      act: 'react',
      isMine: true,
      async change(found) {
        const counts = await count(found);
        if (!counts) return false;
        const { sql, key, detail: before, moment } = found;
        const reactions = Object.keys(counts).length > 0 ? JSON.stringify(counts) : null;
        await changeDetail(sql, key, { before, stamp: moment.stamp }, { reactions });
        return true;
      },
    });
  }
}

const segmenter = new Intl.Segmenter();

/** One picture, however many code points it is made of: a family, a flag, a skin. */
export function isEmoji(text: string): boolean {
  if (text.length > 32) return false;
  if (!/[\p{Extended_Pictographic}\p{Regional_Indicator}\u20E3]/u.test(text)) return false;
  if (!/^[\p{Extended_Pictographic}\p{Emoji}\p{Emoji_Component}]+$/u.test(text)) return false;
  return [...segmenter.segment(text)].length === 1;
}
