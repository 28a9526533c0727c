import { expect, it } from 'vitest';
import { chunksOf } from '../src/db/chunks.ts';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import {
  mostDevices,
  mostOneTimeKeys,
  mostSignatures,
  mostWaitingOfSender,
} from '../src/end-to-end/limits.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform, storeKinds, type StoreKind } from './support/test-platform.ts';
import { codeOf } from './support/wallets.ts';

function upload(api: ApiClient, deviceId: string, oneTimeKeys: number, deviceKeys = `{"of":"${deviceId}"}`) {
  const keys = Array.from({ length: oneTimeKeys }, (_, index) => ({ id: `k:${index}`, key: `"${index}"` }));
  return unwrap(
    api.PUT('/v1/encryption/devices/{deviceId}', {
      params: { path: { deviceId } },
      body: { deviceKeys, oneTimeKeys: keys, fallbackKey: { id: 'f:1', key: '"last"' } },
    }),
  );
}

function uploadKeys(api: ApiClient, deviceId: string, ids: readonly string[]) {
  const body = { oneTimeKeys: ids.map((id) => ({ id, key: `"${id}"` })) };
  return unwrap(api.PUT('/v1/encryption/devices/{deviceId}', { params: { path: { deviceId } }, body }));
}

function sync(api: ApiClient, deviceId: string, acknowledged = 0, tracked?: number[]) {
  return unwrap(
    api.POST('/v1/encryption/devices/{deviceId}/sync', {
      params: { path: { deviceId } },
      body: { acknowledged, ...(tracked && { tracked: { userIds: tracked.map(String), since: 0 } }) },
    }),
  );
}

function query(api: ApiClient, ...people: Person[]) {
  const userIds = people.map(({ id }) => String(id));
  return unwrap(api.POST('/v1/encryption/keys/query', { body: { userIds } }));
}

function claim(api: ApiClient, { id }: Person, deviceId: string) {
  const devices = [{ userId: String(id), deviceId }];
  return unwrap(api.POST('/v1/encryption/keys/claim', { body: { devices } }));
}

function sendTo(api: ApiClient, { id }: Person, deviceId: string, ...contents: string[]) {
  const messages = contents.map((content) => ({ userId: String(id), deviceId, content }));
  return unwrap(api.POST('/v1/encryption/messages', { body: { type: 'm.room.encrypted', messages } }));
}

function encrypt(api: ApiClient, conversationId: string) {
  const params = { path: { conversationId } };
  return unwrap(api.PUT('/v1/conversations/{conversationId}/encryption', { params }));
}

async function scene(store: StoreKind, instances = 1) {
  const test = await startTestPlatform({ store, instances, platform: { endToEnd: true } });
  const people: Person[] = [];
  for (const name of ['ann', 'bob', 'cleo', 'stranger']) people.push(await test.register(name));
  const [ann, bob, cleo, stranger] = people as [Person, Person, Person, Person];
  await befriend(test, ann, bob, cleo);
  const apis = await Promise.all(
    people.map((person, index) => apiOf({ url: test.all[index % instances]?.url ?? test.url }, person)),
  );
  const [asAnn, asBob, asCleo, asStranger] = apis as [ApiClient, ApiClient, ApiClient, ApiClient];
  return {
    ...{ test, ann, bob, cleo, stranger, asAnn, asBob, asCleo, asStranger },
    pair: `private:${ann.id}:${bob.id}`,
  };
}

