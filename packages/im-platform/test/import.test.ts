import { createRedisBus } from 'im-common/bus';
import { redisOf } from 'im-common/internal/bus';
import { hash } from '@node-rs/bcrypt';
import { onCleanup, testRedis } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../src/index.ts';
import { importBoxIm, type ImportOptions } from '../src/import/import-box-im.ts';
import { importFrom } from '../src/import/import-command.ts';
import { unreadOf } from './support/conversations.ts';
import { boxImDatabase } from './support/box-im-database.ts';
import { migratedDatabase, storeKinds, type StoreKind } from './support/migrated-database.ts';
import { say, sayInGroup, pull, pullGroups } from './support/messages.ts';
import { startTestPlatform } from './support/test-platform.ts';

const dayMs = 86_400_000;
/** Yesterday, when it was 20:00 in China. */
const noon = Math.floor(Date.now() / dayMs) * dayMs - dayMs / 2;
/** As box-im's servers there write it. */
const at = (second: number): string =>
  new Date(noon + 8 * 3_600_000 + second * 1_000).toISOString().slice(0, 19).replace('T', ' ');

async function fill({ sql }: Database): Promise<void> {
  const password = await hash('12345', 4);
  const user = { password, createdTime: at(0) };
  await sql('im_user').insert([
    { ...user, id: 1, userName: 'ann', nickName: 'Ann', signature: null, lastLoginTime: at(5) },
    { ...user, id: 2, userName: 'bob', nickName: 'Bob' },
    { ...user, id: 3, userName: 'cleo', nickName: 'Cleo', isBanned: 1, reason: 'spam', type: null },
  ]);
  const friend = { friendNickName: 'x', createdTime: at(1), deleted: null };
  await sql('im_friend').insert([
    { ...friend, userId: 1, friendId: 2, deleted: 1 },
    { ...friend, userId: 2, friendId: 1 },
    // Both added each other at the same moment.
    { ...friend, userId: 1, friendId: 2, deleted: 0 },
    { ...friend, userId: 2, friendId: 1, deleted: 1 },
    { ...friend, userId: 1, friendId: 3, deleted: 1 },
  ]);
  const message = { type: 0, status: 0 };
  await sql('im_private_message').insert([
    { ...message, id: 10, sendId: 1, recvId: 2, content: 'one', status: 3, sendTime: at(2) },
    { ...message, id: 11, sendId: 3, recvId: 1, content: 'other', sendTime: at(3) },
    // The clocks of two servers differ.
    { ...message, id: 12, sendId: 2, recvId: 1, content: 'two', sendTime: at(1) },
    { ...message, id: 13, sendId: 1, recvId: 2, content: 'secret', status: 2, sendTime: at(4) },
    { ...message, id: 14, sendId: 1, recvId: 2, content: '13', type: 10, sendTime: at(5) },
  ]);
  await sql('im_group').insert({ id: 7, name: 'club', ownerId: 1, createdTime: at(0) });
  const member = { groupId: 7, createdTime: at(2) };
  await sql('im_group_member').insert([
    { ...member, userId: 1, userNickName: 'Ann', createdTime: at(0) },
    { ...member, userId: 2, userNickName: 'Bob', quit: 1, quitTime: at(1) },
    { ...member, userId: 2, userNickName: 'Bob' },
    { ...member, userId: 3, userNickName: 'Cleo', quit: 1, quitTime: at(4) },
  ]);
  const said = { groupId: 7, sendId: 1, sendNickName: 'Ann', ...message };
  await sql('im_group_message').insert([
    { ...said, id: 5, content: 'before bob', sendTime: at(1) },
    { ...said, id: 6, content: 'to all', sendTime: at(3) },
    { ...said, id: 8, content: 'for bob', recvIds: '2', atUserIds: null, sendTime: at(6) },
  ]);
  await sql('im_sensitive_word').insert([
    { content: 'darn', enabled: 1 },
    { content: 'darn', enabled: 0 },
  ]);
}

async function imported(
  store: StoreKind,
  more: Partial<ImportOptions> = {},
): Promise<{ from: Database; to: Database }> {
  const from = await boxImDatabase();
  await fill(from);
  const to = openDatabase({ url: await migratedDatabase(store) });
  onCleanup(() => to.close());
  await importBoxIm({ from, to, zoneHours: 8, say: () => undefined, ...more });
  return { from, to };
}

