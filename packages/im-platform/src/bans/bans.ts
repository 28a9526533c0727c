import type { Feature } from '../feature.ts';
import { BanService } from './ban-service.ts';
import { BanStore } from './ban-store.ts';
import { OrderTaker } from './order-taker.ts';
import { orderLists } from './orders.ts';

/** Has no routes: an admin back end puts its orders on lists. */
export const bans: Feature = async (_app, { options, bus, database, sessions, groupLog, im, audit }) => {
  const service = new BanService({
    ...{ database, store: new BanStore(database), sessions, groupLog, im, audit },
    language: options.language,
  });
  const taker = new OrderTaker({ bus, lists: orderLists(service), logger: options.logger });
  taker.start();
  return () => taker.close();
};
