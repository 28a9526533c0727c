import { networkOf } from 'im-common/internal/network';

/** How many there are from each address, those of one network together. Addresses without any are forgotten. */
export class Tally {
  readonly #counts = new Map<string, number>();

  of(address: string): number {
    return this.#counts.get(networkOf(address)) ?? 0;
  }

  add(address: string): void {
    this.#counts.set(networkOf(address), this.of(address) + 1);
  }

  remove(address: string): void {
    const left = this.of(address) - 1;
    if (left > 0) this.#counts.set(networkOf(address), left);
    else this.#counts.delete(networkOf(address));
  }
}
