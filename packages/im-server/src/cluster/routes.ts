import { addressKey, ImError, type DeviceAddress } from 'im-common';
import type { Bus, FoundBeside, Session } from 'im-common/bus';
import {
  encodeForceLogout,
  forceLogoutList,
  isRevoked,
  serverGroup,
  type Producer,
} from 'im-common/internal/bus';
import type { Connection } from '../device/connection.ts';
import { tokenOf, type LoggedIn } from '../device/logged-in.ts';
import type { Devices } from '../device/devices.ts';
import { kick } from '../device/kick.ts';
import type { Bound, Left, LoginRoutes } from '../device/login-deps.ts';
import type { ForeignRoute, SessionKeeper } from '../sessions/session-keeper.ts';
import type { SeveralSessions } from '../sessions/several-sessions.ts';
import { Removals, type Removal } from './removals.ts';

export interface RoutesDeps {
  readonly bus: Bus;
  readonly producer: Producer;
  readonly devices: Devices;
  readonly keeper: SessionKeeper;
  readonly several: Pick<SeveralSessions, 'mayBeAt'>;
  readonly kickGraceMs: number;
  /** This server's id, which changes when it was declared dead. */
  readonly serverId: () => number;
  /** The others cannot have declared this server dead, as far as the bus can be asked. */
  readonly isOwner: () => boolean | Promise<boolean>;
  /** Messages wait for a device that is connected: they were kept while it had no route. */
  readonly onKept: (connection: Connection) => void;
}

/** The route of an address points here. */
interface Pointed {
  /** The server that had it, and has to let its device go. */
  readonly before: number | undefined;
  /** Those of several sessions that have to go. */
  readonly displaced: readonly Session[];
  readonly found: FoundBeside;
}

const nobody: readonly never[] = [];
const unknown: FoundBeside = { hasKept: false, mayHaveTopics: true };

/** Keeps the bus's picture of who is connected here true: also after an outage, and after the bus lost its memory. */
export class Routes implements LoginRoutes {
  readonly #deps: RoutesDeps;
  readonly #removals = new Removals();

  constructor(deps: RoutesDeps) {
    this.#deps = deps;
  }

  /**
   * Points the address here; if another server had it, that one is told to let its connection go.
   * `revoked`: the token counts no more, `occupied`: the devices that are in stay in; nothing was changed then.
   */
  async bind(connection: Connection, login: LoggedIn): Promise<Bound> {
    const { address, devId } = login;
    const { isOwner, keeper, producer, serverId } = this.#deps;
    // A process that was stopped and goes on must not take back a device that has gone elsewhere meanwhile.
    if (!(await isOwner()))
      throw new ImError('BUS_UNAVAILABLE', 'The lease is over, so no route may point to this server.');
    const id = serverId();
    this.#removals.forgetRoute(address);
    const pointed = await this.#point(connection, login, id);
    if (typeof pointed === 'string') return pointed;
    const { before, displaced, found } = pointed;
    const rivals = connection.session ? await keeper.rivals(connection, login) : nobody;
    if (rivals === 'lost') return 'occupied';
    for (const rival of [...rivals, ...displaced]) {
      const order = { address: rival.address, session: rival.id, devId, loginServerId: id };
      producer.put(forceLogoutList(rival.serverId), encodeForceLogout(order)).catch(() => undefined);
    }
    if (before === undefined || before === id) return found;
    // Not awaited: the login is decided, and the order goes on being tried for as long as the producer does.
    producer
      .put(forceLogoutList(before), encodeForceLogout({ address, devId, loginServerId: id }))
      .catch(() => undefined); // the other server finds the foreign route at its next refresh
    return found;
  }

