import { ImError, type UserId } from 'im-common';
import type { Locator } from './send/locate.ts';
import { addressesOf } from './send/message.ts';

/** The online terminals of each user that has one, by user id. */
export async function onlineTerminals(
  locator: Pick<Locator, 'locate'>,
  userIds: readonly UserId[],
  terminals: readonly number[],
): Promise<Map<string, number[]>> {
  if (!Array.isArray(userIds)) throw new ImError('INVALID_ARGUMENT', 'userIds is not a list of user ids.');
  const addresses = addressesOf(userIds, terminals);
  const online = new Map<string, number[]>();
  if (addresses.length === 0) return online;
  const places = await locator.locate(addresses);
  for (const [index, { id, terminal }] of addresses.entries()) {
    if (!places[index]) continue;
    const known = online.get(id);
    if (known) known.push(terminal);
    else online.set(id, [terminal]);
  }
  return online;
}
