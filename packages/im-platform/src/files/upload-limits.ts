import { Refusal } from '../http/refusal.ts';
import { limiterOfProcess, type Limiter } from '../limits/limiter.ts';

/** So many uploads in a minute, of a user or of a network: they cost more than other requests. Kept per process. */
export class UploadLimits {
  readonly #limiter: Limiter;

  constructor(perMinute: number) {
    this.#limiter = limiterOfProcess({ name: 'uploads', times: perMinute, durationS: 60 });
  }

  async check(uploader: string): Promise<void> {
    const { isWithin, waitS } = await this.#limiter.take(uploader);
    if (!isWithin) throw new Refusal('tooManyRequests', { code: 429, retryAfterS: waitS });
  }
}
