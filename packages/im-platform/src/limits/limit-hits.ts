import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Who was told that it is enough, at which route, how often. */
export interface LimitHit {
  /** `user:7`, `key:…` of a back end, `network:…` of whoever is neither. */
  readonly who: string;
  readonly route: string;
  /** The name of the text that they were answered with. */
  readonly reason: string;
  readonly times: number;
  readonly firstTime: number;
  readonly lastTime: number;
}

declare module 'fastify' {
  interface FastifyInstance {
    limitHits: LimitHits;
  }
}

const mostKept = 1_000;

/**
 * Those who hit a limit last, at this instance: in memory, as a write for each would give whoever floods us what the limit takes
 * from them. Metrics have the numbers of all instances (`im_platform_refusals_total`).
 */
export class LimitHits {
  /** Since when it counts. */
  readonly startTime: number = Date.now();
  readonly #most: number;
  /** Who hit one longest ago first. */
  readonly #hits = new Map<string, LimitHit>();

  constructor(most: number = mostKept) {
    this.#most = most;
  }

  note({ who, route, reason }: Pick<LimitHit, 'who' | 'route' | 'reason'>): void {
    const name = `${who} ${route} ${reason}`;
    const now = Date.now();
    const { times = 0, firstTime = now } = this.#hits.get(name) ?? {};
    this.#hits.delete(name);
    this.#hits.set(name, { who, route, reason, times: times + 1, firstTime, lastTime: now });
    const [oldest] = this.#hits.keys();
    if (this.#hits.size > this.#most && oldest !== undefined) this.#hits.delete(oldest);
  }

  /** The newest first. */
  newest(limit: number): LimitHit[] {
    return [...this.#hits.values()].toReversed().slice(0, limit);
  }
}

/** Of every refusal for a limit, whichever API it was asked at. */
export function rememberLimitHits(app: FastifyInstance): void {
  const hits = new LimitHits();
  app.decorate('limitHits', hits);
  app.addHook('onResponse', (request, _reply, done) => {
    const { refusal, method, routeOptions } = request;
    if (refusal?.code === 429)
      hits.note({
        who: whoAsks(request),
        route: `${method} ${routeOptions.url ?? ''}`,
        reason: refusal.key,
      });
    done();
  });
}

/** What a limit is counted by: a user, a key, a network. */
export function whoAsks({
  caller,
  backEnd,
  network,
}: Pick<FastifyRequest, 'caller' | 'backEnd' | 'network'>): string {
  if (backEnd) return `key:${backEnd.keyId}`;
  const user = caller as typeof caller | undefined; // open routes have none
  return user ? `user:${user.userId}` : `network:${network}`;
}
