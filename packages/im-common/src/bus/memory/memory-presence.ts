import { addressKey, readAddressKey, type DeviceAddress } from '../../address.ts';
import { isRevoked, routeTtlMs, tokenToleranceMs, type Presence, type Route } from '../bus.ts';
import type { Calls } from './calls.ts';
import { ExpiringMap } from './expiring-map.ts';

export class MemoryPresence implements Presence {
  readonly #calls: Calls;
  readonly #routes: ExpiringMap<number>;
  readonly #revocations: ExpiringMap<number>;

  constructor(calls: Calls, now: () => number) {
    this.#calls = calls;
    this.#routes = new ExpiringMap(now);
    this.#revocations = new ExpiringMap(now);
  }

  bind(
    address: DeviceAddress,
    serverId: number,
    tokenEndsAt?: number,
  ): Promise<number | 'revoked' | undefined> {
    return this.#calls.answer(() => {
      if (isRevoked(tokenEndsAt, this.#revocation(address))) return 'revoked';
      const previous = this.#find(address);
      this.#point(address, serverId);
      return previous;
    });
  }

  unbind(address: DeviceAddress, serverId: number): Promise<void> {
    return this.#calls.answer(() => {
      if (this.#find(address) === serverId) this.#routes.delete(addressKey(address.id, address.terminal));
    });
  }

  unbindAll(routes: readonly Route[]): Promise<void> {
    return this.#calls.answer(() => {
      for (const { address, serverId } of routes) {
        if (this.#find(address) === serverId) this.#routes.delete(addressKey(address.id, address.terminal));
      }
    });
  }

  refresh(addresses: readonly DeviceAddress[], serverId: number): Promise<Route[]> {
    return this.#calls.answer(() => {
      const foreign: Route[] = [];
      for (const address of addresses) {
        const holder = this.#find(address) ?? serverId;
        if (holder === serverId) this.#point(address, serverId);
        else foreign.push({ address, serverId: holder });
      }
      return foreign;
    });
  }

  locate(addresses: readonly DeviceAddress[]): Promise<(number | undefined)[]> {
    return this.#calls.answer(() => addresses.map((address) => this.#find(address)));
  }

  async *routes(): AsyncGenerator<readonly Route[]> {
    yield await this.#calls.answer(() =>
      [...this.#routes].flatMap(([key, serverId]) => {
        const address = readAddressKey(key);
        return address ? [{ address, serverId }] : [];
      }),
    );
  }

  revoke(address: DeviceAddress, expiringBefore: number): Promise<void> {
    return this.#calls.answer(() => {
      if ((this.#revocation(address) ?? 0) >= expiringBefore) return;
      const ttlMs = expiringBefore + tokenToleranceMs - Date.now();
      this.#revocations.set(addressKey(address.id, address.terminal), expiringBefore, ttlMs);
    });
  }

  revocations(addresses: readonly DeviceAddress[]): Promise<(number | undefined)[]> {
    return this.#calls.answer(() => addresses.map((address) => this.#revocation(address)));
  }

  #revocation({ id, terminal }: DeviceAddress): number | undefined {
    return this.#revocations.get(addressKey(id, terminal));
  }

  #find({ id, terminal }: DeviceAddress): number | undefined {
    return this.#routes.get(addressKey(id, terminal));
  }

  #point({ id, terminal }: DeviceAddress, serverId: number): void {
    this.#routes.set(addressKey(id, terminal), serverId, routeTtlMs);
  }
}
