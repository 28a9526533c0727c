import { rowTestsSideBySide } from './rows/row-tests.ts';
import { sentinelFailOver, clusterFailOver, slotMove, partition, slowRedis } from './rows/other-outages.ts';

rowTestsSideBySide(sentinelFailOver, clusterFailOver, slotMove, partition, slowRedis);
