import { z } from 'zod';
import { readCursor, toPage, type Page } from '../api/cursor.ts';
import { toTime } from '../api/values.ts';
import { everybody } from '../conversations/conversation-rows.ts';
import type { Database, Sql } from '../db/database.ts';
import type { Outbox } from '../events/outbox.ts';
import type { GroupStore } from '../groups/group-store.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import { toShown, type ShownContent } from '../inbox/content.ts';
import { toAtUserIds, type ShownMessage } from '../inbox/message-view.ts';
import { hasLeft } from '../inbox/place.ts';
import type { Entity } from '../message-details/entities.ts';
import { changeDetail, type MessageKey } from '../message-details/detail-rows.ts';
import { putWords } from '../message-words/postings.ts';
import { sendableContent, type SendingDeps } from '../messages/sendable.ts';
import { MessageStatus, MessageType } from '../wire/message-type.ts';
import type { Found, MessageChanges } from './message-changes.ts';

export interface EditDeps extends SendingDeps {
  readonly outbox: Pick<Outbox, 'wants' | 'store'>;
  readonly database: Pick<Database, 'of'>;
  readonly groups: Pick<GroupStore, 'find'>;
  readonly changes: MessageChanges;
  /** How long after it was sent a message may be edited. */
  readonly windowMs: number;
  readonly maxTextLength: number;
}

export interface Edit {
  readonly text: string;
  readonly entities?: readonly Entity[] | undefined;
  /** Who is named, also in entities. */
  readonly mentions: readonly string[];
}

export interface Version {
  readonly content: ShownContent;
  readonly writtenTime: number;
}

const mostEdits = 100;

/** One's own texts, written over. What they said before can be read by those who can read the message, until it is recalled. */
export class Edits {
  readonly #deps: EditDeps;

  constructor(deps: EditDeps) {
    this.#deps = deps;
  }

