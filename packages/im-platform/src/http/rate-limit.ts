import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { whoAsks } from '../limits/limit-hits.ts';
import { limiterOfProcess, type Count, type Limiter } from '../limits/limiter.ts';
import { Refusal } from './refusal.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Counts so many more messages of whoever asks: a request that sends several counts as these. */
    takeMessages: (request: FastifyRequest, times: number) => Promise<void>;
  }
  interface FastifyContextConfig {
    /** Answers however often it is asked. */
    isUnlimited?: boolean;
    /** Says something to others: has a limit of its own beside that of all requests. */
    isMessage?: boolean;
  }
}

const windowS = 60;

/** So many requests in a minute. Kept per process: a call of Redis for each request would cost more than it saves. */
export class RequestLimit {
  readonly #name: string;
  readonly #perMinute: number;
  readonly #limiter: Limiter;

  constructor(name: string, perMinute: number) {
    this.#name = name;
    this.#perMinute = perMinute;
    this.#limiter = limiterOfProcess({ name, times: perMinute, durationS: windowS });
  }

  /** Of a user, wherever they are; of a key; of a network for requests with neither. `tell` gets the fields that say what is left. */
  async take(
    request: Pick<FastifyRequest, 'caller' | 'backEnd' | 'network'>,
    tell?: (fields: Record<string, string>) => void,
    times = 1,
  ): Promise<void> {
    const count = await this.#limiter.take(whoAsks(request), times);
    tell?.({
      // As draft-ietf-httpapi-ratelimit-headers has them since its 8th version.
      'ratelimit-policy': `"${this.#name}";q=${this.#perMinute};w=${windowS}`,
      ratelimit: `"${this.#name}";r=${count.left};t=${count.waitS}`,
    });
    refuseBeyond(count);
  }

  /**
   * Of a network, with tokens that are no good. Not held against the user whom they name, nor against others of that
   * network: whoever has an old token would lock them out.
   */
  async takeRefused(network: string): Promise<void> {
    refuseBeyond(await this.#limiter.take(`refused:${network}`));
  }
}

/** Each key may say how many requests it has; those with the same number share a limiter. */
function limitsOfKeys(): (perMinute: number) => RequestLimit {
  const limits = new Map<number, RequestLimit>();
  return (perMinute) => {
    let limit = limits.get(perMinute);
    if (!limit) limits.set(perMinute, (limit = new RequestLimit('requests', perMinute)));
    return limit;
  };
}

function refuseBeyond({ isWithin, waitS }: Count): void {
  if (!isWithin) throw new Refusal('tooManyRequests', { code: 429, retryAfterS: waitS });
}

/** Comes after the caller is known. */
export function limitRequests(
  app: FastifyInstance,
  { requests, messages }: { readonly requests: RequestLimit; readonly messages: RequestLimit },
): void {
  app.decorate('takeMessages', async (request: FastifyRequest, times: number) => {
    if (times > 0) await messages.take(request, undefined, times);
  });
  const limitOfKey = limitsOfKeys();
  app.addHook('onRequest', async (request, reply) => {
    const { isUnlimited, isMessage, takesBearer } = request.routeOptions.config;
    if (isUnlimited === true) return;
    const tell = takesBearer ? tellBeside(reply) : undefined;
    const { backEnd } = request;
    await (backEnd ? limitOfKey(backEnd.perMinute) : requests).take(request, tell);
    if (isMessage === true) await messages.take(request, tell);
  });
}

/** Each of several limits is an entry of the same fields. */
function tellBeside(reply: FastifyReply): (fields: Record<string, string>) => void {
  return (fields) => {
    for (const [name, field] of Object.entries(fields)) {
      const before = reply.getHeader(name);
      void reply.header(name, before === undefined ? field : `${String(before)}, ${field}`);
    }
  };
}
