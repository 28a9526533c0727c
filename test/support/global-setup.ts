import { Redis } from 'ioredis';
import type { TestProject } from 'vitest/node';
import { requireRedisVersion } from './find-redis.ts';
import { startRedis } from './redis-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Redis that all test files share: `REDIS_URL`, or one started for this run. */
    redisUrl: string;
  }
}

/** vitest's `globalSetup`: one Redis for the whole run. Returns its teardown. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['REDIS_URL'];
  if (given !== undefined && given !== '') {
    await requireUsable(given);
    project.provide('redisUrl', given);
    return () => Promise.resolve();
  }
  const redis = await startRedis();
  project.provide('redisUrl', redis.url);
  return () => redis.stop();
}

async function requireUsable(url: string): Promise<void> {
  const where = `REDIS_URL=${withoutPassword(url)}`;
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

function withoutPassword(text: string): string {
  if (!/^rediss?:/.test(text) || !URL.canParse(text)) {
    throw new Error('REDIS_URL must be one server: redis://host:port or rediss://host:port');
  }
  const url = new URL(text);
  if (url.password !== '') url.password = '***';
  return url.href;
}