  async edit(
    caller: Caller,
    of: { readonly id: string; readonly number: number },
    { text, entities = [], mentions }: Edit,
  ): Promise<ShownMessage> {
    if (text.length > this.#deps.maxTextLength)
      throw new Refusal('textTooLong', { values: { max: String(this.#deps.maxTextLength) } });
    const written = {
      ...{ conversation: of.id, number: of.number, type: MessageType.TEXT, content: text },
      detail: { entities },
    };
    const content = await sendableContent(caller.userId, written, this.#deps);
    // What was masked has other places.
    const json = entities.length > 0 && content === text ? JSON.stringify(entities) : null;
    return this.#deps.changes.change(caller, of, {
      act: 'edit',
      change: (found) => this.#write(caller, found, { content, entities: json, mentions }),
    });
  }

  /** What it said before, the latest first. */
  async list(
    caller: Caller,
    { id, number }: { readonly id: string; readonly number: number },
    { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
  ): Promise<Page<Version>> {
    const { database, changes } = this.#deps;
    const { place, message } = await changes.seen(caller, id, number);
    const before = readCursor(cursor, z.int()) ?? Number.MAX_SAFE_INTEGER;
    const { status, editedAt } = message;
    if (status === 'recalled' || editedAt === null) return { items: [], nextCursor: null };
    const shownTime = Date.parse(editedAt);
    const rows = await database
      .of(place.conversation.id)
      .sql('im_message_edit')
      .where({ conversation: place.conversation.id, number })
      .where('version', '<', before)
      .modify((query) => {
        if (hasLeft(place)) void query.where('writtenTime', '<', shownTime);
      })
      .orderBy('version', 'desc')
      .limit(limit + 1)
      .select<EditRow[]>(...editColumns);
    return toPage(rows, limit, { placeOf: ({ version }) => version, toItem: toVersion });
  }

  async #write(
    { userId }: Caller,
    { sql, first, key, row: { kind, message }, detail: before, moment }: Found,
    {
      content,
      entities,
      mentions,
    }: { content: string; entities: string | null; mentions: readonly string[] },
  ): Promise<boolean> {
    const { windowMs, groups } = this.#deps;
    if (message.sendId !== userId) throw new Refusal('notYoursToEdit');
    if (message.type !== MessageType.TEXT || before?.custom) throw new Refusal('onlyTextsAreEdited');
    if (message.sendTime < Date.now() - windowMs) throw new Refusal('tooLateToEdit');
    const entitiesBefore = before?.entities ? JSON.stringify(before.entities) : null;
    const atUserIds = kind === 'group' ? toAtUserIds(mentions) : [];
    const owner =
      atUserIds.includes(-1) && kind === 'group'
        ? (await groups.find(message.groupId, first))?.ownerId
        : undefined;
    const named = atUserIds.filter((id) => id !== -1 || owner === userId);
    const isSame =
      message.content === content &&
      entitiesBefore === entities &&
      (kind === 'private' || named.join() === message.atUserIds.join());
    if (isSame) return false;
    const [last] = await sql('im_message_edit')
      .where(key)
      .max<{ version: number | null }[]>('version as version');
    const version = (last?.version ?? 0) + 1;
    if (version > mostEdits) throw new Refusal('tooManyEdits');
    await sql('im_message_edit').insert({
      ...{ ...key, version, content: message.content ?? '', entities: entitiesBefore },
      writtenTime: before?.editedTime ?? message.sendTime,
    });
    const { id } = message;
    if (kind === 'private') {
      const { sendId, recvId, number } = message;
      await sql('im_private_message').where({ id, sendId, recvId, number }).update({ content });
    } else {
      const { groupId, sendId, number } = message;
      await sql('im_group_message')
        .where({ id, groupId, sendId, number })
        .update({ content, atUserIds: named.join(',') });
      await sql('im_mention').where(key).delete();
      const called = named.includes(-1) ? [everybody] : named;
      if (called.length > 0)
        await sql('im_mention').insert(called.map((one) => ({ ...key, userId: one, sendId: userId })));
    }
    // Also by what it said before, which those go on reading who have left.
    const texts = [message.content ?? '', content];
    await putWords(
      sql,
      texts.map((text) => ({ ...key, id, text })),
    );
    const editedTime = Math.max(moment.sendTime, message.sendTime);
    await changeDetail(sql, key, { before, stamp: moment.stamp }, { editedTime, entities });
    const { outbox } = this.#deps;
    if (outbox.wants('message.edited')) {
      const receiver = kind === 'private' ? message.recvId : undefined;
      const said = toVersion({ version, content, entities, writtenTime: editedTime }).content;
      await outbox.store(sql, [
        {
          ...{ type: 'message.edited', subject: key.conversation, time: editedTime },
          data: {
            ...{ conversationId: key.conversation, number: key.number, messageId: String(id) },
            ...{ senderId: String(userId), ...(receiver && { receiverId: String(receiver) }) },
            content: said,
            editedAt: toTime(editedTime),
          },
          userIds: [userId, ...(receiver ? [receiver] : [])],
          number: key.number,
          mentions: mentionsIn('entities' in said ? said.entities : []),
        },
      ]);
    }
    return true;
  }
}

/** What a message said, whoever may see it: the first version first. */
export async function versionsOf(sql: Sql, { conversation, number }: MessageKey): Promise<Version[]> {
  const rows = await sql('im_message_edit')
    .where({ conversation, number })
    .orderBy('version')
    .select<EditRow[]>(...editColumns);
  return rows.map(toVersion);
}

const editColumns = ['conversation', 'number', 'version', 'content', 'entities', 'writtenTime'] as const;

interface EditRow {
  readonly version: number;
  readonly content: string;
  readonly entities: string | null;
  readonly writtenTime: number;
}

function mentionsIn(entities: readonly Entity[] = []): string[] {
  return entities.flatMap((one) => (one.type === 'mention' ? [one.userId] : []));
}

function toVersion({ content, entities, writtenTime }: EditRow): Version {
  const row = { type: MessageType.TEXT, status: MessageStatus.PENDING, content };
  const detail = entities === null ? {} : { entities: JSON.parse(entities) as Entity[] };
  return { content: toShown(row, detail), writtenTime };
}
