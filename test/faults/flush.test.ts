import { rowTests } from './rows/row-tests.ts';
import { flushUnderConnections } from './rows/flush.ts';

rowTests(flushUnderConnections);
