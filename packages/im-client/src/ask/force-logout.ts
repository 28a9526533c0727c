import { ImError, type DeviceAddress } from 'im-common';
import type { Revocation } from 'im-common/bus';
import { encodeForceLogout, forceLogoutList, type Producer } from 'im-common/internal/bus';
import { Fields, invalidArgument } from 'im-common/internal/checks';
import type { Sighting } from '../locate/place.ts';
import type { MovingReceivers } from '../locate/moving-receivers.ts';

export interface ForceLogoutOptions {
  /** @default the client's `terminals` */
  readonly terminals?: readonly number[] | undefined;
  /** What the devices are told, in words of yours: at most 123 bytes. @default nothing of its own */
  readonly reason?: string | undefined;
}

export const forceLogoutFields: Fields<'reason' | 'terminals'> = new Fields(
  'the options of forceLogout',
  ['reason', 'terminals'],
  invalidArgument,
);

type Server = { readonly serverId: number } | undefined;

export interface ForceLogoutDeps {
  readonly look: (
    addresses: readonly DeviceAddress[],
    options: { readonly fresh: boolean },
  ) => Promise<readonly (Server | Sighting)[]>;
  /** Absent when nobody has to be waited for: their tokens are refused wherever they turn up. */
  readonly moving?: Pick<MovingReceivers, 'wait' | 'hasCapacity'>;
  readonly producer: Pick<Producer, 'put'>;
}

/** What an order says beside whom it is for. */
interface OrderDetails {
  readonly revocation?: Revocation;
  readonly words?: string | undefined;
}

interface Order {
  readonly address: DeviceAddress;
  readonly serverId: number;
  readonly outcome: Awaited<ReturnType<Producer['put']>>;
}

/** A device whose server drains is looked for again where it went. */
const maxRounds = 3;

/**
 * Puts an order on the list of each server that holds one of a user's devices, also of those that turn up within the grace
 * of a send; resolves with the terminals that it is for.
 */
export async function forceLogout(
  deps: ForceLogoutDeps,
  devices: readonly DeviceAddress[],
  more: OrderDetails = {},
): Promise<number[]> {
  const reached = new Set<DeviceAddress>();
  let addresses = devices;
  let closedAt = new Set<number>();
  for (let round = 1; round <= maxRounds && addresses.length > 0; round += 1) {
    const orders = await orderOut(deps, addresses, closedAt, more);
    if (orders.some(({ outcome }) => outcome.status === 'full'))
      throw new ImError('BUS_FULL', 'The force-logout list of a server of the user is full.');
    for (const { address, outcome } of orders) if (outcome.status === 'put') reached.add(address);
    const closed = orders.filter(({ outcome }) => outcome.status === 'closed');
    addresses = closed.map(({ address }) => address);
    closedAt = new Set(closed.map(({ serverId }) => serverId));
  }
  return devices.filter((device) => reached.has(device)).map(({ terminal }) => terminal);
}

/** One order to each device that is somewhere, or turns up. `notAt`: servers that have closed their lists. */
async function orderOut(
  { look, moving, producer }: ForceLogoutDeps,
  addresses: readonly DeviceAddress[],
  notAt: ReadonlySet<number>,
  more: OrderDetails,
): Promise<Order[]> {
  const puts: Promise<Order>[] = [];
  const put = (some: readonly DeviceAddress[], places: readonly Server[]): void => {
    for (const [index, address] of some.entries()) {
      const serverId = places[index]?.serverId;
      if (serverId === undefined) continue;
      const order = producer
        .put(forceLogoutList(serverId), encodeForceLogout({ address, ...more }))
        .then((outcome) => ({ address, serverId, outcome }));
      order.catch(() => undefined); // told below, when all have been seen
      puts.push(order);
    }
  };
  const isAgain = notAt.size > 0;
  let onTheWay: readonly DeviceAddress[] = addresses;
  if (!isAgain || !moving) {
    const sightings = await look(addresses, { fresh: isAgain });
    onTheWay = addresses.filter((_, index) => sightings[index] === 'moving');
    put(
      addresses,
      sightings.map((sighting) => (sighting === 'moving' ? undefined : sighting)),
    );
  }
  if (moving && onTheWay.length > 0 && (isAgain || moving.hasCapacity))
    await moving.wait({ kind: 'order', addresses: onTheWay, notAt, onSeen: put });
  return Promise.all(puts);
}
