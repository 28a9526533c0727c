import { addressKey, type DeviceAddress } from 'im-common';
import type { OwnSession } from '../device/session.ts';

/** A route, or a session and the route beside it, that has to go. */
export interface Removal {
  readonly address: DeviceAddress;
  readonly session: OwnSession | undefined;
  /** The close code. */
  readonly code: number | undefined;
  /** It could not be removed, and is to be tried again. */
  isLeft: boolean;
}

/** What is being removed from the bus, or could not be while that was away: one of each session, and one of an address without. */
export class Removals {
  readonly #byKey = new Map<string, Removal>();
  readonly #perAddress = new Map<string, number>();

  /** Those that could not be removed. */
  get left(): Removal[] {
    return [...this.#byKey.values()].filter(({ isLeft }) => isLeft);
  }

  isAny({ id, terminal }: DeviceAddress): boolean {
    return this.#perAddress.has(addressKey(id, terminal));
  }

  add(removal: Removal): void {
    const key = keyOf(removal);
    if (!this.#byKey.has(key)) this.#count(removal.address, 1);
    this.#byKey.set(key, removal);
  }

  /** Unless another one of the same has come meanwhile. */
  delete(removal: Removal): void {
    if (this.#byKey.get(keyOf(removal)) !== removal) return;
    this.#byKey.delete(keyOf(removal));
    this.#count(removal.address, -1);
  }

  /** A login points the address here. Sessions that are over have to go all the same. */
  forgetRoute(address: DeviceAddress): void {
    const removal = this.#byKey.get(addressKey(address.id, address.terminal));
    if (removal) this.delete(removal);
  }

  #count({ id, terminal }: DeviceAddress, more: 1 | -1): void {
    const key = addressKey(id, terminal);
    const count = (this.#perAddress.get(key) ?? 0) + more;
    if (count > 0) this.#perAddress.set(key, count);
    else this.#perAddress.delete(key);
  }
}

/** No session id has a colon. */
function keyOf({ address, session }: Removal): string {
  return session?.id ?? addressKey(address.id, address.terminal);
}
