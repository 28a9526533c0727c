import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { checkLedger } from '../src/ledger/check-ledger.ts';
import { balanceOf as ledgerBalanceOf } from '../src/ledger/ledger.ts';
import { Grabs } from '../src/red-packets/grabs.ts';
import { password } from './support/accounts.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { pull } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';
import { assertSound, balanceOf, codeOf, credit } from './support/wallets.ts';

interface Packet {
  readonly amount?: number;
  readonly shares?: number;
  readonly split?: 'equal' | 'lucky';
  readonly greeting?: string;
}

let keys = 0;

function send(
  api: ApiClient,
  conversationId: string,
  { amount = 1_000, shares = 1, split = 'equal', greeting = 'cheers' }: Packet = {},
  key = `key-${++keys}`,
) {
  return unwrap(
    api.POST('/v1/conversations/{conversationId}/red-packets', {
      params: { path: { conversationId }, header: { 'idempotency-key': key } },
      body: { amount, shares, split, greeting },
    }),
  );
}

function grab(api: ApiClient, packetId: string) {
  return unwrap(api.POST('/v1/red-packets/{packetId}/grab', { params: { path: { packetId } } }));
}

function look(api: ApiClient, packetId: string) {
  return unwrap(api.GET('/v1/red-packets/{packetId}', { params: { path: { packetId } } }));
}

async function grabsOf(api: ApiClient, packetId: string, limit = 200) {
  const params = { path: { packetId }, query: { limit } };
  return (await unwrap(api.GET('/v1/red-packets/{packetId}/grabs', { params }))).items;
}

/** Its time is over. */
async function letEnd({ platform }: TestPlatform, packetId: string): Promise<void> {
  await platform.database.sql('im_red_packet').where({ id: packetId }).update({ endTime: 1, dueTime: 1 });
}

async function scene(store: 'sqlite' | 'mariadb', instances = 1) {
  const platform = { redPackets: true, sweepMs: 250, language: 'en' as const };
  const test = await startTestPlatform({ store, instances, platform });
  const names = ['ann', 'bob', 'cleo', 'dan', 'stranger'];
  // One after the other, so that their ids rise.
  const people: Person[] = [];
  for (const name of names) people.push(await test.register(name));
  const [ann, bob, cleo, dan, stranger] = people as [Person, Person, Person, Person, Person];
  await befriend(test, ann, bob, cleo, dan);
  const { id } = await openGroup(ann, [bob, cleo, dan]);
  await credit(test.platform.database, ann.id, 10_000);
  // At the two instances in turn.
  const apis = await Promise.all(
    people.map((person, index) => apiOf({ url: test.all[index % instances]?.url ?? test.url }, person)),
  );
  const [asAnn, asBob, asCleo, asDan, asStranger] = apis as [
    ApiClient,
    ...[ApiClient, ApiClient, ApiClient, ApiClient],
  ];
  return {
    ...{ test, ann, bob, cleo, dan, stranger, asAnn, asBob, asCleo, asDan, asStranger },
    ...{ groupId: id, group: `group:${id}`, pair: `private:${ann.id}:${bob.id}` },
  };
}

