import { toTime } from '../api/values.ts';
import type { Database, Sql } from '../db/database.ts';
import type { LinkMaker } from '../files/file-links.ts';
import { conversationOfGroup } from '../groups/group.ts';
import { showOfGroup, showPrivate, type ShownMessage } from '../inbox/message-view.ts';
import { findDetail, type MessageKey } from '../message-details/detail-rows.ts';
import { fromRow, groupColumns, type GroupMessageRow } from '../messages/group/group-message.ts';
import { conversationOf, privateColumns, type PrivateMessage } from '../messages/private/private-message.ts';
import { identityIn } from '../at-rest/sealed-columns.ts';
import { ownRows, type OwnRows } from './own-tables.ts';

const rowsPerQuestion = 500;

/** Rows as they are told, from that place on; and where the next ones begin. */
type Read<Place> = (after: Place) => Promise<{ readonly items: readonly object[]; readonly next: Place }>;

/**
 * All that the platform keeps of one user and that is theirs, as one JSON document, piece by piece: no more of it is in memory than a page.
 * Of conversations it is what they wrote themselves; the rest is the others'. Which tables that is stands in own-tables.ts.
 */
export async function* exportOf(
  database: Pick<Database, 'sql' | 'of' | 'laneDatabases'>,
  userId: number,
  links: LinkMaker,
): AsyncGenerator<string, void, undefined> {
  const { sql, laneDatabases } = database;
  yield `{"exportedAt":${JSON.stringify(toTime(Date.now()))},"profile":${JSON.stringify(await profileOf(sql, userId))}`;
  for (const [table, rows] of Object.entries(ownRows)) {
    const places = inLanes.has(table) ? laneDatabases : [{ sql }];
    yield* list(
      rows.name,
      places.map((at) => items(rowsOf(at.sql, userId, table, rows), 0)),
    );
  }
  yield* list('groups', [items(groupsOf(sql, userId), 0)]);
  yield* list(
    'privateMessages',
    laneDatabases.map((at) => items(privateMessagesOf(at.sql, userId, links), 0)),
  );
  const groups = await sql('im_group_member')
    .where({ userId })
    .orderBy('groupId')
    .select<{ groupId: number }[]>('groupId');
  yield* list(
    'groupMessages',
    groups.map(({ groupId }) => {
      const at = database.of(conversationOfGroup(groupId));
      return items(groupMessagesOf(at.sql, { userId, groupId, links }), 0);
    }),
  );
  yield '}\n';
}

/** Of these each database has those of its lanes. */
const inLanes: ReadonlySet<string> = new Set(['im_conversation_member', 'im_reaction', 'im_message_deleted']);

async function* list(
  name: string,
  parts: readonly AsyncGenerator<string, void, undefined>[],
): AsyncGenerator<string, void, undefined> {
  yield `,${JSON.stringify(name)}:[`;
  let separator = '';
  for (const part of parts)
    for await (const text of part) {
      yield separator + text;
      separator = ',\n';
    }
  yield ']';
}

async function* items<Place>(read: Read<Place>, first: Place): AsyncGenerator<string, void, undefined> {
  for (let after = first; ;) {
    const { items: some, next } = await read(after);
    if (some.length > 0) yield some.map((item) => JSON.stringify(item)).join(',\n');
    if (some.length < rowsPerQuestion) return;
    after = next;
  }
}

async function profileOf(sql: Sql, id: number): Promise<object> {
  const user = await sql('im_user')
    .where({ id })
    .first<object | undefined>(
      ...['id', 'userName', 'externalId', 'nickName', 'signature', 'sex', 'headImage', 'createdTime'],
      ...['lastLoginTime', 'isBanned', 'reason', 'bannedUntil'],
    );
  const privacy = await sql('im_privacy')
    .where({ userId: id })
    .first<object | undefined>('mayWrite', 'mayCall', 'mayAdd', 'seesPresence');
  return { ...user, privacy: privacy ?? null };
}

/** By their place among those of the user, which a key has in order. */
function rowsOf(
  sql: Sql,
  userId: number,
  table: string,
  { of = 'userId', by, columns }: OwnRows,
): Read<number> {
  // So that what is encrypted can be read.
  const beside = identityIn(table).filter((column) => !columns.includes(column));
  return async (after) => {
    const rows = await sql(table)
      .where({ [of]: userId })
      .orderBy([...by])
      .offset(after)
      .limit(rowsPerQuestion)
      .select<Readonly<Record<string, unknown>>[]>(...columns, ...beside);
    const told = beside.length === 0 ? rows : rows.map((row) => without(row, beside));
    return { items: told, next: after + rows.length };
  };
}

function groupsOf(sql: Sql, userId: number): Read<number> {
  return async (after) => {
    const rows = await sql('im_group_member as m')
      .join('im_group as g', 'g.id', 'm.groupId')
      .where({ 'm.userId': userId })
      .where('m.groupId', '>', after)
      .orderBy('m.groupId')
      .limit(rowsPerQuestion)
      .select<{ groupId: number }[]>(
        ...['m.groupId', 'g.name', 'g.ownerId', 'm.role', 'm.remarkNickName', 'm.remarkGroupName'],
        ...['m.quit', 'm.quitTime', 'm.createdTime as joinedTime'],
      );
    return { items: rows, next: rows.at(-1)?.groupId ?? after };
  };
}

function privateMessagesOf(sql: Sql, sendId: number, links: LinkMaker): Read<number> {
  return async (after) => {
    const rows = await sql('im_private_message')
      .where({ sendId })
      .where('id', '>', after)
      .orderBy('id')
      .limit(rowsPerQuestion)
      .select<PrivateMessage[]>(...privateColumns);
    const told: object[] = [];
    for (const row of rows) {
      const key = { conversation: conversationOf(row.sendId, row.recvId), number: row.number };
      const detail = await findDetail(sql, key);
      told.push(await withEdits(sql, key, showPrivate(row, { links, detail })));
    }
    return { items: told, next: rows.at(-1)?.id ?? after };
  };
}

function groupMessagesOf(
  sql: Sql,
  { userId: sendId, groupId, links }: { userId: number; groupId: number; links: LinkMaker },
): Read<number> {
  return async (after) => {
    const rows = await sql('im_group_message')
      .where({ sendId, groupId })
      .where('number', '>', after)
      .orderBy('number')
      .limit(rowsPerQuestion)
      .select<GroupMessageRow[]>(...groupColumns);
    const told: object[] = [];
    for (const row of rows.map(fromRow)) {
      const key = { conversation: conversationOfGroup(groupId), number: row.number };
      const detail = await findDetail(sql, key);
      told.push(await withEdits(sql, key, showOfGroup(row, { links, detail })));
    }
    return { items: told, next: rows.at(-1)?.number ?? after };
  };
}

/** And what it said before. */
async function withEdits(sql: Sql, key: MessageKey, message: ShownMessage): Promise<object> {
  if (message.editedAt === null) return message;
  const edits = await sql('im_message_edit')
    .where(key)
    .orderBy('version')
    .select<{ content: string; writtenTime: number }[]>(
      ...['conversation', 'number', 'version', 'content', 'writtenTime'],
    );
  return { ...message, edits: edits.map(({ content, writtenTime }) => ({ content, writtenTime })) };
}

function without(row: Readonly<Record<string, unknown>>, columns: readonly string[]): object {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !columns.includes(name)));
}