  async #pointAgain(connection: Connection, login: LoggedIn): Promise<'occupied' | 'revoked' | Pointed> {
    const pointed = await this.#point(connection, login, this.#deps.serverId());
    if (typeof pointed !== 'string' && pointed.found.hasKept) this.#deps.onKept(connection);
    return pointed;
  }

  async #point(
    connection: Connection,
    login: LoggedIn,
    serverId: number,
  ): Promise<'occupied' | 'revoked' | Pointed> {
    const { bus, keeper, several } = this.#deps;
    const { address } = login;
    if (!keeper.isOn) {
      let found = unknown;
      const before = await bus.presence.bind(address, serverId, tokenOf(login), (beside) => (found = beside));
      return before === 'revoked' ? before : { before, displaced: nobody, found };
    }
    const bound = await keeper.bind(connection, login);
    if (bound.status !== 'bound') return bound.status === 'refused' ? 'occupied' : 'revoked';
    const { before, displaced, hasKept, others } = bound;
    const found = { hasKept, mayHaveTopics: true };
    if (!several.mayBeAt(address)) return { before, displaced: nobody, found };
    // Sessions that have to go are told one by one.
    const known = [...others, ...displaced.map((session) => session.serverId)];
    return { before: known.includes(before ?? serverId) ? undefined : before, displaced, found };
  }

  /** One whose route was written before sessions were kept, and who was not in yet when all others' were written. */
  onOnline(connection: Connection): void {
    if (!this.#deps.keeper.isOn || connection.session) return;
    this.#writeAgain([connection]).catch(() => undefined); // the next refresh does it
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
    const { bus, devices, serverId, several } = this.#deps;
    try {
      const [holder] = await bus.presence.locate([address]);
      if (holder === serverId()) return true;
      if (several.mayBeAt(address)) {
        const written = devices.claimants(address).filter(({ session }) => session?.standing);
        return written.length > 0 && (await this.#writeAgain(written)).length === 0;
      }
      if (typeof holder === 'number') return false;
      // Gone meanwhile: its route must not come back.
      const connection = devices.find(address);
      return connection === undefined || (await this.#writeAgain([connection])).length === 0;
    } catch {
      // The bus is away. When it is back, `refresh` finds a route that points elsewhere, and lets the device go.
      return true;
    }
  }

  /**
   * Writes the routes of devices again, and returns those that point elsewhere. What was kept for the others while they had none
   * is given to them, as after a login.
   */
  async #writeAgain(connections: readonly Connection[]): Promise<readonly ForeignRoute[]> {
    const { bus, keeper, onKept, serverId } = this.#deps;
    const byAddress = new Map<string, Connection>();
    for (const connection of connections)
      if (connection.login) byAddress.set(keyOf(connection.login.address), connection);
    const addresses = [...byAddress.values()].flatMap(({ login }) => login?.address ?? []);
    const find = (address: DeviceAddress): Connection | undefined => byAddress.get(keyOf(address));
    const foreign = keeper.isOn
      ? await keeper.refresh(connections)
      : (await bus.presence.refresh(addresses, serverId())).flatMap((route) => {
          const connection = find(route.address);
          return connection ? [{ connection, serverId: route.serverId }] : [];
        });
    const elsewhere = new Set(foreign.map(({ connection }) => connection));
    for (const address of await bus.kept.waiting(addresses)) {
      const connection = find(address);
      if (connection && !elsewhere.has(connection)) onKept(connection);
    }
    return foreign;
  }

  mayBeSeveral(address: DeviceAddress): boolean {
    return this.#deps.several.mayBeAt(address);
  }

  /** Removes the route, and the session beside it, now or when the bus is back. */
  async unbind({ login, session }: Connection, { code, graceMs, isReplaced }: Left = {}): Promise<void> {
    // Without a session, what is there is the other connection's.
    if (!login || (isReplaced && !session)) return;
    if (session) session.isOver = true;
    await this.#remove({ address: login.address, session, code, isLeft: false }, graceMs);
  }

  async #remove(removal: Removal, graceMs = 0): Promise<void> {
    const { bus, keeper, serverId } = this.#deps;
    const { address, code, session } = removal;
    this.#removals.add(removal);
    try {
      if (session) await keeper.unbind({ ...session, address }, graceMs, code);
      else await bus.presence.unbind(address, serverId(), graceMs);
      this.#removals.delete(removal);
    } catch {
      removal.isLeft = true; // for `refresh`
    }
  }

  /** Its device is here, or was until now: the route is about to go. */
  isLeaving(address: DeviceAddress): boolean {
    return this.#deps.devices.find(address) !== undefined || this.#removals.isAny(address);
  }

  /** Routes are left that should have been removed. */
  get hasLeft(): boolean {
    return this.#removals.left.length > 0;
  }

  async removeLeft(): Promise<void> {
    for (const removal of this.#removals.left) {
      if (!removal.session && this.#deps.devices.find(removal.address)) this.#removals.delete(removal);
      else await this.#remove(removal);
    }
  }

  /**
   * Writes every route again, and lets go of devices that have moved to another live server, or whose token was revoked
   * while their route was lost, so that no order could find them.
   */
  async refresh(): Promise<void> {
    const { bus, devices, keeper, kickGraceMs } = this.#deps;
    await this.removeLeft();
    const connections: Connection[] = [];
    const addresses: DeviceAddress[] = [];
    for (const connection of devices.registered()) {
      // While a login is under way the route may rightly point to the server that it comes from.
      if (!connection.login || connection.state.kind !== 'online') continue;
      connections.push(connection);
      addresses.push(connection.login.address);
    }
    const foreign = await this.#writeAgain(connections);
    await keeper.complete();
    // After the routes are there: a revocation that comes later finds them.
    const revocations = await bus.presence.revocations(addresses);
    for (const [index, address] of addresses.entries()) {
      const connection = connections[index];
      if (!connection?.login || !isRevoked(tokenOf(connection.login), revocations[index])) continue;
      if (devices.at(address).includes(connection)) kick(connection, { why: 'revoked' }, kickGraceMs);
    }
    if (foreign.length === 0) return;
    const { expired, dead } = await bus.registry.view(serverGroup);
    const gone = new Set([...expired, ...dead].map(({ id }) => Number(id)));
    for (const { connection, serverId: holder } of foreign) {
      const { login } = connection;
      // A login that came after the question is newer than the answer.
      if (!login || !devices.at(login.address).includes(connection)) continue;
      const isTakenBack = gone.has(holder) && typeof (await this.#pointAgain(connection, login)) !== 'string';
      if (!isTakenBack) kick(connection, { why: 'elsewhere', newDevId: undefined }, kickGraceMs);
    }
  }
}

function keyOf({ id, terminal }: DeviceAddress): string {
  return addressKey(id, terminal);
}
