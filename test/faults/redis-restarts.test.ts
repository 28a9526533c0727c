import { rowTests } from './rows/row-tests.ts';
import { restartWithAof, restartEmpty } from './rows/redis-restarts.ts';

rowTests(restartWithAof, restartEmpty);