it.each(storeKinds)(
  'keys are given to those alone who share something, each once, also at once (%s)',
  async (store) => {
    const { test, ann, bob, cleo, asAnn, asBob, asCleo, asStranger } = await scene(
      store,
      store === 'mariadb' ? 2 : 1,
    );
    expect(await upload(asAnn, 'A1', 4)).toEqual({ oneTimeKeys: 4, isFallbackUsed: false });

    expect((await query(asBob, ann)).devices).toEqual([
      { userId: String(ann.id), deviceId: 'A1', keys: '{"of":"A1"}' },
    ]);
    // What it is called is its person's business.
    expect((await query(asAnn, ann)).devices).toMatchObject([
      { deviceId: 'A1', mine: { name: expect.any(String) as string, addedAt: expect.any(String) as string } },
    ]);
    expect(await query(asStranger, ann)).toEqual({ devices: [], identities: [], signatures: [] });
    expect((await claim(asStranger, ann, 'A1')).keys).toEqual([]);
    const callers = [asBob, asCleo, asBob, asCleo, asBob, asCleo];
    const claimed = await Promise.all(callers.map((api) => claim(api, ann, 'A1')));

    const ids = claimed.flatMap(({ keys }) => keys.map(({ id }) => id)).sort();
    expect(ids).toEqual(['f:1', 'f:1', 'k:0', 'k:1', 'k:2', 'k:3']);
    expect(await sync(asAnn, 'A1')).toMatchObject({ oneTimeKeys: 0, isFallbackUsed: true });
    // As if the platform had died before it answered: what was given is not there once more.
    expect(await upload(asAnn, 'A1', 6)).toEqual({ oneTimeKeys: 2, isFallbackUsed: true });
    expect((await claim(asBob, ann, 'A1')).keys).toMatchObject([{ id: 'k:4', key: '"4"' }]);
    for (const time of ['a', 'b']) {
      const most = Array.from({ length: mostOneTimeKeys }, (_, index) => `${time}:${index}`);
      await uploadKeys(asAnn, 'A1', most);
      const devices = most.map(() => ({ userId: String(ann.id), deviceId: 'A1' }));
      await unwrap(asBob.POST('/v1/encryption/keys/claim', { body: { devices } }));
    }
    const kept = await test.platform.database.sql('im_encryption_key').where({ deviceId: 'A1' });
    expect(kept.length).toBeLessThanOrEqual(2 * mostOneTimeKeys);

    // Who has verified whom is told to them alone.
    const sign = (api: ApiClient, signed: Person) =>
      unwrap(
        api.PUT('/v1/encryption/signatures', {
          body: { signatures: [{ signedUserId: String(signed.id), keyId: 'A1', signatures: '{"x":"y"}' }] },
        }),
      );
    await sign(asBob, ann);
    await sign(asAnn, ann);
    expect((await query(asBob, ann)).signatures.map(({ userId }) => Number(userId)).sort()).toEqual([
      ann.id,
      bob.id,
    ]);
    expect((await query(asCleo, ann)).signatures.map(({ userId }) => Number(userId))).toEqual([ann.id]);
    // Others load all of it: so it has an end, also for what is said at once.
    const signatures = Array.from({ length: mostSignatures }, (_, index) => ({
      ...{ signedUserId: String(ann.id), keyId: `key${index}`, signatures: '{}' },
    }));
    const parts = [signatures.slice(0, mostSignatures / 2), signatures.slice(mostSignatures / 2)];
    const signed = await Promise.allSettled(
      parts.map((some) => unwrap(asAnn.PUT('/v1/encryption/signatures', { body: { signatures: some } }))),
    );
    expect(signed.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await query(asCleo, ann)).signatures).toHaveLength(mostSignatures / 2 + 1);

    // Two devices of one person, at two instances, sign a third at once, and then remove each other.
    const cleosPages = [asCleo, await apiOf({ url: test.url }, cleo)];
    const all = (act: (api: ApiClient, index: number) => Promise<unknown>) =>
      Promise.all(cleosPages.map(act));
    for (let round = 0; round < 3; round++) {
      await all((api, index) => upload(api, `C${index}`, 4));
      await upload(asCleo, 'C2', 0);
      const signatures = [{ signedUserId: String(cleo.id), keyId: 'C2', signatures: `{"by":"${round}"}` }];
      await all((api) => unwrap(api.PUT('/v1/encryption/signatures', { body: { signatures } })));
      expect((await query(asAnn, cleo)).signatures).toMatchObject(signatures);
      await all((api, index) =>
        unwrap(
          api.DELETE('/v1/encryption/devices/{deviceId}', {
            params: { path: { deviceId: `C${1 - index}` } },
          }),
        ),
      );
      expect((await query(asAnn, cleo)).devices.map(({ deviceId }) => deviceId)).toEqual(['C2']);
      expect((await claim(asAnn, cleo, 'C0')).keys).toEqual([]);
    }

    // Two of bob's pages, at two instances.
    const elsewhere = await apiOf({ url: test.all.at(-1)?.url ?? test.url }, bob);
    const devices = Array.from({ length: mostDevices + 4 }, (_, index) => `B${index}`);
    const outcomes = await Promise.allSettled(
      devices.map((device, index) => upload(index % 2 === 0 ? asBob : elsewhere, device, 0)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(mostDevices);
    expect((await query(asAnn, bob)).devices).toHaveLength(mostDevices);
  },
);

it.each(storeKinds)(
  'what devices say is kept in order until they have it, and bounded by who says it (%s)',
  async (store) => {
    const { ann, asAnn, asBob, asCleo, asStranger } = await scene(store);
    await upload(asAnn, 'A1', 0);
    await sendTo(asBob, ann, 'A1', 'one', 'two');
    await sendTo(asStranger, ann, 'A1', 'from a stranger');
    await sendTo(asBob, ann, 'NOT-THERE', 'nowhere');
    await sendTo(asCleo, ann, 'A1', 'three');
    // As if no answer had come.
    await sendTo(asBob, ann, 'A1', 'one', 'two');

    const first = await sync(asAnn, 'A1');
    expect(first.messages.map(({ content }) => content)).toEqual(['one', 'two', 'three']);
    // Not acknowledged, it comes again.
    const again = await sync(asAnn, 'A1', first.messages[1]?.id);
    expect(again.messages.map(({ content }) => content)).toEqual(['three']);
    const many = Array.from({ length: mostWaitingOfSender }, (_, index) => String(index));
    // As many at once as a platform has connections for on a busy machine: who waits for one for 3 s is refused.
    for (const some of chunksOf(many, 40))
      await Promise.all(some.map((content) => sendTo(asBob, ann, 'A1', content, `more ${content}`)));
    await sendTo(asBob, ann, 'A1', ...many);
    await sendTo(asBob, ann, 'A1', 'beyond');
    await sendTo(asCleo, ann, 'A1', 'there is room for others');
    let [seen, acknowledged, hasMore] = [0, again.messages.at(-1)?.id ?? 0, true];
    let last = '';
    while (hasMore) {
      const page = await sync(asAnn, 'A1', acknowledged);
      seen += page.messages.length;
      last = page.messages.at(-1)?.content ?? last;
      acknowledged = page.messages.at(-1)?.id ?? acknowledged;
      ({ hasMore } = page);
    }
    expect([seen, last]).toEqual([mostWaitingOfSender + 1, 'there is room for others']);
    await unwrap(asAnn.DELETE('/v1/encryption/devices/{deviceId}', { params: { path: { deviceId: 'A1' } } }));
    expect(await codeOf(sync(asAnn, 'A1'))).toBe('NOT_FOUND');
  },
);

it('a conversation is encrypted by those who may, for ever, and all of it learn of it', async () => {
  const { test, ann, bob, cleo, asAnn, asBob, asCleo, asStranger, pair } = await scene('sqlite');
  const { id } = await openGroup(ann, [bob, cleo]);
  await upload(asBob, 'B1', 0);
  await upload(asCleo, 'C1', 0);
  const sayUnlessEncrypted = (api: ApiClient, conversationId: string) =>
    codeOf(
      unwrap(
        api.POST('/v1/conversations/{conversationId}/messages', {
          params: { path: { conversationId } },
          body: { content: { type: 'text', text: 'for all to read' }, unlessEncrypted: true },
        }),
      ),
    );
  expect(await sayUnlessEncrypted(asAnn, pair)).toBeUndefined();

  const device = await bob.connect();
  const told = () =>
    device.frames.flatMap(({ data }) => (data as { readonly encryption?: object } | null)?.encryption ?? []);
  // Who asks again has heard no answer, and the platform may have died before it told anybody.
  for (const time of [1, 2]) {
    await encrypt(asAnn, pair);
    await upload(asBob, 'B1', 0);
    await expect.poll(told).toHaveLength(2 * time);
  }
  expect(told().slice(2)).toEqual([
    { kind: 'conversation', conversationId: pair },
    { kind: 'devices', userId: String(bob.id) },
  ]);
  expect(await codeOf(encrypt(asBob, `group:${id}`))).toBe('NOT_ALLOWED');
  expect(await codeOf(encrypt(asStranger, pair))).toBe('NOT_FOUND');
  await encrypt(asAnn, `group:${id}`);
  expect(await sayUnlessEncrypted(asAnn, pair)).toBe('ENCRYPTED');
  expect(await sayUnlessEncrypted(asCleo, `group:${id}`)).toBe('ENCRYPTED');
  expect(await sayUnlessEncrypted(asStranger, `group:${id}`)).toBe('NOT_FOUND');

  expect((await sync(asBob, 'B1')).conversations.sort()).toEqual([`group:${id}`, pair].sort());
  expect((await sync(asCleo, 'C1', 0, [ann.id, bob.id])).changed).toEqual([String(bob.id)]);
  const sent = await unwrap(
    asAnn.POST('/v1/conversations/{conversationId}/messages', {
      params: { path: { conversationId: pair } },
      body: { content: { type: 'encrypted', body: '{"ciphertext":"AwgA"}' } },
    }),
  );
  expect(sent.content).toEqual({ type: 'encrypted', body: '{"ciphertext":"AwgA"}' });
  // It can be taken back as others; what is said of it elsewhere is that it is encrypted.
  const row: unknown = await test.platform.database
    .sql('im_private_message')
    .where({ id: sent.id })
    .first('content');
  expect(row).toEqual({ content: '🔒' });
  const path = { conversationId: pair, number: sent.number };
  await unwrap(asAnn.DELETE('/v1/conversations/{conversationId}/messages/{number}', { params: { path } }));
});

it.each(storeKinds)(
  'a backup keeps the older half of a session, and counts until another one is used; of two at once one does (%s)',
  async (store) => {
    const { test, bob, asAnn, asBob } = await scene(store, store === 'mariadb' ? 2 : 1);
    const begin = (auth: string, replaces?: number, api = asAnn) => {
      const body = { auth, secrets: `of ${auth}`, ...(replaces !== undefined && { replaces }) };
      return unwrap(api.POST('/v1/encryption/backup', { body }));
    };
    const use = (to: number) =>
      unwrap(asAnn.PUT('/v1/encryption/backup/{version}', { params: { path: { version: to } } }));
    const counts = () => unwrap(asAnn.GET('/v1/encryption/backup'));
    const backUp = (version: number, firstIndex: number, sessionId = 'S') =>
      unwrap(
        asAnn.PUT('/v1/encryption/backup/{version}/keys', {
          params: { path: { version } },
          body: {
            sessions: [{ conversation: 'private:1:2', sessionId, firstIndex, data: `from ${firstIndex}` }],
          },
        }),
      );
    const list = async (api: ApiClient, version: number) =>
      (
        await unwrap(
          api.GET('/v1/encryption/backup/{version}/keys', {
            params: { path: { version }, query: { limit: 1 } },
          }),
        )
      ).items.map(({ data }) => data);
    const { version } = await begin('first');
    expect(await counts()).toEqual({ version, auth: 'first', secrets: 'of first' });
    await backUp(version, 5);
    await backUp(version, 3);
    await backUp(version, 9);

    expect(await list(asAnn, version)).toEqual(['from 3']);
    expect(await list(asBob, version)).toEqual([]);
    // Nobody used it: another one takes its place, and not that of the one that counts.
    const unused = await begin('unused');
    await backUp(unused.version, 2);
    const next = await begin('next');
    expect(await list(asAnn, unused.version)).toEqual([]);
    expect(await codeOf(use(unused.version))).toBe('NOT_FOUND');
    // Asked for at once by who heard no answer it is the same one.
    expect(await Promise.all([begin('next'), begin('first')])).toEqual([next, { version }]);
    await backUp(next.version, 1);
    await backUp(version, 7, 'T');
    expect(await counts()).toMatchObject({ version, auth: 'first' });
    expect(await list(asAnn, version)).toEqual(['from 3']);
    await use(next.version);
    await use(next.version);
    expect(await counts()).toEqual({ version: next.version, auth: 'next', secrets: 'of next' });
    expect(await list(asAnn, next.version)).toEqual(['from 1']);
    expect(await list(asAnn, version)).toEqual([]);
    expect(await codeOf(backUp(version, 1))).toBe('NOT_FOUND');
    expect(await codeOf(use(version))).toBe('NOT_FOUND');
    // What was made when another one counted takes the place of none.
    expect(await codeOf(begin('late', version))).toBe('NOT_FOUND');
    await unwrap(asAnn.DELETE('/v1/encryption/backup'));
    expect(await codeOf(counts())).toBe('NOT_FOUND');

    // Two devices, at two instances, make what signs them at once.
    const elsewhere = await apiOf({ url: test.all.at(-1)?.url ?? test.url }, bob);
    const putIdentity = (api: ApiClient, keys: string, isFirst: boolean) =>
      unwrap(api.PUT('/v1/encryption/identity', { body: { keys, isFirst } }));
    const put = await Promise.allSettled(
      [asBob, elsewhere].map((api, index) => putIdentity(api, String(index), true)),
    );
    const first = put.findIndex(({ status }) => status === 'fulfilled');
    expect(put[1 - first]).toMatchObject({ status: 'rejected', reason: { code: 'NOT_ALLOWED' } });
    await putIdentity(elsewhere, String(first), true);
    expect((await query(asBob, bob)).identities).toMatchObject([{ keys: String(first) }]);

    // And then the first backup; and the next ones.
    for (let replaces = 0, round = 0; round < 4; round++) {
      const outcomes = await Promise.allSettled(
        [asBob, elsewhere].map(async (api, index) => {
          const made = await begin(`${round} of ${index}`, replaces, api);
          await unwrap(api.PUT('/v1/encryption/backup/{version}', { params: { path: made } }));
          return { ...made, auth: `${round} of ${index}` };
        }),
      );
      const [winner, ...others] = outcomes.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
      expect(others).toEqual([]);
      expect(await unwrap(asBob.GET('/v1/encryption/backup'))).toMatchObject(winner ?? {});
      replaces = winner?.version ?? 0;
    }
  },
);

it('nothing of it is there unless it is switched on', async () => {
  const test = await startTestPlatform({ store: 'sqlite' });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  await befriend(test, ann, bob);
  const api = await apiOf(test, ann);

  expect(await codeOf(upload(api, 'A1', 1))).toBe('NOT_FOUND');
  const said = api.POST('/v1/conversations/{conversationId}/messages', {
    params: { path: { conversationId: `private:${ann.id}:${bob.id}` } },
    body: { content: { type: 'encrypted', body: 'x' } },
  });
  expect(await codeOf(unwrap(said))).toBe('NOT_FOUND');
});
