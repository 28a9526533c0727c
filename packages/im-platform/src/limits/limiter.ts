import type { RedisAccess } from 'im-common/internal/bus';
import type { RateLimiterMemory } from 'rate-limiter-flexible';
import { RateLimiterRedis, RateLimiterRes, type RateLimiterStoreAbstract } from 'rate-limiter-flexible';
import { BoundedMemory } from './bounded-memory.ts';

export interface Allowance {
  /** Names its counters. */
  readonly name: string;
  readonly times: number;
  readonly durationS: number;
}

/** What became of a count. */
export interface Count {
  readonly isWithin: boolean;
  /** The first that was too many. */
  readonly isFirstBeyond: boolean;
  /** How many more are within it. */
  readonly left: number;
  /** Until the count begins anew. */
  readonly waitS: number;
}

/** Counts how often something happens, by key. Keys must be short: they are kept. */
export interface Limiter {
  /** Counts one more, or several, before they are done: of many at once no more than are allowed get through. */
  take(key: string, times?: number): Promise<Count>;
  /** It was none of those that are limited. */
  giveBack(key: string): Promise<void>;
  forget(key: string): Promise<void>;
}

export type CreateLimiter = (allowance: Allowance) => Limiter;

/**
 * Limits that all instances share, where the bus is on Redis. Otherwise, and while Redis is away, each process counts for
 * itself.
 */
export function limitersOn(redis: RedisAccess | undefined): CreateLimiter {
  return ({ name, times, durationS }) => {
    const memory = new BoundedMemory({ points: times, duration: durationS, keyPrefix: name });
    if (!redis) return toLimiter(memory, times);
    const shared = new RateLimiterRedis({
      storeClient: redis.client,
      keyPrefix: `${redis.keyPrefix}im:limit:${name}`,
      points: times,
      duration: durationS,
      insuranceLimiter: memory,
    });
    return toLimiter(shared, times);
  };
}

/** In this process alone: for what is asked so often that a call of Redis would cost more than it saves. */
export function limiterOfProcess({ name, times, durationS }: Allowance): Limiter {
  return toLimiter(new BoundedMemory({ points: times, duration: durationS, keyPrefix: name }), times);
}

function toLimiter(limiter: RateLimiterMemory | RateLimiterStoreAbstract, times: number): Limiter {
  return {
    async take(key, more = 1) {
      try {
        const { remainingPoints: left, msBeforeNext } = await limiter.consume(key, more);
        return { isWithin: true, isFirstBeyond: false, left, waitS: toSeconds(msBeforeNext) };
      } catch (error) {
        // Beyond the limit it rejects with the state of the counter.
        if (!(error instanceof RateLimiterRes)) throw error;
        return {
          isWithin: false,
          left: 0,
          isFirstBeyond: error.consumedPoints === times + 1,
          waitS: toSeconds(error.msBeforeNext),
        };
      }
    },
    async giveBack(key) {
      await limiter.reward(key);
    },
    async forget(key) {
      await limiter.delete(key);
    },
  };
}

function toSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}
