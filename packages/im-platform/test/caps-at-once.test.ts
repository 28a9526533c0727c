import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { chunksOf } from '../src/db/chunks.ts';
import { apiOf } from './support/api.ts';
import { DriveUser } from './support/drive.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { say } from './support/messages.ts';
import { RawUploads, verdictOf } from './support/resumable.ts';
import { createKey, withKey } from './support/server-keys.ts';
import { startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';
import { credit } from './support/wallets.ts';

// What there may be so many of, asked for by more at once than there is room for, at all instances in turn.

interface Asked {
  readonly done: number;
  /** What the others were told, each once. */
  readonly refused: readonly string[];
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? String(error);
}

/** What came too late for a busy database is asked for again, as clients do. */
async function again<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (codeOf(error) !== 'UNAVAILABLE') throw error;
    }
  }
}

async function atOnce(times: number, ask: (index: number) => Promise<unknown>): Promise<Asked> {
  const outcomes = await Promise.allSettled(
    Array.from({ length: times }, (_, index) => again(() => ask(index))),
  );
  const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [codeOf(one.reason)] : []));
  return { done: times - refused.length, refused: [...new Set(refused)] };
}

async function scene(store: 'sqlite' | 'mariadb') {
  const test = await startTestPlatform({
    // SQLite belongs to one instance.
    ...{ store, instances: store === 'sqlite' ? 1 : 2 },
    platform: {
      ...{ drive: true, campaigns: true, redPackets: true, redPacketsPerDay: 1_000, filesPerUserMb: 8 },
      ...{ webhookNetworks: ['loopback'], sweepMs: 250 },
    },
  });
  const people = [];
  for (const name of ['ann', 'bob', 'cleo', 'dan', 'eve']) people.push(await test.register(name));
  const [ann, bob] = people as [(typeof people)[0], (typeof people)[0]];
  await befriend(test, ann, bob);
  const { key } = await createKey(test);
  const everywhere = async (make: (at: { readonly url: string }) => Promise<ApiClient>) => {
    const apis = await Promise.all(test.all.map(make));
    return (index: number): ApiClient => apis[index % apis.length]!;
  };
  return {
    ...{ test, sql: test.platform.database.sql, people, ann, bob },
    asAnn: await everywhere((at) => apiOf(at, ann)),
    asShop: await everywhere((at) => withKey(at, key)),
    drives: await Promise.all(test.all.map((at) => DriveUser.of(at, ann))),
  };
}

type Scene = Awaited<ReturnType<typeof scene>>;

async function rowsIn({ platform }: TestPlatform, table: string, where: object): Promise<number> {
  const [row] = await platform.database.sql(table).where(where).count<{ rows: number }[]>('* as rows');
  return Number(row?.rows);
}

async function webhooks({ test, asShop }: Scene): Promise<void> {
  const asked = await atOnce(30, (index) =>
    unwrap(
      asShop(index).POST('/v1/server/webhooks', {
        body: { url: `http://127.0.0.1:9/${index}`, events: ['message.recalled'] },
      }),
    ),
  );
  expect(asked).toEqual({ done: 20, refused: ['TOO_MANY'] });
  expect(await rowsIn(test, 'im_sink', {})).toBe(20);
}

async function attributes({ test, asShop, ann }: Scene): Promise<void> {
  const some = (from: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`a${from}-${index}`, 'x']));
  const params = { path: { user: String(ann.id) } };
  const asked = await atOnce(6, (index) =>
    unwrap(
      asShop(index).PATCH('/v1/server/users/{user}/attributes', {
        ...{ params, body: { attributes: some(index) } },
      }),
    ),
  );
  expect(asked).toEqual({ done: 2, refused: ['TOO_MANY'] });
  expect(await rowsIn(test, 'im_user_attribute', {})).toBe(80);
  const users = [{ userId: String(ann.id), attributes: some(7) }];
  await expect(
    unwrap(asShop(0).POST('/v1/server/user-attributes', { body: { users } })),
  ).rejects.toMatchObject({
    code: 'TOO_MANY',
  });
}

