import { z } from 'zod';
import { readCursor, toPage, type Page } from '../api/cursor.ts';
import type { Database } from '../db/database.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import type { MessagePages } from '../inbox/message-pages.ts';
import type { ShownMessage } from '../inbox/message-view.ts';
import { hasLeft, type Places } from '../inbox/place.ts';
import { changeDetail } from '../message-details/detail-rows.ts';
import type { MessageChanges } from './message-changes.ts';

const mostPinned = 100;

export interface PinDeps {
  readonly database: Pick<Database, 'of'>;
  readonly places: Pick<Places, 'find'>;
  readonly pages: Pick<MessagePages, 'at'>;
  readonly changes: MessageChanges;
}

/** What is pinned in a conversation, for all of it: between two by both, in a group by the owner and admins. */
export class Pins {
  readonly #deps: PinDeps;

  constructor(deps: PinDeps) {
    this.#deps = deps;
  }

  pin(caller: Caller, of: { readonly id: string; readonly number: number }): Promise<ShownMessage> {
    return this.#deps.changes.change(caller, of, {
      act: 'pin',
      async change({ sql, key, detail: before, moment }) {
        if (before && before.pinnedTime !== null) return false;
        const [count] = await sql('im_message_detail')
          .where({ conversation: key.conversation })
          .whereNotNull('pinnedTime')
          .count<{ pinned: number }[]>('* as pinned');
        if ((count?.pinned ?? 0) >= mostPinned) throw new Refusal('tooManyPinned');
        const pin = { pinnedTime: moment.sendTime, pinnedBy: caller.userId };
        await changeDetail(sql, key, { before, stamp: moment.stamp }, pin);
        return true;
      },
    });
  }

  unpin(caller: Caller, of: { readonly id: string; readonly number: number }): Promise<ShownMessage> {
    return this.#deps.changes.change(caller, of, {
      act: 'pin',
      async change({ sql, key, detail: before, moment }) {
        if (!before || before.pinnedTime === null) return false;
        await changeDetail(sql, key, { before, stamp: moment.stamp }, { pinnedTime: null, pinnedBy: null });
        return true;
      },
    });
  }

  /** The last pinned first; of those that the caller may see. */
  async list(
    { userId }: Caller,
    id: string,
    { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
  ): Promise<Page<ShownMessage>> {
    const { database, places, pages } = this.#deps;
    const place = await places.find(userId, id);
    if (hasLeft(place)) return { items: [], nextCursor: null };
    const { conversation, first, last } = place;
    const after = readCursor(cursor, z.tuple([z.int(), z.int()]));
    const rows = await database
      .of(conversation.id)
      .sql('im_message_detail')
      .where({ conversation: conversation.id })
      .whereNotNull('pinnedTime')
      .whereBetween('number', [first, last])
      .orderBy([
        { column: 'pinnedTime', order: 'desc' },
        { column: 'number', order: 'desc' },
      ])
      .modify((query) => {
        if (!after) return;
        const [time, number] = after;
        void query.where(
          (rest) =>
            void rest
              .where('pinnedTime', '<', time)
              .orWhere((same) => void same.where({ pinnedTime: time }).where('number', '<', number)),
        );
      })
      .limit(limit + 1)
      .select<{ conversation: string; number: number; pinnedTime: number }[]>(
        ...['conversation', 'number', 'pinnedTime'],
      );
    const page = toPage(rows, limit, {
      placeOf: ({ pinnedTime, number }) => [pinnedTime, number],
      toItem: (row) => row,
    });
    const shown = await pages.at(userId, new Map([[conversation.id, place]]), page.items);
    const byNumber = new Map(shown.map((message) => [message.number, message]));
    return {
      items: page.items.flatMap(({ number }) => byNumber.get(number) ?? []),
      nextCursor: page.nextCursor,
    };
  }
}
