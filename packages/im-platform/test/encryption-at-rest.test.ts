import { onCleanup } from 'im-test/support';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { orderEncryption, openDatabase, type Database, type Platform } from '../src/index.ts';
import { unwrap, type ApiClient, type ApiProblem } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { valuesIn } from './support/everywhere.ts';
import { upload } from './support/files.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { masterKey, TestKeys } from './support/key-provider.ts';
import { pull, say, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { startProgram } from './support/program.ts';
import { createKey, withKey } from './support/server-keys.ts';
import { startTestPlatform, storeKinds, type StoreKind } from './support/test-platform.ts';
import { credit } from './support/wallets.ts';

vi.setConfig({ testTimeout: 120_000 });

const mark = 'xylophone';

/** Where it stands all the same, with the reason that docs/encryption.md gives. */
const stands: Readonly<Record<string, string>> = {
  'im_file_info.fileName': 'names of files are no messages',
};

function between(one: Person, other: Person): string {
  return `private:${Math.min(one.id, other.id)}:${Math.max(one.id, other.id)}`;
}

let count = 0;

function send(api: ApiClient, conversationId: string, text: string, key = `key-${++count}`) {
  return unwrap(
    api.POST('/v1/conversations/{conversationId}/messages', {
      params: { path: { conversationId }, header: { 'idempotency-key': key } },
      body: { content: { type: 'text', text } },
    }),
  );
}

async function texts(api: ApiClient, conversationId: string): Promise<unknown[]> {
  const params = { path: { conversationId }, query: { limit: 200 } };
  const { items } = await unwrap(api.GET('/v1/conversations/{conversationId}/messages', { params }));
  return items.map(({ content }) => ('text' in content ? content.text : content.type));
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'ok',
    (error: unknown) => (error as ApiProblem).code,
  );
}

/** As whoever has the disk sees it. */
function asItLies(url: string): Database {
  const database = openDatabase({ url });
  onCleanup(() => database.close());
  return database;
}

async function scene(store: StoreKind, keys: TestKeys, more: object = {}) {
  const errors: object[] = [];
  const test = await startTestPlatform({
    store,
    platform: {
      ...{ encryptionKeyProvider: keys, redPackets: true, sweepMs: 300, language: 'en' },
      webhookNetworks: ['loopback'],
      logger: { debug() {}, info() {}, warn() {}, error: (what) => void errors.push(what) },
      ...more,
    },
  });
  const [ann, bob, cleo, dan, eve] = [
    await test.register('ann'),
    await test.register('bob'),
    await test.register('cleo'),
    await test.register('dan'),
    await test.register('eve'),
  ];
  await befriend(test, ann, bob, cleo, dan, eve);
  const raw = asItLies(test.platform.database.url);
  const [api, asBob] = [await apiOf(test, ann), await apiOf(test, bob)];
  return { test, keys, ann, bob, cleo, dan, eve, raw, errors, api, asBob };
}

type Scene = Awaited<ReturnType<typeof scene>>;