async function scheduled({ test, sql, asAnn, ann, bob }: Scene): Promise<void> {
  const conversationId = `private:${ann.id}:${bob.id}`;
  const row = { userId: ann.id, conversation: conversationId, saying: '{}', state: 'failed' };
  const times = { sendTime: 1, nextTime: null, createdTime: 1 };
  await sql('im_scheduled_message').insert(
    Array.from({ length: 94 }, (_, index) => ({ ...row, ...times, onceKey: `k${index}` })),
  );
  const body = {
    ...{ content: { type: 'text' as const, text: 'hi' } },
    sendAt: new Date(Date.now() + 3_600_000).toISOString(),
  };
  const asked = await atOnce(16, (index) =>
    unwrap(
      asAnn(index).POST('/v1/conversations/{conversationId}/scheduled-messages', {
        // Every second one under a name of its own.
        params: {
          path: { conversationId },
          header: index % 4 < 2 ? {} : { 'idempotency-key': `key-${index}` },
        },
        body,
      }),
    ),
  );
  expect(asked).toEqual({ done: 6, refused: ['TOO_MANY'] });
  expect(await rowsIn(test, 'im_scheduled_message', {})).toBe(100);
}

async function joinRequests({ test, sql, people }: Scene): Promise<void> {
  const [owner, ...others] = people as [(typeof people)[0], ...typeof people];
  const { id: groupId } = await openGroup(owner, []);
  const path = { groupId: String(groupId) };
  const asOwner = await apiOf(test, owner);
  await unwrap(asOwner.PATCH('/v1/groups/{groupId}', { params: { path }, body: { joining: 'approval' } }));
  const { code } = await unwrap(
    asOwner.POST('/v1/groups/{groupId}/invitations', { params: { path }, body: {} }),
  );
  const endTime = Date.now() + 3_600_000;
  const row = { groupId, text: '', sentTime: 1, endTime, isDeclined: 0, isWithdrawn: 0 };
  const rows = Array.from({ length: 998 }, (_, index) => ({ ...row, userId: 1_000_000 + index }));
  for (const some of chunksOf(rows, 300)) await sql('im_join_request').insert(some);
  const apis = await Promise.all(
    others.map((person, index) => apiOf(test.all[index % test.all.length]!, person)),
  );
  const asked = await atOnce(apis.length, (index) =>
    unwrap(apis[index]!.POST('/v1/invitations/{code}', { params: { path: { code } }, body: {} })),
  );
  expect(asked).toMatchObject({ done: 2 });
  expect(await rowsIn(test, 'im_join_request', { groupId })).toBe(1_000);
}

async function reactions({ test, asAnn, ann, bob }: Scene): Promise<void> {
  await say(bob, ann, 'react');
  const conversationId = `private:${ann.id}:${bob.id}`;
  const emojis = '😀 😁 😂 😃 😄 😅 😆 😇 😈 😉 😊 😋'.split(' ');
  const asked = await atOnce(emojis.length, (index) =>
    unwrap(
      asAnn(index).PUT('/v1/conversations/{conversationId}/messages/{number}/reactions/{emoji}', {
        params: { path: { conversationId, number: 1, emoji: emojis[index]! } },
      }),
    ),
  );
  expect(asked).toEqual({ done: 8, refused: ['TOO_MANY'] });
  expect(await rowsIn(test, 'im_reaction', {})).toBe(8);
}

async function redPackets({ test, asAnn, ann, bob }: Scene): Promise<void> {
  await credit(test.platform.database, ann.id, 10_000);
  const conversationId = `private:${ann.id}:${bob.id}`;
  const asked = await atOnce(8, (index) =>
    unwrap(
      asAnn(index).POST('/v1/conversations/{conversationId}/red-packets', {
        params: { path: { conversationId }, header: { 'idempotency-key': `packet-${index}` } },
        body: { amount: 300, shares: 1, split: 'equal', greeting: 'cheers' },
      }),
    ),
  );
  expect(asked).toEqual({ done: 3, refused: ['TOO_MANY'] });
  expect(await rowsIn(test, 'im_red_packet', {})).toBe(3);
}

