import { chunksOf } from '../../db/chunks.ts';
import type { Sql } from '../../db/database.ts';
import { conversationOfGroup } from '../../groups/group.ts';
import type { MessageDetail } from '../../message-details/detail.ts';
import { findDetails, nameOf, type MessageKey } from '../../message-details/detail-rows.ts';
import { everyone, mentionedIn, type Entity } from '../../message-details/entities.ts';
import type { GroupMessage } from './group-message.ts';

export interface AsLeft {
  readonly message: GroupMessage;
  readonly detail: MessageDetail;
}

interface Version extends MessageKey {
  readonly version: number;
  readonly content: string;
  readonly entities: string | null;
  readonly writtenTime: number;
}

const keysPerQuery = 200;

/**
 * Of messages in groups that the user has left, by `{conversation}/{number}`, those that were changed at any time: with the text of then, and
 * without reactions and pins, of which nothing says how they were. It reads after the messages were read, so it knows of whatever is in them.
 */
export async function asTheyLeft(
  sql: Sql,
  userId: number,
  messages: readonly GroupMessage[],
): Promise<Map<string, AsLeft>> {
  const found = new Map<string, AsLeft>();
  if (messages.length === 0) return found;
  const keys = messages.map(({ groupId, number }) => ({
    conversation: conversationOfGroup(groupId),
    number,
  }));
  const details = await findDetails(
    sql,
    keys.map(({ conversation, number }) => ({ conversation, from: number, to: number })),
  );
  const leftTimes = await findLeftTimes(sql, userId, details.values());
  const leftTimeOf = (key: MessageKey): number => leftTimes.get(key.conversation) ?? 0;
  const later = [...details.values()].filter((one) => (one.editedTime ?? -1) >= leftTimeOf(one));
  const versions = await findVersions(sql, later, leftTimeOf);
  for (const message of messages) {
    const name = nameOfMessage(message);
    const detail = details.get(name);
    if (!detail || detail.stamp === 0) continue;
    const plain = { ...detail, reactions: {}, pinnedTime: null };
    const then = versions.get(name);
    found.set(name, then ? asWritten(message, plain, then) : { message, detail: plain });
  }
  return found;
}

export function nameOfMessage({ groupId, number }: GroupMessage): string {
  return nameOf({ conversation: conversationOfGroup(groupId), number });
}

async function findLeftTimes(
  sql: Sql,
  userId: number,
  details: Iterable<MessageDetail>,
): Promise<Map<string, number>> {
  const names = [...new Set([...details].map(({ conversation }) => conversation))];
  const times = new Map<string, number>();
  for (const some of chunksOf(names, keysPerQuery)) {
    const rows = await sql('im_conversation_member')
      .where({ userId })
      .whereIn('conversation', some)
      .select<{ conversation: string; leftTime: number | null }[]>('conversation', 'leftTime');
    for (const { conversation, leftTime } of rows) times.set(conversation, leftTime ?? 0);
  }
  return times;
}

/** The last ones that were written before then; of what was sent in the same moment the first. */
async function findVersions(
  sql: Sql,
  edited: readonly MessageKey[],
  leftTimeOf: (key: MessageKey) => number,
): Promise<Map<string, Version>> {
  const versions = new Map<string, Version>();
  for (const some of chunksOf(edited, keysPerQuery)) {
    const rows = await sql('im_message_edit')
      .whereIn(
        ['conversation', 'number'],
        some.map(({ conversation, number }) => [conversation, number]),
      )
      .orderBy('version')
      .select<Version[]>('conversation', 'number', 'version', 'content', 'entities', 'writtenTime');
    for (const row of rows)
      if (row.version === 1 || row.writtenTime < leftTimeOf(row)) versions.set(nameOf(row), row);
  }
  return versions;
}

/** Whom it named beside the text is not kept. */
function asWritten(message: GroupMessage, detail: MessageDetail, then: Version): AsLeft {
  const entities = then.entities === null ? undefined : (JSON.parse(then.entities) as Entity[]);
  const atUserIds = mentionedIn(entities).map((one) => (one === everyone ? -1 : Number(one)));
  return {
    message: { ...message, content: then.content, atUserIds },
    detail: { ...detail, entities, editedTime: then.version === 1 ? null : then.writtenTime },
  };
}
