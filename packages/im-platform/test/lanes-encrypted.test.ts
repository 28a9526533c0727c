import { beforeAll, expect, it, vi } from 'vitest';
import { orderEncryption } from '../src/index.ts';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { openDatabase } from '../src/db/database.ts';
import { holdMoves } from '../src/db/lane-moves.ts';
import { conversationOf } from '../src/messages/private/private-message.ts';
import { apiOf } from './support/api.ts';
import { having, valuesIn } from './support/everywhere.ts';
import { befriend } from './support/friends.ts';
import { masterKey, TestKeys } from './support/key-provider.ts';
import { dyingBefore, moveLaneOf, startElsewhere, type Elsewhere } from './support/lanes-elsewhere.ts';
import { say } from './support/messages.ts';
import { startProgram } from './support/program.ts';
import { startTestPlatform, type TestPlatform } from './support/test-platform.ts';

// What people say is encrypted in each database, by keys that are in the first one. The tests look as whoever has the disks does.

vi.setConfig({ testTimeout: 180_000 });

const mark = 'xylophone';

let elsewhere: Elsewhere;
let plainly: TestPlatform;

beforeAll(async () => {
  elsewhere = await startElsewhere();
  plainly = await startTestPlatform({
    store: 'mariadb',
    platform: {
      ...{ database: elsewhere.url, laneDatabases: [elsewhere.named], friendship: 'open', language: 'en' },
      ...{ sweepMs: 300, requestTimeoutMs: 60_000, search: false },
    },
  });
  return () => elsewhere.database.close();
});

async function lies(): Promise<string[]> {
  const both = [];
  for (const { sql, dialect } of elsewhere.database.laneDatabases)
    both.push(...having(await valuesIn({ sql, dialect } as typeof elsewhere.database), mark));
  return both;
}

async function texts(api: ApiClient, conversationId: string): Promise<unknown[]> {
  const params = { path: { conversationId }, query: { limit: 200 } };
  const { items } = await unwrap(api.GET('/v1/conversations/{conversationId}/messages', { params }));
  return items.flatMap(({ content }) => ('text' in content ? [content.text] : []));
}

function encryption(order: string, preload?: string) {
  return startProgram(['encryption', order, '--encryption-keys', masterKey('one')], {
    env: { IM_PLATFORM_DATABASE: elsewhere.url, IM_PLATFORM_LANE_DATABASES: elsewhere.named },
    ...(preload !== undefined && { preload }),
  });
}

it('is encrypted in all databases by a command that is killed and called again, moves unread, and is read wherever it is', async () => {
  const { database, server, sql } = elsewhere;
  const [ann, bob] = [await plainly.register('ann'), await plainly.register('bob')];
  await befriend(plainly, ann, bob);
  const conversation = conversationOf(ann.id, bob.id);
  await say(ann, bob, `${mark} 1`);
  await moveLaneOf(database, conversation, 'east');
  await say(ann, bob, `${mark} 2`);
  expect(await lies()).toEqual(['im_private_message.content']);

  expect(await encryption('encrypt', dyingBefore(/^update `im_private_message` set `content`/)).exit).toEqual(
    { code: null, signal: 'SIGKILL' },
  );
  expect(await lies()).toEqual(['im_private_message.content']);
  // Whoever moves lanes might take some of them past it.
  const keys = new TestKeys('one');
  await expect(
    holdMoves(database, () => orderEncryption(database, keys, 'encrypt', () => undefined)),
  ).rejects.toThrow('one command at a time');
  const again = encryption('encrypt');
  expect({ ...(await again.exit), stderr: again.stderr }).toMatchObject({ code: 0, stderr: '' });
  expect(await lies()).toEqual([]);

  // An instance without keys cannot be beside those that have some.
  await plainly.platform.close();
  const test = await plainly.startAnother({ encryptionKeyProvider: keys });
  const asAnn = await apiOf({ url: test.url }, ann);
  const bobs = await plainly.logIn('bob', { at: test });
  const { number } = await say(bobs, ann, `${mark} 3`);
  await unwrap(
    (await apiOf({ url: test.url }, bobs)).PATCH('/v1/conversations/{conversationId}/messages/{number}', {
      params: { path: { conversationId: conversation, number } },
      body: { content: { type: 'text', text: `${mark} three` } },
    }),
  );
  const params = { path: { conversationId: conversation } };
  await unwrap(
    asAnn.PATCH('/v1/conversations/{conversationId}', { params, body: { draft: `${mark} draft` } }),
  );
  const said = [`${mark} 1`, `${mark} 2`, `${mark} three`];
  // A connection with keys would decrypt it on the way.
  const withKeys = openDatabase(
    { url: elsewhere.url, laneDatabases: [{ name: 'east', url: `${server.url}lanes` }] },
    () => test.database.sealing ?? expect.fail('The platform has no keys'),
  );
  await expect(moveLaneOf(withKeys, conversation, '')).rejects.toThrow('no keys');
  await withKeys.close();
  for (const to of ['', 'east']) {
    await Promise.all([moveLaneOf(database, conversation, to), say(bobs, ann, `${mark} to ${to}`)]);
    said.push(`${mark} to ${to}`);
    expect(await texts(asAnn, conversation)).toEqual(said);
    expect(await lies()).toEqual([]);
  }
  expect(
    await sql('im_private_message').where({ conversation }).andWhereNot('content', 'like', 'im1:p:%'),
  ).toEqual([]);

  // An order that waits for a database that is away has what is to be said there.
  await server.kill();
  const ended = await asAnn.DELETE('/v1/friends/{userId}', { params: { path: { userId: String(bob.id) } } });
  expect(ended.response.ok).toBe(true);
  const orders = await database.sql('im_lane_order').select<{ draft: string }[]>('draft');
  expect(orders.map(({ draft }) => draft.slice(0, 6))).toEqual(['im1:l:']);
  await server.restart();
  await database.sql('im_lane_order').update({ nextTime: 0 });
  await expect.poll(() => database.sql('im_lane_order')).toEqual([]);
  said.push('You are no longer friends.');

  // Other master keys, and off again.
  const both = new TestKeys('two', 'one');
  expect(await orderEncryption(database, both, 'rewrap', () => undefined)).toBe(true);
  const later = await plainly.startAnother({ encryptionKeyProvider: new TestKeys('two') });
  expect(await texts(await apiOf({ url: later.url }, ann), conversation)).toEqual(said);
  await expect(orderEncryption(database, both, 'forget-keys', () => undefined)).rejects.toThrow(
    'values that are encrypted',
  );
  await later.close();
  await test.close();
  const lines: string[] = [];
  expect(await orderEncryption(database, both, 'decrypt', (line) => void lines.push(line))).toBe(true);
  expect(lines).toContain(`im_private_message.content  ${said.length} decrypted`);
  await orderEncryption(database, both, 'forget-keys', () => undefined);
  const without = await plainly.startAnother();
  expect(await texts(await apiOf({ url: without.url }, ann), conversation)).toEqual(said);
});
