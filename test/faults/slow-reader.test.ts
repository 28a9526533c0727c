import { rowTests } from './rows/row-tests.ts';
import { slowReader } from './rows/slow-reader.ts';

rowTests(slowReader);
