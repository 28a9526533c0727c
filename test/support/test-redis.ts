import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { onCleanup } from './cleanup.ts';
import type {} from './global-setup.ts'; // declares what it provides

export interface TestRedis {
  readonly url: string;
  /** Fresh per call; start every key with it. Keys that do are deleted when the test ends. */
  readonly prefix: string;
}

/** A corner of your own in the Redis that all test files share. */
export function testRedis(atTheEnd: typeof onCleanup = onCleanup): TestRedis {
  const url = inject('redisUrl');
  const prefix = `test-${randomBytes(6).toString('hex')}:`;
  atTheEnd(() => deleteKeys(url, prefix));
  return { url, prefix };
}

async function deleteKeys(url: string, prefix: string): Promise<void> {
  const client = new Redis(url);
  try {
    // The keys that we add to box-im's begin with a brace: `{test-…:im:message:private:1}:inflight:…`.
    for (const match of [`${prefix}*`, `{${prefix}*`]) {
      const found: AsyncIterable<string[]> = client.scanStream({ match, count: 1_000 });
      for await (const keys of found) {
        if (keys.length > 0) await client.unlink(keys);
      }
    }
  } finally {
    client.disconnect();
  }
}
