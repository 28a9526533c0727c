import type { DeviceAddress } from 'im-common';
import type { Locator } from '../locate/locator.ts';

/** The terminals that are online, by user id; users of whom none is are left out. */
export async function onlineTerminals(
  locator: Pick<Locator, 'locate'>,
  addresses: readonly DeviceAddress[],
): Promise<Map<string, number[]>> {
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
