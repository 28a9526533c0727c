import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { addressKey, type DeviceAddress, type Logger } from 'im-common';
import type { Kept, KeptMessage, Registry } from 'im-common/bus';
import type { Connection } from '../device/connection.ts';
import type { KeptMessages } from '../device/login-deps.ts';
import { KeptDelivery, type OnEnd } from './kept-delivery.ts';
import type { KeptMessageEnd, LaterResults } from './later-results.ts';

export interface CatchUpDeps {
  readonly kept: Kept;
  readonly registry: Pick<Registry, 'lock'>;
  /** Other sessions of the address may be in. */
  readonly mayBeSeveral: (address: DeviceAddress) => boolean;
  readonly later: LaterResults;
  readonly logger: Logger;
}

/** What a device is given before it has proved any of it. */
const mostPerPage = 100;
const bytesPerPage = 65_536;
const retryMs = 200;
/** Of several sessions one is given what was kept: another one when that is silent for so long. */
const turnMs = 15_000;
const askForTurnMs = 1_000;

interface Ended extends KeptMessageEnd {
  readonly id: string;
}

/**
 * Gives a device what was kept for it, page by page, each when the one before is proved; whatever else comes for it meanwhile waits.
 * A message is forgotten after its result is on its list, so a crash in between repeats it, marked.
 */
export class CatchUp implements KeptMessages {
  readonly #deps: CatchUpDeps;
  readonly #running = new WeakSet<Connection>();

  constructor(deps: CatchUpDeps) {
    this.#deps = deps;
  }

  /** Of one that is about to come online, or is: there is something for it. */
  catchUp(connection: Connection): void {
    connection.hasKept = true;
    if (connection.state.kind !== 'online' || this.#running.has(connection)) return;
    this.#running.add(connection);
    const { login } = connection;
    const isShared = login !== undefined && this.#deps.mayBeSeveral(login.address);
    if (!isShared) connection.hold();
    const run = isShared ? this.#runInTurn(connection, login.address) : this.#run(connection);
    void run.finally(() => {
      this.#running.delete(connection);
      if (connection.hasKept) this.catchUp(connection);
      else if (connection.state.kind === 'online') connection.release();
    });
  }

  /** P-16.12. One that has to wait gets what comes meanwhile, and then finds what was left. */
  async #runInTurn(connection: Connection, { id, terminal }: DeviceAddress): Promise<void> {
    const { registry } = this.#deps;
    const name = `kept:${addressKey(id, terminal)}`;
    const holder = randomBytes(9).toString('base64url');
    const hasTurn = (): Promise<boolean> => registry.lock(name, holder, turnMs);
    while (connection.state.kind === 'online') {
      if (await hasTurn().catch(() => false)) {
        connection.hold();
        await this.#run(connection, hasTurn);
        await registry.lock(name, holder, 1).catch(() => undefined);
        return;
      }
      connection.release();
      await sleep(askForTurnMs);
    }
  }

  async #run(connection: Connection, hasTurn?: () => Promise<boolean>): Promise<void> {
    const address = connection.login?.address;
    while (address && connection.hasKept && connection.state.kind === 'online') {
      // One that was stopped for so long may be followed by another session.
      if (hasTurn && !(await this.#persist(connection, hasTurn))) return;
      connection.hasKept = false;
      const page = await this.#persist(connection, () =>
        this.#deps.kept.take(address, mostPerPage, bytesPerPage),
      );
      if (!page || page.length === 0) continue;
      connection.hasKept = true;
      const { ended, unreadable } = await deliver(connection, address, page);
      if (unreadable.length > 0) this.#deps.logger.error({ unreadable }, 'kept messages could not be read');
      const forget = async (): Promise<void> => {
        await this.#deps.later.report(address, ended);
        const ids = ended.map(({ id }) => id);
        await this.#deps.kept.acknowledge(address, [...ids, ...unreadable]);
      };
      // Those that failed stay where they are. What was proved is to be forgotten, whether or not its device is still here.
      await forget().catch(() => this.#persist(connection, forget));
    }
  }

  /** Tries until the device is gone. */
  async #persist<T>(connection: Connection, call: () => Promise<T>): Promise<T | undefined> {
    while (connection.state.kind === 'online') {
      try {
        return await call();
      } catch (error) {
        this.#deps.logger.warn({ err: error }, 'kept messages could not be asked for; it is tried again');
        await sleep(retryMs);
      }
    }
    return undefined;
  }
}

interface Delivered {
  readonly ended: readonly Ended[];
  readonly unreadable: readonly string[];
}

/** Resolves with those that are over, when none is under way any more. */
function deliver(
  connection: Connection,
  address: DeviceAddress,
  page: readonly KeptMessage[],
): Promise<Delivered> {
  return new Promise((resolve) => {
    const ended: Ended[] = [];
    const unreadable: string[] = [];
    let left = page.length + 1;
    const oneLess = (): void => {
      left -= 1;
      if (left === 0) resolve({ ended, unreadable });
    };
    for (const message of page) {
      const delivery = read(message, ({ id, kind, entry }, stage, reason) => {
        if (reason === undefined || reason === 'REFUSED') ended.push({ id, kind, entry, stage, reason });
        oneLess();
      });
      if (!delivery) {
        unreadable.push(message.id);
        oneLess();
      } else if (connection.takesMessages) connection.deliverNow(delivery, address);
      else delivery.missed();
    }
    oneLess();
  });
}

/** Undefined for what is none of ours. */
function read(message: KeptMessage, onEnd: OnEnd): KeptDelivery | undefined {
  try {
    return new KeptDelivery(message, onEnd);
  } catch {
    return undefined;
  }
}
