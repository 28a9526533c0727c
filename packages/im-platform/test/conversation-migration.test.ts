import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onCleanup, testMysql } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { ConversationStore } from '../src/conversations/conversation-store.ts';
import { migrate, openDatabase, type Database } from '../src/index.ts';
import { down, up } from '../src/db/migrations/009-conversations.ts';
import { up as withPositions } from '../src/db/migrations/021-positions.ts';
import { up as withRetention } from '../src/db/migrations/042-retention.ts';
import { unreadOf } from './support/conversations.ts';
import { down as withoutLanes } from '../src/db/migrations/015-lanes.ts';
import { storeKinds, type StoreKind } from './support/test-platform.ts';

const [ann, bob, cleo, dan] = [1, 2, 3, 4] as const;
const now = 1_700_000_000_000;
const types = { TEXT: 0, RECALL: 10, TIP: 21, CALL: 40 } as const;
const statuses = { PENDING: 0, DELIVERED: 1, RECALLED: 2, READ: 3 } as const;

async function open(store: StoreKind): Promise<Database> {
  let url: string;
  if (store === 'mariadb') ({ url } = await testMysql());
  else {
    const folder = await mkdtemp(join(tmpdir(), 'im-test-platform-'));
    onCleanup(() => rm(folder, { recursive: true, force: true }));
    url = `sqlite:${join(folder, 'im.db')}`;
  }
  const database = openDatabase({ url });
  onCleanup(() => database.close());
  await migrate(database.sql);
  await withoutLanes(database.sql);
  await down(database.sql);
  return database;
}

/** What was there before there were conversations: two who talked, and a group that one has left and one has joined late. */
async function fill({ sql }: Database): Promise<void> {
  const row = { tmpId: null, content: 'x' };
  const said = (number: number, sendId: number, type: number, status: number) => {
    const recvId = sendId === ann ? bob : ann;
    const conversation = `private:${ann}:${bob}`;
    return { ...row, id: number, number, conversation, sendId, recvId, type, status, sendTime: now + number };
  };
  await sql('im_private_message').insert([
    said(1, ann, types.TEXT, statuses.READ),
    said(2, bob, types.TEXT, statuses.READ),
    said(3, bob, types.TEXT, statuses.DELIVERED),
    said(4, ann, types.TEXT, statuses.PENDING),
    said(5, bob, types.TEXT, statuses.RECALLED),
    said(6, bob, types.RECALL, statuses.PENDING),
    said(7, ann, types.CALL, statuses.READ),
    said(8, bob, types.TEXT, statuses.PENDING),
    said(9, ann, types.CALL, statuses.PENDING),
  ]);
  const inGroup = (number: number, sendId: number, type: number, status: number = statuses.PENDING) => {
    return { ...row, id: 100 + number, number, groupId: 7, sendId, type, status, sendTime: now + number };
  };
  await sql('im_group').insert([
    { id: 7, name: 'club', ownerId: ann, createdTime: now },
    { id: 8, name: 'silent', ownerId: ann, createdTime: now },
  ]);
  await sql('im_group_message').insert([
    inGroup(1, ann, types.TIP),
    inGroup(2, ann, types.TEXT),
    inGroup(3, bob, types.TEXT),
    inGroup(4, ann, types.TIP),
    inGroup(5, cleo, types.TEXT),
    inGroup(6, ann, types.TEXT, statuses.RECALLED),
    inGroup(7, ann, types.RECALL),
    inGroup(8, bob, types.TEXT),
  ]);
  const member = { userNickName: 'x', quit: 0 };
  await sql('im_group_member').insert([
    { ...member, groupId: 7, userId: ann, createdTime: 0, readId: 103, quitTime: null },
    { ...member, groupId: 7, userId: bob, createdTime: now + 1, readId: 0, quitTime: null },
    // Came with the tip that is the fourth message.
    { ...member, groupId: 7, userId: cleo, createdTime: now + 4, readId: 0, quitTime: null },
    { ...member, groupId: 7, userId: dan, createdTime: now + 1, readId: 0, quit: 1, quitTime: now + 4 },
    { ...member, groupId: 8, userId: ann, createdTime: 0, readId: 0, quitTime: null },
  ]);
  await sql('im_counter').insert([
    { name: `private:${ann}:${bob}`, value: 9 },
    { name: 'private:time', value: now + 9 },
    { name: 'group:7', value: 8 },
    { name: 'group:time', value: now + 8 },
  ]);
  await sql('im_counter').where({ name: 'private' }).update({ value: 9 });
  await sql('im_counter').where({ name: 'group' }).update({ value: 108 });
}

async function counters({ sql }: Database): Promise<Record<string, number>> {
  const rows = await sql('im_counter').select<{ name: string; value: number }[]>('name', 'value');
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

describe.each(storeKinds)('conversations out of messages that were there before, on %s', (store) => {
  it('have the last numbers, what is unread, and who sees what, and can be taken back', async () => {
    const database = await open(store);
    await fill(database);
    const before = await counters(database);

    await up(database.sql);
    await withPositions(database.sql);
    await withRetention(database.sql);

    const conversations = new ConversationStore(database);
    const pair = `private:${ann}:${bob}`;
    const found = await conversations.find([pair, 'group:7', 'group:8']);
    expect(found.get(pair)).toMatchObject({ lastNumber: 9, lastId: 9, lastTime: now + 9 });
    expect(found.get('group:7')).toMatchObject({ lastNumber: 8, lastId: 108 });
    expect(found.get('group:8')).toMatchObject({ lastNumber: 0, lastTime: now });
    expect(await unreadOf(database, ann)).toEqual({ [pair]: 2, 'group:7': 2, 'group:8': 0 });
    expect(await unreadOf(database, bob)).toEqual({ [pair]: 2, 'group:7': 2 });
    expect(await unreadOf(database, cleo)).toEqual({ 'group:7': 1 });
    expect(await conversations.member(cleo, 'group:7')).toMatchObject({ firstNumber: 4, leftNumber: null });
    expect(await conversations.member(dan, 'group:7')).toMatchObject({
      firstNumber: 1,
      leftNumber: 4,
      leftTime: now + 4,
    });
    expect(await conversations.member(ann, 'group:8')).toMatchObject({ firstNumber: 1, readNumber: 0 });

    await conversations.moveReads([
      { userId: ann, conversation: 'group:7', upTo: 5 },
      { userId: bob, conversation: pair, upTo: 4 },
    ]);
    expect(await unreadOf(database, ann)).toMatchObject({ 'group:7': 1 });
    expect(await unreadOf(database, bob)).toMatchObject({ [pair]: 1 });
    expect(await counters(database)).toEqual({
      ...{ 'private:id': 9, 'private:time': now + 9, 'group:id': 108, 'group:time': now + 8 },
    });

    await down(database.sql);
    expect(await counters(database)).toEqual(before);
  });

  it('are made once more when it was broken off in the middle', async () => {
    const database = await open(store);
    await fill(database);
    await database.sql.schema.createTable('im_conversation', (table) => table.string('conversation', 48));

    await up(database.sql);
    // It died before anybody noted that it was done.
    await up(database.sql);

    const found = await new ConversationStore(database).find(['group:7']);
    expect(found.get('group:7')).toMatchObject({ lastNumber: 8 });
  });
});
