import { PushService } from 'im-test/push-service';
import { expect, it } from 'vitest';
import type { AwayNotification } from '../src/index.ts';
import { apns as openApns } from '../src/away/apps/apns.ts';
import { fcm as openFcm } from '../src/away/apps/fcm.ts';
import { webPush } from '../src/away/web/web-push.ts';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { Apns, Fcm } from './support/app-services.ts';
import { befriend } from './support/friends.ts';
import { say } from './support/messages.ts';
import { startTestPlatform } from './support/test-platform.ts';

function register(api: ApiClient, channel: string, address: string) {
  const body = { channel, address, language: 'zh' } as const;
  return unwrap(api.PUT('/v1/sessions/current/push', { body }));
}

const apple = 'ab'.repeat(32);
const google = `dev:${'x'.repeat(140)}`;

it("tells Apple's and Google's devices and those of an own channel, and does what their services say", async () => {
  const [apns, fcm] = [await Apns.start(), await Fcm.start()];
  const own: AwayNotification[] = [];
  const test = await startTestPlatform({
    store: 'sqlite',
    platform: {
      ...{ apns: apns.options, fcm: fcm.options, awayAfterMs: 50, sweepMs: 200 },
      awayChannels: {
        vendor: {
          send(_registration, notification) {
            own.push(notification);
            // The first time its service breaks.
            return own.length === 1 ? Promise.reject(new Error('broken')) : Promise.resolve({ is: 'sent' });
          },
        },
      },
    },
  });
  const { sql } = test.platform.database;
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  await befriend(test, ann, bob);
  const sessions = await Promise.all([0, 1, 2].map((terminal) => test.logIn('ann', { terminal })));
  const [onApple, onGoogle, onOwn] = (await Promise.all(sessions.map((one) => apiOf(test, one)))) as [
    ...[ApiClient, ApiClient, ApiClient],
  ];
  await expect(register(onApple, 'apns', 'not hex')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await expect(register(onGoogle, 'fcm', '../../x')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await register(onApple, 'apns', apple);
  await register(onGoogle, 'fcm', google);
  await register(onOwn, 'vendor', 'whatever it is');
  apns.refusals.set(apple, [
    { status: 429, reason: 'TooManyProviderTokenUpdates', headers: { 'retry-after': '0' } },
  ]);
  fcm.refusals.set(google, [{ status: 429, reason: 'QUOTA_EXCEEDED', headers: { 'retry-after': '0' } }]);

  const { number } = await say(bob, ann, '你好');
  const conversationId = `private:${ann.id}:${bob.id}`;
  const about = { is: 'message', userId: String(ann.id), conversationId, number, unread: 1 };
  const [atApple] = await apns.pushes(1);
  expect(atApple).toMatchObject({
    token: apple,
    headers: { 'apns-push-type': 'alert', 'apns-priority': '10' },
    body: { aps: { alert: { title: 'bob', body: '你好' }, badge: 1, sound: 'default' }, ...about },
  });
  const collapseId = atApple?.headers['apns-collapse-id'];
  const [atGoogle] = await fcm.pushes(1);
  expect(atGoogle?.body).toMatchObject({
    token: google,
    notification: { title: 'bob', body: '你好' },
    data: { conversationId, number: String(number), badge: '1' },
    android: {
      collapse_key: collapseId,
      priority: 'HIGH',
      notification: { tag: collapseId, notification_count: 1 },
    },
  });
  expect(fcm.tokensGiven).toBe(1);
  // Twice, as the first time nobody knows whether it came through.
  await expect.poll(() => own).toMatchObject([about, about]);

  await expect.poll(() => sql('im_away_place').where({ isShown: 1 }).pluck('number')).toHaveLength(3);
  apns.goAway();
  await unwrap(
    onOwn.PUT('/v1/conversations/{conversationId}/read', {
      params: { path: { conversationId } },
      body: { number },
    }),
  );
  const [, quietly] = await apns.pushes(2);
  expect(quietly).toMatchObject({
    headers: { 'apns-push-type': 'background', 'apns-priority': '5' },
    body: { aps: { 'content-available': 1 }, is: 'withdrawal', conversationId, badge: 0 },
  });
  expect(quietly?.headers).not.toHaveProperty('apns-collapse-id');
  const [, silent] = await fcm.pushes(2);
  expect(silent?.body).toMatchObject({ data: { is: 'withdrawal', tag: collapseId, badge: '0' } });
  expect(silent?.body).not.toHaveProperty('notification');
  // One connection until it was told to go, and one token for all.
  expect([apns.connections, apns.tokens.size]).toEqual([2, 1]);

  apns.refusals.set(apple, [{ status: 410, reason: 'Unregistered' }]);
  fcm.refusals.set(google, [{ status: 404, reason: 'UNREGISTERED' }]);
  await say(bob, ann, 'still there?');
  await expect.poll(() => sql('im_away_registration').pluck('channel')).toEqual(['vendor']);
  // A phone that somebody else signs in on is theirs.
  await register(onApple, 'apns', apple);
  await register(await apiOf(test, bob), 'apns', apple);
  const onPhone = await sql('im_away_registration').where({ channel: 'apns' }).select('userId');
  expect(onPhone).toEqual([{ userId: bob.id }]);
});

it.each(['你好', '👋', '\u0001', '\ud800'])(
  'what a campaign says is as long as services take it, in letters as %j',
  async (sign) => {
    const [apns, fcm, service] = [await Apns.start(), await Fcm.start(), await PushService.start()];
    const browser = service.subscribe('/ann');
    const vapid = { publicKey: () => Promise.resolve(''), headerFor: () => Promise.resolve('') };
    const onWeb = webPush({ vapid, hosts: [service.host] });
    const [onApple, onGoogle] = [openApns(apns.options), openFcm(fcm.options)];
    const campaign: AwayNotification = {
      ...{ is: 'campaign', userId: '1', campaignId: '7', collapseKey: 'x'.repeat(32) },
      ...{
        title: sign.repeat(1_000),
        body: sign.repeat(5_000),
        url: `https://example.com/${'x'.repeat(480)}`,
      },
    };
    const { signal } = new AbortController();
    const to = { userId: 1, address: '', language: 'en' } as const;
    const outcomes = [
      await onApple.send({ ...to, address: apple }, campaign, { signal }),
      await onGoogle.send({ ...to, address: google }, campaign, { signal }),
      await onWeb.send({ ...to, ...browser.registration }, campaign, { signal }),
    ];
    await onApple.close?.();
    expect(outcomes).toEqual(Array(3).fill({ is: 'sent' }));
    const shown = fcm.taken[0]?.body['notification'] as { title: string; body: string };
    expect(shown.title).toMatch(/.…$/su);
    expect(shown.body.length).toBeGreaterThan(100);
    expect(service.posted[0]?.body.length).toBeLessThanOrEqual(4_096);
  },
);
