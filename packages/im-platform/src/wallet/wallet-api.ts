import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idText, limitOf, time, toTime } from '../api/values.ts';
import type { Database } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { accountOf, balanceOf, entriesOf, type EntryRow } from '../ledger/ledger.ts';
import { paymentStates, type Payment } from './payment.ts';
import type { Payments } from './payments.ts';

const tag = 'Wallet';
const usual = 50;
const mostListed = 200;

export const walletEntry = z
  .object({
    id: idText('Of the entry'),
    kind: z.enum(['send', 'grab', 'refund', 'top-up', 'pay-out', 'return', 'unclaimed']),
    amount: z.int().meta({ description: 'In the smallest unit; less than 0: it was given' }),
    redPacketId: z.string().nullable(),
    paymentId: z.string().nullable(),
    createdAt: time,
  })
  .meta({ id: 'WalletEntry' });

const payment = z
  .object({
    id: idText('Of the payment'),
    direction: z.enum(['in', 'out']),
    amount: z.int(),
    state: z.enum(paymentStates).meta({
      description:
        '`begun`: nobody knows yet. `disputed`: the provider has said what cannot be; who runs the platform looks, and decides: `booked`, `returned`',
    }),
    url: z.string().nullable().meta({ description: 'Where the user goes on with it' }),
    createdAt: time,
  })
  .meta({ id: 'Payment' });

const amount = z
  .int()
  .min(1)
  .max(Number.MAX_SAFE_INTEGER)
  .meta({ description: 'In the smallest unit, whole' });

export interface WalletApiDeps {
  readonly database: Pick<Database, 'sql'>;
  /** Undefined: nothing is paid in or out. */
  readonly payments: Payments | undefined;
  readonly paymentMost: number;
}

/** Without red packets there are no wallets. */
export function walletApi(app: FastifyInstance, deps: WalletApiDeps | undefined): void {
  const on = (): WalletApiDeps => {
    if (!deps) throw new Refusal('redPacketsOff', { code: 404 });
    return deps;
  };
  const paying = (): Payments => {
    const { payments } = on();
    if (!payments) throw new Refusal('paymentsOff', { code: 404 });
    return payments;
  };
  addApiRoute(app, {
    method: 'GET',
    path: '/me/wallet',
    name: 'getWallet',
    tag,
    summary: 'What I have',
    rights: 'Whoever is signed in, of their own. Only with `--red-packets`.',
    answer: z.object({
      balance: z.int().meta({ description: 'In the smallest unit, as cents' }),
      takesPayments: z.boolean().meta({ description: 'Whether something can be paid in and out here' }),
      paymentMost: z.int(),
    }),
    problems: ['NOT_FOUND'],
    async handle({ caller }) {
      const { database, payments, paymentMost } = on();
      const balance = await balanceOf(database.sql, accountOf(caller.userId));
      return { balance, takesPayments: payments !== undefined, paymentMost };
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/me/wallet/entries',
    name: 'listWalletEntries',
    tag,
    summary: 'What came and went, the latest first',
    rights: 'Whoever is signed in, of their own.',
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(mostListed, usual) }),
    answer: pageOf(walletEntry),
    problems: ['NOT_FOUND'],
    async handle({ query: { cursor, limit = usual }, caller }) {
      const { database } = on();
      const before = readCursor(cursor, z.int()) ?? Number.MAX_SAFE_INTEGER;
      const rows = await entriesOf(database.sql, caller.userId, { before, limit: limit + 1 });
      return toPage(rows, limit, { placeOf: ({ id }) => id, toItem: showEntry });
    },
  });
  for (const [direction, path, name, summary] of [
    ['in', '/me/wallet/top-ups', 'topUp', 'Pay something in'],
    ['out', '/me/wallet/pay-outs', 'payOut', 'Have something paid out'],
  ] as const)
    addApiRoute(app, {
      method: 'POST',
      path,
      name,
      tag,
      summary,
      rights:
        'Whoever is signed in, where payments are taken. Needs an `Idempotency-Key`: a payment that is asked for again with it is the same.',
      takesIdempotencyKey: true,
      body: z.strictObject({ amount }).meta({ example: { amount: 5_000 } }),
      answer: payment,
      status: 201,
      problems: ['NOT_FOUND', ...(direction === 'out' ? (['BALANCE_TOO_LOW'] as const) : [])],
      async handle({ body, caller, idempotencyKey }) {
        const payments = paying();
        if (idempotencyKey === undefined) throw new Refusal('keyNeeded');
        return showPayment(await payments.begin(caller, { direction, ...body, onceKey: idempotencyKey }));
      },
    });
  addApiRoute(app, {
    method: 'GET',
    path: '/me/wallet/payments/{paymentId}',
    name: 'getPayment',
    tag,
    summary: 'How a payment stands',
    rights: 'Whoever has begun it.',
    params: z.object({ paymentId: secretId('Of the payment') }),
    answer: payment,
    problems: ['NOT_FOUND'],
    handle: async ({ params, caller }) => showPayment(await paying().find(caller, params.paymentId)),
  });
  // As it comes, since it is signed as it comes.
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, read) => read(null, body));
    noticeRoute(scope, paying);
    done();
  });
}

function noticeRoute(app: FastifyInstance, paying: () => Payments): void {
  addApiRoute(app, {
    method: 'POST',
    path: '/payment-notices',
    name: 'notifyPayment',
    tag,
    summary: 'What the provider of payments says by itself',
    rights: 'The provider alone, by its signature; nobody signs in.',
    isOpen: true,
    body: z.string().meta({ description: 'As the provider sends it' }),
    problems: ['NOT_FOUND', 'NOTICE_REFUSED'],
    handle: ({ body, request }) => paying().notice(body, request.headers),
  });
}

/** An id that nobody guesses. */
export function secretId(what: string): z.ZodType<string, string> {
  return z
    .string()
    .regex(/^[\w-]{22}$/, 'expected an id, as it was answered')
    .meta({ description: what, example: 'AAAAAAAAAAAAAAAAAAAAAA' });
}

export function showEntry({
  id,
  kind,
  amount: moved,
  transactionName,
  createdTime,
}: EntryRow): z.input<typeof walletEntry> {
  const [, of = ''] = transactionName.split(':');
  const isOfPacket = kind === 'send' || kind === 'grab' || kind === 'refund';
  const isOfPayment = kind === 'top-up' || kind === 'pay-out' || kind === 'return';
  return {
    ...{ id: String(id), kind, amount: moved, createdAt: toTime(createdTime) },
    ...{ redPacketId: isOfPacket ? of : null, paymentId: isOfPayment ? of : null },
  };
}

function showPayment({
  id,
  direction,
  amount: paid,
  state,
  url,
  createdTime,
}: Payment): z.input<typeof payment> {
  return { id, direction, amount: paid, state, url, createdAt: toTime(createdTime) };
}
