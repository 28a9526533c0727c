import { rowTestsSideBySide } from './rows/row-tests.ts';
import { restartWithAof, restartEmpty } from './rows/redis-restarts.ts';

rowTestsSideBySide(restartWithAof, restartEmpty);
