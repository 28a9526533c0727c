import { rowTests } from './rows/row-tests.ts';
import { deadServer } from './rows/dead-server.ts';

rowTests(deadServer);
