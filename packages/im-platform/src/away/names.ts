import { gather } from 'im-common/internal/bus';
import type { Database, Sql } from '../db/database.ts';
import type { Language } from '../http/texts.ts';
import type { GroupMessage } from '../messages/group/group-message.ts';
import type { PrivateMessage } from '../messages/private/private-message.ts';
import { systemAccount, systemAccountId } from '../users/system-account.ts';

type Message = PrivateMessage | GroupMessage;

/** What stands above a notification: of a group its name, otherwise that of who wrote. What is asked at one moment is looked up once. */
export function findNames(
  { sql }: Pick<Database, 'sql'>,
  language: Language,
): (message: Message) => Promise<string> {
  return gather(async (messages: readonly Message[]) => {
    const groups = await namesIn(sql, 'im_group', 'name', messages.flatMap(groupOf));
    const users = await namesIn(sql, 'im_user', 'nickName', messages.flatMap(senderOf));
    users.set(systemAccountId, systemAccount(language).nickName);
    return messages.map((message) => {
      const [group] = groupOf(message);
      return (group === undefined ? users.get(message.sendId) : groups.get(group)) ?? '';
    });
  });
}

function groupOf(message: Message): number[] {
  return 'groupId' in message ? [message.groupId] : [];
}

function senderOf(message: Message): number[] {
  return 'groupId' in message ? [] : [message.sendId];
}

async function namesIn(
  sql: Sql,
  table: 'im_group' | 'im_user',
  column: 'name' | 'nickName',
  ids: readonly number[],
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await sql(table)
    .whereIn('id', [...new Set(ids)])
    .select<{ id: number; name: string }[]>('id', `${column} as name`);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
