import type { TestProject } from 'vitest/node';
import { sharedMysql } from './shared-mysql.ts';
import { sharedRedis } from './shared-redis.ts';
import type { SharedServer } from './shared-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Redis that all test files share: `REDIS_URL`, or one started for this run. */
    redisUrl: string;
    /** The MariaDB or MySQL that all test files share: `MYSQL_URL`, or one started for this run. */
    mysqlUrl: string;
  }
}

/** vitest's `globalSetup`: one Redis and one MariaDB for the whole run. Returns its teardown. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const starting = [sharedRedis(process.env['REDIS_URL']), sharedMysql(process.env['MYSQL_URL'])] as const;
  try {
    const [redis, mysql] = await Promise.all(starting);
    project.provide('redisUrl', redis.url);
    project.provide('mysqlUrl', mysql.url);
  } catch (error) {
    await stopAll(starting);
    throw error;
  }
  return () => stopAll(starting);
}

async function stopAll(starting: readonly Promise<SharedServer>[]): Promise<void> {
  const results = await Promise.allSettled(starting);
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  await Promise.all(started.map((server) => server.stop()));
}
