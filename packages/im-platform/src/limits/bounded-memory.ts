import { RateLimiterMemory, type IRateLimiterOptions, RateLimiterRes } from 'rate-limiter-flexible';

/** With its timer a counter takes about half a kilobyte. */
const mostCounters = 50_000;

/** Counters in memory, of which there are never more than so many: whoever comes from everywhere must not fill it. */
export class BoundedMemory extends RateLimiterMemory {
  readonly #most: number;
  /** The keys, that of the oldest counter first. */
  readonly #keys = new Set<string | number>();

  constructor(options: IRateLimiterOptions, most: number = mostCounters) {
    super(options);
    this.#most = most;
  }

  override async consume(key: string | number, points?: number): Promise<RateLimiterRes> {
    await this.#remember(key);
    return super.consume(key, points);
  }

  override reward(key: string | number, points?: number): Promise<RateLimiterRes> {
    // A counter that was let go of must not come back as a credit.
    return this.#keys.has(key) ? super.reward(key, points) : Promise.resolve(new RateLimiterRes());
  }

  override async delete(key: string | number): Promise<boolean> {
    this.#keys.delete(key);
    return super.delete(key);
  }

  async #remember(key: string | number): Promise<void> {
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    if (this.#keys.size <= this.#most) return;
    const [oldest] = this.#keys;
    if (oldest !== undefined) await this.delete(oldest);
  }
}