/** What people write, wherever one can. */
async function writeEverywhere({ test, ann, bob, api, asBob }: Scene) {
  const withBob = between(ann, bob);
  const { key } = await createKey(test, ['webhooks']);
  const body = {
    url: 'http://127.0.0.1:9/',
    events: ['message.created', 'message.edited', 'report.created'],
  };
  await unwrap((await withKey(test, key)).POST('/v1/server/webhooks', { body: body as never }));
  const club = `group:${(await openGroup(ann, [bob], 'club')).id}`;
  const groupId = Number(club.slice('group:'.length));
  await say(ann, bob, `hello ${mark}`, { tmpId: 'tmp' });
  await sayInGroup(ann, groupId, `hello all, ${mark}`, { tmpId: 'tmp' });
  const first = await send(api, withBob, `first ${mark}`);
  const at = { path: { conversationId: withBob, number: first.number } };
  await unwrap(
    api.PATCH('/v1/conversations/{conversationId}/messages/{number}', {
      params: at,
      body: { content: { type: 'text', text: `second ${mark}` } },
    }),
  );
  await unwrap(api.PUT('/v1/conversations/{conversationId}/messages/{number}/pin', { params: at }));
  const inGroup = await send(api, club, `group ${mark}`);
  await unwrap(
    api.PATCH('/v1/conversations/{conversationId}/messages/{number}', {
      params: { path: { conversationId: club, number: inGroup.number } },
      body: { content: { type: 'text', text: `group again ${mark}` } },
    }),
  );
  const { data: url } = await upload(`${test.url}/file/upload`, ann, {
    ...{ name: `${mark}.txt`, bytes: Buffer.from('x') },
  });
  const sendContent = (content: object, replyTo?: number) =>
    unwrap(
      api.POST('/v1/conversations/{conversationId}/messages', {
        params: { path: { conversationId: withBob }, header: { 'idempotency-key': `key-${++count}` } },
        body: { content: content as never, ...(replyTo !== undefined && { replyTo }) },
      }),
    );
  await sendContent({ type: 'custom', name: 'poll', data: { title: mark }, text: `poll ${mark}` });
  await sendContent({ type: 'file', url, name: `${mark}.txt`, size: 1 });
  await sendContent({ type: 'text', text: `answer ${mark}` }, first.number);
  const taken = await say(ann, bob, `taken back ${mark}`);
  await ann.delete(`/message/private/recall/${taken.id}`);
  await unwrap(
    asBob.POST('/v1/conversations/{conversationId}/forwards', {
      params: { path: { conversationId: withBob } },
      body: { numbers: [first.number], to: [club] },
    }),
  );
  await unwrap(
    api.PATCH('/v1/conversations/{conversationId}', {
      params: { path: { conversationId: withBob } },
      body: { draft: `draft ${mark}` },
    }),
  );
  const sendAt = new Date(Date.now() + 3_600_000).toISOString();
  const later = await unwrap(
    api.POST('/v1/conversations/{conversationId}/scheduled-messages', {
      params: { path: { conversationId: withBob } },
      body: { content: { type: 'text', text: `later ${mark}` }, sendAt },
    }),
  );
  await unwrap(
    api.PATCH('/v1/me/scheduled-messages/{scheduledId}', {
      params: { path: { scheduledId: later.id } },
      body: { content: { type: 'text', text: `much later ${mark}` } },
    }),
  );
  await credit(test.platform.database, ann.id, 100);
  await unwrap(
    api.POST('/v1/conversations/{conversationId}/red-packets', {
      params: { path: { conversationId: withBob }, header: { 'idempotency-key': 'packet' } },
      body: { amount: 10, shares: 1, split: 'equal', greeting: `luck ${mark}` },
    }),
  );
  await unwrap(
    asBob.POST('/v1/reports', {
      body: { conversationId: withBob, number: first.number, reason: 'spam', text: `he says ${mark}` },
    }),
  );
  return { withBob, club, first };
}

function having(places: readonly { readonly where: string; readonly text: string }[]): string[] {
  return [...new Set(places.filter(({ text }) => text.includes(mark)).map(({ where }) => where))].sort();
}

