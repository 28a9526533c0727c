import { expect, it } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import type { Claimed } from '../src/away/due-conversations.ts';
import { Held } from '../src/away/held.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { say, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { checkVapid, PushService, type Subscription } from 'im-test/push-service';
import { startTestPlatform, storeKinds, type StoreKind, type TestPlatform } from './support/test-platform.ts';

interface World {
  readonly test: TestPlatform;
  readonly service: PushService;
  readonly ann: Person;
  readonly bob: Person;
  readonly asAnn: ApiClient;
}

async function createWorld(store: StoreKind = 'sqlite', more: object = {}): Promise<World> {
  const service = await PushService.start();
  const test = await startTestPlatform({
    store,
    platform: {
      ...{ webPushContact: 'mailto:ops@example.com', webPushHosts: [service.host], language: 'en' },
      ...{ awayAfterMs: 50, sweepMs: 200 },
      ...more,
    },
  });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  await befriend(test, ann, bob);
  return { test, service, ann, bob, asAnn: await apiOf(test, ann) };
}

async function register(api: ApiClient, { registration }: Subscription): Promise<void> {
  await unwrap(api.PUT('/v1/sessions/current/push', { body: registration }));
}

/** How often it was decided so. */
async function decided({ test }: World, act: string, why = ''): Promise<number> {
  const text = await (await fetch(`${test.url}/metrics`)).text();
  const line = new RegExp(`^im_platform_away_decisions_total\\{act="${act}",why="${why}"\\} (\\d+)$`, 'm');
  return Number(line.exec(text)?.[1] ?? 0);
}

it.each(storeKinds)('tells a browser of what is said while nobody is there, once, on %s', async (store) => {
  const world = await createWorld(store);
  const { test, service, ann, bob, asAnn } = world;
  const browser = service.subscribe('/ann');
  const before = await unwrap(asAnn.GET('/v1/me/notifications'));
  expect(before).toMatchObject({ registeredBy: null, preview: true, quietHours: null });
  await say(bob, ann, 'before she registered');
  await register(asAnn, browser);
  const { number } = await say(bob, ann, 'are you there?');

  const [told] = await browser.told();
  const conversationId = `private:${ann.id}:${bob.id}`;
  expect(told).toEqual({
    ...{ is: 'message', userId: String(ann.id), conversationId, number },
    ...{ title: 'bob', body: 'are you there?', unread: 2, badge: 2 },
  });
  const [posted] = await service.postsTo('/ann');
  if (!posted) throw new Error('Nothing was posted');
  expect(posted.headers).toMatchObject({ ttl: '86400', urgency: 'high', 'content-encoding': 'aes128gcm' });
  expect(posted.headers['topic']).toMatch(/^[\w-]{32}$/);
  const { claims, publicKey } = checkVapid(posted);
  expect(claims).toMatchObject({ aud: `http://${service.host}`, sub: 'mailto:ops@example.com' });
  expect([{ name: 'web', publicKey }]).toEqual(before.channels);

  // What is said in one breath is told together, and by one of several instances.
  await test.startAnother();
  await Promise.all(['one', 'two', 'three'].map((text) => say(bob, ann, text)));
  await browser.told(2);
  await say(bob, ann, 'four');
  const newest = async () => (await browser.told()).at(-1);
  await expect.poll(newest).toMatchObject({ body: 'four', unread: 6, badge: 6 });
  const all = await browser.told();
  const numbers = all.map((one) => (one.is === 'message' ? one.number : one));
  expect(new Set(numbers).size).toBe(all.length);
});

