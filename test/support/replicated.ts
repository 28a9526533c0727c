import type { Redis } from 'ioredis';
import { waitUntil } from './wait-until.ts';

/** Resolves when so many replicas have all that the master had when it was asked. A key that the master has is for a cluster. */
export async function untilReplicated(master: Redis, replicas: number, key = 'any'): Promise<void> {
  // WAIT speaks of the writes of its own connection, and replicas take them in the order of the master.
  await waitUntil(`${replicas} replicas have what their master has`, async () => {
    await master.set(`{${key}}:replicated`, '1');
    return Number(await master.call('WAIT', replicas, 1_000)) >= replicas;
  });
}
