import { Cluster } from 'ioredis';
import { claimsKeptMs, type Claim, type ClaimOutcome, type Claims } from '../claims.ts';
import { gather } from '../gather.ts';
import { call, run } from './call.ts';
import * as scripts from './claim-scripts.ts';
import type { RedisClient } from './connect.ts';
import type { Keys } from './keys.ts';

/** Redis does nothing else meanwhile. */
const namesPerCall = 100;
const fieldsPerCall = 1_000;

interface Ask {
  readonly name: string;
  readonly claims: readonly Claim[];
}

export class RedisClaims implements Claims {
  readonly #client: RedisClient;
  readonly #keys: Keys;
  readonly #claim: (ask: Ask) => Promise<ClaimOutcome>;

  constructor(client: RedisClient, keys: Keys) {
    this.#client = client;
    this.#keys = keys;
    // In a Cluster each name has a slot of its own.
    this.#claim = gather((asks) => this.#claimAll(asks), {
      most: client instanceof Cluster ? 1 : namesPerCall,
    });
  }

  /** What one call makes of it is all or nothing, so it is one call, however many claims there are. */
  claim(name: string, claims: readonly Claim[]): Promise<ClaimOutcome> {
    if (claims.length > fieldsPerCall) return this.#claimAll([{ name, claims }]).then(first);
    return this.#claim({ name, claims });
  }

  async find(name: string, fields: readonly string[]): Promise<(string | undefined)[]> {
    const values: (string | undefined)[] = [];
    for (let at = 0; at < fields.length; at += fieldsPerCall) {
      const some = fields.slice(at, at + fieldsPerCall);
      const found = (await call(this.#client, 'hmget', [this.#keys.sent(name), ...some])) as (
        string | null
      )[];
      for (const value of found) values.push(value ?? undefined);
    }
    return values;
  }

  async #claimAll(asks: readonly Ask[]): Promise<ClaimOutcome[]> {
    const keys = asks.map(({ name }) => this.#keys.sent(name));
    const args = asks.flatMap(({ claims }) => [
      claims.length,
      ...claims.flatMap(({ field, value, instead = '' }) => [field, value, instead]),
    ]);
    const answers = await run(this.#client, scripts.claim, keys, [claimsKeptMs, ...args]);
    return (answers as [number, ...string[]][]).map(([isFirst, ...values]) => ({
      isFirst: isFirst === 1,
      values,
    }));
  }
}

function first(outcomes: readonly ClaimOutcome[]): ClaimOutcome {
  return outcomes[0] ?? { isFirst: true, values: [] };
}
