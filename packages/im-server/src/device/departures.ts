import { CloseCode, type DeviceAddress, type Logger } from 'im-common';
import type { Connection } from './connection.ts';
import type { Devices } from './devices.ts';
import type { Left, LoginRoutes } from './login-deps.ts';

export interface DeparturesDeps {
  readonly devices: Devices;
  readonly routes: Pick<LoginRoutes, 'unbind'>;
  readonly topics: {
    leave(connection: Connection, address: DeviceAddress, graceMs: number): void;
  };
  readonly reconnectGraceMs: number;
  readonly logger: Logger;
}

/** P-4.6: closed by the device (normally, by leaving the page, without a code), or kicked: nobody comes back by itself. */
const goodbyes: ReadonlySet<number> = new Set([1000, 1001, 1005, CloseCode.KICKED]);

/** Devices that are gone: their routes go, too. */
export class Departures {
  readonly #deps: DeparturesDeps;
  readonly #unbinding = new Set<Promise<void>>();

  constructor(deps: DeparturesDeps) {
    this.#deps = deps;
  }

  /** The connection takes no more messages. */
  add(connection: Connection, code: number): void {
    const { devices, logger, reconnectGraceMs, topics } = this.#deps;
    const { login } = connection;
    if (!login) return;
    logger.debug({ user: login.address.id, terminal: login.address.terminal, code }, 'device closed');
    const isReplaced = !devices.unregister(connection);
    const graceMs = goodbyes.has(code) ? 0 : reconnectGraceMs;
    topics.leave(connection, login.address, isReplaced ? 0 : graceMs);
    void this.#unbind(connection, { graceMs, code, isReplaced });
  }

  /**
   * The same once more, for one that went while its route was being written: what removed the route then may have come
   * before it. That it is on its way still counts.
   */
  async repeat(connection: Connection): Promise<void> {
    const { devices, reconnectGraceMs } = this.#deps;
    const { login, lostWith: code } = connection;
    if (!login) return;
    const isReplaced = devices.find(login.address) !== undefined;
    const graceMs = code === undefined || goodbyes.has(code) ? 0 : reconnectGraceMs;
    await this.#unbind(connection, { graceMs, isReplaced, ...(code !== undefined && { code }) });
  }

  #unbind(connection: Connection, left: Left): Promise<void> {
    const done = this.#deps.routes.unbind(connection, left).finally(() => this.#unbinding.delete(done));
    this.#unbinding.add(done);
    return done;
  }

  /** Resolves when the bus was told of all of them, or cannot be told. */
  async whenIdle(): Promise<void> {
    await Promise.all(this.#unbinding);
  }
}