it('tells nobody who has it, has read it, or does not want to know; of mentions all the same', async () => {
  const world = await createWorld();
  const { test, service, ann, bob, asAnn } = world;
  const browser = service.subscribe('/ann');
  await register(asAnn, browser);
  const device = await ann.connect();
  await say(bob, ann, 'she has it');
  await expect.poll(() => decided(world, 'nothing', 'acknowledged')).toBeGreaterThan(0);
  await device.close();
  await expect.poll(() => test.platform.im.isOnline(ann.id)).toBe(false);
  const { id: group } = await openGroup(bob, [ann]);
  await expect.poll(() => decided(world, 'nothing', 'not-counted')).toBeGreaterThan(0);
  await ann.put('/group/dnd', { groupId: group, isDnd: true });
  await sayInGroup(bob, group, 'nobody in particular');
  await expect.poll(() => decided(world, 'nothing', 'muted')).toBe(1);
  expect(service.posted).toEqual([]);
  await sayInGroup(bob, group, 'you, ann', { atUserIds: [ann.id] });
  expect(await browser.told()).toMatchObject([{ title: 'club', body: 'bob: you, ann' }]);

  // Two hours that begin an hour ago, by the clock of the place where it is noon now.
  const hour = (offset: number): string => `${String((36 + offset) % 24).padStart(2, '0')}:00`;
  const east = 12 - new Date().getUTCHours();
  const timeZone = `Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`;
  await unwrap(
    asAnn.PATCH('/v1/me/notifications', { body: { quietHours: { from: hour(0), to: hour(1), timeZone } } }),
  );
  await say(bob, ann, 'psst');
  await expect.poll(() => decided(world, 'nothing', 'quiet-hours')).toBe(1);
  await unwrap(asAnn.PATCH('/v1/me/notifications', { body: { quietHours: null, preview: false } }));
  await say(bob, ann, 'a secret');
  const [, hidden] = await browser.told(2);
  expect(hidden).toMatchObject({ title: 'New message', body: '', unread: 3 });

  await unwrap(asAnn.DELETE('/v1/sessions/current/push'));
  const again = await test.logIn('ann');
  await register(await apiOf(test, again), service.subscribe('/again'));
  await unwrap((await apiOf(test, again)).DELETE('/v1/sessions/current'));
  const cleo = await test.register('cleo');
  await befriend(test, bob, cleo);
  await register(await apiOf(test, cleo), service.subscribe('/cleo'));
  await say(bob, ann, 'nobody is there');
  await say(bob, cleo, 'hi');
  await service.postsTo('/cleo');
  expect(service.posted.map(({ path }) => path)).toEqual(['/ann', '/ann', '/cleo']);
});

it('takes back what was read elsewhere or recalled, and counts it no more', async () => {
  const world = await createWorld();
  const { test, service, ann, bob, asAnn } = world;
  const browser = service.subscribe('/ann');
  await register(asAnn, browser);
  const { number } = await say(bob, ann, 'read this');
  await browser.told();
  // A read says nothing before the service has it, and its mark is set.
  const shown = () => test.platform.database.sql('im_away_place').select('isShown');
  await expect.poll(shown).toEqual([{ isShown: 1 }]);
  const conversationId = `private:${ann.id}:${bob.id}`;
  const elsewhere = await apiOf(test, await test.logIn('ann', { terminal: 1 }));
  await unwrap(
    elsewhere.PUT('/v1/conversations/{conversationId}/read', {
      params: { path: { conversationId } },
      body: { number },
    }),
  );
  const userId = String(ann.id);
  const withdrawal = { is: 'withdrawal', userId, conversationId, badge: 0 };
  expect((await browser.told(2))[1]).toEqual(withdrawal);

  const { id } = await say(bob, ann, 'oh no');
  await browser.told(3);
  await expect.poll(shown).toEqual([{ isShown: 1 }]);
  await bob.delete(`/message/private/recall/${id}`);
  expect((await browser.told(4))[3]).toEqual(withdrawal);
  expect(await shown()).toEqual([{ isShown: 0 }]);
});

it('leaves a browser alone that is gone, and waits for a service that is busy', async () => {
  const world = await createWorld();
  const { test, service, ann, bob, asAnn } = world;
  const { sql } = test.platform.database;
  service.answers.set('/gone', { status: 410 });
  await register(asAnn, service.subscribe('/gone'));
  await say(bob, ann, 'hello?');
  await expect.poll(() => sql('im_away_registration').select()).toEqual([]);

  service.answers.set('/busy', { status: 429, headers: { 'retry-after': '1' } });
  const browser = service.subscribe('/busy');
  await register(asAnn, browser);
  await say(bob, ann, 'hello again?');
  await service.postsTo('/busy');
  await expect.poll(() => sql('im_away_registration').first('failures')).toEqual({ failures: 1 });
  service.answers.set('/busy', { status: 201 });
  const told = await browser.told(2);
  expect(told[1]).toEqual(told[0]);
  expect(told).toHaveLength(2);
});

