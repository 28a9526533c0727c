import { findConversations, storeLines } from '../conversations/conversation-rows.ts';
import { counts } from '../conversations/conversation.ts';
import { lanesOf } from '../db/lanes.ts';
import type { Sql } from '../db/database.ts';
import { conversationOfGroup } from '../groups/group.ts';
import { lockLanes, storeLanes } from '../message-log/lane-rows.ts';
import { conversationOf } from '../messages/private/private-message.ts';
import { copyTable, type Copying } from './copying.ts';
import { MessageStatus } from '../wire/message-type.ts';
import { timeIn } from './times.ts';

interface MessageRow {
  readonly id: number;
  readonly sendId: number;
  readonly type: number;
  readonly status: number;
  readonly sendTime: number | null;
}

interface PrivateRow extends MessageRow {
  readonly recvId: number;
}

interface GroupRow extends MessageRow {
  readonly groupId: number;
}

const common = ['id', 'tmpId', 'sendId', 'content', 'type', 'status'];

export function copyPrivateMessages(name: string, copying: Copying): Promise<number> {
  return copyTable(name, copying, {
    name: 'im_private_message',
    columns: [...common, 'recvId', timeIn(copying, 'sendTime')],
    async write(sql, rows) {
      const conversation = ({ sendId, recvId }: PrivateRow): string => conversationOf(sendId, recvId);
      const people = ({ sendId, recvId }: PrivateRow): number[] => [sendId, recvId];
      const placed = await place(sql, rows as PrivateRow[], { name: 'private', conversation, people });
      await sql('im_private_message').insert(
        placed.map((row) => ({ ...row, conversation: conversation(row) })),
      );
    },
  });
}

export function copyGroupMessages(name: string, copying: Copying): Promise<number> {
  const { from } = copying;
  return copyTable(name, copying, {
    name: 'im_group_message',
    columns: [
      ...[...common, 'groupId', timeIn(copying, 'sendTime')],
      ...['sendNickName', 'recvIds', 'atUserIds'].map((text) =>
        from.raw('coalesce(??, ?) as ??', [text, '', text]),
      ),
      ...['receipt', 'receiptOk'].map((flag) => from.raw('coalesce(??, 0) as ??', [flag, flag])),
    ],
    async write(sql, rows) {
      const conversation = ({ groupId }: GroupRow): string => conversationOfGroup(groupId);
      await sql('im_group_message').insert(
        await place(sql, rows as GroupRow[], { name: 'group', conversation }),
      );
    },
  });
}

interface Kind<Row> {
  readonly name: 'private' | 'group';
  readonly conversation: (row: Row) => string;
  readonly people?: (row: Row) => number[];
}

/**
 * Gives each its number in its conversation, in the order of ids, and a time that is no earlier than that of the one before: with
 * ids their times rise, and box-im's have whole seconds and are as the clocks of its servers were.
 */
async function place<Row extends MessageRow>(
  sql: Sql,
  rows: readonly Row[],
  { name, conversation, people }: Kind<Row>,
): Promise<(Row & { number: number; sendTime: number })[]> {
  const lanes = [...(await lockLanes(sql, lanesOf(name))).values()];
  let lastTime = Math.max(...lanes.map((lane) => lane.lastTime));
  const before = await findConversations(sql, [...new Set(rows.map(conversation))]);
  const last = new Map(Array.from(before, ([key, { lastNumber }]) => [key, lastNumber]));
  const placed = rows.map((row) => {
    const key = conversation(row);
    const number = (last.get(key) ?? 0) + 1;
    last.set(key, number);
    lastTime = Math.max(row.sendTime ?? 0, lastTime);
    return { ...row, number, sendTime: lastTime };
  });
  const lines = placed.map((row) => {
    const { id, number, sendTime, sendId } = row;
    const line = { id, number, sendTime, sendId, counts: counts(row) };
    return { ...line, conversation: conversation(row), people: people?.(row) };
  });
  // As nobody has asked for changes yet, there is nothing that a stamp would come after.
  await storeLines(sql, lines, { before, stampOf: () => 0 });
  const recalled = lines.filter((_, index) => placed[index]?.status === MessageStatus.RECALL);
  if (recalled.length > 0)
    await sql('im_uncounted').insert(
      recalled.map(({ conversation: key, number, sendId }) => ({ conversation: key, number, sendId })),
    );
  // Whatever lane comes next goes on above all of them.
  const lastId = rows.at(-1)?.id ?? 0;
  await storeLanes(
    sql,
    lanes.map((lane) => ({ ...lane, lastId: Math.max(lastId, lane.lastId), lastTime })),
  );
  return placed;
}
