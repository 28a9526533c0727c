import { rowTests } from './rows/row-tests.ts';
import { halfOpen } from './rows/half-open.ts';

rowTests(halfOpen);
