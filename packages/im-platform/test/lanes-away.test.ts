import { PushService } from 'im-test/push-service';
import { testRedis } from 'im-test/support';
import { beforeAll, expect, it, vi } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { conversationOf } from '../src/messages/private/private-message.ts';
import { registeredMembers } from '../src/away/registrations.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { dyingBefore, moveLaneOf, startElsewhere, type Elsewhere } from './support/lanes-elsewhere.ts';
import { say, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { startProgram } from './support/program.ts';
import {
  accessSecret,
  refreshSecret,
  startTestPlatform,
  type TestPlatform,
} from './support/test-platform.ts';

// Who is away is told of what is in another database as of what is in the first. One platform for all of it; people register their
// browsers at the instance that dies first, so that nobody else tells them meanwhile.

vi.setConfig({ testTimeout: 120_000 });

let elsewhere: Elsewhere;
let test: TestPlatform;
let service: PushService;

beforeAll(async () => {
  elsewhere = await startElsewhere();
  service = await PushService.start();
  test = await startTestPlatform({
    store: 'mariadb',
    bus: 'redis',
    platform: {
      ...{ database: elsewhere.url, laneDatabases: [elsewhere.named], language: 'en' },
      ...{ sweepMs: 200, requestTimeoutMs: 60_000 },
    },
  });
  return () => elsewhere.database.close();
});

const told = { awayAfterMs: 50, webPushContact: 'mailto:ops@example.com' } as const;

interface Pair {
  readonly ann: Person;
  readonly bob: Person;
  readonly conversation: string;
}

let pairs = 0;

async function makePair(): Promise<Pair> {
  pairs += 1;
  const [ann, bob] = [await test.register(`ann${pairs}`), await test.register(`bob${pairs}`)];
  await befriend(test, ann, bob);
  return { ann, bob, conversation: conversationOf(ann.id, bob.id) };
}

async function subscribe(api: ApiClient, path: string) {
  const browser = service.subscribe(path);
  await unwrap(api.PUT('/v1/sessions/current/push', { body: browser.registration }));
  return browser;
}

it('is told by another instance when one dies between telling and noting it, once more and no less', async () => {
  const { ann, bob, conversation } = await makePair();
  await moveLaneOf(elsewhere.database, conversation, 'east');
  const dying = startProgram(['start', '--port', '0', '--host', '127.0.0.1'], {
    env: {
      IM_PLATFORM_DATABASE: elsewhere.url,
      IM_PLATFORM_LANE_DATABASES: elsewhere.named,
      IM_PLATFORM_REDIS: testRedis().url,
      IM_PLATFORM_KEY_PREFIX: test.keyPrefix,
      IM_PLATFORM_ACCESS_SECRET: accessSecret,
      IM_PLATFORM_REFRESH_SECRET: refreshSecret,
      IM_PLATFORM_WEB_PUSH_CONTACT: told.webPushContact,
      IM_PLATFORM_WEB_PUSH_HOSTS: service.host,
      IM_PLATFORM_AWAY_AFTER_MS: '50',
      IM_PLATFORM_SWEEP_MS: '50',
    },
    preload: dyingBefore(/^insert into `im_away_place`/),
  });
  const { url } = JSON.parse(await dying.line(/"started"/)) as { url: string };
  await say(bob, ann, 'before she registered');
  const browser = await subscribe(await apiOf({ url }, ann), `/${ann.id}`);
  const { number } = await say(bob, ann, 'are you there?');
  expect(await dying.exit).toEqual({ code: null, signal: 'SIGKILL' });
  expect(await browser.told()).toMatchObject([
    { conversationId: conversation, number, body: 'are you there?', unread: 2, badge: 2 },
  ]);
  // What the dead one held is let go after half a minute; now it is.
  await elsewhere.sql('im_away_conversation').where({ conversation }).update({ dueTime: 1 });
  expect(await elsewhere.database.sql('im_away_conversation')).toEqual([]);
  const another = await test.startAnother({ ...told, webPushHosts: [service.host] });
  expect((await browser.told(2))[1]).toMatchObject({ number, body: 'are you there?' });
  await expect
    .poll(() => elsewhere.database.sql('im_away_place').where({ conversation }).first('number'))
    .toEqual({ number });

  // It is told where the lane goes, and what is shown is gone once it was read elsewhere.
  await Promise.all([
    moveLaneOf(elsewhere.database, conversation, ''),
    say(bob, ann, 'while it moves').then(() => say(bob, ann, 'and again')),
  ]);
  await expect.poll(async () => (await browser.told()).at(-1)).toMatchObject({ body: 'and again' });
  await moveLaneOf(elsewhere.database, conversation, 'east');
  const last = await say(bob, ann, 'in the east');
  await expect
    .poll(async () => (await browser.told()).at(-1))
    .toMatchObject({ body: 'in the east', unread: 5 });
  const numbers = (await browser.told()).slice(1).map((one) => (one.is === 'message' ? one.number : 0));
  // Once more, where it was being told while the lane moved.
  expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
  expect(new Set(numbers).size).toBeGreaterThan(numbers.length - 3);
  expect(numbers.at(-1)).toBe(last.number);
  const read = await fetch(`${another.url}/message/private/readed?friendId=${bob.id}`, {
    method: 'PUT',
    headers: { accessToken: ann.tokens.accessToken },
  });
  expect(read.status).toBe(200);
  await expect.poll(async () => (await browser.told()).at(-1)).toMatchObject({ is: 'withdrawal', badge: 0 });
});

it('is told of what is in the first database while another one is away, and of the rest when that is back', async () => {
  const { ann, bob, conversation } = await makePair();
  await moveLaneOf(elsewhere.database, conversation, 'east');
  // So long that nothing is told before the other one is away.
  const another = await test.startAnother({ ...told, awayAfterMs: 3_000, webPushHosts: [service.host] });
  const browser = await subscribe(await apiOf(another, ann), `/${ann.id}`);
  const { id: groupId } = await openGroup(bob, [ann]);
  await say(bob, ann, 'just before');
  await elsewhere.server.kill();
  await sayInGroup(bob, groupId, 'here it goes on');
  // Nobody knows how much is unread in all.
  await expect
    .poll(async () => (await browser.told()).find((one) => one.is === 'message' && one.title === 'club'))
    .toMatchObject({ body: 'bob2: here it goes on' });
  const { badge } = (await browser.told()).at(-1) as { badge?: number };
  expect(badge).toBeUndefined();
  expect(await browser.told()).toHaveLength(1);
  await elsewhere.server.restart();
  // Of a group that is there those are found who are registered here.
  const club = { conversation: 'group:999', firstNumber: 1 };
  await elsewhere
    .sql('im_conversation_member')
    .insert([ann, bob].map(({ id: userId }) => ({ ...club, userId })));
  const registered = registeredMembers({ sql: elsewhere.sql }, elsewhere.database, club.conversation);
  expect((await registered.next()).value).toEqual([ann.id]);
  expect((await registered.next()).done).toBe(true);
  await expect
    .poll(async () =>
      (await browser.told()).find((one) => one.is === 'message' && one.body === 'just before'),
    )
    .toMatchObject({ conversationId: conversation });
  // What is due when its lane moves is told where it is then.
  await say(bob, ann, 'due while it moves');
  const due = elsewhere.sql('im_away_conversation').where({ conversation }).whereNotNull('dueTime');
  await expect.poll(() => due.clone()).toHaveLength(1);
  await moveLaneOf(elsewhere.database, conversation, '');
  await expect
    .poll(async () => (await browser.told()).at(-1), { timeout: 30_000 })
    .toMatchObject({ body: 'due while it moves' });
});
