import type { FastifyInstance, FastifyRequest } from 'fastify';
import { limiterOfProcess, type Limiter } from '../limits/limiter.ts';
import { Refusal } from './refusal.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers however often it is asked. */
    isUnlimited?: boolean;
  }
}

/** So many requests in a minute. Kept per process: a call of Redis for each request would cost more than it saves. */
export class RequestLimit {
  readonly #limiter: Limiter;

  constructor(perMinute: number) {
    this.#limiter = limiterOfProcess({ name: 'requests', times: perMinute, durationS: 60 });
  }

  /** Of a user, wherever they are; of a network for requests without a user. */
  async take({ caller, network }: Pick<FastifyRequest, 'caller' | 'network'>): Promise<void> {
    const user = caller as typeof caller | undefined; // open routes have none
    await this.#take(user ? `user:${user.userId}` : `network:${network}`);
  }

  /**
   * Of a network, with tokens that are no good. Not held against the user whom they name, nor against others of that
   * network: whoever has an old token would lock them out.
   */
  async takeRefused(network: string): Promise<void> {
    await this.#take(`refused:${network}`);
  }

  async #take(key: string): Promise<void> {
    const { isWithin, waitS } = await this.#limiter.take(key);
    if (!isWithin) throw new Refusal('tooManyRequests', { code: 429, retryAfterS: waitS });
  }
}

/** Comes after the caller is known. */
export function limitRequests(app: FastifyInstance, limit: RequestLimit): void {
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.isUnlimited !== true) await limit.take(request);
  });
}
