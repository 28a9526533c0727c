import { startMariaDb, type MariaDbServer } from 'im-test/support';
import { beforeAll, expect, test } from 'vitest';
import { migrate, openDatabase, type Database, type Platform } from '../src/index.ts';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { laneOf } from '../src/db/lanes.ts';
import { migrateAll } from '../src/lanes/lane-databases.ts';
import { orderLanes } from '../src/lanes/move-lanes.ts';
import { conversationOf } from '../src/messages/private/private-message.ts';
import { befriend } from './support/friends.ts';
import { say } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { allNoted, searchAll } from './support/search.ts';
import { startTestPlatform, type TestPlatform } from './support/test-platform.ts';

// A primary and its replica, both real, for all tests of this file.

interface Chat {
  readonly test: TestPlatform;
  readonly replica: MariaDbServer;
  readonly atReplica: Database;
  readonly ann: Person;
  readonly bob: Person;
  /** At the instance whose reads are counted; bob is at the other one. */
  readonly annsApi: ApiClient;
  readonly platform: Platform;
}

const careless = ['--innodb-flush-log-at-trx-commit=0', '--sync-binlog=0', '--innodb-buffer-pool-size=64M'];

async function startReplicated(): Promise<{ primary: MariaDbServer; replica: MariaDbServer }> {
  const primary = await startMariaDb({ args: [...careless, '--log-bin=log', '--server-id=1'] });
  const replica = await startMariaDb({ args: [...careless, '--server-id=2', '--read-only=1'] });
  const { sql, close } = openDatabase({ url: replica.url });
  await sql.raw(`change master to master_host = '127.0.0.1', master_port = ${primary.port}, master_user = 'root',
    master_connect_retry = 1, master_use_gtid = slave_pos`);
  await sql.raw('start slave');
  await close();
  return { primary, replica };
}

async function begin(): Promise<Chat> {
  const { primary, replica } = await startReplicated();
  const { sql, close } = openDatabase({ url: primary.url });
  await sql.raw('create database im');
  await close();
  const database = openDatabase({ url: `${primary.url}im` });
  await migrate(database.sql);
  await database.close();
  const test = await startTestPlatform({
    store: 'sqlite',
    instances: 2,
    platform: { database: `${primary.url}im`, databaseReplica: `${replica.url}im`, sweepMs: 250 },
  });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  await befriend(test, ann, bob);
  const atReplica = openDatabase({ url: `${replica.url}im`, poolSize: 2 });
  const [, platform = test.platform] = test.all;
  return { test, platform, replica, atReplica, ann, bob, annsApi: await apiOf(platform, ann) };
}

let chat: Chat;
beforeAll(async () => {
  chat = await begin();
});

/** What ann reads, right after bob was answered at the other instance. */
async function readsAll({ ann, bob, annsApi }: Chat, text: string): Promise<void> {
  await say(bob, ann, text);
  const path = { conversationId: conversationOf(ann.id, bob.id) };
  const page = await unwrap(
    annsApi.GET('/v1/conversations/{conversationId}/messages', { params: { path, query: { limit: 1 } } }),
  );
  expect(page.items.at(-1)?.content).toMatchObject({ text });
}

function counts({ platform }: Chat): { replica: number; primary: number } {
  return { replica: 0, primary: 0, ...platform.database.readCounts };
}

/** Resolves when reads go there again. */
async function untilReadThere(there: Chat, at: 'replica' | 'primary'): Promise<void> {
  await expect
    .poll(async () => {
      const before = counts(there)[at];
      await readsAll(there, 'again');
      return counts(there)[at] > before;
    })
    .toBe(true);
}

test('history and search are read of the replica, and have what was said just before', async () => {
  await untilReadThere(chat, 'replica');
  const { test, annsApi } = chat;
  await say(chat.bob, chat.ann, 'a rare walnut');
  await allNoted(test);
  const before = counts(chat);
  expect((await searchAll(annsApi, 'walnut')).map(({ content }) => content)).toMatchObject([
    { text: 'a rare walnut' },
  ]);
  await readsAll(chat, 'first');
  const after = counts(chat);
  expect(after.replica + after.primary).toBeGreaterThan(before.replica + before.primary);
});

test('while the replica lags, reads go to the primary, and come back', async () => {
  const { sql } = chat.atReplica;
  await untilReadThere(chat, 'replica');
  await sql.raw('stop slave sql_thread');
  const before = counts(chat);
  for (const text of ['one', 'two', 'three']) await readsAll(chat, text);
  const after = counts(chat);
  expect(after.replica).toBe(before.replica);
  expect(after.primary).toBe(before.primary + 3);
  await sql.raw('start slave sql_thread');
  await untilReadThere(chat, 'replica');
});

test('of a lane that is in another database that one is read, and its replica is none of it', async () => {
  await untilReadThere(chat, 'replica');
  const { url } = chat.platform.database;
  const east = await startMariaDb({ args: careless });
  const made = openDatabase({ url: east.url });
  await made.sql.raw('create database im');
  await made.close();
  const laneDatabases = [{ name: 'east', url: `${east.url}im` }];
  const mover = openDatabase({ url, laneDatabases });
  await migrateAll(mover);
  const conversation = conversationOf(chat.ann.id, chat.bob.id);
  await say(chat.bob, chat.ann, 'before it moves');
  const replicaUrl = `${chat.replica.url}im`;
  const both = openDatabase({ url, replicaUrl, replicaWaitMs: 30_000, laneDatabases });
  const order = { what: 'move', lanes: [laneOf(conversation)], to: 'east' } as const;
  await orderLanes(mover, order, { say: () => undefined, restMs: 0 });
  await both.findLanes();
  const newest = () =>
    both.readAside((at) =>
      at
        .of(conversation)
        .sql('im_private_message')
        .where({ conversation })
        .orderBy('number', 'desc')
        .first<{ content: string } | undefined>('content'),
    );
  await expect
    .poll(async () => ({ ...both.readCounts, newest: await newest() }))
    .toMatchObject({
      newest: { content: 'before it moves' },
    });
  expect(both.readCounts?.replica).toBeGreaterThan(0);
  const users = await both.readAside(({ sql }) => sql('im_user').select('id'));
  expect(users.length).toBeGreaterThan(1);
  await orderLanes(mover, { ...order, to: '' }, { say: () => undefined, restMs: 0 });
  await both.findLanes();
  expect(await newest()).toEqual({ content: 'before it moves' });
  for (const one of [both, mover]) await one.close();
});

test('a replica that is killed takes no read with it, and is used again when it is back', async () => {
  await untilReadThere(chat, 'replica');
  await chat.replica.kill();
  for (const text of ['four', 'five']) await readsAll(chat, text);
  await chat.replica.start();
  await untilReadThere(chat, 'replica');
});
