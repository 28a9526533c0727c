import type { Sql } from '../db/database.ts';
import { conversationOfGroup } from '../messages/group/group-message.ts';
import { conversationOf } from '../messages/private/private-message.ts';
import { copyTable, type Copying } from './copying.ts';
import { timeIn } from './times.ts';

interface MessageRow {
  readonly id: number;
  readonly sendTime: number | null;
}

interface PrivateRow extends MessageRow {
  readonly sendId: number;
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
      const placed = await place(sql, 'private', rows as PrivateRow[], conversation);
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
      await sql('im_group_message').insert(
        await place(sql, 'group', rows as GroupRow[], ({ groupId }) => conversationOfGroup(groupId)),
      );
    },
  });
}

/**
 * Gives each its number in its conversation, in the order of ids, and a time that is no earlier than that of the one before: with
 * ids their times rise, and box-im's have whole seconds and are as the clocks of its servers were.
 */
async function place<Row extends MessageRow>(
  sql: Sql,
  kind: 'private' | 'group',
  rows: readonly Row[],
  conversation: (row: Row) => string,
): Promise<(Row & { number: number; sendTime: number })[]> {
  const clock = `${kind}:time`;
  const names = [...new Set([kind, clock, ...rows.map(conversation)])];
  const known = await sql('im_counter')
    .whereIn('name', names)
    .select<{ name: string; value: number }[]>('name', 'value');
  const last = new Map(known.map(({ name, value }) => [name, value]));
  const placed = rows.map((row) => {
    const name = conversation(row);
    const number = (last.get(name) ?? 0) + 1;
    const sendTime = Math.max(row.sendTime ?? 0, last.get(clock) ?? 0);
    last.set(name, number).set(clock, sendTime).set(kind, row.id);
    return { ...row, number, sendTime };
  });
  const counters = Array.from(last, ([name, value]) => ({ name, value }));
  await sql('im_counter').insert(counters).onConflict('name').merge(['value']);
  return placed;
}
