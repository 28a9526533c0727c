import type { Database, Sql } from '../db/database.ts';
import { toTime } from '../api/values.ts';
import type { LinkMaker } from '../files/file-links.ts';
import { fromRow, groupColumns, type GroupMessageRow } from '../messages/group/group-message.ts';
import { privateColumns, type PrivateMessage } from '../messages/private/private-message.ts';
import { showOfGroup, showPrivate } from '../inbox/message-view.ts';

const rowsPerQuestion = 500;

/** A row as it is told, and where the next ones begin. */
interface Told {
  readonly place: number;
  readonly item: object;
}

type Read = (after: number) => Promise<readonly Told[]>;

/**
 * All that the platform keeps of one user and that is theirs, as one JSON document, piece by piece: no more of it is in memory than a page.
 * Of conversations it is what they wrote themselves; the rest is the others'.
 */
export async function* exportOf(
  { sql }: Pick<Database, 'sql'>,
  userId: number,
  links: LinkMaker,
): AsyncGenerator<string, void, undefined> {
  yield `{"exportedAt":${JSON.stringify(toTime(Date.now()))},"profile":${JSON.stringify(await profileOf(sql, userId))}`;
  yield* list('sessions', ownRows(sql, userId, 'im_session', sessionColumns));
  yield* list('identities', ownRows(sql, userId, 'im_identity', identityColumns));
  yield* list('secondFactor', ownRows(sql, userId, 'im_second_factor', ['createdTime', 'confirmedTime']));
  yield* list('friends', ownRows(sql, userId, 'im_friend', friendColumns, 'friendId'));
  yield* list('blocks', ownRows(sql, userId, 'im_block', ['blockedId', 'createdTime'], 'blockedId'));
  yield* list('groups', groupsOf(sql, userId));
  yield* list('files', ownRows(sql, userId, 'im_file_info', fileColumns, 'id'));
  yield* list('scheduledMessages', ownRows(sql, userId, 'im_scheduled_message', scheduledColumns, 'id'));
  yield* list('privateMessages', privateMessagesOf(sql, userId, links));
  const groups = await sql('im_group_member')
    .where({ userId })
    .orderBy('groupId')
    .select<{ groupId: number }[]>('groupId');
  yield ',"groupMessages":[';
  let separator = '';
  for (const { groupId } of groups)
    for await (const text of items(groupMessagesOf(sql, { userId, groupId, links }))) {
      yield separator + text;
      separator = ',\n';
    }
  yield ']}\n';
}

const sessionColumns = ['terminal', 'network', 'deviceName', 'createdTime', 'issuedTime'];
const identityColumns = ['issuer', 'subject', 'email', 'createdTime'];
const friendColumns = ['friendId', 'friendNickName', 'deleted', 'isDnd', 'createdTime'];
const scheduledColumns = ['id', 'conversation', 'saying', 'sendTime', 'state', 'createdTime'];
const fileColumns = ['id', 'fileName', 'filePath', 'fileSize', 'uploadTime'];

async function* list(name: string, read: Read): AsyncGenerator<string, void, undefined> {
  yield `,${JSON.stringify(name)}:[`;
  let separator = '';
  for await (const text of items(read)) {
    yield separator + text;
    separator = ',\n';
  }
  yield ']';
}

async function* items(read: Read): AsyncGenerator<string, void, undefined> {
  for (let after = 0; ;) {
    const rows = await read(after);
    if (rows.length > 0) yield rows.map(({ item }) => JSON.stringify(item)).join(',\n');
    const last = rows.at(-1);
    if (!last || rows.length < rowsPerQuestion) return;
    after = last.place;
  }
}

async function profileOf(sql: Sql, id: number): Promise<object> {
  const user = await sql('im_user')
    .where({ id })
    .first<object | undefined>(
      'id',
      'userName',
      'externalId',
      'nickName',
      'signature',
      'sex',
      'headImage',
      'createdTime',
      'lastLoginTime',
    );
  const privacy = await sql('im_privacy')
    .where({ userId: id })
    .first<object | undefined>('mayWrite', 'mayCall', 'mayAdd', 'seesPresence');
  return { ...user, privacy: privacy ?? null };
}

/** Rows of a table that are the user's, in the order of a column; without one all at once, as there are few. */
function ownRows(sql: Sql, userId: number, table: string, columns: readonly string[], by?: string): Read {
  return async (after) => {
    const query = sql(table)
      .where({ userId })
      .select(...columns);
    if (by === undefined) return ((await query) as object[]).map((item) => ({ place: 0, item }));
    void query.where(by, '>', after).orderBy(by).limit(rowsPerQuestion);
    return ((await query) as Record<string, unknown>[]).map((item) => ({ place: Number(item[by]), item }));
  };
}

function groupsOf(sql: Sql, userId: number): Read {
  return async (after) => {
    const rows = await sql('im_group_member as m')
      .join('im_group as g', 'g.id', 'm.groupId')
      .where({ 'm.userId': userId })
      .where('m.groupId', '>', after)
      .orderBy('m.groupId')
      .limit(rowsPerQuestion)
      .select<{ groupId: number }[]>(
        ...['m.groupId', 'g.name', 'm.remarkNickName', 'm.quit', 'm.quitTime', 'm.createdTime as joinedTime'],
      );
    return rows.map((item) => ({ place: item.groupId, item }));
  };
}

function privateMessagesOf(sql: Sql, sendId: number, links: LinkMaker): Read {
  return async (after) => {
    const rows = await sql('im_private_message')
      .where({ sendId })
      .where('id', '>', after)
      .orderBy('id')
      .limit(rowsPerQuestion)
      .select<PrivateMessage[]>(...privateColumns);
    return rows.map((row) => ({ place: row.id, item: showPrivate(row, { links }) }));
  };
}

function groupMessagesOf(
  sql: Sql,
  { userId: sendId, groupId, links }: { userId: number; groupId: number; links: LinkMaker },
): Read {
  return async (after) => {
    const rows = await sql('im_group_message')
      .where({ sendId, groupId })
      .where('number', '>', after)
      .orderBy('number')
      .limit(rowsPerQuestion)
      .select<GroupMessageRow[]>(...groupColumns);
    return rows.map(fromRow).map((row) => ({ place: row.number, item: showOfGroup(row, { links }) }));
  };
}
