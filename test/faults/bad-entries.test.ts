import { rowTests } from './rows/row-tests.ts';
import { poisonEntry, oversize } from './rows/bad-entries.ts';

rowTests(poisonEntry, oversize);
