import { rowTests } from './rows/row-tests.ts';
import { sentinelFailOver, clusterFailOver, slotMove, partition, slowRedis } from './rows/other-outages.ts';

rowTests(sentinelFailOver, clusterFailOver, slotMove, partition, slowRedis);
