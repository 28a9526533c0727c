import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryBus } from 'im-common/bus';
import { createPlatform, openDatabase, type Database } from 'im-platform';
import { createApiClient, unwrap, type ApiClient } from 'im-platform/client';
import { createImServer } from 'im-server';
import { bundlePage } from '../../scripts/bundle-page.ts';
import { seedLarge } from '../large/seed.ts';
import { ann, bob, type ConversationSet } from '../large/sizes.ts';
import { lots } from '../small.ts';

// Somebody who has chatted for years: one conversation of 100,000 messages, and 1,000 conversations.

const messages = lots(100_000);
const privates = lots(700);
const groups = lots(299);
const each = 20;
const firstFriend = 10;
const firstOfGroups = firstFriend + privates;
const password = 'long-time-no-see';
const dayMs = 24 * 3_600_000;

const sets: readonly ConversationSet[] = [
  { kind: 'private', conversations: 1, messages, people: 2, firstUser: ann, step: 0 },
  ...(
    [
      { kind: 'private', conversations: privates, firstUser: firstFriend },
      { kind: 'group', conversations: groups, firstUser: firstOfGroups, firstGroup: 1 },
    ] as const
  ).map((set) => ({ ...set, messages: each, people: 2, step: 1, busy: ann })),
];

export interface LargeChat {
  readonly url: string;
  /** Many write to Ann, so many a second, until the signal. */
  chatter(perSecond: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** The long conversation is that with Bob. */
export async function startLargeChat(picture: Blob): Promise<LargeChat> {
  const folder = await mkdtemp(join(tmpdir(), 'im-bench-web-'));
  const database = `sqlite:${join(folder, 'im.db')}`;
  const secret = (): string => randomBytes(32).toString('base64url');
  const accessSecret = secret();
  await seedDatabase(database);
  const bus = createMemoryBus();
  await bus.start();
  const server = createImServer({ host: '127.0.0.1', port: 0, jwtSecret: accessSecret, bus });
  await server.start();
  const platform = createPlatform({
    ...{ database, bus, accessSecret, refreshSecret: secret(), filesDir: join(folder, 'files') },
    ...{ host: '127.0.0.1', port: 0, imUrl: server.url.replace('127.0.0.1', 'localhost') },
    // An hour of scrolling is done in minutes.
    ...{ requestsPerMinute: 1_000_000_000, messagesPerMinute: 1_000_000_000, search: false },
    page: {
      folder: await bundlePage(() => console.log('building the page')),
      demoAccounts: [{ userName: 'u1', nickName: 'Ann', password }],
    },
  });
  await platform.start();
  const { url } = platform;
  await letIn(platform.database, url, picture);
  const friends = await Promise.all(
    Array.from({ length: 5 }, async (_, index) => {
      const api = createApiClient({ url, language: 'en' });
      const userName = `u${firstFriend + index}`;
      await unwrap(api.POST('/v1/sessions', { body: { userName, password, device: 'app' } }));
      return { api, conversationId: `private:${ann}:${firstFriend + index}` };
    }),
  );
  return {
    url: url.replace('127.0.0.1', 'localhost'),
    async chatter(perSecond, signal) {
      for (let turn = 0; !signal.aborted; turn += 1) {
        const friend = friends[turn % friends.length];
        if (friend) await say(friend, `What do you think of number ${turn}?`);
        await new Promise((resolve) => setTimeout(resolve, 1_000 / perSecond));
      }
    },
    async close() {
      await platform.close();
      await server.close();
      await bus.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function seedDatabase(url: string): Promise<void> {
  const database = openDatabase({ url });
  try {
    await seedLarge(database, { users: firstOfGroups + groups + 2, sets });
    await sayMore(database);
  } finally {
    await database.close();
  }
}

const said =
  'Did you see the weather for Saturday? 明天下午三点在老地方见，别忘了带雨伞。 I would rather take the early train, it is empty and one can read. ' +
  '昨天那本书看完了吗？我觉得结尾写得特别好。 Bring the blue cups 🙂, and call me when you are at https://example.com/the-north-gate or so. ';

/** Texts of one to five lines, and names that people have. */
async function sayMore({ sql }: Database): Promise<void> {
  for (const table of ['im_private_message', 'im_group_message'])
    await sql.raw(
      `update ${table} set content = trim(substr(?, 1 + (number * 37) % 90, 6 + (number * number * 7) % 170))`,
      [said],
    );
  const names = [
    'Mia Chen',
    'Jonas Weber',
    '王小明',
    'Amélie Roux',
    '李思雨',
    'Peter van den Berg',
    '陈静',
    'Noor',
  ];
  const name = (id: string): string =>
    `case ${id} % ${names.length} ${names.map((one, index) => `when ${index} then '${one}'`).join(' ')} end`;
  await sql.raw(`update im_user set nick_name = ${name('id')} where id > ?`, [bob]);
  await sql.raw(`update im_friend set friend_nick_name = ${name('friend_id')} where friend_id > ?`, [bob]);
  await sql.raw(`update im_user set nick_name = 'Bob' where id = ?`, [bob]);
  await sql.raw(`update im_friend set friend_nick_name = 'Bob' where friend_id = ?`, [bob]);
  await sql.raw(`update im_group set name = concat(${name('id')}, ' and others, ', id)`);
}

/** Everybody has the password that somebody made, and one message of forty is a picture. */
async function letIn({ sql }: Database, url: string, picture: Blob): Promise<void> {
  const stranger = createApiClient({ url, language: 'en' });
  await unwrap(stranger.POST('/v1/accounts', { body: { userName: 'stranger', password, nickName: 'S' } }));
  await sql.raw(
    `update im_user set password = (select password from im_user where user_name = 'stranger'), last_login_time = ?`,
    [Date.now() - dayMs],
  );
  const api = createApiClient({ url, language: 'en' });
  await unwrap(api.POST('/v1/sessions', { body: { userName: 'u2', password, device: 'app' } }));
  const form = new FormData();
  form.set('file', picture, 'picture.png');
  const answer = await fetch(`${url}/v1/files?as=image`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await api.accessToken()}` },
    body: form,
  });
  const conversationId = `private:${ann}:${bob}`;
  const params = { path: { conversationId } };
  const content = (await answer.json()) as { type: 'image'; url: string };
  await unwrap(
    api.POST('/v1/conversations/{conversationId}/messages', { params, body: { content: content as never } }),
  );
  await sql.raw(
    `update im_private_message set (type, content) =
      (select type, content from im_private_message where conversation = ? order by number desc limit 1)
      where conversation = ? and number % 40 = 0`,
    [conversationId, conversationId],
  );
}

interface Friend {
  readonly api: ApiClient;
  readonly conversationId: string;
}

async function say({ api, conversationId }: Friend, text: string): Promise<void> {
  const params = { path: { conversationId } };
  await unwrap(
    api.POST('/v1/conversations/{conversationId}/messages', {
      params,
      body: { content: { type: 'text', text } },
    }),
  );
}
