import { rowTests } from './rows/row-tests.ts';
import { zombie } from './rows/zombie.ts';

rowTests(zombie);
