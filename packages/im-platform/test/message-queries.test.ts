import type { Platform } from 'im-platform';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { laneOf } from '../src/db/lanes.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { pull, pullGroups, say, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { allNoted } from './support/search.ts';
import { startTestPlatform, storeKinds, type StoreKind } from './support/test-platform.ts';

interface Query {
  readonly sql: string;
  readonly bindings: unknown[];
}

interface PlannedTable {
  readonly table: string | null;
  readonly type: string | null;
  readonly key: string | null;
  readonly Extra: string;
}

const rows = 6_000;
const rowsPerInsert = 500;

/** A busy conversation and a busy group among many others, so that neither all of it nor all of the table should be read. */
async function fillTables(
  { database: { sql } }: Platform,
  ann: Person,
  bob: Person,
  club: number,
): Promise<void> {
  const sendTime = Date.now() - 60_000;
  const row = { content: 'x', type: 0, sendTime };
  for (let start = 100; start < rows; start += rowsPerInsert) {
    const ids = Array.from({ length: rowsPerInsert }, (_, index) => start + index);
    await sql('im_private_message').insert(
      ids.map((id) => {
        const [sendId, recvId] = id % 3 === 0 ? [ann.id, bob.id] : [1_000 + (id % 70), 2_000 + (id % 90)];
        const conversation = `private:${sendId}:${recvId}`;
        return { ...row, id, number: id, conversation, sendId, recvId, status: id % 4 };
      }),
    );
    await sql('im_group_message').insert(
      ids.map((id) => {
        const groupId = id % 3 === 0 ? club : 1_000 + (id % 50);
        return { ...row, id, number: id, groupId, sendId: id, status: 0, receipt: id % 100 === 0 ? 1 : 0 };
      }),
    );
    await sql('im_group_member').insert(
      ids.map((id) => ({ groupId: id % 3 === 0 ? club : id, userId: 10_000 + id, createdTime: sendTime })),
    );
    await sql('im_friend').insert(
      ids.map((id) => ({ userId: 10_000 + id, friendId: 1, friendNickName: '', createdTime: sendTime })),
    );
    await sql('im_group').insert(ids.map((id) => ({ id, name: 'x', ownerId: id, createdTime: sendTime })));
    const last = { lastNumber: 1, lastId: 1, lastTime: sendTime };
    const names = ids.map((id) => `group:${id}`);
    await sql('im_conversation').insert(
      names.map((conversation) => ({ ...last, conversation, lane: laneOf(conversation) })),
    );
    await sql('im_user_stamp').insert(ids.map((id) => ({ userId: 10_000 + id, stamp: id, syncs: id % 2 })));
    await sql('im_mention').insert(
      names.map((conversation, index) => ({
        ...{ userId: 10_000 + (index % 50), conversation, number: 1, sendId: 1 },
      })),
    );
    // Of a table with hardly a row MariaDB may read all, as its figures of it come and go.
    await sql('im_uncounted').insert(names.map((conversation) => ({ conversation, number: 1, sendId: 1 })));
    await sql('im_search_posting').insert(ids.map((id) => ({ posting: id % 90, id, number: id })));
    // The platform notes words meanwhile.
    await sql('im_search_conversation')
      .insert(names.map((conversation) => ({ conversation, number: 1 })))
      .onConflict('conversation')
      .ignore();
    await sql('im_conversation_member').insert(
      ids.map((id) => ({ userId: 10_000 + (id % 50), conversation: `group:${id}` })),
    );
  }
  await sql('im_group_member').where({ userId: bob.id }).update({ createdTime: sendTime });
  await sql('im_conversation')
    .where({ conversation: `group:${club}` })
    .update({ lastNumber: rows + 100 });
}

const scan = /^SCAN (im_|message|member|m\b|g\b)/;
/** Of all friends that somebody has, all that they ever sent. */
const firstColumnOnly = /USING INDEX uk_(friend|private_dedupe|group_dedupe) \(\w+=\?\)/;