describe.each(storeKinds)('a database of box-im, imported into %s', (store) => {
  it('is one in which its people go on where they were', async () => {
    const { to } = await imported(store);
    const test = await startTestPlatform({ store, platform: { database: to.url } });
    const logIn = (userName: string) => test.logIn(userName, { password: '12345' });
    const [ann, bob] = [await logIn('ann'), await logIn('bob')];

    expect(ann.id).toBe(1);
    expect(await ann.get('/friend/list')).toMatchObject([
      { id: 2, deleted: false },
      { id: 3, deleted: true },
    ]);
    expect((await pull(ann)).map(({ id, number, content }) => [id, number, content])).toEqual([
      [10, 1, 'one'],
      [11, 1, 'other'],
      [12, 2, 'two'],
      [13, 3, ''],
      [14, 4, '13'],
    ]);
    expect((await pullGroups(bob)).map(({ id, number, content }) => [id, number, content])).toEqual([
      [6, 2, 'to all'],
      [8, 3, 'for bob'],
    ]);
    const [three, hi] = [await say(ann, bob, 'three'), await sayInGroup(bob, 7, 'hi')];
    expect([three.number, hi.number]).toEqual([5, 4]);
    // Above all that the pages have.
    expect(Math.min(three.id, hi.id)).toBeGreaterThan(14);
    await expect(logIn('cleo')).rejects.toThrow('spam');
    await expect(test.logIn('ann', { password: 'wrong' })).rejects.toThrow('用户名或密码不正确');
    // From the first login on the password is kept as ours are.
    const { password } = (await to.sql('im_user').where({ id: 1 }).first()) as { password: string };
    expect(password).toMatch(/^\$argon2id\$/);
    await logIn('ann');
  });

  it('has everybody where they stood: what they may see, and what they have not read', async () => {
    const { to } = await imported(store);
    expect(await unreadOf(to, 1)).toEqual({ 'private:1:2': 1, 'private:1:3': 1, 'group:7': 0 });
    // What was recalled since counts for nobody, nor does the note of it.
    expect(await unreadOf(to, 2)).toEqual({ 'private:1:2': 0, 'group:7': 0 });
    const places = await to
      .sql('im_conversation_member')
      .where({ conversation: 'group:7' })
      .orderBy('userId')
      .select('userId', 'firstNumber', 'leftNumber', 'readNumber', 'ownAtRead');
    expect(places).toEqual([
      { userId: 1, firstNumber: 1, leftNumber: null, readNumber: 3, ownAtRead: 3 },
      { userId: 2, firstNumber: 2, leftNumber: null, readNumber: 3, ownAtRead: 0 },
      { userId: 3, firstNumber: 2, leftNumber: 2, readNumber: 1, ownAtRead: 0 },
    ]);
  });

  it('has its times in UTC, in the order of ids, and one row of each', async () => {
    const { to } = await imported(store);
    const times = async (table: string): Promise<unknown> =>
      (await to.sql(table).orderBy('id').select<{ sendTime: number }[]>('sendTime')).map(
        ({ sendTime }) => (sendTime - noon) / 1_000,
      );

    expect(await times('im_private_message')).toEqual([2, 3, 3, 4, 5]);
    expect(await times('im_group_message')).toEqual([1, 3, 6]);
    expect(await to.sql('im_user').where({ id: 1 }).first()).toMatchObject({
      ...{ createdTime: noon, lastLoginTime: noon + 5_000, signature: '', isBanned: 0, type: 1 },
    });
    const members = await to
      .sql('im_group_member')
      .orderBy('userId')
      .select('userId', 'quit', 'quitTime', 'readId');
    expect(members).toEqual([
      { userId: 1, quit: 0, quitTime: null, readId: 8 },
      { userId: 2, quit: 0, quitTime: null, readId: 8 },
      { userId: 3, quit: 1, quitTime: noon + 4_000, readId: 0 },
    ]);
    expect(await to.sql('im_sensitive_word').select('content', 'enabled')).toEqual([
      { content: 'darn', enabled: 1 },
    ]);
  });

  it('is the same when the import was cut short at any row, and when it is run again', async () => {
    const { from, to } = await imported(store);
    const orders = {
      ...{
        im_user: ['id'],
        im_private_message: ['id'],
        im_group: ['id'],
        im_group_message: ['id'],
        im_progress: ['name'],
        im_lane: ['lane'],
      },
      ...{ im_conversation: ['conversation'], im_conversation_member: ['conversation', 'userId'] },
      im_uncounted: ['conversation', 'number'],
    };
    const rowsOf = async ({ sql }: Database): Promise<unknown> =>
      Promise.all(Object.entries(orders).map(([table, order]) => sql(table).orderBy(order).select()));
    const cut = openDatabase({ url: await migratedDatabase(store) });
    onCleanup(() => cut.close());
    let left = 3;
    const dying = {
      sql: cut.sql,
      transaction: async (work: Parameters<Database['transaction']>[0]) => {
        const result = await cut.transaction(work);
        if (--left === 0) throw new Error('cut short');
        return result;
      },
    } as unknown as Database;
    const options = { from, zoneHours: 8, say: () => undefined, chunk: 1 };

    for (let isDone = false; !isDone; left = 3)
      isDone = await importBoxIm({ ...options, to: dying }).then(
        () => true,
        (error: unknown) => {
          expect(String(error)).toBe('Error: cut short');
          return false;
        },
      );
    await importBoxIm({ ...options, to: cut });

    expect(await rowsOf(cut)).toEqual(await rowsOf(to));
  });
});

it('reads how far groups are read from the Redis of box-im', async () => {
  const from = await boxImDatabase();
  await fill(from);
  const { url } = testRedis();
  const bus = createRedisBus({ url });
  await bus.start();
  onCleanup(() => bus.close());
  const redis = redisOf(bus)!.client;
  await redis.hset('im:readed:group:position:7', { 1: 6, 2: 5 });
  onCleanup(() => redis.del('im:readed:group:position:7').then(() => undefined));
  const database = await migratedDatabase('sqlite');
  const said: string[] = [];

  await importFrom({ from: from.url, database, fromRedis: url, zoneHours: 8 }, (what) => said.push(what));

  const to = openDatabase({ url: database });
  onCleanup(() => to.close());
  expect(await to.sql('im_group_member').orderBy('userId').select('readId')).toEqual(
    [6, 5, 0].map((readId) => ({ readId })),
  );
  expect(said.at(-1)).toBe('read positions: 2 of Redis');
  expect(await unreadOf(to, 2)).toMatchObject({ 'group:7': 2 });
});

it('refuses what is no database of box-im, and one of ours that people use', async () => {
  const from = await boxImDatabase();
  await fill(from);
  const used = await startTestPlatform({ store: 'sqlite' });
  await used.register('ann');
  const to = used.platform.database;

  await expect(importBoxIm({ from, to, zoneHours: 8, say: () => undefined })).rejects.toThrow(
    'accounts already',
  );
  await expect(importBoxIm({ from: to, to, zoneHours: 8, say: () => undefined })).rejects.toThrow(
    'no database of box-im',
  );
});