describe.each(storeKinds)('red packets on %s', (store) => {
  it('go to a group: each takes one share, as long as there are some, and the rest goes back once', async () => {
    const instances = store === 'mariadb' ? 2 : 1;
    const { test, ann, bob, dan, groupId, group, ...as } = await scene(store, instances);
    const device = await bob.connect();
    const { database } = test.platform;

    const sent = await send(as.asAnn, group, { amount: 1_000, shares: 3, split: 'lucky' }, 'once');
    const again = await send(as.asAnn, group, { amount: 1_000, shares: 3, split: 'lucky' }, 'once');
    expect(again).toEqual(sent);
    expect(await codeOf(send(as.asAnn, group, { amount: 999 }, 'once'))).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await balanceOf(as.asAnn)).toBe(9_000);

    await dan.delete(`/group/quit/${groupId}`);
    for (const api of [as.asDan, as.asStranger]) {
      expect(await codeOf(look(api, sent.id))).toBe('NOT_FOUND');
      expect(await codeOf(grab(api, sent.id))).toBe('NOT_FOUND');
      expect(await codeOf(grabsOf(api, sent.id))).toBe('NOT_FOUND');
    }

    // The same ones at once, at both instances, and again.
    const asking = [as.asAnn, as.asBob, as.asBob, as.asAnn];
    const grabs = await Promise.all(asking.map((api) => grab(api, sent.id)));
    expect(grabs[0]?.mine).toEqual(grabs[3]?.mine);
    expect(grabs[1]?.mine).toEqual(grabs[2]?.mine);
    const news = await device.next(({ data }) => (data as { type?: number }).type === 62);
    expect(news.data).toMatchObject({ redPacket: { id: sent.id, conversationId: group, shares: 3 } });
    expect((await look(as.asCleo, sent.id)).mine).toBeNull();
    expect((await grabsOf(as.asCleo, sent.id)).map(({ isBest }) => isBest)).toEqual([false, false]);

    // Who is put out keeps their share, and the packet outlives its message.
    await ann.delete('/group/members/remove', { groupId, userIds: [bob.id] });
    expect(await grab(as.asBob, sent.id)).toMatchObject({ mine: grabs[1]?.mine });
    await database.sql('im_group_message').delete();

    await letEnd(test, sent.id);
    const taken = (grabs[0]?.mine?.amount ?? 0) + (grabs[1]?.mine?.amount ?? 0);
    await expect.poll(async () => (await look(as.asAnn, sent.id)).refunded).toBe(1_000 - taken);
    expect(await codeOf(grab(as.asCleo, sent.id))).toBe('RED_PACKET_CLOSED');
    expect(await grab(as.asBob, sent.id)).toMatchObject({ state: 'over', mine: grabs[1]?.mine });
    expect((await grabsOf(as.asCleo, sent.id)).filter(({ isBest }) => isBest)).toHaveLength(1);
    const all = (await balanceOf(as.asAnn)) + (await balanceOf(as.asBob));
    expect(all).toBe(10_000);
    await assertSound(database);
    const entries = await unwrap(as.asAnn.GET('/v1/me/wallet/entries', { params: { query: { limit: 3 } } }));
    expect(entries.items.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['refund', 1_000 - taken],
      ['grab', grabs[0]?.mine?.amount],
      ['send', -1_000],
    ]);
  });

  it('go to one person, who alone may take it; and what cannot be sent costs nothing', async () => {
    const { test, ann, bob, pair, group, ...as } = await scene(store);
    const { database } = test.platform;

    const sent = await send(as.asAnn, pair, { greeting: 'happy birthday' });

    // Who knows no red packets reads what it is.
    expect((await pull(bob)).map(({ content }) => content)).toEqual(['[Red packet] happy birthday']);
    expect(await codeOf(grab(as.asAnn, sent.id))).toBe('NOT_ALLOWED');
    // What was given is given.
    await unwrap(as.asBob.PUT('/v1/blocks/{userId}', { params: { path: { userId: String(ann.id) } } }));
    expect(await codeOf(grab(as.asCleo, sent.id))).toBe('NOT_FOUND');
    expect(await grab(as.asBob, sent.id)).toMatchObject({ state: 'empty', mine: { amount: 1_000 } });
    expect(await balanceOf(as.asBob)).toBe(1_000);
    await unwrap(as.asBob.DELETE('/v1/blocks/{userId}', { params: { path: { userId: String(ann.id) } } }));

    expect(await codeOf(send(as.asBob, pair, { amount: 1_001 }))).toBe('BALANCE_TOO_LOW');
    expect(await codeOf(send(as.asStranger, pair))).toBe('NOT_FOUND');
    for (const wrong of [
      { amount: 20_001 },
      { amount: 1_000, shares: 2 },
      { amount: 0 },
      { amount: 1.5 },
      { greeting: ' ' },
    ])
      expect(await codeOf(send(as.asAnn, pair, wrong))).toBe('INVALID_ARGUMENT');
    for (const wrong of [
      { amount: 1_000, shares: 3 },
      { amount: 1_000, shares: 101, split: 'lucky' },
      { amount: 2, shares: 3, split: 'lucky' },
    ] as const)
      expect(await codeOf(send(as.asAnn, group, wrong))).toBe('INVALID_ARGUMENT');
    await ann.delete(`/friend/delete/${bob.id}`);
    expect(await codeOf(send(as.asAnn, pair))).toBe('NOT_FRIENDS');
    expect(await balanceOf(as.asAnn)).toBe(9_000);
    expect(await database.sql('im_red_packet').select('id')).toHaveLength(1);
    await assertSound(database);
  });

  it('are taken by a crowd at once as often as there are shares, in the order in which they came', async () => {
    const { test, ann, group, groupId, asAnn } = await scene(store);
    const { database } = test.platform;
    const { grabs, ids } = await crowd(test, groupId, 60);
    const { id } = await send(asAnn, group, { amount: 2_000, shares: 20, split: 'lucky' });

    const outcomes = await Promise.allSettled([...ids, ...ids].map((userId) => grabs.grab(id, userId)));

    const winners = new Set(
      outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value.grab.userId] : [])),
    );
    expect(winners).toEqual(new Set(ids.slice(0, 20)));
    const packet = await look(asAnn, id);
    expect(packet).toMatchObject({ taken: 20, takenAmount: 2_000, state: 'empty' });
    expect(packet.emptiedInS).not.toBeNull();
    const listed = await grabsOf(asAnn, id);
    expect(listed.map(({ userId }) => Number(userId))).toEqual(ids.slice(0, 20));
    const best = Math.max(...listed.map(({ amount }) => amount));
    expect(listed.find(({ isBest }) => isBest)?.amount).toBe(best);
    await assertSound(database);
    expect(await balanceOf(asAnn)).toBe(8_000);

    // Books that are not as they must be are found out, and nobody can owe anything.
    const accounts = () => database.sql('im_ledger_account');
    await expect(
      accounts()
        .where({ account: `user:${ann.id}` })
        .update({ balance: -1 }),
    ).rejects.toThrow();
    await accounts()
      .where({ account: `packet:${id}` })
      .update({ balance: 5 });
    await database
      .sql('im_ledger_entry')
      .where({ account: `packet:${id}` })
      .update({ amount: 1 });
    expect(await checkLedger(database)).toMatchObject({ sum: 5, wrongAccounts: 1, wrongPackets: 1 });
  });
});