/** Tables that the query reads from one end to the other, and messages that it sorts. */
async function scannedBy({ database: { sql } }: Platform, store: StoreKind, query: Query): Promise<string[]> {
  const bindings = query.bindings as string[];
  if (store === 'sqlite') {
    const plan = await sql.raw<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${query.sql}`, bindings);
    return plan
      .map(({ detail }) => detail)
      .filter((detail) => scan.test(detail) || firstColumnOnly.test(detail));
  }
  const [plan = []] = await sql.raw<[PlannedTable[]]>(`EXPLAIN ${query.sql}`, bindings);
  // All that somebody ever got, of whom only the last is wanted.
  const isBounded = query.sql.includes('`id` >= ?');
  const isSlow = ({ table, type, Extra }: PlannedTable): boolean =>
    table !== null &&
    !table.startsWith('<') &&
    (type === 'ALL' ||
      type === 'index' ||
      (table.endsWith('_message') && (Extra.includes('filesort') || (type === 'ref' && isBounded))));
  return plan.filter(isSlow).map(({ table, type, key, Extra }) => `${table}: ${type} ${key} ${Extra}`);
}

describe.each(storeKinds)('the queries of messages on %s', (store) => {
  it('read no table from one end to the other', async () => {
    const test = await startTestPlatform({ store });
    const { platform } = test;
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const { id: groupId } = await openGroup(ann, [bob]);
    await fillTables(platform, ann, bob, groupId);
    await platform.database.sql.raw(
      store === 'sqlite'
        ? 'ANALYZE'
        : 'ANALYZE TABLE im_private_message, im_group_message, im_group_member, im_friend, im_group, im_conversation, im_conversation_member, im_user_stamp, im_mention, im_uncounted, im_search_posting, im_search_conversation',
    );
    const asked = new Map<string, Query>();
    const isOfMessages = (sql: string): boolean => !/im_(lane|pending_push|sensitive_word)/.test(sql);
    platform.database.sql.on('query', ({ sql, bindings }: Query) => {
      if (/^(select|update|delete)/.test(sql) && isOfMessages(sql)) asked.set(sql, { sql, bindings });
    });

    const sent = await say(ann, bob, 'hi', { tmpId: 't' });
    await pull(bob);
    await pull(bob, rows - 300);
    await bob.put(`/message/private/readed?friendId=${ann.id}`);
    await ann.get(`/message/private/maxReadedId?friendId=${bob.id}`);
    await ann.get(`/message/private/history?friendId=${bob.id}&page=2&size=10`);
    await ann.delete(`/message/private/recall/${sent.id}`);
    const inGroup = await sayInGroup(ann, groupId, 'hi', { tmpId: 't', receipt: true, atUserIds: [-1] });
    await pullGroups(ann, rows - 300);
    await bob.put(`/message/group/readed?groupId=${groupId}`);
    await ann.get(`/message/group/findReadedUsers?groupId=${groupId}&messageId=${inGroup.id}`);
    await ann.get(`/message/group/history?groupId=${groupId}&page=2&size=10`);
    await ann.delete(`/message/group/recall/${inGroup.id}`);
    const api = await apiOf(test, bob);
    const conversationId = `group:${groupId}`;
    await unwrap(api.GET('/v1/conversations', { params: { query: { limit: 10 } } }));
    await unwrap(api.GET('/v1/conversations/{conversationId}', { params: { path: { conversationId } } }));
    const { cursor } = await unwrap(api.POST('/v1/sync', { body: { messages: 5 } }));
    await sayInGroup(ann, groupId, 'more');
    await unwrap(api.POST('/v1/sync', { body: { cursor, messages: 5 } }));
    await allNoted(test);
    await unwrap(api.GET('/v1/search/messages', { params: { query: { query: 'hi more' } } }));
    const params = { path: { conversationId } };
    await unwrap(api.PUT('/v1/conversations/{conversationId}/read', { params, body: { number: rows } }));
    const range = { query: { from: rows + 101, to: rows + 200 } };
    const { items } = await unwrap(
      api.GET('/v1/conversations/{conversationId}/reads', { params: { ...params, ...range } }),
    );
    const path = { conversationId, number: items[0]!.number };
    await unwrap(
      api.GET('/v1/conversations/{conversationId}/messages/{number}/readers', {
        params: { path, query: {} },
      }),
    );

    expect(asked.size).toBeGreaterThan(25);
    const scans: Record<string, string[]> = {};
    for (const query of asked.values()) {
      // Twenty at most, and looked at once a second, whatever is asked.
      if (query.sql.includes('from `im_sink`')) continue;
      const scanned = await scannedBy(platform, store, query);
      if (scanned.length > 0) scans[query.sql] = scanned;
    }
    expect(scans).toEqual({});
    // Six thousand rows of each table, on a busy machine.
  });
});
