import type * as ioredis from 'ioredis';
import type { OutgoingEvent, Sink } from '../events/sink.ts';
import { Reopened, until } from './reopened.ts';
import type { SinkAddress } from './sink-address.ts';

type Library = Pick<typeof ioredis, 'Redis'>;

/** Appends events to a stream of Redis, which forgets the oldest ones. */
export class RedisSink implements Sink {
  readonly parallel = 64;
  readonly timeoutMs = 5_000;
  readonly #redis: Reopened<ioredis.Redis>;
  readonly #stream: string;
  readonly #most: number;

  constructor({ Redis }: Library, { url, text, number }: SinkAddress) {
    this.#stream = text('stream', 'im:events');
    this.#most = number('most', 100_000);
    this.#redis = new Reopened(
      async (onLost) => {
        const redis = new Redis(url, {
          ...{ lazyConnect: true, enableOfflineQueue: false, maxRetriesPerRequest: 0 },
          retryStrategy: () => null,
        });
        redis.on('error', onLost);
        redis.on('end', onLost);
        await redis.connect();
        return redis;
      },
      (redis) => {
        redis.disconnect();
        return Promise.resolve();
      },
    );
  }

  async deliver({ id, type, subject, position, body }: OutgoingEvent, signal: AbortSignal): Promise<void> {
    const redis = await until(signal, this.#redis.get());
    const fields = ['id', id, 'type', type, 'subject', subject, 'position', position, 'event', body];
    await until(signal, redis.xadd(this.#stream, 'MAXLEN', '~', this.#most, '*', ...fields));
  }

  close(): Promise<void> {
    return this.#redis.close();
  }
}
