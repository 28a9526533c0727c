import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addAdminRoute, type AdminRouteDeps } from '../admin/admin-route.ts';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, idText, limitOf, time, toTime } from '../api/values.ts';
import { Refusal } from '../http/refusal.ts';
import { accountOf, balanceOf, entriesOf } from '../ledger/ledger.ts';
import { paymentStates } from './payment.ts';
import { PaymentDesk, type SeenPayment } from './payment-desk.ts';
import { secretId, showEntry, walletEntry } from './wallet-api.ts';

const usual = 50;
const mostListed = 200;
const place = z.strictObject({ time: z.int(), id: z.string() });

const payment = z
  .object({
    id: idText('Of the payment'),
    userId: idText('Whose it is'),
    direction: z.enum(['in', 'out']),
    amount: z.int().meta({ description: 'What was ordered, in the smallest unit' }),
    state: z.enum(paymentStates),
    paidAmount: z
      .int()
      .nullable()
      .meta({ description: 'What the provider says was paid, where it is disputed and it said so' }),
    reason: z.string().nullable().meta({ description: 'In the words of the provider' }),
    tries: z.int().meta({ description: 'How often the provider was asked about it' }),
    createdAt: time,
    disputedAt: time.nullable(),
    decision: z
      .object({ by: idText('Of the admin'), reason: z.string(), decidedAt: time })
      .nullable()
      .meta({ description: 'Of one that is `booked` or `returned`' }),
  })
  .meta({ id: 'AdminPayment' });

const ofUser = z.object({ userId: idOf('Of the user', '1') });
const ofPayment = z.object({ paymentId: secretId('Of the payment') });

/** For those who run the platform. Also where nothing is paid in and out any more, as long as there are wallets. */
export function adminWalletApi(app: FastifyInstance, deps: AdminRouteDeps, isOn: boolean): void {
  const { database } = deps;
  const desk = new PaymentDesk(database);
  const assertOn = (): void => {
    if (!isOn) throw new Refusal('redPacketsOff', { code: 404 });
  };
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/users/{userId}/wallet',
    name: 'adminGetWallet',
    summary: 'What somebody has',
    params: ofUser,
    answer: z.object({ balance: z.int().meta({ description: 'In the smallest unit' }) }),
    problems: ['NOT_FOUND'],
    subject: ({ userId }) => `user:${userId}`,
    async handle({ params: { userId } }) {
      assertOn();
      await assertUser(deps, userId);
      return { balance: await balanceOf(database.sql, accountOf(userId)) };
    },
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/users/{userId}/wallet/entries',
    name: 'adminListWalletEntries',
    summary: 'What came to somebody and went, the latest first',
    params: ofUser,
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(mostListed, usual) }),
    answer: pageOf(walletEntry),
    problems: ['NOT_FOUND'],
    subject: ({ userId }) => `user:${userId}`,
    async handle({ params: { userId }, query: { cursor, limit = usual } }) {
      assertOn();
      await assertUser(deps, userId);
      const before = readCursor(cursor, z.int()) ?? Number.MAX_SAFE_INTEGER;
      const rows = await entriesOf(database.sql, userId, { before, limit: limit + 1 });
      return toPage(rows, limit, { placeOf: ({ id }) => id, toItem: showEntry });
    },
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/payments',
    name: 'adminListPayments',
    summary: 'Payments of which nobody is sure, the oldest first',
    query: z.strictObject({
      state: z
        .enum(['disputed', 'begun'])
        .optional()
        .meta({ description: '`disputed` if it is not said; `begun`: the provider has not said yet' }),
      cursor: cursorQuery,
      limit: limitOf(mostListed, usual),
    }),
    answer: pageOf(payment),
    problems: ['NOT_FOUND'],
    subject: () => 'payments',
    async handle({ query: { state = 'disputed', cursor, limit = usual } }) {
      assertOn();
      const rows = await desk.list(state, { after: readCursor(cursor, place), limit: limit + 1 });
      const placeOf = ({ id, createdTime }: SeenPayment) => ({ time: createdTime, id });
      return toPage(rows, limit, { placeOf, toItem: toPayment });
    },
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/payments/{paymentId}',
    name: 'adminGetPayment',
    summary: 'How a payment stands, whosever it is',
    params: ofPayment,
    answer: payment,
    problems: ['NOT_FOUND'],
    subject: ({ paymentId }) => `payment:${paymentId}`,
    async handle({ params: { paymentId } }) {
      assertOn();
      return toPayment(await desk.find(paymentId));
    },
  });
  addAdminRoute(app, deps, {
    method: 'POST',
    path: '/admin/payments/{paymentId}/decision',
    name: 'adminDecidePayment',
    summary: 'Decide about a payment that is disputed, once',
    params: ofPayment,
    body: z
      .strictObject({
        decision: z.enum(['booked', 'returned']).meta({
          description:
            '`booked`: what the provider says was paid is in the books. `returned`: nothing of it; what was held for it goes back',
        }),
        reason: z.string().trim().min(1).max(255),
      })
      .meta({ example: { decision: 'booked', reason: 'It is on the statement of the bank' } }),
    answer: payment,
    problems: ['NOT_FOUND', 'PAYMENT_STATE', 'BALANCE_TOO_LOW'],
    subject: ({ paymentId }) => `payment:${paymentId}`,
    async handle({ params: { paymentId }, body, caller: { userId: adminId } }, note) {
      assertOn();
      const decided = await desk.decide(paymentId, { ...body, adminId }, (sql, isNew) =>
        note(sql, isNew ? {} : { isRepeated: true }),
      );
      return toPayment(decided);
    },
  });
}

async function assertUser({ database }: AdminRouteDeps, id: number): Promise<void> {
  const user = await database.sql('im_user').where({ id }).first<{ id: number } | undefined>('id');
  if (!user) throw new Refusal('userUnknown', { code: 404 });
}

function toPayment(seen: SeenPayment): z.input<typeof payment> {
  const { id, userId, direction, amount, state, paidAmount, reason, tries } = seen;
  const { createdTime, disputedTime, decidedBy, decidedTime, decisionReason } = seen;
  return {
    ...{ id, userId: String(userId), direction, amount, state, paidAmount, reason, tries },
    createdAt: toTime(createdTime),
    disputedAt: disputedTime === null ? null : toTime(disputedTime),
    decision:
      decidedBy === null || decidedTime === null
        ? null
        : { by: String(decidedBy), reason: decisionReason ?? '', decidedAt: toTime(decidedTime) },
  };
}