it('is told by another instance when one dies in the middle: once more at most, and never a third time', async () => {
  const { test, service, ann, bob, asAnn } = await createWorld();
  const { sql } = test.platform.database;
  let answer: () => void = () => undefined;
  const after = new Promise<void>((resolve) => (answer = resolve));
  service.answers.set('/ann', { status: 201, after });
  const browser = service.subscribe('/ann');
  await register(asAnn, browser);
  await say(bob, ann, 'hello?');
  await service.postsTo('/ann');

  // The first one stands still, with the answer on its way; what it holds is over, and another one comes.
  service.answers.delete('/ann');
  await test.startAnother();
  await sql('im_away_conversation').update({ dueTime: Date.now() });
  const told = await browser.told(2);
  expect(told[1]).toEqual(told[0]);
  answer();
  const places = () => sql('im_away_place').select('number', 'isShown');
  const [{ number }] = told as unknown as [{ number: number }];
  await expect.poll(places).toEqual([{ number, isShown: 1 }]);
  await expect.poll(() => sql('im_away_conversation').select('dueTime')).toEqual([{ dueTime: null }]);
  const next = await say(bob, ann, 'and now?');
  const [, , third] = await browser.told(3);
  expect(third).toMatchObject({ number: next.number });
});

it('is held by an instance for as long as its services take, and let go of when another has it', async () => {
  let [renewed, isTaken] = [0, false];
  const finished: unknown[] = [];
  const due = {
    renew: (claimed: Claimed) =>
      Promise.resolve(isTaken ? undefined : { ...claimed, until: 100 + ++renewed }),
    finish: (...all: unknown[]) => Promise.resolve(void finished.push(all)),
  };
  const claimed = { conversation: 'group:1', done: 0, until: 100 };
  const held = new Held(due, claimed, 1);
  await expect.poll(() => renewed).toBeGreaterThan(3);
  await held.finish(7, undefined);
  expect(finished).toEqual([[{ ...claimed, until: 100 + renewed }, 7, undefined]]);

  const lost = new Held(due, claimed, 1);
  isTaken = true;
  await expect.poll(() => lost.renew()).toBe(false);
  await lost.finish(7, undefined);
  expect(finished).toHaveLength(1);
});

it('asks push services alone, whatever a client names, and one registration of a session is enough', async () => {
  const { test, service, ann, asAnn } = await createWorld();
  const { registration } = service.subscribe('/ann');
  const here = `http://${service.host}`;
  for (const address of [
    ...[
      'http://127.0.0.1:1/x',
      'http://169.254.169.254/latest/meta-data',
      'https://localhost/x',
      'file:///etc/passwd',
    ],
    ...[`http://user:password@${service.host}/x`, `http://${service.host}.example.com/x`, 'nonsense'],
    `${here}/${'x'.repeat(1_024)}`,
  ])
    await expect(
      unwrap(asAnn.PUT('/v1/sessions/current/push', { body: { ...registration, address } })),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  const secrets = { ...registration.secrets, auth: 'short' };
  for (const wrong of [
    { secrets },
    { secrets: { p256dh: '', auth: '' } },
    { channel: 'fcm' },
    { channel: 'constructor' },
  ])
    await expect(
      unwrap(asAnn.PUT('/v1/sessions/current/push', { body: { ...registration, ...wrong } })),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  for (const wrong of ['Mars/Phobos', '../../etc/passwd', ''])
    await expect(
      unwrap(
        asAnn.PATCH('/v1/me/notifications', {
          body: { quietHours: { from: '22:00', to: '07:00', timeZone: wrong } },
        }),
      ),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });

  const { sql } = test.platform.database;
  const registered = () => sql('im_away_registration').orderBy('address').pluck('address');
  for (const path of ['/one', '/two']) await register(asAnn, service.subscribe(path));
  expect(await registered()).toEqual([`${here}/two`]);
  // She signs in again: her browser has the same endpoint. Somebody else in another tab of it has as well.
  const shared = service.subscribe('/shared');
  for (const who of [ann, await test.logIn('ann'), await test.logIn('bob')])
    await register(await apiOf(test, who), shared);
  expect(await registered()).toEqual([`${here}/shared`, `${here}/shared`]);
});
