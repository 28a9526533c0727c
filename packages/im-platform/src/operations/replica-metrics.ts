import { Gauge, type Registry } from 'prom-client';
import type { Database } from '../db/database.ts';

/** Where history and search were read; nothing without a replica. */
export function addReplicaMetrics(metrics: Registry, database: Pick<Database, 'readCounts'>): void {
  if (!database.readCounts) return;
  new Gauge({
    name: 'im_platform_replica_reads',
    help: 'Reads that may go to the replica, since the start, by where they went',
    labelNames: ['at'],
    registers: [metrics],
    collect() {
      for (const [at, reads] of Object.entries(database.readCounts ?? {})) this.set({ at }, reads);
    },
  });
}
