import { Redis } from 'ioredis';
import { requireRedisVersion } from './find-redis.ts';
import { startRedis } from './redis-server.ts';
import { nameUrl, type SharedServer } from './shared-server.ts';

/** The Redis at `given`, or a new one when that is missing or empty. */
export async function sharedRedis(given: string | undefined): Promise<SharedServer> {
  if (given === undefined || given === '') return startRedis();
  await requireUsable(given);
  return { url: given, stop: () => Promise.resolve() };
}

async function requireUsable(url: string): Promise<void> {
  const where = nameUrl('REDIS_URL', url, ['redis:', 'rediss:']);
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 5_000 });
  let reason: unknown; // connect() itself rejects with no more than "Connection is closed"
  client.on('error', (error) => (reason ??= error));
  try {
    await client.connect();
    const info = await client.info('server');
    requireRedisVersion(/redis_version:([\d.]+)/.exec(info)?.[1], where);
  } catch (cause) {
    const why = String(reason ?? cause);
    throw new Error(`${where} cannot be used (unset it to let the tests start a Redis): ${why}`, { cause });
  } finally {
    client.disconnect();
  }
}
