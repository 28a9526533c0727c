import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Refusal } from '../http/refusal.ts';

/** So many uploads in a minute, of a user or of an address: they cost more than other requests. Kept per process. */
export class UploadLimits {
  readonly #limiter: RateLimiterMemory;

  constructor(perMinute: number) {
    this.#limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  }

  async check(uploader: string): Promise<void> {
    try {
      await this.#limiter.consume(uploader);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new Refusal('tooManyRequests', { code: 429 });
    }
  }
}
