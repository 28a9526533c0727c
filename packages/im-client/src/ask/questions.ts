import type { DeviceAddress } from 'im-common';
import type { Bus } from 'im-common/bus';
import type { Producer } from 'im-common/internal/bus';
import { invalidArgument, readOptions } from 'im-common/internal/checks';
import { Repeater } from '../bus/repeater.ts';
import type { Calls } from '../calls/calls.ts';
import { addressesOf, checkId, checkIds, checkTerminal, checkTerminals } from '../checks/arguments.ts';
import type { Locator } from '../locate/locator.ts';
import type { MovingReceivers } from '../locate/moving-receivers.ts';
import { forceLogout, forceLogoutFields, type ForceLogoutOptions } from './force-logout.ts';
import { countOnline, onlineDevices, type OnlineDevice } from './online-devices.ts';
import { onlineTerminals } from './online.ts';
import {
  checkRevocation,
  revokeTokens,
  revokeTokensFields,
  type RevokeTokensOptions,
} from './revoke-tokens.ts';
import {
  checkWhich,
  checkWords,
  endSession,
  endSessionFields,
  sessionsFields,
  sessionsOf,
  type EndSessionOptions,
  type SessionsOptions,
  type UserSession,
} from './sessions.ts';
import {
  serversOf,
  whereKinds,
  whereToConnect,
  type ServerStatus,
  type Where,
  type WhereOptions,
} from './servers.ts';

export interface QuestionsDeps {
  readonly calls: Pick<Calls, 'ask'>;
  readonly locator: Locator;
  readonly moving: MovingReceivers;
  readonly bus: Bus;
  readonly producer: Pick<Producer, 'put'>;
  readonly options: { readonly terminals: readonly number[]; readonly sendTimeoutMs: number };
}

/** Checks and carries out all calls that send no message: about presence and servers, and orders to log out. */
export class Questions {
  readonly #deps: QuestionsDeps;
  readonly #repeater: Repeater;

  constructor(deps: QuestionsDeps) {
    this.#deps = deps;
    this.#repeater = new Repeater(deps.options.sendTimeoutMs);
  }

  async isOnline(userId: unknown, terminal: unknown): Promise<boolean> {
    const { terminals } = this.#deps.options;
    const asked = terminal === undefined ? terminals : [checkTerminal('terminal', terminal)];
    return (await this.#onlineTerminals([checkId('userId', userId)], asked)).size > 0;
  }

  async onlineTerminals(userIds: unknown): Promise<Map<string, number[]>> {
    return this.#onlineTerminals(checkIds('userIds', userIds), this.#deps.options.terminals);
  }

  async forceLogout(userId: unknown, options: ForceLogoutOptions): Promise<number[]> {
    const { reason, terminals } = forceLogoutFields.read(options);
    const devices = this.#devicesOf(userId, terminals);
    const words = checkWords('reason', reason);
    const { calls, locator, moving, producer } = this.#deps;
    const look = locator.look.bind(locator);
    return calls.ask(devices.length, () => forceLogout({ look, moving, producer }, devices, { words }));
  }

  async sessions(userId: unknown, options: SessionsOptions): Promise<UserSession[]> {
    const devices = this.#devicesOf(userId, sessionsFields.read(options).terminals);
    const { bus, calls, locator } = this.#deps;
    const deps = {
      sessions: bus.sessions,
      locate: (addresses: readonly DeviceAddress[]) => locator.locate(addresses),
      liveServers: async () => new Set((await locator.servers()).live.map(({ id }) => Number(id))),
    };
    return calls.ask(devices.length, () => sessionsOf(devices, deps));
  }

  async endSession(which: unknown, options: EndSessionOptions): Promise<boolean> {
    const one = checkWhich(which);
    const words = checkWords('reason', endSessionFields.read(options).reason);
    const { bus, calls, producer } = this.#deps;
    return calls.ask(1, () => endSession(one, words, { sessions: bus.sessions, producer }));
  }

  async revokeTokens(userId: unknown, options: RevokeTokensOptions): Promise<number[]> {
    const given = revokeTokensFields.read(options);
    const devices = this.#devicesOf(userId, given.terminals);
    const order = checkRevocation(given);
    const { bus, calls, producer } = this.#deps;
    const deps = { presence: bus.presence, producer, repeater: this.#repeater };
    return calls.ask(devices.length, () => revokeTokens(deps, devices, order));
  }

  async *onlineDevices(): AsyncGenerator<OnlineDevice[], void, undefined> {
    const { bus, calls } = this.#deps;
    const pages = onlineDevices(bus);
    for (;;) {
      const page = await calls.ask(1, () => pages.next());
      if (page.done) return;
      if (page.value.length > 0) yield page.value;
    }
  }

  countOnline(): Promise<number> {
    return this.#deps.calls.ask(1, () => countOnline(this.#deps.bus));
  }

  listServers(): Promise<ServerStatus[]> {
    return this.#deps.calls.ask(1, async () => serversOf(await this.#deps.locator.servers()));
  }

  async where(options: WhereOptions): Promise<Where> {
    const given = readOptions('the options of where', options, whereKinds, invalidArgument);
    return whereToConnect(await this.listServers(), given);
  }

  #devicesOf(userId: unknown, terminals: unknown): DeviceAddress[] {
    return addressesOf(
      [checkId('userId', userId)],
      checkTerminals('terminals', terminals, this.#deps.options),
    );
  }

  #onlineTerminals(ids: readonly string[], terminals: readonly number[]): Promise<Map<string, number[]>> {
    const devices = addressesOf(ids, terminals);
    return this.#deps.calls.ask(devices.length, () => onlineTerminals(this.#deps.locator, devices));
  }
}
