import { addressKey, readAddressKey, type DeviceAddress } from '../../address.ts';
import { routeTtlMs, type FoundBeside, type Presence, type Route, type Whereabouts } from '../bus.ts';
import {
  isRevoked,
  joinRevocations,
  standsUntil,
  type Revocation,
  type RevocationOrder,
  type ShownToken,
} from '../revocation.ts';
import type { Calls } from './calls.ts';
import { ExpiringMap } from './expiring-map.ts';

interface Standing {
  readonly revocation: Revocation;
  readonly until: number;
}

export class MemoryPresence implements Presence {
  readonly #calls: Calls;
  readonly #routes: ExpiringMap<number>;
  readonly #revocations: ExpiringMap<Standing>;
  /** Devices that have left without a goodbye. */
  readonly #moving: ExpiringMap<true>;

  readonly findBeside: (address: DeviceAddress) => FoundBeside;

  constructor(calls: Calls, now: () => number, findBeside: (address: DeviceAddress) => FoundBeside) {
    this.#calls = calls;
    this.findBeside = findBeside;
    this.#routes = new ExpiringMap(now);
    this.#revocations = new ExpiringMap(now);
    this.#moving = new ExpiringMap(now);
  }

  bind(
    address: DeviceAddress,
    serverId: number,
    token: ShownToken = {},
    onFound?: (found: FoundBeside) => void,
  ): Promise<number | 'revoked' | undefined> {
    return this.#calls.answer(() => {
      if (this.isRevoked(address, token)) return 'revoked';
      const previous = this.find(address);
      this.point(address, serverId);
      onFound?.(this.findBeside(address));
      return previous;
    });
  }

  unbind(address: DeviceAddress, serverId: number, graceMs = 0): Promise<void> {
    return this.#calls.answer(() => {
      this.unbindNow(address, serverId, graceMs);
    });
  }

  unbindAll(routes: readonly Route[]): Promise<void> {
    return this.#calls.answer(() => {
      for (const { address, serverId } of routes) this.unbindNow(address, serverId, 0);
    });
  }

  refresh(addresses: readonly DeviceAddress[], serverId: number): Promise<Route[]> {
    return this.#calls.answer(() => {
      const foreign: Route[] = [];
      for (const address of addresses) {
        const holder = this.find(address) ?? serverId;
        if (holder === serverId) this.point(address, serverId);
        else foreign.push({ address, serverId: holder });
      }
      return foreign;
    });
  }

  locate(addresses: readonly DeviceAddress[]): Promise<Whereabouts[]> {
    return this.#calls.answer(() =>
      addresses.map((address) => {
        const isMoving = this.#moving.get(addressKey(address.id, address.terminal)) ?? false;
        return this.find(address) ?? (isMoving ? 'moving' : undefined);
      }),
    );
  }

  async *routes(): AsyncGenerator<readonly Route[]> {
    yield await this.#calls.answer(() =>
      [...this.#routes].flatMap(([key, serverId]) => {
        const address = readAddressKey(key);
        return address ? [{ address, serverId }] : [];
      }),
    );
  }

  revoke(address: DeviceAddress, order: RevocationOrder): Promise<void> {
    return this.#calls.answer(() => {
      const before = this.#revocation(address);
      const until = Math.max(before?.until ?? 0, standsUntil(order));
      const revocation = joinRevocations(before?.revocation, order);
      this.#revocations.set(
        addressKey(address.id, address.terminal),
        { revocation, until },
        until - Date.now(),
      );
    });
  }

  revocations(addresses: readonly DeviceAddress[]): Promise<(Revocation | undefined)[]> {
    return this.#calls.answer(() => addresses.map((address) => this.#revocation(address)?.revocation));
  }

  // For calls of sessions, which change routes with them.

  isRevoked(address: DeviceAddress, token: ShownToken): boolean {
    return isRevoked(token, this.#revocation(address)?.revocation);
  }

  unbindNow(address: DeviceAddress, serverId: number, graceMs: number): void {
    const key = addressKey(address.id, address.terminal);
    const holder = this.find(address);
    if (holder !== serverId && holder !== undefined) return;
    if (holder === serverId) {
      this.#routes.delete(key);
      this.#moving.delete(key);
    }
    if (graceMs > 0) this.#moving.set(key, true, graceMs);
  }

  find({ id, terminal }: DeviceAddress): number | undefined {
    return this.#routes.get(addressKey(id, terminal));
  }

  point({ id, terminal }: DeviceAddress, serverId: number): void {
    this.#routes.set(addressKey(id, terminal), serverId, routeTtlMs);
  }

  #revocation({ id, terminal }: DeviceAddress): Standing | undefined {
    return this.#revocations.get(addressKey(id, terminal));
  }
}
