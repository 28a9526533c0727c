import { claimsKeptMs, type Claim, type ClaimOutcome, type Claims } from '../claims.ts';
import type { Calls } from './calls.ts';
import { ExpiringMap } from './expiring-map.ts';

export class MemoryClaims implements Claims {
  readonly #calls: Calls;
  readonly #names: ExpiringMap<Map<string, string>>;

  constructor(calls: Calls, now: () => number) {
    this.#calls = calls;
    this.#names = new ExpiringMap(now);
  }

  claim(name: string, claims: readonly Claim[]): Promise<ClaimOutcome> {
    return this.#calls.answer(() => {
      const before = this.#names.get(name);
      const fields = before ?? new Map<string, string>();
      if (!before) this.#names.set(name, fields, claimsKeptMs);
      const values = claims.map(({ field, value, instead }) => {
        const now = fields.get(field);
        if (now !== undefined && now !== instead) return now;
        fields.set(field, value);
        return value;
      });
      return { isFirst: before === undefined, values };
    });
  }

  find(name: string, fields: readonly string[]): Promise<(string | undefined)[]> {
    return this.#calls.answer(() => {
      const values = this.#names.get(name);
      return fields.map((field) => values?.get(field));
    });
  }
}
