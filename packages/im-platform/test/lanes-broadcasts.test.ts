import { expect, it, vi } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { laneOf } from '../src/db/lanes.ts';
import { orderLanes } from '../src/lanes/move-lanes.ts';
import { conversationOf } from '../src/messages/private/private-message.ts';
import { systemAccountId } from '../src/users/system-account.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import { insertAway, Vendor } from './support/campaigns.ts';
import { startElsewhere } from './support/lanes-elsewhere.ts';
import { createKey, withKey } from './support/server-keys.ts';
import { startTestPlatform } from './support/test-platform.ts';

// People are in the first database, what the platform says to each is where the lane of the two is.

vi.setConfig({ testTimeout: 240_000 });

/** What takes seconds is not asked for all the time. */
const slowly = { interval: 300 };

async function broadcast(api: ApiClient, text: string): Promise<string> {
  return (await unwrap(api.POST('/v1/admin/broadcasts', { body: { text, audience: 'all' } }))).id;
}

async function look(api: ApiClient, id: string) {
  return (await unwrap(api.GET('/v1/admin/broadcasts'))).items.find((one) => one.id === id);
}

it('what is said to everybody reaches those whose conversation is in a database that goes away in the middle when it is back, the others meanwhile, and nobody twice', async () => {
  const elsewhere = await startElsewhere();
  const { database, server } = elsewhere;
  const vendor = new Vendor();
  const test = await startTestPlatform({
    store: 'mariadb',
    platform: {
      ...{ database: elsewhere.url, laneDatabases: [elsewhere.named], requestTimeoutMs: 4_000 },
      ...{ campaigns: true, campaignRate: 100_000, sweepMs: 500, awayChannels: { vendor } },
    },
  });
  const ann = await test.register('ann');
  await makeAdmin(test, ann);
  const crowd = await insertAway(
    test.platform,
    Array.from({ length: 350 }, (_, index) => `person${index}`),
  );
  const everybody = [ann.id, ...crowd];
  const conversationWith = (userId: number): string => conversationOf(systemAccountId, userId);
  const lanes = [...new Set(crowd.slice(-6).map((userId) => laneOf(conversationWith(userId))))];
  const order = { what: 'move', lanes, to: 'east' } as const;
  await orderLanes(database, order, { say: () => undefined, restMs: 1_500 });
  await database.findLanes();
  const [first, there] = database.laneDatabases;
  const [own] = test.platform.database.laneDatabases.slice(1);
  if (!first || !there || !own) throw new Error('There are two databases');
  const here = everybody.filter((userId) => database.of(conversationWith(userId)) === first);
  const away = everybody.filter((userId) => database.of(conversationWith(userId)) === there);
  const toldAt = async ({ sql }: typeof first, text: string): Promise<number[]> => {
    const rows = await sql('im_private_message')
      .where({ sendId: systemAccountId, content: text })
      .orderBy('recvId')
      .select<{ recvId: number }[]>('recvId');
    return rows.map(({ recvId }) => recvId);
  };

  // There it is killed with the second of four pages.
  let pages = 0;
  own.sql.on('query', ({ sql }: { sql: string }) => {
    if (/^insert into `im_private_message`/.test(sql) && ++pages === 2) void server.kill();
  });
  const asAnn = await apiOf(test, ann);
  const broken = await broadcast(asAnn, 'in the middle');
  await expect.poll(() => toldAt(first, 'in the middle'), slowly).toEqual(here);
  const begun = await broadcast(asAnn, 'while it is away');
  await expect.poll(() => toldAt(first, 'while it is away'), slowly).toEqual(here);
  await expect.poll(() => look(asAnn, begun)).toMatchObject({ told: here.length, waiting: away.length });
  const { told = 0, waiting = 0, finishedAt } = (await look(asAnn, broken)) ?? {};
  expect([told + waiting, finishedAt]).toEqual([everybody.length, null]);
  expect(waiting).toBeGreaterThan(0);
  expect(waiting).toBeLessThan(away.length);

  // One of them alone is refused, with the reason; a campaign has nothing there.
  const shop = await withKey(test, (await createKey(test, ['messages'])).key);
  const params = { path: { user: String(away[0]) } };
  await expect(
    unwrap(shop.POST('/v1/server/users/{user}/notices', { params, body: { text: 'hello' } })),
  ).rejects.toMatchObject({ problem: { code: 'LANES_AWAY', status: 503 } });
  const { id: campaignId } = await unwrap(
    asAnn.POST('/v1/admin/campaigns', {
      body: {
        ...{ name: 'all', segment: { everybody: true }, language: 'en' },
        variants: [{ name: 'A', share: 100, texts: { en: { title: 'Hello', body: 'News' } } }],
      },
    }),
  );
  await unwrap(
    asAnn.POST('/v1/admin/campaigns/{campaignId}/orders', {
      params: { path: { campaignId } },
      body: { order: 'start' },
    }),
  );
  await expect
    .poll(() => vendor.told.map(({ userId }) => Number(userId)).sort((one, other) => one - other))
    .toEqual(crowd);

  // Two instances go on with it.
  await test.startAnother();
  await server.restart();
  const isOver = (id: string) =>
    expect
      .poll(() => look(asAnn, id), slowly)
      .toMatchObject({ told: everybody.length, waiting: 0, finishedAt: expect.any(String) as string });
  await isOver(broken);
  await isOver(begun);

  // It is the same with a lane that is just being moved.
  const [lane = 0] = lanes;
  const fence = there.sql('im_lane_fence').where({ lane });
  await fence.clone().update({ isOpen: 0 });
  const late = await broadcast(asAnn, 'while a lane moves');
  const inIt = away.filter((userId) => laneOf(conversationWith(userId)) === lane).length;
  await expect
    .poll(() => look(asAnn, late))
    .toMatchObject({ told: everybody.length - inIt, waiting: inIt, finishedAt: null });
  await fence.clone().update({ isOpen: 1 });
  await isOver(late);
  for (const text of ['in the middle', 'while it is away', 'while a lane moves']) {
    expect(await toldAt(first, text)).toEqual(here);
    expect(await toldAt(there, text)).toEqual(away);
  }
  expect(await first.sql('im_broadcast_left')).toEqual([]);
  await database.close();
});
