import { beforeAll, expect, it, vi } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import type { Database, LaneDatabase } from '../src/db/database.ts';
import { MessageFiles } from '../src/files/message-files.ts';
import { FileRecords } from '../src/files/file-records.ts';
import { FileUsage } from '../src/files/file-usage.ts';
import { orderArchives } from '../src/archiving/archive-command.ts';
import { openArchivePlace, type ArchiveOptions } from '../src/archiving/open-archive-place.ts';
import { conversationOf } from '../src/messages/private/private-message.ts';
import { RetentionStore } from '../src/retention/retention-store.ts';
import { Trimming } from '../src/retention/trimming.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import { upload } from './support/files.ts';
import { temporaryFolder } from './support/folders.ts';
import { befriend } from './support/friends.ts';
import { moveLaneOf, startElsewhere, type Elsewhere } from './support/lanes-elsewhere.ts';
import { messageTypes, say } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform, type TestPlatform } from './support/test-platform.ts';

// What is too old goes from the database that it is in, with its files, which the first one knows.

vi.setConfig({ testTimeout: 120_000 });

let elsewhere: Elsewhere;
let test: TestPlatform;
/** Of archives. */
let folder: string;

beforeAll(async () => {
  elsewhere = await startElsewhere();
  folder = await temporaryFolder();
  test = await startTestPlatform({
    store: 'mariadb',
    platform: {
      ...{ database: elsewhere.url, laneDatabases: [elsewhere.named], retentionDays: 30, fileLinks: 'open' },
      ...{ sweepMs: 200, requestTimeoutMs: 60_000, archiveDir: folder },
    },
  });
  return () => elsewhere.database.close();
});

async function makePair(...names: readonly [string, string]) {
  const [one, other] = [await test.register(names[0]), await test.register(names[1])];
  await befriend(test, one, other);
  return { one, other, conversation: conversationOf(one.id, other.id) };
}

async function sayFile(from: Person, to: Person): Promise<string> {
  const bytes = Buffer.from(`a plan of ${from.id}`);
  const { data: url } = await upload(`${test.url}/file/upload`, from, { name: 'plan.txt', bytes });
  const file = JSON.stringify({ name: 'plan.txt', size: bytes.length, url });
  await say(from, to, file, { type: messageTypes.FILE });
  return url;
}

function age(at: LaneDatabase, conversation: string, upTo: number): Promise<number> {
  const { sql } = at;
  return sql('im_private_message')
    .where({ conversation })
    .where('number', '<=', upTo)
    .update({ sendTime: 1 });
}

/** Of all databases: all that is too old now is gone afterwards. */
async function letRoundsPass(): Promise<void> {
  for (const { sql } of elsewhere.database.laneDatabases) {
    const round = sql('im_retention_round');
    const nextTime = async () => (await round.clone().first<{ nextTime: number }>('nextTime')).nextTime;
    // One that is under way is somebody else's from then on; one that failed as the lane moved would be due again in a minute only.
    await round.clone().update({ after: '', nextTime: 0 });
    await expect.poll(nextTime).toBeGreaterThan(Date.now() + 600_000);
  }
}

async function numbersOf(api: ApiClient, conversationId: string): Promise<number[]> {
  const params = { path: { conversationId }, query: { after: 0, limit: 200 } };
  const { items } = await unwrap(api.GET('/v1/conversations/{conversationId}/messages', { params }));
  return items.map(({ number }) => number);
}

