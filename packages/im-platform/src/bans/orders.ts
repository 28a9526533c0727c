import { z } from 'zod';
import { id, optionalText } from '../http/input.ts';
import type { BanService } from './ban-service.ts';

/** What an admin back end asks for on a list of its own. */
export interface OrderList {
  readonly name: string;
  apply(order: Order): Promise<void>;
}

/** As long as the column is. A longer reason is cut: the ban counts. */
const longestReason = 255;

/** An entry of such a list (contract B.2). */
export const order = z.object({
  id,
  reason: optionalText({ max: [65_536] }).transform((reason = '') => reason.slice(0, longestReason)),
});

export type Order = z.output<typeof order>;

/** Contract C.10. Box-im has no order to lift the ban of a user. */
export function orderLists(bans: BanService): OrderList[] {
  return [
    { name: 'im:queue:user:banned', apply: ({ id, reason }) => bans.banUser(id, reason) },
    { name: 'im:queue:user:unban', apply: ({ id }) => bans.unbanUser(id) },
    { name: 'im:queue:group:banned', apply: ({ id, reason }) => bans.banGroup(id, reason) },
    { name: 'im:queue:group:unban', apply: ({ id }) => bans.unbanGroup(id) },
  ];
}
