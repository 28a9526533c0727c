import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { openDatabase } from '../src/db/database.ts';
import { backUp } from '../src/restoring/backup.ts';
import { noteRestored, stamped } from '../src/restoring/restored.ts';
import { apiOf } from './support/api.ts';
import { temporaryFolder } from './support/folders.ts';
import { befriend } from './support/friends.ts';
import { say } from './support/messages.ts';
import { Person } from './support/person.ts';
import { openAccount, password } from './support/accounts.ts';
import { migratedDatabase } from './support/migrated-database.ts';
import { startTestPlatform, storeKinds } from './support/test-platform.ts';

function sync(api: ApiClient, cursor?: string) {
  return unwrap(api.POST('/v1/sync', { body: cursor === undefined ? {} : { cursor } }));
}

function textsOf(answer: Awaited<ReturnType<typeof sync>>) {
  return answer.conversations.flatMap(({ messages }) =>
    messages.map(({ number, content }) => [number, content.type === 'text' ? content.text : content.type]),
  );
}

it('a page that knows more than a database that was put back begins anew, however much has happened since', async () => {
  const test = await startTestPlatform({ store: 'sqlite' });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  await befriend(test, ann, bob);
  await say(ann, bob, 'kept');
  const copy = join(await temporaryFolder(), 'copy.db');
  await backUp(test.platform.database, copy);
  await expect(backUp(test.platform.database, copy)).rejects.toThrow(/is there already/);
  // What happens after the copy is lost.
  await say(ann, bob, 'lost');
  await say(bob, ann, 'lost, too');
  const { id: lostId } = await test.register('lost');
  const asBob = await apiOf(test, bob);
  await unwrap(
    asBob.PATCH('/v1/conversations/{conversationId}', {
      params: { path: { conversationId: `private:${ann.id}:${bob.id}` } },
      body: { isPinned: true },
    }),
  );
  const before = await sync(asBob);
  expect(textsOf(before)).toEqual([
    [1, 'kept'],
    [2, 'lost'],
    [3, 'lost, too'],
  ]);
  for (const platform of test.all) await platform.close();

  const url = `sqlite:${copy}`;
  const database = openDatabase({ url });
  await noteRestored(database);
  await database.close();
  const restored = await test.startAnother({ database: url });
  const [annAgain, bobAgain] = await Promise.all(
    ['ann', 'bob'].map((userName) =>
      Person.logIn({ url: restored.url, imUrl: test.imUrl, userName, password, terminal: 0 }),
    ),
  );
  // More than was lost, so that all numbers are reached again.
  for (let index = 2; index < 8; index++) await say(annAgain!, bobAgain!, `after ${index}`);
  const there = await apiOf(restored, bobAgain);

  const after = await sync(there, before.cursor);
  expect(after.isReset).toBe(true);
  expect(textsOf(after)[1]).toEqual([2, 'after 2']);
  // What is pushed is newer than what the page has, whether it has asked or not.
  const [had, has] = [before.conversations[0], after.conversations[0]];
  expect(has!.stamp).toBeGreaterThan(had!.stamp);
  expect(has!.myStamp).toBeGreaterThan(had!.myStamp);
  const next = await sync(there, after.cursor);
  expect([next.isReset, next.conversations]).toEqual([false, []]);
  // Whoever was lost is nobody else: their token is one of nobody.
  await openAccount(restored, 'somebody');
  const { id } = (await restored.database.sql('im_user').where({ userName: 'somebody' }).first()) as {
    id: number;
  };
  expect(id).toBeGreaterThan(lostId);
});

describe.each(storeKinds)('all that counts changes on %s', (store) => {
  it('is put forward when a database was put back', async () => {
    const database = openDatabase({ url: await migratedDatabase(store) });
    const { sql } = database;
    const ofSqlite = `select m.name as "table" from sqlite_master m join pragma_table_info(m.name) c
      where m.type = 'table' and c.name = 'stamp'`;
    const ofMysql = `select table_name as 'table' from information_schema.columns
      where table_schema = database() and column_name = 'stamp'`;
    type Rows = { readonly table: string }[];
    const rows =
      store === 'sqlite'
        ? await sql.raw<Rows>(ofSqlite)
        : (await sql.raw<readonly Rows[]>(ofMysql)).slice(0, 1).flat();
    expect(rows.map(({ table }) => table).toSorted()).toEqual([...stamped].toSorted());

    const user = { password: '', createdTime: 1 };
    const [ann = 0] = await sql('im_user').insert({ ...user, userName: 'ann', nickName: 'ann' });
    await noteRestored(database);
    await noteRestored(database);
    const [bob = 0] = await sql('im_user').insert({ ...user, userName: 'bob', nickName: 'bob' });
    expect(bob).toBeGreaterThanOrEqual(ann + 1_000_000);
    await database.close();
  });
});
