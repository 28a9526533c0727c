import { silentLogger } from 'im-common';
import { describe, expect, it } from 'vitest';
import { chunksOf } from '../src/db/chunks.ts';
import { CampaignStore } from '../src/campaigns/campaign-store.ts';
import { CampaignWorker } from '../src/campaigns/campaign-worker.ts';
import { leaveCampaigns } from '../src/campaigns/leave.ts';
import { removeOldReceivers } from '../src/campaigns/old-receivers.ts';
import { Planner } from '../src/campaigns/planner.ts';
import { Slices } from '../src/campaigns/slices.ts';
import { unwrap, type ApiClient, type paths } from '../src/client/index.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import { countedTwice, insertAway, registerDevices, Vendor } from './support/campaigns.ts';
import { createKey, withKey } from './support/server-keys.ts';
import { startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';

type New = paths['/v1/admin/campaigns']['post']['requestBody']['content']['application/json'];

const hello = { title: 'Hello {{nickName}}', body: 'News' };
const toAll: New = {
  ...{ name: 'all', segment: { everybody: true }, language: 'en' },
  variants: [{ name: 'A', share: 100, texts: { en: hello } }],
};

function make(api: ApiClient, more: Partial<New> = {}) {
  return unwrap(api.POST('/v1/admin/campaigns', { body: { ...toAll, ...more } }));
}

function order(api: ApiClient, campaignId: string, what: 'start' | 'pause' | 'resume' | 'stop') {
  const params = { path: { campaignId } };
  return unwrap(api.POST('/v1/admin/campaigns/{campaignId}/orders', { params, body: { order: what } }));
}

function look(api: ApiClient, campaignId: string) {
  return unwrap(api.GET('/v1/admin/campaigns/{campaignId}', { params: { path: { campaignId } } }));
}

async function run(api: ApiClient, more: Partial<New> = {}) {
  const { id } = await make(api, more);
  await order(api, id, 'start');
  await expect.poll(async () => (await look(api, id)).state, { timeout: 30_000 }).toBe('done');
  return look(api, id);
}

async function scene(store: 'sqlite' | 'mariadb') {
  const vendor = new Vendor();
  const test = await startTestPlatform({
    store,
    // SQLite belongs to one.
    instances: store === 'sqlite' ? 1 : 2,
    platform: { campaigns: true, campaignRate: 100_000, sweepMs: 200, awayChannels: { vendor } },
  });
  const { platform } = test;
  const ann = await test.register('ann');
  await makeAdmin(test, ann);
  const bob = await test.register('bob');
  const dan = await test.register('dan');
  const crowd = await insertAway(
    platform,
    Array.from({ length: 450 }, (_, index) => `away${index}`),
  );
  const asAnn = await apiOf(test, ann);
  const shop = await withKey(test, (await createKey(test, ['campaigns'])).key);
  return { test, platform, vendor, ann, bob, dan, crowd, asAnn, shop };
}

/** Where nothing is planned or sent but by the test. */
async function stage(store: 'sqlite' | 'mariadb') {
  const test = await startTestPlatform({ store, platform: { campaigns: true, sweepMs: 3_600_000 } });
  const ann = await test.register('ann');
  await makeAdmin(test, ann);
  const crowd = await insertAway(test.platform, ['one', 'two', 'three']);
  const store_ = new CampaignStore(test.platform.database);
  const planner = new Planner({ database: test.platform.database, store: store_ });
  return { test, api: await apiOf(test, ann), crowd, planner, store_ };
}

async function expectCounted({ platform }: TestPlatform, id: string): Promise<void> {
  const { counts, rows } = await countedTwice(platform, id);
  expect(counts).toEqual(rows);
}

describe.each(storeKinds)('campaigns on %s', (store) => {
  it('tell each once, by what they have, count what became of it, and know whom they were for', async () => {
    const { test, platform, vendor, ann, bob, dan, crowd, asAnn, shop } = await scene(store);
    const { sql } = platform.database;
    const [first = 0, second = 0, third = 0] = crowd;
    const device = await bob.connect();
    const attributes = (user: number, body: Record<string, string | null>) =>
      unwrap(
        shop.PATCH('/v1/server/users/{user}/attributes', {
          params: { path: { user: String(user) } },
          body: { attributes: body },
        }),
      );
    await attributes(first, { city: 'Paris', vip: '', language: 'zh' });
    await attributes(second, { city: 'Rome', vip: '', x: 'y' });
    expect(await attributes(second, { x: null })).toEqual({ attributes: { city: 'Rome', vip: '' } });

    // Two variants, to everybody: who is online by the push layer, the others by the service of their device.
    const variants = ['A', 'B'].map((name) => ({
      ...{ name, share: 50 },
      texts: {
        en: { title: `${name} {{nickName}}`, body: '{{city|your town}}' },
        zh: { title: name, body: '{{city|本地}}' },
      },
    }));
    const done = await run(asAnn, { variants, url: 'https://shop.example/spring' });
    const people = crowd.length + 3;
    // ann and dan have no device.
    expect(done.report).toEqual({
      ...{ planned: people, waiting: 0, sent: crowd.length + 1, delivered: 1, opened: 0 },
      ...{ failed: {}, skipped: { 'no-device': 2 } },
    });
    expect(done.variants.reduce((sum, { report }) => sum + report.planned, 0)).toBe(people);
    for (const { report } of done.variants) expect(report.planned).toBeGreaterThan(people / 4);
    expect(vendor.told.map(({ userId }) => Number(userId)).toSorted((one, other) => one - other)).toEqual(
      crowd,
    );
    expect(vendor.of(first)).toMatchObject([
      { body: 'Paris', title: expect.stringMatching(/^[AB]$/) as string },
    ]);
    expect(vendor.of(second)).toMatchObject([{ body: 'Rome', url: 'https://shop.example/spring' }]);
    expect(vendor.of(third)[0]?.body).toBe('your town');
    const pushed = await device.next(({ data }) => (data as { type?: number } | null)?.type === 63);
    expect(pushed).toMatchObject({ data: { campaign: { id: done.id, body: 'your town' } } });
    await expectCounted(test, done.id);

    // Opened once, whoever says it how often; and by nobody who was not told.
    const open = async (who: typeof bob): Promise<number> => {
      const params = { path: { campaignId: done.id } };
      return (await (await apiOf(test, who)).POST('/v1/campaigns/{campaignId}/opened', { params })).response
        .status;
    };
    expect(await Promise.all([open(bob), open(bob), open(dan)])).toEqual([204, 204, 404]);
    expect((await look(asAnn, done.id)).report).toMatchObject({
      sent: crowd.length + 1,
      delivered: 1,
      opened: 1,
    });
    await expectCounted(test, done.id);

    // Nobody is told of more than they may; who was not told then, is.
    await registerDevices(sql, [dan.id]);
    const second2 = await run(asAnn, { cap: { times: 1, days: 1 } });
    expect(second2.report.skipped).toEqual({ cap: crowd.length + 1, 'no-device': 1 });
    expect(vendor.of(dan.id)).toMatchObject([{ campaignId: second2.id, title: 'Hello dan' }]);

    // Segments: all conditions hold; a list; who was seen.
    const listed = await unwrap(shop.POST('/v1/server/campaign-lists', { body: { name: 'some' } }));
    const params = { path: { listId: listed.id } };
    const userIds = [String(second), String(third), String(second), '999999'];
    await unwrap(shop.POST('/v1/server/campaign-lists/{listId}/users', { params, body: { userIds } }));
    await sql('im_last_seen')
      .insert({ userId: third, seenTime: Date.now() - 86_400_000 })
      .onConflict('userId')
      .merge();
    const count = async (segment: New['segment']): Promise<number> =>
      (await unwrap(asAnn.POST('/v1/admin/campaign-audiences', { body: { segment } }))).users;
    expect(await count({ tags: ['vip'] })).toBe(2);
    expect(await count({ tags: ['vip'], attributes: { city: ['Rome', 'Oslo'] } })).toBe(1);
    expect(await count({ attributes: { city: ['Rome', 'Paris'] } })).toBe(2);
    expect(await count({ listId: listed.id })).toBe(2);
    expect(await count({ listId: listed.id, tags: ['vip'] })).toBe(1);
    expect(await count({ seenWithinDays: 2, listId: listed.id })).toBe(1);
    expect(await count({ notSeenForDays: 2, listId: listed.id })).toBe(1);
    const small = await run(asAnn, { segment: { listId: listed.id } });
    expect(small.report.planned).toBe(2);

    // Quiet hours, at the clock of the receiver.
    const hour = (hours: number): string =>
      new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
    await attributes(second, { timeZone: 'Etc/GMT-12' });
    await expect(attributes(third, { timeZone: 'Nowhere' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    // What was said before that was looked at, or what all objects have, keeps nobody from being told.
    await attributes(third, { language: 'constructor' });
    await sql('im_user_attribute').insert({ userId: third, name: 'timeZone', value: 'Nowhere' });
    const quiet = await run(asAnn, {
      segment: { listId: listed.id },
      quietHours: { from: hour(-2), to: hour(2) },
    });
    expect(quiet.report).toMatchObject({ sent: 1, skipped: { quiet: 1 } });

    // At noon, which is twelve hours sooner for whoever's clock is ahead by that.
    const localDate = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
    const atNoon = { segment: { listId: listed.id }, schedule: { localDate, localTime: '12:00' } };
    const later = await make(asAnn, atNoon);
    expect((await order(asAnn, later.id, 'start')).state).toBe('scheduled');
    // As if it were soon.
    await sql('im_campaign').where({ id: later.id }).update({ planAt: 1 });
    const due = async (): Promise<number[]> => {
      const slices = sql('im_campaign_slice').where({ campaignId: later.id }).orderBy('nextTime');
      return (await slices.select<{ nextTime: number }[]>('nextTime')).map(({ nextTime }) => nextTime);
    };
    const noon = Date.parse(`${localDate}T12:00:00Z`);
    await expect.poll(due).toEqual([noon - 12 * 3_600_000, noon]);

    // A test counts nowhere.
    const { id } = await make(asAnn);
    const tested = await unwrap(
      asAnn.POST('/v1/admin/campaigns/{campaignId}/tests', {
        ...{ params: { path: { campaignId: id } }, body: { userIds: [String(third), String(ann.id)] } },
      }),
    );
    expect(tested.results).toEqual([
      { userId: String(third), state: 'sent', reason: '' },
      { userId: String(ann.id), state: 'skipped', reason: 'no-device' },
    ]);
    expect(await look(asAnn, id)).toMatchObject({ state: 'draft', report: { planned: 0 } });
  });

  it('a slice that somebody lost is noted once, by whoever has it now; and who leaves is counted', async () => {
    const { platform } = await startTestPlatform({ store, platform: { campaigns: false } });
    const { database } = platform;
    const crowd = await insertAway(platform, ['one', 'two', 'three']);
    const store_ = new CampaignStore(database);
    const plan = {
      ...{
        segment: { everybody: true as const },
        variants: [{ name: 'A', share: 100, texts: { en: hello } }],
      },
      ...{ language: 'en', schedule: null, timeZone: 'UTC', quietHours: null, cap: null, url: null },
    };
    const id = await store_.add(database.sql, { name: 'x', madeBy: 'admin:1', rate: 1_000, plan });
    await store_.move(database.sql, id, { state: 'active', startedTime: 1, planAt: 1 });
    const planner = new Planner({ database, store: store_ });
    const { signal } = new AbortController();
    // Two that come at once.
    await Promise.all([planner.plan(), planner.plan()]);
    const slices = new Slices({ database, store: store_, rate: 1_000 });
    const lost = await slices.claim();
    expect(lost?.receivers.map(({ userId }) => userId)).toEqual(crowd);
    expect(await slices.claim()).toBeUndefined();
    await database.sql('im_campaign_slice').update({ nextTime: 1 });
    const mine = await slices.claim();
    if (!lost || !mine) throw new Error('There was a slice.');
    await database.transaction((sql) => leaveCampaigns(sql, crowd[2] ?? 0));
    const fates = new Map(crowd.map((userId) => [userId, { state: 'sent', reason: '' } as const]));
    expect(await slices.note(lost, fates, undefined)).toBe(false);
    expect(await slices.note(mine, fates, undefined)).toBe(true);
    await slices.finish();

    expect((await store_.find(id))?.state).toBe('done');
    const receivers = (): Promise<unknown[]> => database.sql('im_campaign_receiver').select('userId');
    await removeOldReceivers(database, signal);
    expect(await receivers()).toHaveLength(2);
    await database.sql('im_campaign').update({ finishedTime: Date.now() - 181 * 86_400_000 });
    await Promise.all([removeOldReceivers(database, signal), removeOldReceivers(database, signal)]);
    expect(await receivers()).toEqual([]);
    expect(await database.sql('im_campaign_count').where('receivers', '>', 0).orderBy('state')).toMatchObject(
      [
        { state: 'sent', receivers: 2 },
        { state: 'skipped', reason: 'gone', receivers: 1 },
      ],
    );
  });

  it('a short one is done while a slice of another one is under way', async () => {
    const { test, api, crowd, planner, store_ } = await stage(store);
    const { database } = test.platform;
    const slow = await make(api);
    const { id: listId } = await unwrap(api.POST('/v1/admin/campaign-lists', { body: { name: 'one' } }));
    await unwrap(
      api.POST('/v1/admin/campaign-lists/{listId}/users', {
        ...{ params: { path: { listId } }, body: { userIds: [String(crowd[0])] } },
      }),
    );
    const short = await make(api, { segment: { listId } });
    for (const { id } of [slow, short]) await order(api, id, 'start');
    let finishSlow = (): void => undefined;
    const isOver = new Promise<void>((resolve) => (finishSlow = resolve));
    const end = new CampaignWorker({
      ...{ planner, slices: new Slices({ database, store: store_, rate: 1_000 }), everyMs: 20 },
      ...{ logger: silentLogger, removeOld: () => Promise.resolve() },
      sender: {
        async send({ campaign: { id }, receivers }) {
          if (String(id) === slow.id) await isOver;
          const sent = { state: 'sent', reason: '' } as const;
          return { fates: new Map(receivers.map(({ userId }) => [userId, sent])), againAt: undefined };
        },
      },
    }).start();
    await expect.poll(async () => (await look(api, short.id)).state, { timeout: 30_000 }).toBe('done');
    expect((await look(api, short.id)).report).toMatchObject({ planned: 1, sent: 1, waiting: 0 });
    expect((await look(api, slow.id)).state).toBe('running');
    finishSlow();
    await expect.poll(async () => (await look(api, slow.id)).state, { timeout: 30_000 }).toBe('done');
    await end();
  });

  it('what is paused while it is planned is planned at once when it goes on, by one alone', async () => {
    const { test, api, crowd, planner, store_ } = await stage(store);
    const everybody = crowd.length + 1;
    const { database } = test.platform;
    /** Somebody who is that slow: `meanwhile` comes between their claim and what they write. */
    const slow = (meanwhile: () => Promise<unknown>): Planner => {
      const find = async (id: number) => {
        const before = await store_.find(id);
        await meanwhile();
        return before;
      };
      return new Planner({ database, store: { find } });
    };
    const { id } = await make(api);
    await order(api, id, 'start');
    await slow(() => order(api, id, 'pause')).plan();
    expect(await look(api, id)).toMatchObject({ state: 'paused', report: { planned: 0 } });
    expect(await planner.plan()).toBe(false);
    await order(api, id, 'resume');
    await slow(async () => {
      await order(api, id, 'pause');
      await order(api, id, 'resume');
      expect(await planner.plan()).toBe(true);
    }).plan();
    expect(await look(api, id)).toMatchObject({ state: 'running', report: { planned: everybody } });
    await expectCounted(test, id);

    // A long one lets a short one in, and whoever goes on with it when its planner has ended.
    const all = Array.from({ length: 2_000 }, (_, index) => `user${index}`);
    for (const some of chunksOf(all, 500))
      await database
        .sql('im_user')
        .insert(some.map((name) => ({ userName: name, nickName: name, password: '!', createdTime: 1 })));
    const long = await make(api);
    await order(api, long.id, 'start');
    expect(await planner.plan()).toBe(true);
    const short = await make(api, { segment: { tags: ['nobody'] } });
    await order(api, short.id, 'start');
    await database.sql('im_campaign').where({ id: short.id }).update({ planAt: 1 });
    const other = new Planner({ database, store: store_ });
    expect(await other.plan()).toBe(true);
    expect(await look(api, short.id)).toMatchObject({ state: 'running', report: { planned: 0 } });
    expect(await look(api, long.id)).toMatchObject({ state: 'planning', report: { planned: 2_000 } });
    expect(await other.plan()).toBe(true);
    expect(await look(api, long.id)).toMatchObject({
      state: 'running',
      report: { planned: 2_000 + everybody },
    });
    await expectCounted(test, long.id);

    // What is planned only later stays so.
    const localDate = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);
    const later = await make(api, { schedule: { localDate, localTime: '12:00' } });
    for (const one of ['start', 'pause', 'resume'] as const) await order(api, later.id, one);
    expect((await look(api, later.id)).state).toBe('scheduled');
    expect(await planner.plan()).toBe(false);
  });
});

it('refuses what cannot be sent when it is made, and orders that cannot be; may be paused and stopped', async () => {
  const vendor = new Vendor();
  const test = await startTestPlatform({
    store: 'sqlite',
    platform: { campaigns: true, sweepMs: 200, awayChannels: { vendor } },
  });
  const ann = await test.register('ann');
  await makeAdmin(test, ann);
  const api = await apiOf(test, ann);
  const forbid = async (...words: string[]): Promise<void> => {
    await unwrap(api.POST('/v1/admin/words', { body: { words } }));
    // As soon as this instance knows them.
    const isKnown = async (): Promise<boolean> => {
      const params = { body: { text: words.join(' ') } };
      return (await unwrap(api.POST('/v1/admin/words/test', params))).masked.includes('***');
    };
    await expect.poll(isKnown).toBe(true);
  };
  await forbid('swindle');
  const said = (title: string) => [{ name: 'A', share: 100, texts: { en: { title, body: 'x' } } }];
  const wrong: [Partial<New>, RegExp][] = [
    [{ variants: said('{{town|x}}') }, /nobody has/],
    [{ variants: said('{{nickName') }, /nothing closes/],
    [{ variants: said('A S-w-i-n-d-l-e, {{nickName}}') }, /variants: A, en: its title has .*: A \*\*\*, /],
    [{ variants: said('For {{nickName}}: swin{{userName}}dle') }, /its title has a forbidden word/],
    [{ variants: [{ name: 'A', share: 60, texts: { en: hello } }] }, /come to 60/],
    [{ variants: ['A', 'A'].map((name) => ({ name, share: 50, texts: { en: hello } })) }, /same name/],
    [{ language: 'zh' }, /no text in zh/],
    [{ timeZone: 'Mars/Base' }, /Mars/],
    [{ schedule: { at: '2020-01-01T00:00:00Z' } }, /over/],
    [{ schedule: { localDate: '2027-02-29', localTime: '10:00' } }, /./],
    [{ quietHours: { from: '10:00', to: '10:00' } }, /two different times/],
    [
      {
        variants: ['a', 'b'].map((name) => ({
          ...{ name, share: 50 },
          texts: {
            en: { title: 'x', body: Array.from({ length: 60 }, (_, at) => `{{${name}${at}|}}`).join('') },
          },
        })),
      },
      /name 120 attributes; expected 100/,
    ],
    [{ segment: {} }, /condition/],
    [{ segment: { attributes: {} } }, /one to ten attributes/],
    [
      { segment: { attributes: Object.fromEntries(Array.from('abcdefghijk', (name) => [name, ['x']])) } },
      /ten/,
    ],
    [{ segment: { listId: '7' } }, /no such list/],
  ];
  for (const [more, why] of wrong) {
    const problem: unknown = await make(api, more).catch((error: unknown) => error);
    expect(JSON.stringify(problem)).toMatch(why);
    expect(problem).toMatchObject({ code: 'INVALID_ARGUMENT' });
  }

  const ofNone = { body: { userIds: ['1'], variant: 1 } };
  const draft = { params: { path: { campaignId: (await make(api)).id } } };
  await expect(
    unwrap(api.POST('/v1/admin/campaigns/{campaignId}/tests', { ...draft, ...ofNone })),
  ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });

  await insertAway(test.platform, ['one', 'two']);
  const key = { header: { 'idempotency-key': 'once' } };
  const again = (name: string) =>
    unwrap(api.POST('/v1/admin/campaigns', { params: key, body: { ...toAll, name } }));
  const { id } = await again('x');
  expect((await again('x')).id).toBe(id);
  await expect(again('y')).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  await expect(order(api, id, 'pause')).rejects.toMatchObject({ code: 'CAMPAIGN_STATE' });

  // A word that was forbidden since.
  const old = await make(api, { variants: said('Great bargain') });
  await forbid('bargain');
  await expect(order(api, old.id, 'start')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect((await look(api, old.id)).state).toBe('draft');
  // One whose time is over since.
  const late = await make(api, { schedule: { at: new Date(Date.now() + 60_000).toISOString() } });
  const plan = { ...toAll, schedule: { at: Date.now() - 1 } };
  await test.platform.database
    .sql('im_campaign')
    .where({ id: late.id })
    .update({ plan: JSON.stringify(plan) });
  await expect(order(api, late.id, 'start')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });

  // One a second: it is stopped before the third is told.
  const slow = await make(api, { ratePerSecond: 1 });
  await order(api, slow.id, 'start');
  await expect.poll(() => vendor.told.length, { timeout: 30_000 }).toBeGreaterThan(0);
  expect((await order(api, slow.id, 'pause')).state).toBe('paused');
  expect((await order(api, slow.id, 'resume')).state).toBe('running');
  const stopped = await order(api, slow.id, 'stop');
  expect(stopped).toMatchObject({ state: 'stopped', report: { planned: 3 } });
  await expect(order(api, slow.id, 'resume')).rejects.toMatchObject({ code: 'CAMPAIGN_STATE' });
});