async function uploads({ test, sql, ann }: Scene): Promise<void> {
  const begin = async (index: number, size: number): Promise<void> => {
    const at = test.all[index % test.all.length]!;
    const verdict = await verdictOf(new RawUploads(at, ann).begin({ name: `${index}.bin`, size }));
    if (verdict !== '201') throw new Error(verdict);
  };
  const forget = async (): Promise<void> => {
    await sql('im_upload').delete();
    await sql('im_file_usage').update({ bytes: 0 });
  };
  const asked = await atOnce(30, (index) => begin(index, 1_000));
  expect(asked).toEqual({ done: 20, refused: ['Error: 409 TOO_MANY'] });
  expect(await rowsIn(test, 'im_upload', {})).toBe(20);
  await forget();
  // Eight megabytes in all.
  const large = await atOnce(6, (index) => begin(index, 3 * 2 ** 20));
  expect(large).toEqual({ done: 2, refused: ['Error: 409 STORAGE_FULL'] });
  await forget();
}

async function drives({ test, drives: users, sql, ann }: Scene): Promise<void> {
  const at = (index: number): DriveUser => users[index % users.length]!;
  const root = await at(0).root();
  const file = await at(0).file(root.id, 'a.txt');
  const params = { path: { nodeId: file.id } };
  const offered = new Set<string>();
  await atOnce(30, async (index) => {
    const { url } = await unwrap(at(index).api.POST('/v1/drive/nodes/{nodeId}/message-file', { params }));
    offered.add(new URL(url).pathname);
  });
  expect(offered.size).toBe(8);
  expect(await rowsIn(test, 'im_file_info', { userId: ann.id })).toBe(9);

  const share = { nodeId: Number(file.id), ownerId: ann.id, kind: 'link', subjectId: 0, level: 1 };
  await sql('im_drive_share').insert(
    Array.from({ length: 96 }, (_, index) => ({
      ...{ ...share, creatorId: ann.id, createdTime: 1, code: `code${index}` },
    })),
  );
  const shared = await atOnce(10, (index) => at(index).link(file.id, {}));
  expect(shared).toEqual({ done: 4, refused: ['TOO_MANY'] });
  expect(await rowsIn(test, 'im_drive_share', {})).toBe(100);

  await sql('im_drive_node')
    .where({ id: Number(root.id) })
    .update({ nodes: 99_997 });
  const made = await atOnce(8, (index) => at(index).folder(root.id, `folder ${index}`));
  expect(made).toEqual({ done: 3, refused: ['TOO_MANY'] });
}

/** Two campaigns at once that may each tell whoever was told of none. */
async function campaigns({ asShop, bob }: Scene): Promise<void> {
  const device = await bob.connect();
  const body = {
    ...{ name: 'capped', segment: { everybody: true as const }, language: 'en', cap: { times: 1, days: 1 } },
    variants: [{ name: 'A', share: 100, texts: { en: { title: 'Hello', body: 'News' } } }],
  };
  const made = await Promise.all(
    [0, 1].map((index) => unwrap(asShop(index).POST('/v1/server/campaigns', { body }))),
  );
  const pathOf = (index: number) => ({ path: { campaignId: made[index]!.id } });
  await Promise.all(
    made.map((_, index) =>
      unwrap(
        asShop(index).POST('/v1/server/campaigns/{campaignId}/orders', {
          ...{ params: pathOf(index), body: { order: 'start' as const } },
        }),
      ),
    ),
  );
  const reports = () =>
    Promise.all(
      made.map((_, index) =>
        unwrap(asShop(index).GET('/v1/server/campaigns/{campaignId}', { params: pathOf(index) })),
      ),
    );
  await expect.poll(async () => (await reports()).map(({ state }) => state)).toEqual(['done', 'done']);
  const ended = await reports();
  expect(ended.map(({ report }) => report.sent).toSorted()).toEqual([0, 1]);
  await device.close();
}

describe.each(storeKinds)('limits on %s', (store) => {
  it('hold for what is asked for at once, wherever it is asked', async () => {
    const here = await scene(store);
    const looks = [webhooks, attributes, scheduled, joinRequests, reactions, redPackets, uploads, drives];
    for (const look of [...looks, campaigns]) await look(here);
  });
});
