import type { FastifyInstance } from 'fastify';
import { Gauge, type Registry } from 'prom-client';
import { Trail } from '../admins/trail.ts';
import type { Database } from '../db/database.ts';
import type { Ending } from '../feature.ts';
import { checkLedger } from '../ledger/check-ledger.ts';
import type { ResolvedOptions } from '../options.ts';
import { regularly } from '../regularly.ts';
import { adminWalletApi } from './admin-wallet-api.ts';
import { Payments } from './payments.ts';
import { playProvider } from './play-provider.ts';
import { walletApi } from './wallet-api.ts';

export interface WalletNeeds {
  readonly options: Pick<
    ResolvedOptions,
    ('logger' | 'sweepMs' | 'redPackets') | ('playPayments' | 'paymentProvider' | 'paymentMost')
  >;
  readonly database: Database;
  readonly metrics: Registry;
}

const checkEveryMs = 3_600_000;
/** Shorter than a request may take. */
const askMs = 3_000;

/** What people have, and how it comes and goes. */
export function openWallet(
  app: FastifyInstance,
  { options, database, metrics }: WalletNeeds,
): Ending | undefined {
  const { logger, sweepMs: everyMs, paymentMost, playPayments } = options;
  adminWalletApi(app, { database, trail: new Trail(database) }, options.redPackets);
  if (!options.redPackets) {
    walletApi(app, undefined);
    return undefined;
  }
  const provider = options.paymentProvider ?? (playPayments ? playProvider : undefined);
  const payments =
    provider && new Payments({ database, provider, logger, everyMs, most: paymentMost, timeoutMs: askMs });
  walletApi(app, { database, payments, paymentMost });
  const endings = [watchLedger({ database, metrics, logger }), payments?.start()];
  return async () => {
    for (const end of endings) await end?.();
  };
}

/** Once an hour whether the books are as they must be. */
function watchLedger({
  database,
  metrics,
  logger,
}: Pick<WalletNeeds, 'database' | 'metrics'> & Pick<ResolvedOptions, 'logger'>): Ending {
  const gauge = new Gauge({
    name: 'im_platform_ledger_wrong',
    help: 'What of the ledger was not as it must be when it was last looked at; anything but 0 is a fault',
    labelNames: ['what'],
    registers: [metrics],
  });
  const failure = 'the ledger could not be checked now';
  return regularly({ everyMs: checkEveryMs, logger, failure }, async () => {
    for (const [what, found] of Object.entries<number>({ ...(await checkLedger(database)) })) {
      gauge.set({ what }, found);
      if (found !== 0) logger.error({ what, found }, 'the ledger is not as it must be');
    }
  });
}
