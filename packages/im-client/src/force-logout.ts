import { ImError, type DeviceAddress } from 'im-common';
import type { Revocation } from 'im-common/bus';
import { encodeForceLogout, forceLogoutList, type Producer } from 'im-common/internal/bus';
import { Fields, invalidArgument } from 'im-common/internal/checks';

export interface ForceLogoutOptions {
  /** @default the client's `terminals` */
  readonly terminals?: readonly number[] | undefined;
}

export const forceLogoutFields: Fields<'terminals'> = new Fields(
  'the options of forceLogout',
  ['terminals'],
  invalidArgument,
);

interface DeviceLocator {
  locate(
    addresses: readonly DeviceAddress[],
    options: { readonly fresh: boolean },
  ): Promise<readonly ({ readonly serverId: number } | undefined)[]>;
}

/** A device whose server drains is looked for again where it went. */
const maxRounds = 3;

/** Puts an order on the list of each server that holds one of a user's devices; resolves with the terminals that it is for. */
export async function forceLogout(
  { locator, producer }: { locator: DeviceLocator; producer: Pick<Producer, 'put'> },
  devices: readonly DeviceAddress[],
  revocation?: Revocation,
): Promise<number[]> {
  const reached: number[] = [];
  let addresses = devices;
  for (let round = 1; round <= maxRounds && addresses.length > 0; round += 1) {
    const places = await locator.locate(addresses, { fresh: round > 1 });
    const outcomes = await Promise.all(
      addresses.map(async (address, index) => {
        const serverId = places[index]?.serverId;
        if (serverId === undefined) return undefined;
        return producer.put(forceLogoutList(serverId), encodeForceLogout({ address, revocation }));
      }),
    );
    for (const [index, { terminal }] of addresses.entries()) {
      if (outcomes[index]?.status === 'put') reached.push(terminal);
    }
    const full = outcomes.find((outcome) => outcome?.status === 'full');
    if (full) throw new ImError('BUS_FULL', 'The force-logout list of a server of the user is full.');
    addresses = addresses.filter((_, index) => outcomes[index]?.status === 'closed');
  }
  return reached;
}