it.each(storeKinds)('a day has its limit, also for what is sent at the same moment (%s)', async (store) => {
  const { test, ann, bob, cleo, dan, group, ...as } = await scene(store, store === 'mariadb' ? 2 : 1);
  const { database } = test.platform;
  await credit(database, ann.id, 300_000);
  // Each in another lane, so that nothing but the account holds them up.
  const targets = [group, ...[bob, cleo, dan].map(({ id }) => `private:${ann.id}:${id}`)];
  const api = await apiOf({ url: test.all.at(-1)?.url ?? test.url }, ann);
  const sends = Array.from({ length: 12 }, (_, index) =>
    codeOf(send(index % 2 === 0 ? as.asAnn : api, targets[index % 4] ?? group, { amount: 20_000 })),
  );

  const outcomes = await Promise.all(sends);

  expect(outcomes.filter((code) => code === 'TOO_MANY')).toHaveLength(2);
  expect(outcomes.filter((code) => code === undefined)).toHaveLength(10);
  await assertSound(database);
});

/** People of whom nothing is there but that they are in the group; they ask as requests do. */
async function crowd({ platform }: TestPlatform, groupId: number, size: number) {
  const { sql } = platform.database;

  const row = await sql('im_group_member').where({ groupId }).first<object>();
  const ids = Array.from({ length: size }, (_, index) => 1_000 + index);
  await sql('im_group_member').insert(
    ids.map((userId, index) => ({ ...row, id: 100_000 + index, userId, quit: 0 })),
  );
  return { ids, grabs: new Grabs(platform.database, { onTaken: () => undefined }) };
}

