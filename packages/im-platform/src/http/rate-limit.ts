import type { FastifyInstance } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Refusal } from './refusal.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers however often it is asked. */
    isUnlimited?: boolean;
  }
}

/**
 * So many requests in a minute: of a user, wherever he is, and of an address where nobody says who he is. Comes after the
 * caller is known; a token that is no good is refused before it costs anything. Kept per process, so that it needs nothing.
 */
export function limitRequests(app: FastifyInstance, perMinute: number): void {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.isUnlimited === true) return;
    const caller = request.caller as typeof request.caller | undefined; // open routes have none
    try {
      await limiter.consume(caller ? `user:${caller.userId}` : `address:${request.ip}`);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      void reply.header('retry-after', String(Math.ceil(error.msBeforeNext / 1_000)));
      throw new Refusal('tooManyRequests', { code: 429 });
    }
  });
}