it('goes from its own database with its files, though somebody dies in between and the lane moves', async () => {
  const { database, sql } = elsewhere;
  const [first, there] = database.laneDatabases;
  if (!first || !there) throw new Error('There are two');
  const { one: ann, other: bob, conversation } = await makePair('ann', 'bob');
  const kept = await makePair('cleo', 'dan');
  await moveLaneOf(database, conversation, 'east');
  await moveLaneOf(database, kept.conversation, 'east');
  const url = await sayFile(ann, bob);
  for (const text of ['two', 'three', 'four']) await say(ann, bob, text);
  await say(kept.one, kept.other, 'a matter of a court');
  await makeAdmin(test, kept.one);
  const held = await unwrap(
    (await apiOf(test, kept.one)).PUT('/v1/admin/conversations/{conversationId}/retention', {
      params: { path: { conversationId: kept.conversation } },
      body: { isHeld: true },
    }),
  );
  expect(held).toMatchObject({ isHeld: true });
  await age(there, conversation, 2);
  await age(there, kept.conversation, 1);

  // Whoever removes it dies when its files are gone, and the messages are not.
  const usage = new FileUsage({ perUser: 2 ** 30, inAll: 2 ** 30 });
  const files = new MessageFiles({
    ...{ database, records: new FileRecords(database, usage), usage, logger: console },
    ...{ links: { areNeeded: false, read: () => undefined }, isAllowed: () => true },
    ...{ isIn: () => Promise.resolve(true), deleteFile: () => Promise.resolve() },
  });
  const dying = Object.create(database, {
    of: {
      value: (name: string) =>
        Object.create(database.of(name), {
          changeIn: {
            value: (lanes: number[], work: Parameters<LaneDatabase['changeIn']>[1]) =>
              database.of(name).changeIn(lanes, async (within) => {
                await work(within);
                if (!(await within('im_private_message').where({ conversation, number: 1 }).first('id')))
                  throw new Error('dead');
              }),
          },
        }) as LaneDatabase,
    },
  }) as Database;
  await database.findLanes();
  const trimming = new Trimming({
    ...{ database: dying, store: new RetentionStore(database), files, usualDays: 30 },
  });
  await expect(trimming.trim(conversation)).rejects.toThrow('dead');
  const asBob = await apiOf(test, bob);
  expect(await numbersOf(asBob, conversation)).toEqual([1, 2, 3, 4]);

  await letRoundsPass();
  expect(await numbersOf(asBob, conversation)).toEqual([3, 4]);
  expect((await fetch(url)).status).toBe(404);
  expect(await sql('im_private_message').where({ conversation }).orderBy('number').select('number')).toEqual([
    { number: 3 },
    { number: 4 },
  ]);
  const { items } = await unwrap(asBob.GET('/v1/conversations', { params: { query: {} } }));
  expect(items.find(({ id }) => id === conversation)).toMatchObject({ first: 3, last: 4, unread: 2 });
  expect(await numbersOf(await apiOf(test, kept.other), kept.conversation)).toEqual([1]);

  await age(there, conversation, 3);
  for (const { sql: each } of [first, there]) await each('im_retention_round').update({ nextTime: 0 });
  await moveLaneOf(database, conversation, '');
  await letRoundsPass();
  expect(await numbersOf(asBob, conversation)).toEqual([4]);
  expect(await sql('im_private_message').where({ conversation })).toEqual([]);
});

it('is moved into files from each database, and comes back to where its lane is by then', async () => {
  const { database, sql, server } = elsewhere;
  const [, there] = database.laneDatabases;
  if (!there) throw new Error('There are two');
  const away = await makePair('gil', 'hal');
  const here = await makePair('ida', 'jon');
  for (const { one, other } of [away, here])
    for (const text of ['one', 'two', 'three']) await say(one, other, text);
  await moveLaneOf(database, away.conversation, 'east');
  const year = Date.UTC(2020, 9);
  for (const [{ sql: each }, { conversation }] of [
    [there, away],
    [database, here],
  ] as const)
    await each('im_private_message')
      .where({ conversation })
      .where('number', '<=', 2)
      .update({ sendTime: year });
  // What the rounds of retention would take is to be archived.
  await database
    .sql('im_retention')
    .insert([away, here].map(({ conversation }) => ({ conversation, adminDays: 0 })));

  const place = openArchivePlace({ archiveDir: folder } as ArchiveOptions);
  const lines: string[] = [];
  const order = (what: object) =>
    orderArchives(database, place, { order: what as never, say: (line) => void lines.push(line) });
  await database.findLanes();
  const kept = database.sql('im_retention').where({ conversation: away.conversation });
  await kept.clone().update({ isHeld: 1 });
  await order({ what: 'write', beforeMs: Date.UTC(2020, 11) });
  expect(lines.at(-1)).toBe('2 messages were removed from the database.');
  await kept.clone().update({ isHeld: 0 });
  await server.kill();
  await expect(order({ what: 'write', beforeMs: Date.UTC(2020, 11) })).rejects.toThrow();
  await server.restart();
  await order({ what: 'write', beforeMs: Date.UTC(2020, 11) });
  expect(lines.at(-1)).toBe('2 messages were removed from the database.');
  expect(await numbersOf(await apiOf(test, away.one), away.conversation)).toEqual([3]);
  expect(await sql('im_private_message').where({ conversation: away.conversation }).select('number')).toEqual(
    [{ number: 3 }],
  );

  await moveLaneOf(database, away.conversation, '');
  await database.findLanes();
  for (const { name } of await database.sql('im_archive').select<{ name: string }[]>('name'))
    await order({ what: 'import', name });
  expect(lines.filter((line) => line === '2 messages are back.')).toHaveLength(2);
  for (const { one, conversation } of [away, here])
    expect(await numbersOf(await apiOf(test, one), conversation)).toEqual([1, 2, 3]);
  place?.store.close();
});
