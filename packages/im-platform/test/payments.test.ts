import { BadProvider, notice } from 'im-test/bad-provider';
import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { paymentStates, type PaymentState } from '../src/wallet/payment.ts';
import { nextState } from '../src/wallet/payments.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import { startTestPlatform, storeKinds } from './support/test-platform.ts';
import { assertSound, balanceOf, codeOf } from './support/wallets.ts';

let keys = 0;

function pay(api: ApiClient, direction: 'in' | 'out', amount: number, key = `key-${++keys}`) {
  const path = direction === 'in' ? '/v1/me/wallet/top-ups' : '/v1/me/wallet/pay-outs';
  return unwrap(api.POST(path, { params: { header: { 'idempotency-key': key } }, body: { amount } }));
}

async function stateOf(api: ApiClient, paymentId: string): Promise<PaymentState> {
  const params = { path: { paymentId } };
  return (await unwrap(api.GET('/v1/me/wallet/payments/{paymentId}', { params }))).state;
}

function decide(admin: ApiClient, paymentId: string, decision: 'booked' | 'returned') {
  const params = { path: { paymentId } };
  const body = { decision, reason: `${decision} it is` };
  return unwrap(admin.POST('/v1/admin/payments/{paymentId}/decision', { params, body }));
}

describe.each(storeKinds)('payments on %s', (store) => {
  it('come to what the provider does, once, however it fails to say so', async () => {
    const provider = new BadProvider();
    const instances = store === 'mariadb' ? 2 : 1;
    const test = await startTestPlatform({
      ...{ store, instances },
      platform: { redPackets: true, paymentProvider: provider, sweepMs: 250 },
    });
    const { sql } = test.platform.database;
    const ann = await test.register('ann');
    const api = await apiOf(test, ann);
    const bob = await apiOf(test, await test.register('bob'));
    /** Nobody has heard of it for long. */
    const ask = () => sql('im_payment').where({ state: 'begun' }).update({ nextTime: 1 });
    const becomes = async (id: string, state: PaymentState): Promise<void> => {
      await ask();
      await expect.poll(() => stateOf(api, id)).toBe(state);
    };

    // Done at once; and asked for twice, also at once.
    provider.decides = ({ amount }) => ({ state: 'done', amount });
    const twice = await Promise.all([pay(api, 'in', 500, 'once'), pay(api, 'in', 500, 'once')]);
    expect(twice[0].id).toBe(twice[1].id);
    expect(await balanceOf(api)).toBe(500);
    expect(await codeOf(pay(api, 'in', 501, 'once'))).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await codeOf(pay(api, 'in', 100_001))).toBe('INVALID_ARGUMENT');
    expect(await codeOf(stateOf(bob, twice[0].id))).toBe('NOT_FOUND');

    // It hears, and its answer is lost; it is done all the same. And the notice comes as well, twice.
    provider.answers = (what, standing) => (what === 'begin' ? 'breaks' : standing);
    const late = await pay(api, 'in', 100);
    expect([late.state, await balanceOf(api)]).toEqual(['begun', 500]);
    const done = { id: late.id, state: 'done', amount: 100 } as const;
    expect((await notice(test.url, done, 'forged')).status).toBe(403);
    expect((await notice(test.url, { ...done, id: 'A'.repeat(22) })).status).toBe(403);
    expect(await balanceOf(api)).toBe(500);
    const notices = await Promise.all([...test.all, ...test.all].map(({ url }) => notice(url, done)));
    expect(notices.map(({ status }) => status)).toEqual(notices.map(() => 204));
    await becomes(late.id, 'done');
    expect(await balanceOf(api)).toBe(600);
    const asked = await pay(api, 'in', 50);
    await becomes(asked.id, 'done');
    expect(await balanceOf(api)).toBe(650);

    // It never heard of it: what is to be paid out is begun again, and its money is held meanwhile.
    provider.isDeaf = true;
    const lost = await pay(api, 'out', 200);
    expect([lost.state, await balanceOf(api)]).toEqual(['begun', 450]);
    expect(await codeOf(pay(api, 'out', 451))).toBe('BALANCE_TOO_LOW');
    provider.isDeaf = false;
    provider.answers = (_, standing) => standing;
    await becomes(lost.id, 'done');
    expect([provider.orders.get(lost.id)?.told, await balanceOf(api)]).toEqual([1, 450]);

    // Refused: it is given back. Then paid all the same: twice, so somebody has to look.
    provider.decides = () => ({ state: 'refused', reason: 'no such bank' });
    const refused = await pay(api, 'out', 50);
    expect([refused.state, await balanceOf(api)]).toEqual(['refused', 450]);
    await notice(test.url, { id: refused.id, state: 'done', amount: 50 });
    expect([await stateOf(api, refused.id), await balanceOf(api)]).toEqual(['disputed', 450]);

    // Refused, and then paid in after all; and a refusal that comes behind that.
    const changed = await pay(api, 'in', 30);
    expect([changed.state, await balanceOf(api)]).toEqual(['refused', 450]);
    await notice(test.url, { id: changed.id, state: 'done', amount: 30 });
    await notice(test.url, { id: changed.id, state: 'refused' });
    expect([await stateOf(api, changed.id), await balanceOf(api)]).toEqual(['done', 480]);

    // Another amount than was ordered.
    provider.decides = () => ({ state: 'done', amount: 1_000 });
    const other = await pay(api, 'in', 10);
    expect([other.state, await balanceOf(api)]).toEqual(['disputed', 480]);
    const less = await pay(api, 'out', 80);
    expect([less.state, await balanceOf(api)]).toEqual(['disputed', 400]);
    await assertSound(test.platform.database);

    // Those who run the platform see them, and decide; of two at once one does, and the same asked again is the same.
    const admins = [await test.register('cleo'), await test.register('dan')] as const;
    for (const one of admins) await makeAdmin(test, one);
    const [cleo, dan] = [await apiOf(test, admins[0]), await apiOf(test, admins[1])];
    const listed = await unwrap(cleo.GET('/v1/admin/payments', { params: { query: { limit: 2 } } }));
    const query = { cursor: listed.nextCursor ?? '' };
    const rest = await unwrap(cleo.GET('/v1/admin/payments', { params: { query } }));
    expect([...listed.items, ...rest.items].map(({ id, paidAmount }) => [id, paidAmount])).toEqual([
      ...[
        [refused.id, 50],
        [other.id, 1_000],
        [less.id, 1_000],
      ],
    ]);
    const decisions = ['booked', 'returned'] as const;
    const both = await Promise.all([
      ...[codeOf(decide(cleo, other.id, 'booked')), codeOf(decide(dan, other.id, 'returned'))],
    ]);
    expect(both.toSorted()).toEqual(['PAYMENT_STATE', undefined]);
    const isBooked = both[0] === undefined;
    const [winner, loser] = isBooked ? [cleo, dan] : [dan, cleo];
    const decided = decisions[isBooked ? 0 : 1];
    const again = await decide(winner, other.id, decided);
    expect(again).toMatchObject({ state: decided, decision: { reason: `${decided} it is` } });
    expect(await codeOf(decide(loser, other.id, decided))).toBe('PAYMENT_STATE');
    let has = isBooked ? 1_400 : 400;
    expect([await stateOf(api, other.id), await balanceOf(api)]).toEqual([decided, has]);
    // Whatever the provider says then.
    await notice(test.url, { id: other.id, state: 'done', amount: 10 });
    expect([await stateOf(api, other.id), await balanceOf(api)]).toEqual([decided, has]);

    // Of what was paid out beyond what was held the rest is theirs to give, or nothing is booked.
    expect(await codeOf(decide(cleo, less.id, 'booked'))).toBe(isBooked ? undefined : 'BALANCE_TOO_LOW');
    if (isBooked) has -= 920;
    else {
      await decide(cleo, less.id, 'returned');
      has += 80;
    }
    expect(await balanceOf(api)).toBe(has);
    // It was given back once.
    await decide(cleo, refused.id, 'booked');
    expect(await balanceOf(api)).toBe(has - 50);
    expect(await codeOf(decide(cleo, twice[0].id, 'returned'))).toBe('PAYMENT_STATE');
    const { items: open } = await unwrap(cleo.GET('/v1/admin/payments', { params: { query: {} } }));
    expect(open).toEqual([]);
    const params = { path: { userId: String(ann.id) } };
    expect((await unwrap(dan.GET('/v1/admin/users/{userId}/wallet', { params }))).balance).toBe(has - 50);
    const { items: entries } = await unwrap(dan.GET('/v1/admin/users/{userId}/wallet/entries', { params }));
    expect(entries.reduce((sum, { amount }) => sum + amount, 0)).toBe(has - 50);
    const deeds = await sql('im_audit_trail')
      .where({ action: 'adminDecidePayment', subject: `payment:${other.id}` })
      .orderBy('id')
      .select<{ details: string }[]>('details');
    expect(deeds.map(({ details }) => JSON.parse(details) as object)).toEqual([
      { decision: decided, reason: `${decided} it is` },
      { decision: decided, reason: `${decided} it is`, isRepeated: true },
    ]);
    await assertSound(test.platform.database);
  });
});

it('an answer that never comes holds up nobody for long, and says nothing', async () => {
  const provider = new BadProvider();
  provider.answers = () => 'hangs';
  const test = await startTestPlatform({
    store: 'sqlite',
    platform: { redPackets: true, paymentProvider: provider },
  });
  const api = await apiOf(test, await test.register('ann'));

  expect((await pay(api, 'in', 10)).state).toBe('begun');
  expect(await balanceOf(api)).toBe(0);
});

it('nothing that is heard later takes back what was decided', () => {
  const said = ['pending', 'unknown', 'refused', 'done'] as const;
  const table = (direction: 'in' | 'out') =>
    paymentStates.map((state) =>
      said.map((one) => nextState({ state, direction, amount: 5 }, { state: one, amount: 5 })).join(' '),
    );

  expect(table('in')).toEqual([
    'begun begun refused done',
    'done done done done',
    'refused refused refused done',
    'disputed disputed disputed disputed',
    'booked booked booked booked',
    'returned returned returned returned',
  ]);
  expect(table('out')).toEqual([
    'begun begun refused done',
    'done done done done',
    'refused refused refused disputed',
    'disputed disputed disputed disputed',
    'booked booked booked booked',
    'returned returned returned returned',
  ]);
});
