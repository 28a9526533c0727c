import type { Database, Sql } from '../db/database.ts';
import type { GroupStore } from '../groups/group-store.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import { findRow, type MessageRow } from '../inbox/message-rows.ts';
import type { MessagePages } from '../inbox/message-pages.ts';
import type { ShownMessage } from '../inbox/message-view.ts';
import type { Place, Places } from '../inbox/place.ts';
import type { MessageDetail } from '../message-details/detail.ts';
import { findDetail, type MessageKey } from '../message-details/detail-rows.ts';
import type { Moment } from '../message-log/entries.ts';
import type { LaneChanges } from '../message-log/lane-changes.ts';
import { isSendable, MessageStatus } from '../wire/message-type.ts';
import type { ChangeNews } from './change-news.ts';
import { assertMay, type Act } from './who-may-change.ts';

export interface ChangeDeps {
  readonly places: Pick<Places, 'find'>;
  readonly pages: Pick<MessagePages, 'find'>;
  readonly groups: Pick<GroupStore, 'findMine'>;
  readonly lanes: LaneChanges;
  readonly database: Pick<Database, 'sql' | 'of'>;
  readonly news: Pick<ChangeNews, 'tell'>;
}

/** A message as a change finds it, in the transaction of the change. */
export interface Found {
  readonly sql: Sql;
  /** The first database, where groups are: in the same transaction, where that is possible. */
  readonly first: Sql;
  readonly moment: Moment;
  readonly key: MessageKey;
  readonly row: MessageRow;
  readonly detail: MessageDetail | undefined;
}

/** Changes one message, if they may. False: it is so already. Refuses before it writes anything. */
export type ChangeOf = (found: Found) => Promise<boolean>;

/** What people make of messages after they were sent: whoever sees one and may do that. */
export class MessageChanges {
  readonly #deps: ChangeDeps;

  constructor(deps: ChangeDeps) {
    this.#deps = deps;
  }

  /** Resolves with the message as it is then. `isMine`: the caller's own devices are told of more than the others. */
  async change(
    caller: Caller,
    { id, number }: { readonly id: string; readonly number: number },
    {
      act,
      isMine = false,
      change,
    }: { readonly act: Act; readonly isMine?: boolean; readonly change: ChangeOf },
  ): Promise<ShownMessage> {
    const { places, pages, groups, lanes, database, news } = this.#deps;
    const { userId } = caller;
    const place = await places.find(userId, id);
    await pages.find(userId, place, number);
    const { conversation } = place;
    const key = { conversation: conversation.id, number };
    const asked = { userId, conversation, act };
    // Who may is known in the first database: in the same transaction, where that is possible.
    const isElsewhere = database.of(conversation.id).name !== '';
    if (isElsewhere) await assertMay(database.sql, groups, asked);
    const hasChanged = await lanes.run(conversation.id, async (sql, moment) => {
      if (!isElsewhere) await assertMay(sql, groups, asked);
      const row = await findRow(sql, key);
      if (!row || !isSendable(row.message.type)) throw new Refusal('messageUnknown');
      if (row.message.status === MessageStatus.RECALL) throw new Refusal('messageRecalled');
      const first = isElsewhere ? database.sql : sql;
      const value = await change({ sql, first, moment, key, row, detail: await findDetail(sql, key) });
      return { value, numbers: value ? [number] : [] };
    });
    if (hasChanged) news.tell(key, { caller, isMine, isEdit: act === 'edit' });
    return pages.find(userId, place, number);
  }

  /** The place of somebody who asks, and that they see this message. */
  async seen(
    { userId }: Caller,
    id: string,
    number: number,
  ): Promise<{ place: Place; message: ShownMessage }> {
    const place = await this.#deps.places.find(userId, id);
    return { place, message: await this.#deps.pages.find(userId, place, number) };
  }
}
