import { toByteText } from 'im-common/internal/bus';
import { onCleanup, testRedis } from 'im-test/support';
import { Redis } from 'ioredis';
import { describe, expect, it, vi } from 'vitest';
import { holdRows, untilWaiting } from './support/locks.ts';
import type { Person } from './support/person.ts';
import { sharedPlatform, startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';

const userBanned = 'im:queue:user:banned';
const userUnban = 'im:queue:user:unban';
const groupBanned = 'im:queue:group:banned';
const groupUnban = 'im:queue:group:unban';
const promptly = { timeout: 20_000 };

function aside(list: string): string {
  return list.replace(/^im:/, 'im:dead:');
}

let batchNumber = 0;

/** What an admin back end does: RPUSH. */
async function order({ bus }: TestPlatform, list: string, ...entries: readonly unknown[]): Promise<void> {
  batchNumber += 1;
  await bus.lists.put(list, {
    entries: entries.map((entry) => toByteText(typeof entry === 'string' ? entry : JSON.stringify(entry))),
    producer: 'admin',
    batchNumber,
    maxLength: 1_000,
    whenFull: 'refuse',
  });
}

async function found({ platform }: TestPlatform, owner: Person, ...others: Person[]): Promise<number> {
  const { sql } = platform.database;
  const [groupId = 0] = await sql('im_group').insert({
    name: 'hikers',
    ownerId: owner.id,
    createdTime: 0,
  });
  await sql('im_group_member').insert(
    [owner, ...others].map(({ id, userName }) => ({
      groupId,
      userId: id,
      userNickName: userName,
      createdTime: 0,
    })),
  );
  return groupId;
}

async function tipsIn({ platform }: Pick<TestPlatform, 'platform'>, groupId: number): Promise<string[]> {
  const rows = await platform.database
    .sql('im_group_message')
    .where({ groupId, sendId: 0 })
    .orderBy('id')
    .select<{ content: string }[]>('content');
  return rows.map(({ content }) => content);
}

describe.each(storeKinds)('bans on %s', (store) => {
  it('shows a banned user why, closes his devices, and refuses his tokens and his password', async () => {
    const test = await sharedPlatform({ store });
    const ann = await test.register('ann');
    const app = await test.logIn('ann', { terminal: 1 });
    const devices = [await ann.connect(), await app.connect()];

    await order(test, userBanned, { id: ann.id, reason: '广告' });

    for (const device of devices) {
      expect(await device.next(({ cmd }) => cmd === 5)).toEqual({
        cmd: 5,
        data: { type: 50, content: '广告' },
      });
      expect(await device.closed).toEqual({ code: 4401, reason: 'login ended' });
      // Box-im's pages would show another dialog for it.
      expect(device.frames.some(({ cmd }) => cmd === 2)).toBe(false);
    }
    expect(await ann.ask('GET', '/user/self')).toMatchObject({ code: 401 });
    expect(
      await ann.ask('PUT', '/refreshToken', undefined, { refreshToken: ann.tokens.refreshToken }),
    ).toMatchObject({ code: 500, message: "您的账号因'广告'被管理员封禁,请联系客服!" });
    await expect(ann.connect()).rejects.toThrow();
    await expect(test.logIn('ann')).rejects.toThrow("您的账号因'广告'已被管理员封禁,请联系客服!");
  });

  it('lets a user in again whose ban is lifted, with a new login', async () => {
    const test = await sharedPlatform({ store });
    const ann = await test.register('ann');
    await order(test, userBanned, { id: ann.id, reason: 'x' });
    await vi.waitFor(() => expect(ann.get('/user/self')).rejects.toThrow('401'), promptly);

    await order(test, userUnban, { id: ann.id });

    const again = await vi.waitFor(() => test.logIn('ann'), promptly);
    expect(await again.get('/user/self')).toMatchObject({ isBanned: false, reason: '' });
    expect(await ann.ask('GET', '/user/self')).toMatchObject({ code: 401 });
  });

  it('stops a banned group at once, says so to its members, and the same when the ban is lifted', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    const groupId = await found(test, ann, bob);
    const device = await bob.connect();
    const send = (tmpId: string): Promise<unknown> =>
      ann.post('/message/group/send', { tmpId, groupId, content: 'hi', type: 0 });

    await order(test, groupBanned, { id: groupId, reason: '赌博' });

    const banned = '本群聊已被管理员封禁,原因:赌博';
    expect((await device.next(({ cmd }) => cmd === 4)).data).toMatchObject({
      type: 21,
      groupId,
      sendId: 0,
      sendNickName: '系统管理员',
      content: banned,
    });
    await expect(send('1')).rejects.toThrow("群组'hikers'已被封禁,原因:赌博");
    await order(test, groupUnban, { id: String(groupId) });
    expect((await device.next(({ cmd }) => cmd === 4)).data).toMatchObject({ content: '已解除封禁' });
    await send('2');
    expect(await tipsIn(test, groupId)).toEqual([banned, '已解除封禁']);
  });

  it('obeys what an instance left in flight when it died, and says it once', async () => {
    const test = await startTestPlatform({ store });
    const ann = await test.register('ann');
    const groupId = await found(test, ann);
    const banned = { id: groupId, reason: 'x' };
    await order(test, groupBanned, banned);
    await vi.waitFor(async () => expect(await tipsIn(test, groupId)).toHaveLength(1), promptly);
    await test.platform.close();
    // One was applied but not settled, the other not even that, and the instance that died still counts as leader.
    await order(test, groupBanned, banned);
    await order(test, userBanned, { id: ann.id, reason: 'y' });
    for (const list of [groupBanned, userBanned]) {
      await test.bus.lists.open(list, 'dead');
      expect(await test.bus.lists.take(list, 'dead', 0, 10)).toHaveLength(1);
    }
    await test.bus.registry.lock('platform:orders', 'dead', 500);

    const platform = await test.startAnother();

    await vi.waitFor(() => expect(test.logIn('ann', { at: platform })).rejects.toThrow('封禁'), promptly);
    // What comes after it on the list is a dead letter, so it has been dealt with by then.
    await order(test, groupBanned, { id: 4711 });
    await vi.waitFor(async () => expect(await test.bus.lists.length(aside(groupBanned))).toBe(1), promptly);
    expect(await tipsIn({ platform }, groupId)).toHaveLength(1);
  });

  it('puts aside what it cannot read or find, and goes on', async () => {
    const test = await startTestPlatform({ store });
    const ann = await test.register('ann');
    const nonsense = ['{', 'null', '{"reason":"x"}', '{"id":"x"}', '{"id":4711}'];

    await order(test, userBanned, ...nonsense, { id: ann.id, reason: 'r'.repeat(300) });

    await vi.waitFor(() => expect(test.logIn('ann')).rejects.toThrow('封禁'), promptly);
    const list = aside(userBanned);
    await test.bus.lists.open(list, 'reader');
    const letters = await test.bus.lists.take(list, 'reader', 0, 100);
    expect(letters?.map(({ text }) => JSON.parse(text) as unknown)).toMatchObject(
      nonsense.map((text) => ({ list: userBanned, text })),
    );
  });

  it('takes orders at another instance when one ends', async () => {
    const test = await startTestPlatform({ store, instances: store === 'sqlite' ? 1 : 2, bus: 'redis' });
    const ann = await test.register('ann');
    const next = test.all[1] ?? (await test.startAnother());

    await test.platform.close();
    await order(test, userBanned, { id: ann.id, reason: 'x' });

    await vi.waitFor(() => expect(test.logIn('ann', { at: next })).rejects.toThrow('封禁'), promptly);
  });
});

it('takes what a back end pushes on the Redis that the platform is told of', async () => {
  const { url, prefix } = testRedis();
  const client = new Redis(url);
  onCleanup(() => client.disconnect());
  const platform = { redis: { url, keyPrefix: prefix }, bus: undefined };
  const test = await startTestPlatform({ store: 'sqlite', platform });
  await test.register('ann');

  await client.rpush(`${prefix}${userBanned}`, '{"id":1,"reason":"\\u5E7F\\u544A"}');

  await vi.waitFor(() => expect(test.logIn('ann')).rejects.toThrow("'广告'"), promptly);
  expect(await client.llen(`${prefix}${userBanned}`)).toBe(0);
});

it('gives no session to somebody who is banned while he logs in', async () => {
  const test = await startTestPlatform({ store: 'mariadb' });
  const ann = await test.register('ann');
  // The login has seen him in order, and cannot note yet that he is in.
  const held = await holdRows(test.platform);
  await held('im_user').where({ id: ann.id }).forUpdate().select('id');
  const login = test.logIn('ann').catch(String);
  await untilWaiting(test.platform, (waiting) => waiting === 1);

  await held('im_user').where({ id: ann.id }).update({ isBanned: 1 });
  await held.commit();

  expect(await login).toContain('封禁');
});
