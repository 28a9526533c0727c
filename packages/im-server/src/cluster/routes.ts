import { addressKey, ImError, type DeviceAddress } from 'im-common';
import type { Bus } from 'im-common/bus';
import {
  encodeForceLogout,
  forceLogoutList,
  isRevoked,
  serverGroup,
  type Producer,
} from 'im-common/internal/bus';
import { tokenOf, type Connection, type LoggedIn } from '../device/connection.ts';
import type { Devices } from '../device/devices.ts';
import { kick } from '../device/kick.ts';
import type { LoginRoutes } from '../device/login.ts';

export interface RoutesDeps {
  readonly bus: Bus;
  readonly producer: Producer;
  readonly devices: Devices;
  readonly kickGraceMs: number;
  /** This server's id, which changes when it was declared dead. */
  readonly serverId: () => number;
  /** The others cannot have declared this server dead, as far as the bus can be asked. */
  readonly isOwner: () => boolean | Promise<boolean>;
}

/** Keeps the bus's picture of who is connected here true: also after an outage, and after the bus lost its memory. */
export class Routes implements LoginRoutes {
  readonly #deps: RoutesDeps;
  /** Routes that could not be removed while the bus was away. */
  readonly #toRemove = new Map<string, DeviceAddress>();

  constructor(deps: RoutesDeps) {
    this.#deps = deps;
  }

  /**
   * Points the address here; if another server had it, that one is told to let its connection go. `kept`: messages wait for it.
   * `revoked`: the token counts no more, and nothing was changed.
   */
  async bind(login: LoggedIn): Promise<'here' | 'kept' | 'revoked'> {
    const { address, devId } = login;
    const { bus, isOwner, producer, serverId } = this.#deps;
    // A process that was stopped and goes on must not take back a device that has gone elsewhere meanwhile.
    if (!(await isOwner()))
      throw new ImError('BUS_UNAVAILABLE', 'The lease is over, so no route may point to this server.');
    const id = serverId();
    this.#toRemove.delete(addressKey(address.id, address.terminal));
    let bound: 'here' | 'kept' = 'here';
    const before = await bus.presence.bind(address, id, tokenOf(login), () => (bound = 'kept'));
    if (before === 'revoked') return 'revoked';
    if (before === undefined || before === id) return bound;
    // Not awaited: the login is decided, and the order goes on being tried for as long as the producer does.
    producer
      .put(forceLogoutList(before), encodeForceLogout({ address, devId, loginServerId: id }))
      .catch(() => undefined); // the other server finds the foreign route at its next refresh
    return bound;
  }

  /** Whether a fresh token of a device that is connected here was revoked. */
  async isRevoked(login: LoggedIn): Promise<boolean> {
    try {
      const [revocation] = await this.#deps.bus.presence.revocations([login.address]);
      return isRevoked(tokenOf(login), revocation);
    } catch {
      return false; // The bus is away. `refresh` looks when it is back.
    }
  }

  /**
   * Two servers may order each other's connection out at the same moment. The route says who logged in last: while it
   * points here, our connection is the newer one and stays. Exactly one of the two goes, and nobody loops. Where it points
   * nowhere the other login is over already (a device that gave up on a slow server): ours stays, and has its route again.
   */
  async isHere(address: DeviceAddress): Promise<boolean> {
    const { bus, devices, serverId } = this.#deps;
    const id = serverId();
    try {
      const [holder] = await bus.presence.locate([address]);
      if (typeof holder === 'number') return holder === id;
      // Gone meanwhile: its route must not come back.
      if (!devices.find(address)) return true;
      return (await bus.presence.refresh([address], id)).length === 0;
    } catch {
      // The bus is away. When it is back, `refresh` finds a route that points elsewhere, and lets the device go.
      return true;
    }
  }

  /** Removes the route, now or when the bus is back. With `graceMs` the device counts as on its way for so long. */
  async unbind(address: DeviceAddress, graceMs = 0): Promise<void> {
    const { bus, serverId } = this.#deps;
    const key = addressKey(address.id, address.terminal);
    this.#toRemove.set(key, address);
    try {
      await bus.presence.unbind(address, serverId(), graceMs);
      // A login that came meanwhile has taken it off the list already, and may have failed to log out since.
      if (this.#toRemove.get(key) === address) this.#toRemove.delete(key);
    } catch {
      // Stays on the list for `refresh`.
    }
  }

  /** Its device is here, or was until now: the route is about to go. */
  isLeaving(address: DeviceAddress): boolean {
    const { devices } = this.#deps;
    return (
      devices.find(address) !== undefined || this.#toRemove.has(addressKey(address.id, address.terminal))
    );
  }

  /** Routes are left that should have been removed. */
  get hasLeft(): boolean {
    return this.#toRemove.size > 0;
  }

  async removeLeft(): Promise<void> {
    for (const address of [...this.#toRemove.values()]) {
      if (this.#deps.devices.find(address)) this.#toRemove.delete(addressKey(address.id, address.terminal));
      else await this.unbind(address);
    }
  }

  /**
   * Writes every route again, and lets go of devices that have moved to another live server, or whose token was revoked
   * while their route was lost, so that no order could find them.
   */
  async refresh(): Promise<void> {
    const { bus, devices, kickGraceMs, serverId } = this.#deps;
    await this.removeLeft();
    const connections = new Map<string, Connection>();
    const addresses: DeviceAddress[] = [];
    for (const connection of devices.registered()) {
      // While a login is under way the route may rightly point to the server that it comes from.
      if (!connection.login || connection.state.kind !== 'online') continue;
      const { address } = connection.login;
      connections.set(addressKey(address.id, address.terminal), connection);
      addresses.push(address);
    }
    const foreign = await bus.presence.refresh(addresses, serverId());
    // After the routes are there: a revocation that comes later finds them.
    const revocations = await bus.presence.revocations(addresses);
    for (const [index, address] of addresses.entries()) {
      const connection = connections.get(addressKey(address.id, address.terminal));
      if (!connection?.login || !isRevoked(tokenOf(connection.login), revocations[index])) continue;
      if (devices.find(address) === connection) kick(connection, { why: 'revoked' }, kickGraceMs);
    }
    if (foreign.length === 0) return;
    const { expired, dead } = await bus.registry.view(serverGroup);
    const gone = new Set([...expired, ...dead].map(({ id }) => Number(id)));
    for (const { address, serverId: holder } of foreign) {
      const connection = connections.get(addressKey(address.id, address.terminal));
      // A login that came after the question is newer than the answer.
      if (!connection || devices.find(address) !== connection) continue;
      const isTakenBack =
        gone.has(holder) &&
        (await bus.presence.bind(address, serverId(), connection.login && tokenOf(connection.login))) !==
          'revoked';
      if (!isTakenBack) kick(connection, { why: 'elsewhere', newDevId: undefined }, kickGraceMs);
    }
  }
}
