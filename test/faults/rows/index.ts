import { deadServer } from './dead-server.ts';
import { restartEmpty, restartWithAof } from './redis-restarts.ts';
import type { Row } from './row.ts';
import { zombie } from './zombie.ts';

/** In the order of the table of faults. */
export const rows: readonly Row[] = [deadServer, restartWithAof, restartEmpty, zombie];