describe.each(storeKinds)('what is encrypted in %s', (store) => {
  let world: Scene;
  /** It has no keys in memory. */
  let another: Platform;

  beforeAll(async () => {
    world = await scene(store, new TestKeys('one'));
    another = await world.test.startAnother();
  });

  it('stands nowhere in the database, and is read as it was written', async () => {
    const { withBob, club } = await writeEverywhere(world);
    const { raw, api, asBob, errors, ann, bob, test } = world;
    expect(having(await valuesIn(raw))).toEqual(Object.keys(stands));
    expect(await raw.sql('im_search_posting').first()).toBeUndefined();
    const read = await texts(asBob, withBob);
    expect(read).toEqual(
      expect.arrayContaining([`hello ${mark}`, `second ${mark}`, `answer ${mark}`, `poll ${mark}`]),
    );
    expect(await texts(asBob, club)).toEqual(
      expect.arrayContaining([`hello all, ${mark}`, `group again ${mark}`, `second ${mark}`]),
    );
    expect((await pull(bob)).map(({ content }) => content)).toContain(`hello ${mark}`);
    const params = { path: { conversationId: withBob } };
    expect(await unwrap(api.GET('/v1/conversations/{conversationId}', { params }))).toMatchObject({
      draft: `draft ${mark}`,
    });
    expect(
      JSON.stringify(await unwrap(api.GET('/v1/me/scheduled-messages', { params: { query: {} } }))),
    ).toContain(`much later ${mark}`);
    expect(await unwrap(asBob.GET('/v1/reports', { params: { query: {} } }))).toMatchObject({
      items: [{ text: `he says ${mark}` }],
    });
    const mine = await fetch(`${test.url}/v1/me/export`, {
      headers: { authorization: `Bearer ${ann.tokens.accessToken}` },
    });
    const document = await mine.text();
    for (const said of ['hello', 'first', 'second', 'draft', 'much later', 'luck'])
      expect(document).toContain(`${said} ${mark}`);
    const sent = await test.platform.database.sql('im_outbox').select<{ body: string }[]>();
    expect(sent.some(({ body }) => body.includes(`hello ${mark}`))).toBe(true);
    expect(await codeOf(unwrap(api.GET('/v1/search/messages', { params: { query: { query: mark } } })))).toBe(
      'NOT_SEARCHABLE',
    );
    expect(errors).toEqual([]);
    // What is said again with the same key is the same message, of whatever key it is.
    const once = await send(api, withBob, 'once', 'same');
    expect((await send(api, withBob, 'once', 'same')).id).toBe(once.id);
  });

  it('waits for a provider that is away where its key is needed, and goes on elsewhere', async () => {
    const { keys, ann, cleo, dan, api, raw, test } = world;
    const [withCleo, withDan] = [between(ann, cleo), between(ann, dan)];
    await send(api, withCleo, 'before');
    await send(api, withDan, 'before');
    const there = await apiOf({ url: another.url }, ann);
    // All at once, and it is asked once.
    const before = keys.asked.length;
    await Promise.all(Array.from({ length: 20 }, () => texts(there, withCleo)));
    expect(keys.asked.slice(before)).toEqual([`${withCleo}/1`]);
    keys.away = new RegExp(`^${withDan}/`);
    expect(await codeOf(texts(there, withDan))).toBe('ENCRYPTION_KEYS_AWAY');
    expect(await codeOf(send(there, withDan, 'sent later', 'later'))).toBe('ENCRYPTION_KEYS_AWAY');
    const asAnn = await test.logIn('ann', { terminal: 1, at: another });
    const page = `/message/private/history?friendId=${dan.id}&page=1&size=10`;
    expect((await asAnn.ask('GET', page)).code).toBe(503);
    keys.away = undefined;
    keys.hanging = new RegExp(`^${withDan}/`);
    const [hung, other] = await Promise.all([
      codeOf(send(there, withDan, 'sent later', 'later')),
      codeOf(send(there, withCleo, 'meanwhile')),
    ]);
    expect([hung, other]).toEqual(['ENCRYPTION_KEYS_AWAY', 'ok']);
    expect(await texts(api, withDan)).toEqual(['before']);
    keys.hanging = undefined;
    await send(there, withDan, 'sent later', 'later');
    expect(await texts(there, withDan)).toEqual(['before', 'sent later']);
    expect(having(await valuesIn(raw))).toEqual(Object.keys(stands));
  });

  it('says so where it was changed, moved or lost its key, and what stands beside it is read', async () => {
    const { raw, ann, cleo, eve, api, errors, test } = world;
    const asEve = await apiOf(test, eve);
    const [withEve, withCleo] = [between(ann, eve), between(ann, cleo)];
    const ids: number[] = [];
    for (const text of ['a', 'b', 'c', 'd', 'e']) ids.push(Number((await send(api, withEve, text)).id));
    const [elsewhere] = [Number((await send(api, withCleo, 'secret of cleo')).id)];
    const contentOf = async (id = 0): Promise<string> =>
      (await raw.sql('im_private_message').where({ id }).first<{ content: string }>()).content;
    const set = (id = 0, change: object) => raw.sql('im_private_message').where({ id }).update(change);
    const [a, b, c, d, e] = ids;
    const [ofB, ofC] = [await contentOf(b), await contentOf(c)];
    await set(a, { content: `${(await contentOf(a)).slice(0, -8)}AAAAAAA=` });
    await set(b, { content: ofC });
    await set(c, { content: ofB });
    await set(d, { content: 'im1:p:7:AAAA' });
    const cannot = '[This message cannot be read]';
    expect(await texts(asEve, withEve)).toEqual([cannot, cannot, cannot, cannot, 'e']);
    // A row that is moved into the conversation of whoever moves it tells them nothing.
    await set(elsewhere, { conversation: withEve, recvId: eve.id, number: 6 });
    await raw.sql('im_conversation').where({ conversation: withEve }).update({ lastNumber: 6 });
    expect((await texts(asEve, withEve)).at(-1)).toBe(cannot);
    // Whose word it is belongs to it.
    await set(e, { sendId: eve.id, recvId: ann.id });
    expect((await texts(asEve, withEve)).at(4)).toBe(cannot);
    expect(errors.length).toBeGreaterThan(5);
    expect((await pull(eve)).length).toBe(6);
    // Of a key that is gone nothing can be read, and of the others all.
    await raw.sql('im_data_key').where({ scope: withEve }).update({ wrapped: 'AAAA' });
    const there = await apiOf({ url: another.url }, ann);
    await send(there, withCleo, 'goes on');
    expect((await texts(there, withCleo)).at(-1)).toBe('goes on');
    expect(new Set(await texts(there, withEve))).toEqual(new Set([cannot]));
    await send(there, withEve, 'with a new key');
    expect((await texts(there, withEve)).at(-1)).toBe('with a new key');
  });

  it('is what was there before, and is not any more, at a command that is killed and called again', async () => {
    const { test, api, ann, bob, raw } = await scene(store, new TestKeys('one'), {
      encryptionKeyProvider: undefined,
    });
    const conversation = between(ann, bob);
    await send(api, conversation, 'im1:p:1:AAAA looks as if it were');
    const { id, number } = await send(api, conversation, mark);
    const row = await raw.sql('im_private_message').where({ number, conversation }).first<object>();
    const many = Array.from({ length: 500 }, (_, index) => ({
      ...{ ...row, id: Number(id) + index + 1, number: number + index + 1 },
      ...{ tmpId: null, dedupeKey: null, content: `${mark} ${index + 100}` },
    }));
    await raw.sql.batchInsert('im_private_message', many, 60);
    const { number: lastNumber = 0, id: lastId = 0 } = many.at(-1) ?? {};
    await raw.sql('im_conversation').where({ conversation }).update({ lastNumber, lastId });
    const plain = async (): Promise<[number, string][]> =>
      (await raw.sql('im_private_message').orderBy('id').select<{ id: number; content: string }[]>()).map(
        (one) => [one.id, one.content],
      );
    const before = await plain();
    const url = test.platform.database.url;
    const order = (what: string, ...keys: readonly string[]) =>
      startProgram([what, url, ...keys], { script: 'test/fixtures/encryption-order.ts' });
    const sealed = async (): Promise<number> => {
      const [found] = await raw
        .sql('im_private_message')
        .where('content', 'like', 'im1:%=')
        .count<{ count: number }[]>('* as count');
      return Number(found?.count);
    };
    // In the middle of the second slice.
    const killed = order('encrypt', 'one');
    expect({ ...(await killed.exit), stderr: killed.stderr }).toMatchObject({
      signal: 'SIGKILL',
      stderr: '',
    });
    expect(await sealed()).toBe(200);
    const again = startProgram([
      'encryption',
      'encrypt',
      '--database',
      url,
      '--encryption-keys',
      masterKey('one'),
    ]);
    expect({ ...(await again.exit), stderr: again.stderr }).toMatchObject({ code: 0, stderr: '' });
    expect(having(await valuesIn(raw))).toEqual([]);
    // Wrapped by another key, killed in the middle of it, while somebody reads with both.
    const keys = Array.from({ length: 120 }, (_, version) => version + 2);
    const key = await raw.sql('im_data_key').where({ scope: conversation }).first<object>();
    const both = new TestKeys('two', 'one');
    const wrap = async (version: number): Promise<object> => ({
      ...{ ...key, version },
      ...(await new TestKeys('one').wrap(Buffer.alloc(32, 1), `${conversation}/${version}`)),
    });
    await raw.sql.batchInsert('im_data_key', await Promise.all(keys.map(wrap)), 60);
    const byTwo = async (): Promise<number> =>
      (await raw.sql('im_data_key').where({ masterId: 'two' }).select('version')).length;
    expect(await order('rewrap', 'two', 'one').exit).toMatchObject({ signal: 'SIGKILL' });
    expect(await byTwo()).toBe(20);
    const another = await test.startAnother({ encryptionKeyProvider: both });
    const read = await texts(await apiOf({ url: another.url }, ann), conversation);
    expect(read).toEqual(many.slice(-200).map(({ content }) => content));
    expect(await orderEncryption(raw, both, 'rewrap', () => undefined)).toBe(true);
    expect(await byTwo()).toBe(
      keys.length + (await raw.sql('im_data_key').whereNot({ scope: conversation })).length + 1,
    );
    await another.close();
    // And off again.
    expect(await order('decrypt', 'two').exit).toMatchObject({ signal: 'SIGKILL' });
    expect(await sealed()).toBe(before.length - 200);
    await expect(test.startAnother({ encryptionKeyProvider: undefined })).rejects.toThrow(
      'encryption decrypt',
    );
    expect(await orderEncryption(raw, new TestKeys('two'), 'decrypt', () => undefined)).toBe(false);
    expect(await plain()).toEqual(before);
  });
});
