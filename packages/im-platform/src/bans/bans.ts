import type { Bus } from 'im-common/bus';
import type { Feature } from '../feature.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Database } from '../db/database.ts';
import { BanService, type BanDeps } from './ban-service.ts';
import { regularly } from '../regularly.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import { BanStore } from './ban-store.ts';
import { OrderTaker } from './order-taker.ts';
import { orderLists } from './orders.ts';

/** What it takes of the rest. */
export interface BanNeeds extends Pick<BanDeps, 'sessions' | 'groupLog' | 'audit'> {
  readonly im: Pick<PlatformIm, 'sendSystemMessage' | 'on'>;
  readonly options: Pick<ResolvedOptions, 'language' | 'logger'>;
  readonly bus: Bus;
  readonly database: Database;
}

/** As other features make it that ban, too. */
export function banServiceOf({
  options,
  database,
  sessions,
  groupLog,
  im,
  audit,
}: Omit<BanNeeds, 'bus'>): BanService {
  return new BanService({
    ...{ database, store: new BanStore(database), sessions, groupLog, im, audit },
    language: options.language,
  });
}

/** So late a ban ends at most. */
const liftEveryMs = 30_000;

/** Has no routes: an admin back end puts its orders on lists. */
export const bans: Feature<BanNeeds> = async (_app, needs) => {
  const { options, bus } = needs;
  const service = banServiceOf(needs);
  const { logger } = options;
  const failure = 'bans that are over cannot be lifted now';
  // In each instance: what is lifted twice is lifted.
  const endLifting = regularly({ everyMs: liftEveryMs, logger, failure }, () =>
    service.liftThoseThatAreOver(),
  );
  const taker = new OrderTaker({ bus, lists: orderLists(service), logger });
  taker.start();
  // Who is banned is told why, and it is waited for the results. They are taken by whoever listens alone: else they stay on the bus, with the reason.
  const stopListening = needs.im.on('system', () => undefined);
  return async () => {
    stopListening();
    await endLifting();
    await taker.close();
  };
};