it('cannot be said by others, taken back, or forwarded', async () => {
  const { test, bob, group, pair, ...as } = await scene('sqlite');
  const { id } = await send(as.asAnn, pair);
  const say = (name: string) =>
    unwrap(
      as.asBob.POST('/v1/conversations/{conversationId}/messages', {
        params: { path: { conversationId: pair }, header: {} },
        body: { content: { type: 'custom', name, data: { packetId: id }, text: '[Red packet]' } },
      }),
    );
  expect(await codeOf(say('im.red-packet'))).toBe('INVALID_ARGUMENT');

  const path = { conversationId: pair, number: 1 };
  const recall = as.asAnn.DELETE('/v1/conversations/{conversationId}/messages/{number}', {
    params: { path },
  });
  expect(await codeOf(unwrap(recall))).toBe('NOT_ALLOWED');
  const forward = as.asAnn.POST('/v1/conversations/{conversationId}/forwards', {
    params: { path: { conversationId: pair }, header: {} },
    body: { numbers: [1], to: [group] },
  });
  expect(await codeOf(unwrap(forward))).toBe('INVALID_ARGUMENT');
});

it('a packet whose money is not there keeps nobody else’s from coming back', async () => {
  const { test, asAnn, group } = await scene('sqlite');
  const { sql } = test.platform.database;
  const broken = await send(asAnn, group, { amount: 100, shares: 1, split: 'equal' }, 'broken');
  const whole = await send(asAnn, group, { amount: 100, shares: 1, split: 'equal' }, 'whole');
  await sql('im_ledger_account')
    .where({ account: `packet:${broken.id}` })
    .update({ balance: 0 });
  await sql('im_red_packet').where({ id: broken.id }).update({ endTime: 0, dueTime: 0 });
  await letEnd(test, whole.id);
  await expect.poll(async () => (await look(asAnn, whole.id)).refunded).toBe(100);
  expect((await look(asAnn, broken.id)).refunded).toBeNull();
});

it('what somebody leaves behind whose account is gone is nobody else’s', async () => {
  const { test, ann, group, asAnn, asBob } = await scene('sqlite');
  const { id } = await send(asAnn, group, { amount: 1_000, shares: 2 });
  await grab(asBob, id);

  await unwrap(asAnn.POST('/v1/me/deletion', { body: { password } }));
  const { sql } = test.platform.database;
  const accountOf = (account: string) => ledgerBalanceOf(sql, account);
  await expect.poll(() => accountOf(`user:${ann.id}`), { timeout: 20_000 }).toBe(0);
  await letEnd(test, id);

  await expect.poll(() => accountOf('unclaimed')).toBe(9_500);
  expect(await accountOf(`user:${ann.id}`)).toBe(0);
  await assertSound(test.platform.database);
});

it('are not there where they are off, and nothing of them runs', async () => {
  const test = await startTestPlatform({ store: 'sqlite' });
  const ann = await test.register('ann');
  const api = await apiOf(test, ann);
  const asked: unknown[] = [];
  test.platform.database.sql.on('query', ({ sql }: { sql: string }) => asked.push(sql));

  const none = 'AAAAAAAAAAAAAAAAAAAAAA';
  expect(await codeOf(send(api, 'group:1'))).toBe('NOT_FOUND');
  expect(await codeOf(grab(api, none))).toBe('NOT_FOUND');
  expect(await codeOf(balanceOf(api))).toBe('NOT_FOUND');

  expect(asked.filter((sql) => /red_packet|ledger|payment/.test(String(sql)))).toEqual([]);
});
